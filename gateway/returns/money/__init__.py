"""Money and quantities that a return owes: what the ERP should know of each line, and three views side by side."""
