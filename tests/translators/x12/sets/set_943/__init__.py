"""Transaction set 943."""
