"""Progress with the time left, on stderr, for people only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["progress"]


@contextmanager
def progress(*, total: int | None = None) -> Iterator[Callable[[str, int], None]]:
    """
    Give a function that is called with what is being done and the records just done.

    A line appears only on a terminal, and only for work of more than half a second.

    Parameters
    ----------
    total
        Records to do, if it is known; then the time left is shown too.
    """
    from tqdm import tqdm

    with tqdm(
        total=total,
        unit=" records",
        file=sys.stderr,
        disable=not sys.stderr.isatty(),
        delay=0.5,
        leave=False,
    ) as bar:
        doing = ""

        def tick(what: str, done: int) -> None:
            nonlocal doing
            if what != doing:
                doing = what
                bar.reset()
                bar.set_description(what, refresh=False)
            bar.update(done)

        yield tick
