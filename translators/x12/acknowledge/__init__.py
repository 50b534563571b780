"""Received interchanges and groups → the TA1, 997 and 999 that answer them."""
