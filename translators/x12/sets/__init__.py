"""Transaction sets, one folder each: reader, writer and whatever else belongs to one set."""
