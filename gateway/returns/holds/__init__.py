"""Holds about returns: opened and cleared by the state of a return, answered by people."""
