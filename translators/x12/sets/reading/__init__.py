"""What the readers of sets share: a set cut into scopes, its bindings, and the segments that many sets have."""
