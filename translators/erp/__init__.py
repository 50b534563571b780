"""ERP import files: a profile in TOML says how postings are written, `write` writes them, `read` takes results back."""
