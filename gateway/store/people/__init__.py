"""What waits for people and what they ask: Holds and requests."""
