"""Outbound documents → dispatches with final bytes, control numbers and names; files of a pilot wait for a person."""
