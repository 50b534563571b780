"""X12: envelopes, guides, validation, acknowledgments, readers and writers of transaction sets."""
