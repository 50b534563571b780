"""Transaction set 997."""
