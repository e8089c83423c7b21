"""Single keys from a terminal, or lines from anything else."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

import click

CANCEL = "\x1b"
"""Escape, an arrow or another key that is no character."""
ENTER = ""
_END = "\x04"


class Keys:
    """
    Reads what the reviewer presses; without a terminal each line is one key.

    As a context manager it keeps the terminal from echoing keys and from waiting for Enter.
    """

    def __init__(self) -> None:
        self.single = sys.stdin.isatty()
        self._ahead = ""
        self._mode = _cbreak() if self.single else None

    def __enter__(self) -> Self:
        if self._mode:
            self._mode.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        if self._mode:
            self._mode.__exit__(None, None, None)

    def fresh(self) -> None:
        """Forget what was typed ahead: a key is meant for the record that its reader has seen."""
        self._ahead = ""
        if self.single:
            _discard()

    def key(self, prompt: str) -> str | None:
        """Ask for one key, or for a line when stdin is no terminal."""
        self._ask(prompt)
        if not self.single:
            return self._line()
        key = self._pressed()
        click.echo(key if key not in (None, CANCEL) else "")
        return key

    def text(self, prompt: str) -> str | None:
        """Ask for a line of text; None at the end of the input."""
        self._ask(prompt)
        if not self.single:
            return self._line()
        with _cooked():
            return self._line()

    def _ask(self, prompt: str) -> None:
        if self.single:
            click.echo(prompt, nl=False)

    def _pressed(self) -> str | None:
        typed = self._ahead or _typed()
        key, self._ahead = typed[:1], typed[1:]
        if key in ("", _END):
            return None
        if key in "\r\n":
            return ENTER
        if not key.isprintable():
            self._ahead = ""  # the rest of an arrow or a function key
            return CANCEL
        return key

    def _line(self) -> str | None:
        line = sys.stdin.readline()
        return line.strip() if line else None


if sys.platform == "win32":
    import msvcrt

    @contextmanager
    def _cbreak() -> Iterator[None]:
        yield

    _cooked = _cbreak

    def _typed() -> str:
        key = msvcrt.getwch()
        if key == "\x03":
            raise KeyboardInterrupt
        return CANCEL + msvcrt.getwch() if key in "\x00\xe0" else key

    def _discard() -> None:
        while msvcrt.kbhit():
            msvcrt.getwch()

else:
    import select
    import termios
    import tty

    _PATIENCE = 0.2

    @contextmanager
    def _cbreak() -> Iterator[None]:
        before = termios.tcgetattr(sys.stdin)
        tty.setcbreak(sys.stdin, termios.TCSADRAIN)
        try:
            yield
        finally:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)

    @contextmanager
    def _cooked() -> Iterator[None]:
        now = termios.tcgetattr(sys.stdin)
        line = [*now]
        line[3] |= termios.ICANON | termios.ECHO
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, line)
        try:
            yield
        finally:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, now)

    def _typed() -> str:
        # The system may give Ctrl-C to another thread, and then a read here would keep waiting.
        while not select.select([sys.stdin], [], [], _PATIENCE)[0]:
            pass
        return os.read(sys.stdin.fileno(), 64).decode("utf-8", "ignore")

    def _discard() -> None:
        termios.tcflush(sys.stdin, termios.TCIFLUSH)
