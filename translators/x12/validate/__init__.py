"""A transaction set and its plan → verdict and findings."""
