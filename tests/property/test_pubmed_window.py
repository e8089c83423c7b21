"""Cutting the days of a search: no day is lost, and none is asked for twice."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from autoscreen.pubmed._date_span import FIRST, LAST, DateSpan

DAYS = st.dates(FIRST, LAST)


def span(window: DateSpan) -> tuple[date, date]:
    return window.since or FIRST, window.until or LAST


@given(st.none() | DAYS, st.none() | DAYS, DAYS)
def test_two_halves_are_the_whole(since, until, today):
    """They meet without a gap, and neither is empty."""
    if since and until and since > until:
        since, until = until, since
    whole = DateSpan(query="q", since=since, until=until)
    first, last = span(whole)
    halves = whole.halves(today)
    if first == last:
        assert all(half.published for half in halves)
        return
    (a, b), (c, d) = map(span, halves)
    assert (a, d) == (first, last)
    assert c - b == timedelta(days=1)
    assert a <= b
    assert c <= d


@given(DAYS, DAYS)
def test_cutting_ends(day, today):
    """A day of entry is cut by days of publication, down to a single one."""
    window, cuts = DateSpan(query="q", since=day, until=day), 0
    while halves := window.halves(today):
        assert [half.since for half in halves] == [half.until for half in halves] == [day] * 2
        (_, b), (c, _) = (half.published for half in halves if half.published)
        assert c - b == timedelta(days=1)
        window, cuts = halves[cuts % 2], cuts + 1
        assert cuts < 30
    assert window.published[0] == window.published[1]
