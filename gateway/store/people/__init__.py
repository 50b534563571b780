"""What waits for people and what people and machines ask: Holds, requests, and returns asked for by API."""
