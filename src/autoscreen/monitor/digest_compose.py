"""Composes the digest of the findings that were not announced yet."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from autoscreen.monitor.alert_ranking import Judged, Ranker
from autoscreen.monitor.digest import (
    ABOUT_INCLUDED,
    Coverage,
    Digest,
    DigestEntry,
    Kind,
    guid_of,
)
from autoscreen.monitor.digest_wording import not_english
from autoscreen.monitor.lookup import LookupTally
from autoscreen.presentation.wording import counted
from autoscreen.records import Label, Notice, NoticeKind, Record
from autoscreen.review import Review
from autoscreen.search_strategy.evaluate import match_query
from autoscreen.search_strategy.from_concepts import pubmed_query
from autoscreen.search_strategy.tree import parse_query
from autoscreen.store import show_id
from autoscreen.store.stored_values import StoredRecord
from autoscreen.store.watch_values import Announced, Finding, WatchRun
from autoscreen.text.designs import study_designs
from autoscreen.text.english import NOT_ENGLISH, has_english
from autoscreen.text.highlights import highlights

_ORDER = {kind: place for place, kind in enumerate(Kind)}
_NOTICES = {kind: notice for notice, kind in ABOUT_INCLUDED.items()}


@dataclass(frozen=True, slots=True)
class ComposedDigest:
    """A digest, and the findings it announces."""

    digest: Digest
    findings: tuple[Announced, ...]


@dataclass(frozen=True, slots=True)
class _News:
    """A finding with the record that it is about."""

    finding: Finding
    stored: StoredRecord

    @property
    def known(self) -> bool:
        """Whether the review had this record already, from elsewhere, when it was found."""
        return self.finding.kind == Kind.NEW and self.stored.number <= self.finding.base


def compose(
    review: Review,
    run: WatchRun,
    coverage: Coverage,
    choose: Callable[[], Ranker],
    *,
    seen: LookupTally,
) -> ComposedDigest:
    """Compose the digest of a run from all pending findings."""
    news = list(_news(review))
    fresh = [one for one in news if not one.known]
    to_judge = {
        show_id(one.stored.number): one.stored.record
        for one in fresh
        if one.finding.kind in (Kind.NEW, Kind.REVISED) and has_english(one.stored.record)
    }
    ranker = choose() if to_judge else None
    judged = ranker.judge(to_judge) if ranker else {}
    key, labels = review.watch.review_key(), _labels_since(review, run)
    entries = [_entry(review, one, ranker, judged, key) for one in fresh]
    if not run.query:  # update files are not searched by the query
        entries = _compared(entries, pubmed_query(review.protocol))
    announced = [
        Announced(one.finding.id, entry.alert, entry.score, entry.in_query)
        for one, entry in zip(fresh, entries, strict=True)
    ]
    announced += [Announced(one.finding.id, False, None, None) for one in news if one.known]
    digest = Digest(
        review=review.name,
        protocol=review.protocol.title,
        run=run.id,
        at=run.started,
        coverage=replace(coverage, known=coverage.known + len(news) - len(fresh)),
        entries=tuple(sorted(entries, key=_place)),
        ranker=ranker.words if ranker else "",
        threshold=ranker.threshold if ranker else None,
        labels_since=labels,
        notes=tuple(
            dict.fromkeys(
                [
                    *_about_labels(labels, ranker),
                    *_not_checked(seen),
                    *_only_by_model(entries),
                    *_not_english(entries),
                    *seen.notes,
                ]
            )
        ),
    )
    return ComposedDigest(digest, tuple(announced))


def _news(review: Review) -> Iterable[_News]:
    """Yield the findings not announced yet, except those whose record is still missing."""
    for finding in review.watch.waiting():
        stored = review.watch.about(finding.subject)
        if stored is not None:
            yield _News(finding, stored)


def _entry(
    review: Review, news: _News, ranker: Ranker | None, judged: dict[str, Judged], key: str
) -> DigestEntry:
    finding, stored = news.finding, news.stored
    kind, ident = Kind(finding.kind), show_id(stored.number)
    record = _revised(review, finding) if kind is Kind.REVISED else stored.record
    label = stored.decision.label if stored.decision else None
    found = judged.get(ident)
    alert = _is_alert(found, label, ranker)
    return DigestEntry(
        kind=kind,
        subject=finding.subject,
        guid=guid_of(key, kind, finding.subject, finding.key),
        id=ident,
        record=record,
        label=label,
        alert=alert,
        score=found.score if found else None,
        chance=found.chance if found else None,
        reasons=ranker.explain(ident, stored.record) if ranker and found and alert else (),
        highlights=highlights(record, review.protocol),
        designs=tuple(map(str, study_designs(record))),
        notice=_notice(kind, finding.detail),
    )


def _compared(entries: list[DigestEntry], query: str) -> list[DigestEntry]:
    """Return new records with whether the PubMed query finds them."""
    if not query:
        return entries
    tree = parse_query(query)
    return [
        replace(one, in_query=match_query(tree, one.record).found) if one.kind is Kind.NEW else one
        for one in entries
    ]


def _only_by_model(entries: list[DigestEntry]) -> list[str]:
    """Return a note on the records that the PubMed query would not have found."""
    missed = sum(one.in_query is False for one in entries)
    new = sum(one.kind is Kind.NEW for one in entries)
    if not missed:
        return []
    return [
        f"{missed} of {counted(new, 'new record')} would not have been found by the PubMed query; "
        "autoscreen watch --status and the page PubMed alerts show what would widen it."
    ]


def _not_english(entries: list[DigestEntry]) -> list[str]:
    """Return a note on the records that nothing can rank."""
    number = sum(not_english(one) for one in entries)
    return [f"{counted(number, 'record')} {NOT_ENGLISH}; listed to be read."] if number else []


def _is_alert(found: Judged | None, label: Label | None, ranker: Ranker | None) -> bool:
    """Return whether to read it: by the threshold, if there is one; included studies always."""
    if found is None or ranker is None or ranker.threshold is None or label is Label.INCLUDE:
        return True
    return found.score >= ranker.threshold.score


def _revised(review: Review, finding: Finding) -> Record:
    """Return the newest version of a record; the review shows the best of all."""
    return review.watch.known([finding.subject])[finding.subject][-1]


def _notice(kind: Kind, detail: str) -> Notice | None:
    if kind not in _NOTICES:
        return None
    details = json.loads(detail)
    notice: NoticeKind = _NOTICES[kind]
    return Notice(kind=notice, reference=details["reference"], pmid=details["pmid"])


def _place(entry: DigestEntry) -> tuple[object, ...]:
    """Put news about the review's records first, then alerts, then the rest, each best first."""
    about_review = entry.kind not in (Kind.NEW, Kind.REVISED)
    return (
        not about_review,
        not entry.alert,
        _ORDER[entry.kind] if about_review else 0,
        -(entry.score or 0.0),
        entry.subject,
    )


def _labels_since(review: Review, run: WatchRun) -> int:
    watches = review.watch
    before = [one.decision for one in watches.runs() if one.ok and one.id < run.id]
    return watches.labels_since(before[-1]) if before else 0


def _about_labels(labels: int, ranker: Ranker | None) -> list[str]:
    if not labels or not ranker:
        return []
    given = f"{counted(labels, 'label was', 'labels were')} given since the last run"
    if ranker.learns:
        return [f"{given}; the ranking has learnt from {'it' if labels == 1 else 'them'}."]
    return [f"{given}; a saved model uses them only after it is trained again."]


def _not_checked(seen: LookupTally) -> list[str]:
    if not seen.not_checked:
        return []
    count = counted(len(seen.not_checked), "included study was", "included studies were")
    return [f"{count} not checked for retractions: {'; '.join(seen.not_checked)}."]
