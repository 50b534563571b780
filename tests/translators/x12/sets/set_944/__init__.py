"""Transaction set 944."""
