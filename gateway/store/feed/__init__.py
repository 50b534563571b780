"""The feed of business events as rows, and how far its receivers have come."""
