"""The cyclic garbage collector, kept out of the way of work that makes millions of lasting values and few cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collection() -> Iterator[None]:
    """Do not look for cyclic garbage meanwhile, nor later among what was made meanwhile: going through everything again and
    again would find next to nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.freeze()
            gc.enable()
