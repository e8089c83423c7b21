"""Progress with the time left, on stderr, for people only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from tqdm import tqdm


class Ticker:
    """Called with what is being done and the records just done; moves a line of progress."""

    def __init__(self, bar: tqdm[NoReturn]) -> None:
        self._bar = bar
        self._doing = ""

    def __call__(self, what: str, done: int) -> None:
        """Show what is being done, and how far it is."""
        if what != self._doing:
            self._doing = what
            self._bar.reset()
            self._bar.set_description(what, refresh=False)
        self._bar.update(done)

    def expect(self, total: int) -> None:
        """Return how many records there are to do, so that the time left can be shown."""
        self._bar.total = total


@contextmanager
def progress(*, total: int | None = None) -> Iterator[Ticker]:
    """
    Return a function that is called with what is being done and the records just done.

    A line appears only on a terminal, and only for work of more than half a second.
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
        yield Ticker(bar)


def note(line: str) -> None:
    """Write a line on stderr, above the line of progress if there is one."""
    from tqdm import tqdm

    with tqdm.external_write_mode(file=sys.stderr):
        click.echo(line, err=True)
