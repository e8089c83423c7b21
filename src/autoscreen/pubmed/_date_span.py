"""A span of days in which PubMed is searched, and how it is cut in two."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

FIRST, LAST = date(1800, 1, 1), date(3000, 12, 31)
"""PubMed requires both ends of a span; these replace an open one."""
_EARLY = date(1966, 1, 1)
"""Hardly a record entered PubMed before."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSpan:
    """A search within a span of days."""

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
        """The query with the span of days written into it."""
        if not self.days:
            return self.term
        first, last = (f'"{self.days[end]}"[edat]' for end in ("mindate", "maxdate"))
        return f"({self.term}) AND ({first} : {last})"

    @property
    def days(self) -> dict[str, str]:
        """The parameters that set the span."""
        if self.since is None and self.until is None:
            return {}
        return {
            "datetype": self.by,
            "mindate": f"{self.since or FIRST:%Y/%m/%d}",
            "maxdate": f"{self.until or LAST:%Y/%m/%d}",
        }

    @property
    def label(self) -> str:
        """What is in it, for people."""
        if self.since is None and self.until is None:
            return "all"
        happened = "changed" if self.by == "mdat" else "entered"
        entered = f"{happened} {self.since or FIRST} to {self.until or LAST}"
        if self.published is None:
            return entered
        return f"{entered}, published {self.published[0]} to {self.published[1]}"

    def halves(self, today: date) -> tuple[DateSpan, ...]:
        """
        Cut it in two; nothing if it cannot be cut any further.

        Days of entry are cut first, and where nearly all records are: up to tomorrow. One day
        is cut by the day of publication.
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
