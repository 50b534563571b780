"""Transaction set 861."""
