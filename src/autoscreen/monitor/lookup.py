"""Looks for what is new: notes it in the review file first, then imports the records."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from io import BytesIO

from autoscreen.formats import Problem, Source
from autoscreen.monitor.digest import ABOUT_INCLUDED, Kind
from autoscreen.monitor.lookup_window import LookupWindow
from autoscreen.monitor.retractions import Included, news_of
from autoscreen.presentation.wording import counted
from autoscreen.progress_callback import Progress, ProgressTracker
from autoscreen.pubmed import Eutils, SearchResult
from autoscreen.records import Record
from autoscreen.review import Review
from autoscreen.review.pubmed_search import logged_search
from autoscreen.store import show_id
from autoscreen.store.watch_values import WatchRun

_FROM_PUBMED = {"nbib", "pubmed-xml"}
_LETTERS = re.compile(r"[\W_]+")
_NAMED = 10


@dataclass(slots=True)
class LookupTally:
    """What a run has found."""

    records: int = 0
    known: int = 0
    checked: int = 0
    not_checked: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    whole: bool = True
    repaired: dict[str | None, list[Problem]] = field(default_factory=dict)
    """What was repaired in a record, by its PMID, for the report of its import."""


def look_in_pubmed(
    review: Review,
    run: WatchRun,
    client: Eutils,
    days: LookupWindow,
    *,
    progress: ProgressTracker,
) -> LookupTally:
    """Ask PubMed for new and revised records, and for notices about the included studies."""
    seen = LookupTally()
    entered, changed = (_found(review, run, client, days, seen, by=by) for by in ("edat", "mdat"))
    found = dict.fromkeys([*entered, *changed])
    seen.records = len(found)
    studies = _included(review)
    wanted = dict.fromkeys(
        [*found, *_absent(review), *(pmid for one in studies for pmid in one.pmids)]
    )
    progress("fetching from PubMed", 0)
    progress.expect(len(wanted))
    fetched = _fetched(client, wanted, seen, progress)
    absent = [pmid for pmid in found if pmid not in fetched]
    _leave_out_older(
        review, run, fetched, [one for one in changed if one not in set(entered)], seen
    )
    _note_absent(review, run, absent, seen)
    fresh, seen.known = sort_out(review, run, fetched)
    import_read(review, fresh, seen, f"PubMed, watch {run.id}", progress=progress)
    look_at_included(review, run, fetched, seen, everywhere=True)
    return seen


def sort_out(
    review: Review, run: WatchRun, fetched: Mapping[str, Record]
) -> tuple[list[Record], int]:
    """Note what is new and what is revised."""
    known = review.watch.known(fetched)
    fresh: list[Record] = []
    news: list[tuple[str, str, str, str]] = []
    same = 0
    for pmid, record in fetched.items():
        before = known.get(pmid, [])
        if record in before:
            same += 1
            continue
        fresh.append(record)
        if not before:
            news.append((Kind.NEW, pmid, "", ""))
        elif _reads_differently(record, before):
            news.append((Kind.REVISED, pmid, _text_key(record), ""))
    review.watch.note(run.id, news)
    return fresh, same


def import_read(
    review: Review,
    records: Sequence[Record],
    seen: LookupTally,
    name: str,
    *,
    progress: Progress,
) -> None:
    """Import records that were read already, as a file of PubMed's XML would be."""
    if records:
        repaired = [one for record in records for one in seen.repaired.pop(record.pmid, ())]
        source = Source(name, BytesIO, read=(*repaired, *records))
        review.import_files([source], format="pubmed-xml", labels=False, progress=progress)


def look_at_included(
    review: Review,
    run: WatchRun,
    fetched: Mapping[str, Record],
    seen: LookupTally,
    *,
    everywhere: bool,
) -> None:
    """Note what was published about the included studies."""
    studies = _included(review)
    for study in studies:
        if fetched.keys() & set(study.pmids):
            seen.checked += 1
        elif everywhere:
            why = "PubMed returned no record for its PMID" if study.pmids else "it has no PMID"
            seen.not_checked.append(f"{study.id}, {_title(study)} ({why})")
    watches = review.watch
    known = {
        (one.kind, one.subject, one.key) for one in watches.findings([*ABOUT_INCLUDED.values()])
    }
    about = [*fetched.values(), *watches.retracting()]
    watches.note(
        run.id,
        [
            (one.kind, one.subject, one.key, _notice_text(one.notice.reference, one.notice.pmid))
            for one in news_of(studies, about, known)
        ],
    )


def _included(review: Review) -> list[Included]:
    return [
        Included(id=show_id(number), sources=sources) for number, sources in review.watch.included()
    ]


def _absent(review: Review) -> list[str]:
    """Return the PMIDs that were found before and whose record was not fetched yet."""
    watches = review.watch
    waiting = (one.subject for one in watches.waiting() if one.kind == Kind.NEW)
    return [pmid for pmid in waiting if watches.about(pmid) is None]


def _note_absent(review: Review, run: WatchRun, pmids: Sequence[str], seen: LookupTally) -> None:
    """Save the PMIDs without a record, so that each later run requests them."""
    known = review.watch.known_pmids(pmids)
    absent = [pmid for pmid in pmids if pmid not in known]
    review.watch.note(run.id, [(Kind.NEW, pmid, "", "") for pmid in absent])
    if absent:
        seen.notes.append(
            f"PubMed listed {counted(len(absent), 'record')} but did not deliver "
            f"{'it' if len(absent) == 1 else 'them'}; each run requests "
            f"{'it' if len(absent) == 1 else 'them'} again: PMID {some(absent)}."
        )


def _found(
    review: Review, run: WatchRun, client: Eutils, days: LookupWindow, seen: LookupTally, *, by: str
) -> tuple[str, ...]:
    """Search, log the search, and return the PMIDs found."""
    result = client.search(run.query, since=days.since, by=by)
    review.watch.searched(run.id, logged_search(result, kind="watch"))
    _account(result, seen)
    return result.ids


def _leave_out_older(
    review: Review,
    run: WatchRun,
    fetched: dict[str, Record],
    changed: Sequence[str],
    seen: LookupTally,
) -> None:
    """
    Remove records that only changed, and entered PubMed before the first search of this review.

    A review that began with a search or an import knows what there was before; there, an older
    record that it does not have is one that the query finds only now.
    """
    watches = review.watch
    begun = watches.begun(run.query)
    known = watches.known_pmids(changed)
    older = [
        pmid
        for pmid in changed
        if pmid in fetched and pmid not in known and "" < fetched[pmid].entered < begun
    ]
    for pmid in older:
        del fetched[pmid]
    if older:
        seen.records -= len(older)
        seen.notes.append(
            f"{counted(len(older), 'record')} that changed entered PubMed before {begun}, where "
            "this review begins, and were left out: autoscreen search imports older records."
        )


def _account(result: SearchResult, seen: LookupTally) -> None:
    seen.notes += [f"PubMed says: {one}." for one in result.warnings if result.ids]
    if result.unreachable:
        seen.whole = False
        seen.notes.append(
            f"PubMed counts {result.count} records and lists {len(result.ids)}; the next run "
            "searches these days again."
        )


def _fetched(
    client: Eutils, pmids: Iterable[str], seen: LookupTally, progress: Progress
) -> dict[str, Record]:
    fetched: dict[str, Record] = {}
    for page in client.fetch(pmids):
        fetched |= {one.pmid: one for one in whole_records(page.read(), seen) if one.pmid}
        progress("fetching from PubMed", len(page.asked))
    return fetched


def whole_records(
    rows: Iterable[Record | Problem], seen: LookupTally, *, file: str = ""
) -> Iterator[Record]:
    """Yield the records; note each that was lost, and what was repaired in the others."""
    repaired: list[Problem] = []
    for one in rows:
        if isinstance(one, Record):
            if repaired:
                seen.repaired[one.pmid] = repaired
                repaired = []
            yield one
        elif one.lost:
            where = f"{file}: a" if file else "A"
            seen.notes.append(f"{where} record could not be read: {one.message}.")
        else:  # a reader yields them before their record
            repaired.append(one)


def _reads_differently(record: Record, before: Sequence[Record]) -> bool:
    """Return whether PubMed's title or abstract changed; other sources are not compared."""
    given = [_text_key(one) for one in before if one.raw_format in _FROM_PUBMED]
    return bool(given) and _text_key(record) not in given


def _text_key(record: Record) -> str:
    # Without spaces: MEDLINE text writes superscripts of XML in brackets.
    text = "\n".join(_LETTERS.sub("", part.casefold()) for part in (record.title, record.abstract))
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _title(study: Included) -> str:
    return next((one.title for one in study.sources if one.title), "(no title)")


def _notice_text(reference: str, pmid: str | None) -> str:
    return json.dumps({"reference": reference, "pmid": pmid}, ensure_ascii=False)


def some(pmids: Sequence[str]) -> str:
    """Return the first of some PMIDs as a list in words."""
    return ", ".join(pmids[:_NAMED]) + ", ..." * (len(pmids) > _NAMED)
