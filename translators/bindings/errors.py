"""A bindings table that cannot work."""

from __future__ import annotations


class BindingError(ValueError):
    """A bindings table that cannot work: `place` is scope and field, the message says what is expected."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}")
        self.place = place
        self.message = message
