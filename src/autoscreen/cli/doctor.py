"""``autoscreen doctor``: what is installed, and what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autoscreen.cli.common.output import emit
from autoscreen.cli.common.verb import format_option, verb

if TYPE_CHECKING:
    from autoscreen.cli.common.health_checks import Check


@verb(
    "doctor",
    "autoscreen doctor",
    "autoscreen doctor rms",
    "autoscreen doctor /srv/reviews",
    "autoscreen doctor --format json",
)
@click.argument("review", required=False, metavar="[REVIEW|FOLDER]")
@format_option
def command(review: str | None, how: str) -> None:
    """Check the installation, or the file of a review, and suggest repairs.

    With REVIEW, every page, reference and stored text of its file is checked for damage. With the
    FOLDER of a server, every review in it, and the settings for PubMed of each account.

    The exit code is 1 if something is broken.
    """
    from autoscreen.cli.common.health_checks import (
        BROKEN,
        LOOK,
        checks,
        folder_checks,
        review_checks,
    )

    if review and Path(review).is_dir():
        found = folder_checks(Path(review))
    else:
        found = review_checks(review) if review else checks()
    broken = sum(check.state == BROKEN for check in found)
    if how == "table":
        for check in found:
            _show(check)
        noted = sum(check.state == LOOK for check in found)
        click.echo(f"{len(found)} checked: {broken} broken, {noted} to look at")
    else:
        emit([_row(check) for check in found], (), how)
    if broken:
        raise click.exceptions.Exit(1)


def _show(check: Check) -> None:
    click.echo(f"{check.state:<8}{check.name}: {check.detail}")
    if check.remedy:
        click.echo(f"{'':<8}what to do: {check.remedy}")


def _row(check: Check) -> dict[str, str]:
    return {
        "state": check.state,
        "name": check.name,
        "detail": check.detail,
        "remedy": check.remedy,
    }
