"""Returns as rows: the aggregates, their postings, clocks and sales, closed periods, and the ERP's master data."""
