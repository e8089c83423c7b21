"""Turns errors into one line on stderr and an exit code."""

from __future__ import annotations

import errno
import os
import platform
import re
import signal
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from autoscreen._version import __version__
from autoscreen.errors import AutoscreenError

USER = 1
USAGE = 2
OURS = 70
STOPPED = 130
_PLAINER = (
    (r"\. \(Did you mean one of: (.*)\?\)", r"; did you mean one of \1?"),
    (r"\. Did", "; did"),
    (r"is not a valid integer( range)?", "is not a whole number"),
    (r"is not a valid float( range)?", "is not a number"),
    (r"is not in the range 0<=?x<=?1\b", "is not between 0 and 1; 95% is 0.95"),
    (r"is not in the range x>=(\S+)", r"is less than \1"),
    (r"does not match the formats? '%Y-%m-%d'.*", "is not a date such as 2024-01-31"),
)
"""Messages of click, and what says the same without its notation."""


def exit_code_of(error: BaseException) -> int:
    """Write the error in one line, and return the exit code."""
    code, message = _judge(error)
    if message:
        say(message)
    return code


def say(message: str) -> None:
    """Write what is wrong as one line on stderr."""
    click.echo(f"autoscreen: error: {' '.join(message.split())}", err=True)


def _judge(error: BaseException) -> tuple[int, str]:
    match error:
        case SystemExit(code=int(code)):
            judged = code, ""
        case click.Abort():
            judged = STOPPED, "stopped; every decision made so far is saved"
        case AutoscreenError():
            judged = USER, str(error)
        case click.UsageError():
            judged = USAGE, _usage(error)
        case click.ClickException():
            judged = USER, error.format_message()
        case OSError(filename=str()):
            judged = USER, _system(error)
        case _:
            judged = OURS, _ours(error)
    return judged


@contextmanager
def interrupted_by_sigterm() -> Iterator[None]:
    """Let a termination signal interrupt the block, as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def leave_quietly() -> None:
    """Stop writing to a closed pipe, without a message at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _usage(error: click.UsageError) -> str:
    message = error.format_message().rstrip(".")
    message = message[:1].lower() + message[1:]
    for pattern, plainer in _PLAINER:
        message = re.sub(pattern, plainer, message)
    where = error.ctx.command_path if error.ctx else "autoscreen"
    return f"{message} (see {where} --help)"


def _system(error: OSError) -> str:
    reason = error.strerror or errno.errorcode.get(error.errno or 0, "not usable")
    return f"{error.filename}: {reason[:1].lower()}{reason[1:]}"


def _ours(error: BaseException) -> str:
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return (
        f"unexpected {what[:200]}; this is a fault in autoscreen, not in what you typed; "
        f"please report it with the file {_trace(error)}"
    )


def _trace(error: BaseException) -> Path:
    handle, name = tempfile.mkstemp(prefix="autoscreen-trace-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"autoscreen {__version__}, Python {platform.python_version()}, ")
        file.write(f"{platform.platform()}\narguments: {sys.argv[1:]}\n\n")
        file.writelines(traceback.format_exception(error))
    return Path(name)
