"""What an ERP profile may say: its model, checks, sources of fields, and its page. Shipped ones are in `profiles/`."""
