"""What is loaded once and stays as long as the process."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Within the block nothing is searched for garbage, and what it made is never searched later.

    While the rooms are imported hardly anything becomes garbage; looking for it took a sixth of a start.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was:
            gc.enable()
