"""Progress with the time left, on stderr, for people only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["progress"]


@contextmanager
def progress(what: str, *, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """
    Give a function that is called with the number of records done since the last call.

    The bar appears only on a terminal and only for work of more than half a second.
    """
    from tqdm import tqdm

    with tqdm(
        total=total,
        desc=what,
        unit=" records",
        file=sys.stderr,
        disable=not sys.stderr.isatty(),
        delay=0.5,
        leave=False,
    ) as bar:

        def tick(done: int = 1) -> None:
            bar.update(done)

        yield tick
