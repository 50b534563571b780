"""The house itself: its rooms, its words, its documented tables and the files that keep it in order."""
