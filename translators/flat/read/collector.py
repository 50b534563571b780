"""Pausing the garbage collector around a hot loop: what is built there stays, so collections would find nothing."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """No collections inside the block. After it the collector is on if it was on before, also after an exception."""
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
