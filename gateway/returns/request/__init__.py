"""The first part of a return's life: requests, whether a line may come back, and what we answer."""
