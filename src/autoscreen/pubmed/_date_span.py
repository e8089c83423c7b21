"""The range of dates of a PubMed search, and how it is split."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

FIRST, LAST = date(1800, 1, 1), date(3000, 12, 31)
"""PubMed requires both dates of a range; these replace a missing one."""
_EARLY = date(1966, 1, 1)
"""Hardly any records entered PubMed before."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSpan:
    """A search within a range of dates."""

    query: str
    since: date | None = None
    until: date | None = None
    published: tuple[date, date] | None = None
    by: str = "edat"

    @property
    def term(self) -> str:
        """The query as it is sent."""
        if self.published is None:
            return self.query
        first, last = (f'"{day:%Y/%m/%d}"[dp]' for day in self.published)
        return f"({self.query}) AND ({first} : {last})"

    @property
    def whole_term(self) -> str:
        """The query with the range of dates in it."""
        if not self.days:
            return self.term
        first, last = (f'"{self.days[end]}"[edat]' for end in ("mindate", "maxdate"))
        return f"({self.term}) AND ({first} : {last})"

    @property
    def days(self) -> dict[str, str]:
        """The parameters that set the range."""
        if self.since is None and self.until is None:
            return {}
        return {
            "datetype": self.by,
            "mindate": f"{self.since or FIRST:%Y/%m/%d}",
            "maxdate": f"{self.until or LAST:%Y/%m/%d}",
        }

    @property
    def label(self) -> str:
        """A description for people."""
        if self.since is None and self.until is None:
            return "all"
        happened = "changed" if self.by == "mdat" else "entered"
        entered = f"{happened} {self.since or FIRST} to {self.until or LAST}"
        if self.published is None:
            return entered
        return f"{entered}, published {self.published[0]} to {self.published[1]}"

    def halves(self, today: date) -> tuple[DateSpan, ...]:
        """
        Split it in two; empty if it cannot be split any further.

        Entry dates are split first, up to tomorrow, since nearly all records are there. A single
        day is split by publication date.
        """
        first, last = self.since or FIRST, self.until or LAST
        if first < last:
            cut = _middle(first, last, today)
            return (
                replace(self, since=first, until=cut),
                replace(self, since=cut + _DAY, until=last),
            )
        first, last = self.published or (FIRST, LAST)
        if first == last:
            return ()
        cut = _middle(first, last, today)
        return (
            replace(self, published=(first, cut)),
            replace(self, published=(cut + _DAY, last)),
        )


def _middle(first: date, last: date, today: date) -> date:
    """Return the last day of the first half."""
    tomorrow = today + _DAY
    if first <= tomorrow < last - 366 * _DAY:
        return tomorrow
    if first < _EARLY - _DAY < last:
        return _EARLY - _DAY
    return first + (last - first) // 2
