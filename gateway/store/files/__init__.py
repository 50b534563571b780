"""Files as rows: intakes, their sets and documents, dispatches, and what polls saw on partners' servers."""
