"""Transaction sets: every folder is complete, every example is read, readers and writers set by set."""
