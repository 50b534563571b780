"""What partners say of the files we sent: shared by the readers of 997, 999, 824 and TA1."""
