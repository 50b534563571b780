"""What was received, written into the store: interchanges, groups, sets, documents, and how the intake ended."""
