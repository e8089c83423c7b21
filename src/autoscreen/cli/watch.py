"""``autoscreen watch``: report what is new in PubMed since the last run."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.exit_codes import USER, say
from autoscreen.cli.common.output import Column, emit, emit_one, write_json
from autoscreen.cli.common.progress import Ticker, note, progress
from autoscreen.cli.common.verb import format_option, open_review, verb
from autoscreen.errors import AutoscreenError

if TYPE_CHECKING:
    from autoscreen.monitor.digest import Digest, DigestEntry
    from autoscreen.monitor.watch_run import MailTarget, WatchOptions, WatchResult
    from autoscreen.review import Review

BELOW = 10
"""Records below the threshold that a table shows."""

COLUMNS = (
    Column("review", "review"),
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
    "autoscreen watch rms --source europepmc --source clinicaltrials",
    "autoscreen watch rms knee sleep --all-of-pubmed updatefiles/",
    "autoscreen watch rms --status",
    "autoscreen watch rms --digest out/ --print-timer systemd",
)
@click.argument("reviews", nargs=-1, required=True, metavar="REVIEW...")
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
    "--all-of-pubmed",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Read PubMed's update files in a folder instead of searching PubMed.",
)
@click.option(
    "--source",
    "sources",
    multiple=True,
    type=click.Choice(["europepmc", "clinicaltrials"]),
    help="Search this database too, by a query built from the concepts; repeatable.",
)
@click.option(
    "--status",
    is_flag=True,
    help="Show which records of update files the PubMed query has missed, and how to widen it.",
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
def command(reviews: tuple[str, ...], **options: Any) -> None:
    """
    Report what is new, revised or retracted in PubMed since the last run.

    Records found by the protocol's query are imported and ranked. A digest lists those above
    the threshold, with retractions of included studies first; each is reported once. The next run
    covers the dates of one that failed or was stopped.

    With --all-of-pubmed, no query is used: a record of the update files is found if the model of
    the review scores it above the threshold. Several reviews share one pass over the files. Records
    that the query would have missed are marked, and counted by --status.

    The exit code is 0 whether something is new or not, and 1 after an error. If one of several
    reviews fails, it is reported, and the others still run.
    """
    _check(reviews, options)
    if options["timer"] is not None:
        _print_timer(reviews[0], options)
        return
    if options["status"]:
        for review in reviews:
            _status(review, options["how"])
        return
    post = _post(options)
    with progress() as tick, ExitStack() as stack:
        done = list(_outcomes(reviews, options, post, tick, stack))
    outcomes = [(name, one) for name, one in done if not isinstance(one, AutoscreenError)]
    _show(outcomes, options, several=len(reviews) > 1)
    failed = False
    for name, one in done:
        if isinstance(one, AutoscreenError):
            if len(reviews) == 1:
                raise one
            say(f"{name}: {one}")
            failed = True
        elif one.mail_error:
            say(one.mail_error)
            failed = failed or post is not None
    if failed:
        raise click.exceptions.Exit(USER)


def _check(reviews: tuple[str, ...], options: dict[str, Any]) -> None:
    if options["sensitivity"] is not None and options["model"] is not None:
        raise click.UsageError("a saved model has its own sensitivity")
    if options["all_of_pubmed"] is not None:
        for name in ("since", "sources"):
            if options[name]:
                flag = "--since" if name == "since" else "--source"
                raise click.UsageError(
                    f"{flag} cannot be combined with --all-of-pubmed: every file is read"
                )
    if options["timer"] is not None and len(reviews) > 1:
        raise click.UsageError("--print-timer takes one review; print one file for each")
    if options["status"] and len(reviews) > 1 and options["how"] != "table":
        raise click.UsageError("--status writes JSON or CSV for one review at a time")
    if options["timer"] is not None and options["status"]:
        raise click.UsageError("--print-timer cannot be combined with --status")


def _outcomes(
    reviews: tuple[str, ...],
    options: dict[str, Any],
    post: MailTarget | None,
    tick: Ticker,
    stack: ExitStack,
) -> Iterator[tuple[str, WatchResult | AutoscreenError]]:
    """Yield what came of each review; those that read update files share one pass."""
    opened: list[tuple[Review, WatchOptions]] = []
    for name in reviews:
        try:
            review = stack.enter_context(open_review(name, tick))
            plan = _options(review, options, post, several=len(reviews) > 1)
            if options["all_of_pubmed"] is None:
                yield name, _watch(review, plan, options, tick)
            else:
                opened.append((review, plan))
        except AutoscreenError as error:
            yield name, error
    if opened:
        from autoscreen.monitor.watch_run import watch_updates

        done = watch_updates(opened, updates=options["all_of_pubmed"], progress=tick)
        yield from zip((review.name for review, _ in opened), done, strict=True)


def _options(
    review: Review, options: dict[str, Any], post: MailTarget | None, *, several: bool
) -> WatchOptions:
    from autoscreen.monitor.alert_ranking import SENSITIVITY
    from autoscreen.monitor.watch_run import WatchOptions, digest_folder

    folder: Path | None = options["folder"]
    if folder is not None and several:  # one folder holds the digests of one review
        folder /= review.name
    return WatchOptions(
        folder=folder or digest_folder(review.path),
        model=options["model"],
        sensitivity=options["sensitivity"] or SENSITIVITY,
        post=post,
    )


def _watch(
    review: Review, plan: WatchOptions, options: dict[str, Any], tick: Ticker
) -> WatchResult:
    from autoscreen.monitor.watch_run import watch
    from autoscreen.pubmed import Eutils
    from autoscreen.sources.apis import api_named
    from autoscreen.sources.search_client import SearchClient

    say_it = None if options["quiet"] else note
    since: datetime | None = options["since"]
    return watch(
        review,
        plan,
        client=Eutils(say=say_it),
        others=[SearchClient(api_named(one), say=say_it) for one in options["sources"]],
        since=since.date() if since else None,
        progress=tick,
    )


def _status(name: str, how: str) -> None:
    """Show what the PubMed query of a review has missed, and the next command."""
    from autoscreen.monitor.query_gaps import gap_lines, query_gaps

    with open_review(name) as review:
        gaps = query_gaps(review)
    if gaps is None:
        emit_one(
            {"review": name, "compared": 0},
            [f"{name}: no new record of update files was compared with a PubMed query yet"],
            how,
        )
        return
    lines = [f"{name}: {one}" for one in gap_lines(gaps)]
    if gaps.widening.query:
        query = shlex.quote(gaps.widening.query)
        lines.append(f"next: autoscreen protocol check {shlex.quote(name)} --query {query}")
    runs = [dict(zip(("run", "day", "compared", "missed"), one, strict=True)) for one in gaps.runs]
    emit_one({"review": name, **asdict(gaps), "runs": runs}, lines, how)


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
    for name in ("folder", "all_of_pubmed"):
        if options[name] is not None:
            flag = "--digest" if name == "folder" else "--all-of-pubmed"
            words += [flag, str(options[name].absolute())]
    for name in ("model", "sensitivity"):
        if options[name] is not None:
            words += [f"--{name}", str(options[name])]
    for source in options["sources"]:
        words += ["--source", source]
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


def _show(
    outcomes: list[tuple[str, WatchResult]], options: dict[str, Any], *, several: bool
) -> None:
    from autoscreen.monitor.digest_json import as_values
    from autoscreen.monitor.digest_wording import headline

    how, quiet = options["how"], options["quiet"]
    if how == "json" and not quiet:
        values = [
            {
                **as_values(one.digest),
                "page": None if one.page is None else str(one.page),
                "mailed": one.mailed,
            }
            for _, one in outcomes
        ]
        write_json(values if several else values[0] if values else None)
    elif not quiet:
        columns = COLUMNS if several or how == "csv" else COLUMNS[1:]
        rows = [row for name, one in outcomes for row in _rows(name, one, how)]
        emit(rows, columns, how, empty="")
    for name, one in outcomes:
        digest = one.digest
        if how != "json" and not quiet:
            _notes(name, digest, how, several=several)
        if digest.warnings or digest.alerts or not quiet:
            where = f": {one.page}" if one.page else ""
            head = f"{name}: " if several else ""
            click.echo(f"{head}{headline(digest)}{where}", err=how != "table")


def _notes(name: str, digest: Digest, how: str, *, several: bool) -> None:
    head = f"{name}: " if several else ""
    hidden = len(digest.below[BELOW:]) if how == "table" else 0
    if hidden:
        click.echo(f"{head}and {hidden} more below the threshold, in the digest and the review")
    for one in digest.notes:
        click.echo(f"{head}note: {one}", err=True)


def _rows(name: str, outcome: WatchResult, how: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of one review; of those below the threshold, which come last, only some."""
    entries, below = outcome.digest.entries, len(outcome.digest.below)
    shown = entries[: len(entries) - max(0, below - BELOW)] if how == "table" else entries
    for one in shown:
        yield {"review": name, **_row(one)}


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
