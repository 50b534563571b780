"""Layouts: what a flat file looks like and which column feeds which canonical field."""
