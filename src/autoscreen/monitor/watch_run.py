"""
One run of the watch, from the search to the digest, without losing or repeating a finding.

A run passes through these states; each is saved before the next begins:

1. **begun**: the search is saved, with the newest record and decision at this moment.
2. **noted**: each finding is saved before its record is imported. A finding is unique for its kind,
   its record and its occasion, so that overlapping searches add nothing.
3. **imported**: the records are in the review, imported like those of any file.
4. **written**: the files of the digest exist; their names were saved before.
5. **announced**: in one transaction the findings are marked as announced, the mail is queued and
   the run is complete. Only now do its days count as covered.
6. **mailed**: each message is marked when the server has accepted it.

A run that is interrupted in 1 to 3 leaves findings that the next run announces, and days that it
searches again. In 4 it leaves files that were never announced; the next run deletes them and
announces their findings itself. After 5 only the mail is pending, which the next run sends. A mail
can be sent twice, with the same Message-ID, if the program dies between sending and marking.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from autoscreen.errors import AutoscreenError, ConfigError
from autoscreen.monitor.alert_ranking import SENSITIVITY, choose_ranker, saved_model
from autoscreen.monitor.digest import Coverage, Digest, guid_of
from autoscreen.monitor.digest_compose import ComposedDigest, compose
from autoscreen.monitor.lookup import LookupTally, look_in_pubmed
from autoscreen.monitor.lookup_window import LookupWindow, covered_until, window
from autoscreen.monitor.mail import MailServer, compose_mail, send
from autoscreen.monitor.publish import clear, free_name, prepare, write_digest
from autoscreen.monitor.source_lookup import look_in_source
from autoscreen.monitor.update_lookup import UpdateReader, read_updates
from autoscreen.monitor.watch_lock import only_one
from autoscreen.presentation.wording import counted
from autoscreen.progress_callback import NO_TRACKER, Progress, ProgressTracker, no_progress
from autoscreen.pubmed import Eutils
from autoscreen.review import Review
from autoscreen.search_strategy.from_concepts import pubmed_query
from autoscreen.sources.search_client import SearchClient
from autoscreen.store.watch_values import WatchRun

_NOTHING_LOST = "nothing is lost: the next run asks for the same again"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTarget:
    """Where digests are mailed."""

    server: MailServer
    recipients: Sequence[str]
    only_news: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchOptions:
    """How a run ranks its findings, and where it announces them."""

    folder: Path
    model: str | None = None
    sensitivity: float = SENSITIVITY
    post: MailTarget | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchResult:
    """What a run did."""

    digest: Digest
    page: Path | None
    mailed: int = 0
    unsent: int = 0
    mail_error: str = ""


_UpdateRun = Generator[UpdateReader, None, WatchResult]


def digest_folder(review: Path) -> Path:
    """Return the folder for the digests of a review if nobody names another one."""
    return review.with_name(f"{review.stem}-digests")


def watch(
    review: Review,
    options: WatchOptions,
    *,
    client: Eutils,
    others: Sequence[SearchClient] = (),
    since: date | None = None,
    progress: ProgressTracker = NO_TRACKER,
) -> WatchResult:
    """Search PubMed, and other databases, for new records since the last run; announce them."""
    query = " ".join(pubmed_query(review.protocol).split())
    if not query:
        raise ConfigError(
            f"the protocol {review.protocol.name} has no PubMed query and no concepts to build one "
            "from, so the watch has nothing to search",
            hint="write one as `pubmed` in the protocol, or read update files with --all-of-pubmed",
        )
    saved = saved_model(review, options.model)
    with only_one(review.path, at=review.watch.time()):
        place = prepare(options.folder, feed_id=_feed_id(review))
        days, notes = _days(review, query, since)
        sources = ", ".join(("PubMed", *(one.api.name for one in others)))
        with _run(review, sources, query, days) as run:
            seen = look_in_pubmed(review, run, client, days, progress=progress)
            seen.notes[:0] = notes
            for one in others:
                look_in_source(review, one, days, seen, progress=progress)
            choose = partial(choose_ranker, review, saved, sensitivity=options.sensitivity)
            composed = compose(review, run, _coverage(run, seen), choose, seen=seen)
            page = _announce(review, run, composed, place, whole=seen.whole, post=options.post)
        return _mail(review, composed.digest, page, options.post)


def watch_updates(
    reviews: Sequence[tuple[Review, WatchOptions]],
    *,
    updates: Path,
    progress: Progress | None = None,
) -> list[WatchResult | AutoscreenError]:
    """
    Read new records from a folder of PubMed update files, without network, and announce them.

    The query of a protocol cannot be asked of files: a record counts as found if it scores above
    the threshold of a saved model or, without one, if it mentions each required concept. Each file
    is read once for all reviews. Returned is the outcome of each review, in their order; the
    failure of one does not stop the others.
    """
    done: dict[_UpdateRun, WatchResult | AutoscreenError] = {}
    runs = [_update_run(review, options, updates) for review, options in reviews]
    readers: dict[UpdateReader, _UpdateRun] = {}

    def step(run: _UpdateRun, error: AutoscreenError | None = None) -> None:
        try:
            reader = next(run) if error is None else run.throw(error)
        except StopIteration as end:
            done[run] = end.value
        except AutoscreenError as problem:
            done[run] = problem
        else:
            readers[reader] = run

    try:
        for run in runs:
            step(run)
        read_updates(
            list(readers),
            updates,
            failed=lambda reader, error: step(readers[reader], error),
            progress=progress or no_progress,
        )
        for run in runs:
            if run not in done:
                step(run)
    finally:
        for run in runs:
            run.close()
    return [done[run] for run in runs]


def _update_run(review: Review, options: WatchOptions, updates: Path) -> _UpdateRun:
    """Run for one review, in two steps: before and after its reader has read the files."""
    saved = saved_model(review, options.model)
    with only_one(review.path, at=review.watch.time()):
        place = prepare(options.folder, feed_id=_feed_id(review))
        with _run(review, str(updates), "", None) as run:
            reader = UpdateReader(review, run, saved)
            yield reader
            seen = reader.close()
            choose = partial(choose_ranker, review, saved, sensitivity=options.sensitivity)
            composed = compose(review, run, _coverage(run, seen), choose, seen=seen)
            page = _announce(review, run, composed, place, whole=seen.whole, post=options.post)
        return _mail(review, composed.digest, page, options.post)


def _days(review: Review, query: str, since: date | None) -> tuple[LookupWindow, list[str]]:
    """Choose the entry dates to search, and note the days that remain open."""
    runs = [run for run in review.watch.runs() if run.ok and run.since]
    covered = covered_until(
        LookupWindow(date.fromisoformat(run.since), date.fromisoformat(run.until))
        for run in runs
        if run.whole
    )
    today = date.fromisoformat(review.watch.time()[:10])
    searched = review.watch.last_search(query)
    if covered is None and since is None and not searched:
        raise ConfigError(
            f"{review.path}: nothing was searched or imported yet, so the first day is unknown",
            hint="name the first day with --since, or import records first",
        )
    start = date.fromisoformat(searched) if searched else today
    begun = min((date.fromisoformat(run.since) for run in runs), default=None)
    days = window(covered, start=start, today=today, since=since, begun=begun)
    notes = []
    if days.gap and covered is not None:
        notes.append(
            f"Days from {covered} to {days.since} were not searched; the next run without --since "
            "searches them."
        )
    if runs and runs[-1].query != query:
        notes.append(
            "The PubMed query has changed since the last run. Older records that only the new one "
            "finds are imported by: autoscreen search."
        )
    return days, notes


@contextmanager
def _run(review: Review, source: str, query: str, days: LookupWindow | None) -> Iterator[WatchRun]:
    """Begin a run; if it fails, save the reason in the review file and leave its days open."""
    since, until = (str(days.since), str(days.until)) if days else ("", "")
    watches = review.watch
    run = watches.begin(source=source, query=query, since=since, until=until)
    try:
        yield run
    except AutoscreenError as error:
        watches.end(run.id, ok=False, whole=False, detail=str(error))
        if _NOTHING_LOST not in (error.hint or ""):  # the same error can end several runs
            error.hint = "; ".join(filter(None, (error.hint, _NOTHING_LOST)))
        raise


def _coverage(run: WatchRun, seen: LookupTally) -> Coverage:
    return Coverage(
        source=run.source,
        since=run.since,
        until=run.until,
        records=seen.records,
        known=seen.known,
        checked=seen.checked,
        not_checked=tuple(seen.not_checked),
    )


def _announce(
    review: Review,
    run: WatchRun,
    composed: ComposedDigest,
    folder: Path,
    *,
    whole: bool,
    post: MailTarget | None,
) -> Path | None:
    """Write the digest, then mark its findings as announced."""
    watches, digest = review.watch, composed.digest
    clear(folder, watches.unannounced_files())
    name = free_name(folder, digest.day)
    if not digest.entries and name != f"digest-{digest.day}":
        name = ""  # nothing is new, and the day has its digest
    page = folder / f"{name}.html" if name else None
    if page is not None:
        files = [str(page.with_suffix(suffix)) for suffix in (".html", ".txt", ".json")]
        watches.will_write(run.id, files)
        write_digest(folder, name, digest, feed_id=_feed_id(review))
    with review.watch.writing():
        watches.announce(run.id, composed.findings)
        if post is not None and (digest.entries or not post.only_news):
            guid = guid_of(watches.review_key(), "mail", str(run.id), "")
            content = compose_mail(
                digest, sender=post.server.sender, recipients=post.recipients, guid=guid
            )
            watches.queue(run.id, post.recipients, content)
        watches.end(run.id, ok=True, whole=whole, detail=name)
    return page


def _mail(
    review: Review, digest: Digest, page: Path | None, post: MailTarget | None
) -> WatchResult:
    """Send the queued messages, and return the result."""
    mailed, errors = _send_waiting(review, post.server) if post else (0, [])
    unsent = len(review.watch.unsent())
    if unsent and not errors:
        errors = [f"{counted(unsent, 'digest')} not mailed yet; a run with --mail sends them"]
    return WatchResult(
        digest=digest, page=page, mailed=mailed, unsent=unsent, mail_error="; ".join(errors)
    )


def _send_waiting(review: Review, server: MailServer) -> tuple[int, list[str]]:
    """Send the queued messages, oldest first; after a failure the rest stays queued."""
    watches = review.watch
    mailed = 0
    errors: list[str] = []
    for message in watches.unsent():
        try:
            refused = send(server, message.recipients, message.content)
        except AutoscreenError as problem:
            return mailed, [*errors, str(problem)]
        with review.watch.writing():
            watches.sent(message.id)
            if refused:
                watches.queue(message.run, list(refused), message.content)
        errors += [
            f"not mailed to {who}; will be retried: {reply}" for who, reply in refused.items()
        ]
        mailed += 1
    return mailed, errors


def _feed_id(review: Review) -> str:
    return guid_of(review.watch.review_key(), "feed", "", "")
