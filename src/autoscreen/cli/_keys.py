"""Single keys from a terminal, or lines from anything else."""

from __future__ import annotations

import sys

import click

__all__ = ["CANCEL", "ENTER", "Keys"]

CANCEL = "\x1b"
"""Escape, an arrow or another key that is no character."""
ENTER = ""


class Keys:
    """Reads what the reviewer presses; without a terminal each line stands for one key."""

    def __init__(self) -> None:
        self.single = sys.stdin.isatty()

    def key(self, prompt: str) -> str | None:
        """
        Ask for one key, or for a line when stdin is no terminal.

        Returns
        -------
        str or None
            The key or line as typed, ENTER, CANCEL, or None at the end of the input.
        """
        self._ask(prompt)
        return self._pressed() if self.single else self._line()

    def text(self, prompt: str) -> str | None:
        """Ask for a line of text; None at the end of the input."""
        self._ask(prompt)
        return self._line()

    def _ask(self, prompt: str) -> None:
        if self.single:
            click.echo(prompt, nl=False, color=True)

    def _pressed(self) -> str | None:
        try:
            key = click.getchar()
        except EOFError:
            key = None
        if key in ("\r", "\n", "\r\n"):
            key = ENTER
        elif key is not None and not (len(key) == 1 and key.isprintable()):
            key = CANCEL
        click.echo(key if key not in (None, CANCEL) else "")
        return key

    def _line(self) -> str | None:
        line = sys.stdin.readline()
        return line.strip() if line else None
