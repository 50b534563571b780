"""May a received file be processed? Wrong envelopes, duplicates and unreadable files end here."""
