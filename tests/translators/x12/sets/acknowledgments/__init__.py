"""Readers of what partners say of our files: TA1, 997, 999 and 824."""
