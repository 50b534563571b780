"""Flat files: layouts in TOML, delimited, fixed-width and XML in; answers, expected receipts and status out."""
