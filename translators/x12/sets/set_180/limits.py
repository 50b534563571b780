"""How much the elements of a 180 hold that our writers fill."""

from __future__ import annotations

from translators.x12.sets.compose import Limits

LIMITS = Limits(
    lengths={
        ("BGN", 2): (1, 30),
        ("BGN", 4): (4, 8),
        ("BGN", 6): (1, 30),
        ("RDR", 3): (2, 2),
        ("RDR", 4): (1, 80),
        ("BLI", 1): (2, 2),
        ("BLI", 2): (1, 48),
        ("BLI", 3): (1, 15),
        ("BLI", 4): (2, 2),
        ("BLI", 8): (2, 2),
        ("BLI", 9): (1, 48),
        ("BLI", 10): (2, 2),
        ("BLI", 11): (1, 48),
        ("BLI", 12): (2, 2),
        ("BLI", 13): (1, 48),
    },
    since_005010={("BGN", 2): (1, 50), ("BGN", 6): (1, 50)},
    numbers=frozenset({("BLI", 3)}),
)
