"""Cyclic garbage while a command runs: looked for a hundred times less often than Python does by itself.

A command makes many objects that live until it ends, such as the bills of a month; looking through them again and again
takes a sixth of its time and finds nothing.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collected_rarely() -> Iterator[None]:
    """For as long as a command runs."""
    usual = gc.get_threshold()
    gc.set_threshold(usual[0] * 100, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
