"""Pausing the garbage collector around a hot loop: what is built there lives on, and looking for it again is waste."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """No collections inside the block; as before after it, whatever happens in it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            # Freezing and thawing hands what was built to the oldest generation without a walk over it; otherwise
            # the next allocation would walk over all of it. Not when the program itself keeps objects frozen.
            if gc.get_freeze_count() == 0:
                gc.freeze()
                gc.unfreeze()
            gc.enable()
