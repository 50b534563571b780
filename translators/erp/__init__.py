"""ERP import files: a profile in TOML says how postings are written, the renderers write them, results come back."""
