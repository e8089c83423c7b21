"""What the PubMed query of a review has missed in update files, and what would widen it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from autoscreen.presentation.wording import counted
from autoscreen.records import Label
from autoscreen.review import Review
from autoscreen.search_strategy.from_concepts import pubmed_query
from autoscreen.search_strategy.widening import Widening, widen


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryGaps:
    """The new records of update files, compared with the PubMed query, over all runs."""

    compared: int  # New records that were compared with the query
    missed: int  # Of these, the records that the query of that day did not find
    included: int  # Of the missed ones, those included since
    runs: tuple[tuple[int, str, int, int], ...]  # Number, day, compared and missed of each run
    widening: Widening  # What would let the query of today find those that are not excluded


def query_gaps(review: Review) -> QueryGaps | None:
    """Return what the query has missed; None if nothing was compared or there is no query."""
    runs = tuple(review.watch.compared_with_query())
    query = " ".join(pubmed_query(review.protocol).split())
    if not runs or not query:
        return None
    missed = review.watch.missed_by_query()
    labels = [one.decision.label if one.decision else None for one in missed]
    relevant = [
        one.record for one, label in zip(missed, labels, strict=True) if label is not Label.EXCLUDE
    ]
    return QueryGaps(
        compared=sum(compared for _, _, compared, _ in runs),
        missed=len(missed),
        included=labels.count(Label.INCLUDE),
        runs=runs,
        widening=widen(review.protocol, query, relevant),
    )


def gap_lines(gaps: QueryGaps) -> Iterator[str]:
    """Yield what was missed and what would widen the query, one sentence each."""
    new = counted(gaps.compared, "new record")
    since = f"; {gaps.included} of them included since" if gaps.included else ""
    yield f"The PubMed query would not have found {gaps.missed} of {new}{since}."
    wider = gaps.widening
    if wider.missed:
        yield f"Today it does not find {wider.missed} of those that are not excluded."
    for one in wider.additions:
        yield f"Add {one.text} to {one.part}: {counted(one.records, 'record')}."
    if wider.additions:
        found = wider.missed - wider.still_missed
        yield f"With {'this' if len(wider.additions) == 1 else 'these'} it finds {found} of them."
    elif wider.missed:
        yield "No term of the protocol and no MeSH heading of several of them would find them."
