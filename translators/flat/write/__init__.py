"""Outbound documents → flat files; and the report of a received file's bad rows."""
