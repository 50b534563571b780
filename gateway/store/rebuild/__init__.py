"""What `rebuild` needs of the store: a scratch database, the documents of a step, and rows to compare."""
