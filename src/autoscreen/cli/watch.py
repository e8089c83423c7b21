"""``autoscreen watch``: report what is new in PubMed since the last run."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.exit_codes import USER, say
from autoscreen.cli.common.output import Column, emit, write_json
from autoscreen.cli.common.progress import Ticker, note, progress
from autoscreen.cli.common.verb import format_option, open_review, review_argument, verb

if TYPE_CHECKING:
    from autoscreen.monitor.digest import DigestEntry
    from autoscreen.monitor.watch_run import MailTarget, WatchResult
    from autoscreen.review import Review

BELOW = 10
"""Records below the threshold that a table shows."""

COLUMNS = (
    Column("kind", "kind"),
    Column("id", "id"),
    Column("pmid", "PMID"),
    Column("expected", "expected"),
    Column("year", "year", right=True),
    Column("title", "title", shrinks=True),
    Column("below", ""),
)


@verb(
    "watch",
    "autoscreen watch rms",
    "autoscreen watch rms --since 2026-01-01 --digest out/ --mail team@example.org",
    "autoscreen watch rms --updatefiles updates/ --model rms-pnp",
    "autoscreen watch rms --digest out/ --print-timer systemd",
)
@review_argument
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="First entry date to search. [default: 30 days before the last run or search ended]",
)
@click.option(
    "--digest",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder for the digests and the feed. [default: REVIEW-digests beside the review]",
)
@click.option(
    "--mail",
    multiple=True,
    metavar="ADDRESS",
    help="Mail the digest there; repeatable. AUTOSCREEN_SMTP_HOST names the server.",
)
@click.option(
    "--model",
    metavar="NAME",
    help="Saved model that ranks, by name or path. [default: the labels of the review if there "
    "are enough, else the model of its protocol]",
)
@click.option(
    "--sensitivity",
    type=click.FloatRange(0, 1, min_open=True),
    metavar="SHARE",
    help="Share of the relevant records that should reach the alert threshold. [default: 0.95]",
)
@click.option(
    "--updatefiles",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Read PubMed's update files in a folder instead of asking PubMed.",
)
@click.option(
    "--print-timer",
    "timer",
    type=click.Choice(["systemd", "cron", "github-actions"]),
    help="Print a file that runs this every day, and do nothing else.",
)
@click.option(
    "--quiet",
    is_flag=True,
    help="Print errors, and one line if something is new; otherwise print and mail nothing.",
)
@format_option
def command(review: str, **options: Any) -> None:
    """
    Report what is new, revised or retracted in PubMed since the last run.

    Records found by the protocol's query are imported and ranked. A digest lists those above
    the threshold, with retractions of included studies first; each is reported once. The next run
    makes up for one that failed or was stopped.

    The exit code is 0 whether something is new or not, and 1 after an error.
    """
    if options["sensitivity"] is not None and options["model"] is not None:
        raise click.UsageError("a saved model has its own sensitivity")
    if options["since"] is not None and options["updatefiles"] is not None:
        raise click.UsageError("--since cannot be combined with --updatefiles: every file is read")
    if options["timer"] is not None:
        _print_timer(review, options)
        return
    post = _post(options)
    with progress() as tick, open_review(review, tick) as opened:
        outcome = _watch(opened, options, post, tick)
    _show(outcome, options)
    if outcome.mail_error:
        say(outcome.mail_error)
        if post is not None:
            raise click.exceptions.Exit(USER)


def _watch(
    opened: Review, options: dict[str, Any], post: MailTarget | None, tick: Ticker
) -> WatchResult:
    from autoscreen.monitor.alert_ranking import SENSITIVITY
    from autoscreen.monitor.watch_run import WatchOptions, digest_folder, watch, watch_updates

    watch_options = WatchOptions(
        folder=options["folder"] or digest_folder(opened.path),
        model=options["model"],
        sensitivity=options["sensitivity"] or SENSITIVITY,
        post=post,
    )
    if options["updatefiles"] is not None:
        return watch_updates(opened, watch_options, updates=options["updatefiles"], progress=tick)
    from autoscreen.pubmed import Eutils

    since: datetime | None = options["since"]
    return watch(
        opened,
        watch_options,
        client=Eutils(say=None if options["quiet"] else note),
        since=since.date() if since else None,
        progress=tick,
        expect=tick.expect,
    )


def _post(options: dict[str, Any]) -> MailTarget | None:
    if not options["mail"]:
        return None
    from autoscreen.monitor.mail import mail_server, recipients_from
    from autoscreen.monitor.watch_run import MailTarget

    return MailTarget(
        server=mail_server(),
        recipients=recipients_from(options["mail"]),
        only_news=options["quiet"],
    )


def _print_timer(review: str, options: dict[str, Any]) -> None:
    from autoscreen.monitor.mail import recipients_from
    from autoscreen.monitor.timers import timer_text
    from autoscreen.store import review_path

    words: list[str] = []
    for name in ("folder", "updatefiles"):
        if options[name] is not None:
            flag = "--digest" if name == "folder" else "--updatefiles"
            words += [flag, str(options[name].absolute())]
    for name in ("model", "sensitivity"):
        if options[name] is not None:
            words += [f"--{name}", str(options[name])]
    for address in recipients_from(options["mail"]):
        words += ["--mail", address]
    path = review_path(review).absolute()
    text = timer_text(options["timer"], program=_program(), review=path, options=words)
    click.echo(text, nl=False)


def _program() -> list[str]:
    """Return the command by which this program was started, with its full path."""
    started = Path(sys.argv[0]).absolute()
    if started.name.startswith("autoscreen") and started.is_file():
        return [str(started)]
    return [sys.executable, "-m", "autoscreen.cli"]


def _show(outcome: WatchResult, options: dict[str, Any]) -> None:
    from autoscreen.monitor.digest_json import as_values
    from autoscreen.monitor.digest_wording import headline

    digest, how = outcome.digest, options["how"]
    if how == "json" and not options["quiet"]:
        page = None if outcome.page is None else str(outcome.page)
        write_json({**as_values(digest), "page": page, "mailed": outcome.mailed})
    elif not options["quiet"]:
        hidden = digest.below[BELOW:] if how == "table" else ()
        shown = digest.entries[: len(digest.entries) - len(hidden)]  # those below come last
        emit([_row(one) for one in shown], COLUMNS, how, empty="")
        if hidden:
            click.echo(f"and {len(hidden)} more below the threshold, in the digest and the review")
        for one in digest.notes:
            click.echo(f"note: {one}", err=True)
    if digest.warnings or digest.alerts or not options["quiet"]:
        where = f": {outcome.page}" if outcome.page else ""
        click.echo(f"{headline(digest)}{where}", err=how != "table")


def _row(entry: DigestEntry) -> dict[str, Any]:
    from autoscreen.monitor.digest_wording import expected, link

    return {
        "kind": str(entry.kind),
        "id": entry.id,
        "pmid": entry.record.pmid,
        "doi": entry.record.doi,
        "year": entry.record.year,
        "alert": entry.alert,
        "score": entry.score,
        "chance": entry.chance,
        "expected": expected(entry),
        "title": entry.record.title,
        "link": link(entry.record),
        "below": "" if entry.alert else "below the threshold",
    }
