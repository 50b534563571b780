"""Received interchanges and groups → TA1, 997 and 999, and what their codes mean."""
