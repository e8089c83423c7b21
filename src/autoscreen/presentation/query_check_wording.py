"""What a PubMed query cannot find, in words, the same on the page and in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autoscreen.presentation.wording import counted
from autoscreen.search_strategy.check import QueryCheck
from autoscreen.search_strategy.evaluate import Undecided
from autoscreen.search_strategy.missed import Missed

_MOST = 12
"""Terms that are listed by name."""


def query_check_lines(check: QueryCheck) -> Iterator[str]:
    """Yield the findings about a query, one sentence each; none if nothing is wrong."""
    for one in check.concepts:
        if one.not_found:
            yield (
                f"{one.concept.label}: {counted(len(one.not_found), 'term')} of "
                f"{len(one.concept.terms)} not searched: {_listed(one.not_found)}"
            )
        if one.some_endings:
            listed = _listed(one.some_endings)
            yield f"{one.concept.label}: only some endings are searched of {listed}"
    for heading in check.headings:
        yield f'MeSH heading "{heading.heading}": {heading.problem}'
    if check.records:
        lost = sum(bool(one.parts) for one in check.missed)
        open_ = f", {len(check.missed) - lost} not decided" if lost < len(check.missed) else ""
        found = check.records - len(check.missed)
        yield (
            f"The query finds {found} of {counted(check.records, 'known record')}; "
            f"{lost} not found{open_}"
        )
    for missed in check.missed:
        yield f"{'not found' if missed.parts else 'not decided'}: {missed_words(missed)}"


def missed_words(missed: Missed) -> str:
    """Return which record a query misses, and why."""
    record = missed.record
    name = " ".join(filter(None, (record.pmid and f"PMID {record.pmid}", record.title)))
    why = "; ".join(missed.parts or _reasons(missed.undecided))
    return f"{name or 'a record without a title'} ({why})"


def _reasons(undecided: Sequence[Undecided]) -> Iterator[str]:
    """Yield each reason with the parts of the query that it concerns."""
    for reason in dict.fromkeys(one.reason for one in undecided):
        first, *others = (one.operand for one in undecided if one.reason == reason)
        more = f" and {len(others)} more" if others else ""
        yield f"{first}{more}: {reason}"


def _listed(terms: tuple[str, ...]) -> str:
    more = f" and {len(terms) - _MOST} more" if len(terms) > _MOST else ""
    return ", ".join(f'"{one}"' for one in terms[:_MOST]) + more
