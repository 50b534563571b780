"""Transaction set 856."""
