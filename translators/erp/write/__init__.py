"""Postings and a profile → the import file: delimited, fixed width, XML or IDoc."""
