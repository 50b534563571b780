"""Received files: admitted, recorded, acknowledged, and their documents handed on to be decided."""
