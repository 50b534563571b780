"""The gateway's own rows: events, steps, counters, configurations in force, Faults."""
