"""The gateway's own rows: events, counters, configurations in force, Faults."""
