"""Pure translation: bytes into canonical documents and findings, outbound documents into bytes.

No clock, network, randomness, logging, or disk but this package's own guides.
"""
