"""The catalogue of Holds: every class of business exception that waits for a person, each one row.

A row says what has happened, whose move it is and how soon, what the next action is, which answers `resolve` takes, and
what a person looks at (the runbook). The domain, the store, the pages, the command line and the README read it here.

Doors: `hold_class` and `CATALOGUE` for rows, `new_hold` for the Hold to open, `answers_to` for what may be said to one.
Rows stand in `about_….py`, by their subject; `python -m gateway.holds` prints the tables of the README. The room is
pure and imports nothing of the gateway.
"""

from gateway.holds.catalogue import (
    CATALOGUE,
    CLOCK_HOLDS,
    OF_RETURNS,
    OVERDUE_OF_RETURNS,
    REFUSED_INTERCHANGES,
    answers_to,
    hold_class,
)
from gateway.holds.new import HoldSubject, NewHold, new_hold
from gateway.holds.row import Answer, Effect, HoldClass, Stage

__all__ = [
    "CATALOGUE",
    "CLOCK_HOLDS",
    "OF_RETURNS",
    "OVERDUE_OF_RETURNS",
    "REFUSED_INTERCHANGES",
    "Answer",
    "Effect",
    "HoldClass",
    "HoldSubject",
    "NewHold",
    "Stage",
    "answers_to",
    "hold_class",
    "new_hold",
]
