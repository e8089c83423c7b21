"""Progress with the time left, on stderr, for people only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

from autoscreen.presentation.order_progress import STAGES, OrderProgress

if TYPE_CHECKING:
    from tqdm import tqdm


_ROWS = 20


class Ticker:
    """Called with what is being done and the records just done; moves a line of progress."""

    def __init__(self, bar: tqdm[NoReturn]) -> None:
        self._bar = bar
        self._doing = ""
        self._order = OrderProgress()

    def __call__(self, what: str, done: int) -> None:
        """Show what is being done, and how far it is."""
        if what in STAGES:
            self._show_order(what, done)
            return
        self._bar.bar_format = None
        if what != self._doing:
            self._doing = what
            self._bar.reset()
            self._bar.set_description(what, refresh=False)
            if not self._bar.disable:
                self._bar.refresh()  # a slow step is announced before it is done
        self._bar.update(done)

    def expect_order(self, records: int) -> None:
        """Show the progress of the first ranking, if it has to be made, with the time left."""
        self._order.records = records

    def _show_order(self, what: str, done: int) -> None:
        self._order(what, done)
        if not self._bar.disable:
            self._bar.bar_format = "{desc}"
            self._bar.set_description_str(f"preparing the ranking: {self._order.words}")

    def expect(self, total: int) -> None:
        """Note how much there is to do, so that the time left can be shown."""
        self._bar.total = total


@contextmanager
def progress(*, total: int | None = None, unit: str = " records") -> Iterator[Ticker]:
    """
    Return a function that is called with what is being done and the records just done.

    A line appears only on a terminal, as soon as something is done.
    """
    from tqdm import tqdm

    from autoscreen.cli.common.terminal import terminal_width

    with tqdm(
        total=total,
        unit=unit,
        file=sys.stderr,
        disable=not sys.stderr.isatty(),
        delay=0.5,
        leave=False,
        ncols=terminal_width(),  # some terminals do not report their size, and tqdm then is silent
        nrows=_ROWS,
    ) as bar:
        yield Ticker(bar)


def note(line: str) -> None:
    """Write a line on stderr, above the line of progress if there is one."""
    from tqdm import tqdm

    with tqdm.external_write_mode(file=sys.stderr):
        click.echo(line, err=True)
