"""What time does to things that nobody touches: promises warn and are breached, parked documents wait too long.

A breached promise is a Hold with an owner; it resolves itself when what it waited for happens after all. Hours are the
business hours of the house's calendar.

Doors: `Sweeper` looks at one store; `pass_time` is the part of a look that only the store and the hour decide.
"""

from gateway.sweep.passing_time import pass_time
from gateway.sweep.sweeper import Sweeper

__all__ = ["Sweeper", "pass_time"]
