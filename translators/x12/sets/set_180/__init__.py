"""Transaction set 180."""
