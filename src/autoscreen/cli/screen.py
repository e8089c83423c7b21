"""``autoscreen screen``: reading and labelling in the browser, alone or as a team."""

from __future__ import annotations

import sys
from typing import Any

import click

from autoscreen.cli.common.server_options import (
    announce,
    no_browser_option,
    port_option,
    team_options,
)
from autoscreen.cli.common.verb import review_argument, reviewer_option, stage_option, verb
from autoscreen.progress_callback import Progress
from autoscreen.records import Stage


@verb(
    "screen",
    "autoscreen screen rms",
    "autoscreen screen rms --stage full-text",
    "autoscreen screen rms --no-browser --port 8123",
    "autoscreen screen rms --host 0.0.0.0",
    "autoscreen screen rms --proxy 127.0.0.1 --port 8400",
)
@review_argument
@stage_option
@reviewer_option
@no_browser_option
@port_option
@team_options(host="127.0.0.1")
def command(review: str, *, stage: str, no_browser: bool, **how: Any) -> None:
    """Screen in the browser.

    Opens the review on this machine alone, without an account. With --host it serves a team: the
    first visit, by the address that is printed, makes the owner's account, and owners invite the
    others.
    """
    from autoscreen.web.server import Options, serve

    options = Options(**how)
    page = "full-text" if stage == Stage.FULL_TEXT else ""
    started = announce(review, options, browser=not no_browser, page=page)
    serve(review, options, started=started, progress=_stages() if sys.stderr.isatty() else None)


def _stages() -> Progress:
    """Return what writes each stage of the first order on standard error as it begins."""
    from autoscreen.presentation.order_progress import STAGES

    begun: list[str] = []
    *_, last = STAGES

    def report(what: str, done: int) -> None:
        if what in STAGES and what not in begun and last not in begun:
            begun.append(what)
            click.echo(f"preparing the first ranking: {what}", err=True)

    return report
