"""`check`: a partner folder's samples against their expectations, and the certificate of what they exercised."""
