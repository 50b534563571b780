"""Returns as rows: the aggregates, their postings, promises, periods and steps, and the ERP's master data."""
