"""Interchange, group and set framing: delimiters, headers, trailers, and the facts of the envelope."""
