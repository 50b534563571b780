"""Transaction sets: one folder (`set_<id>`) and one line in `table` each, and what readers and writers share."""
