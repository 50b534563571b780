"""`partner guide`: a partner's implementation guide as one HTML page."""
