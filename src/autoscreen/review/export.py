"""Records with their decisions, for other programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autoscreen.formats import write
from autoscreen.records import Record, Stage, Verdict
from autoscreen.review.open_review import OpenReview
from autoscreen.review.reports import ReviewRecord
from autoscreen.store import show_id
from autoscreen.store.record_tags import OPEN_TAG, RANK_TAG
from autoscreen.store.stored_values import Decision

if TYPE_CHECKING:
    import pandas as pd

_FIELDS = tuple(
    field.name
    for field in fields(Record)
    if field.name not in {"raw", "raw_format", "verdicts", "notices", "note"}
)


def export_records(
    opened: OpenReview, chosen: Iterable[ReviewRecord], path: str | Path, format: str | None
) -> int:
    """Write records with their decisions, tags and ranks; return their number."""
    opened.store.check_decisions()
    ranks, said, tags = _ranks(opened), opened.each_decision(), opened.each_tag()
    full, reasons = opened.each_full_text(), opened.reason_texts
    rows = (
        with_decision(
            stored,
            ranks.get(stored.id),
            said.get(stored.id, ()),
            tags.get(stored.id, ()),
            full.get(stored.id),
            reasons=reasons,
        )
        for stored in chosen
    )
    return write(rows, path, format=format)


def _ranks(opened: OpenReview) -> dict[str, int]:
    """Return the place of each record in the newest order, from 1; empty if there is no order."""
    if opened.opened_ranker is not None:
        opened.opened_ranker.keep()
    ranking = opened.store.rankings.load()
    ordered = () if ranking is None else ranking.records
    return {show_id(number): rank for rank, number in enumerate(ordered, 1)}


def with_decision(
    stored: ReviewRecord,
    rank: int | None,
    said: Sequence[Decision] = (),
    tags: Sequence[str] = (),
    full_text: Decision | None = None,
    *,
    reasons: Mapping[str, str],
) -> Record:
    """
    Return a record as it is exported: with the final decisions, and its rank as a tag.

    `reasons` are the reasons of the protocol in words, by their codes.
    """
    record = stored.record
    all_tags = list(tags)
    verdicts = tuple(
        replace(one, reason_text=reasons.get(one.reason, ""))
        for one in (*_verdicts(stored, said), *_full_text_verdict(full_text))
    )
    if said and stored.label is None:
        who = "a second reviewer" if len(said) == 1 else "a resolution"
        all_tags.append(f"{OPEN_TAG}waits for {who}")
    if rank is not None:
        all_tags.append(f"{RANK_TAG}{rank}")
    return replace(
        record,
        verdicts=verdicts,
        tags=tuple(all_tags),
        source_key=record.source_key or stored.id,
    )


def _verdicts(stored: ReviewRecord, said: Sequence[Decision]) -> tuple[Verdict, ...]:
    """Return the label of each reviewer, and last the current one; none if there is none."""
    if stored.label is None:
        return ()
    current = Verdict(
        label=stored.label, reason=stored.reason, note=stored.note, reviewer=stored.reviewer
    )
    each = [
        Verdict(label=d.label, reason=d.reason, note=d.note, reviewer=d.reviewer)
        for d in said
        if d.label is not None
    ]
    resolves = any(verdict.label != current.label for verdict in each)
    others = (verdict for verdict in each if verdict != current)
    return (*others, replace(current, resolves=resolves))


def _full_text_verdict(decision: Decision | None) -> tuple[Verdict, ...]:
    if decision is None or decision.label is None:
        return ()
    made = Verdict(
        label=decision.label,
        reason=decision.reason,
        note=decision.note,
        reviewer=decision.reviewer,
        stage=Stage.FULL_TEXT,
    )
    return (made,)


def frame_of(opened: OpenReview, records: Iterable[ReviewRecord]) -> pd.DataFrame:
    """Return a table with one row a record; lists are joined by semicolons."""
    import pandas as pd  # noqa: PLC0415  (half a second that only this needs)

    columns = [
        *("label", "reason", "reason_text", "decision_note", "reviewer", "at", "rank"),
        *(*_FIELDS, "note"),
    ]
    ranks, tags, reasons = _ranks(opened), opened.each_tag(), opened.reason_texts
    rows = {
        stored.id: _row(_with_tags(stored, tags.get(stored.id, ())), ranks.get(stored.id), reasons)
        for stored in records
    }
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    frame.index.name = "id"
    return frame.astype({"year": "Int64", "rank": "Int64"})


def _with_tags(stored: ReviewRecord, tags: Sequence[str]) -> ReviewRecord:
    """Return a record with its present tags, also those that did not come with its file."""
    return replace(stored, record=replace(stored.record, tags=tuple(tags)))


def _row(stored: ReviewRecord, rank: int | None, reasons: Mapping[str, str]) -> list[Any]:
    values = (getattr(stored.record, name) for name in _FIELDS)
    return [
        None if stored.label is None else str(stored.label),
        *(stored.reason, reasons.get(stored.reason, ""), stored.note),
        *(stored.reviewer, stored.at, rank),
        *("; ".join(value) if isinstance(value, tuple) else value for value in values),
        stored.record.note,
    ]
