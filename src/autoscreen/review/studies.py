"""Which records are reports of one study: registration numbers, corrections, and people say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from autoscreen.store.review_history import Log, LoggedLink

_EVER = "~"


def study_groups(log: Log, heads: Mapping[int, int], before: str = _EVER) -> dict[int, int]:
    """
    Return for each record of a study with several reports the first record of that study.

    Records that name the same registration number report one study, and so do a paper and its
    correction or retraction, unless a person said that they do not; what a person linked is linked.
    """
    said = _said(log.links, heads, before)
    pairs = {pair for pair, same in said.items() if same}
    numbers: dict[str, set[int]] = {}
    for number, source in log.studies:
        if source in heads:
            numbers.setdefault(number, set()).add(heads[source])
    for records in numbers.values():
        listed = sorted(records)
        pairs |= {
            (one, other)
            for at, one in enumerate(listed)
            for other in listed[at + 1 :]
            if said.get((one, other)) is not False
        }
    return _groups(pairs)


def linked_apart(
    log: Log, heads: Mapping[int, int], groups: Mapping[int, int], before: str = _EVER
) -> list[tuple[int, int]]:
    """Return the pairs that a person separated and that other links join all the same."""
    said = _said(log.links, heads, before)
    return [
        (one, other)
        for (one, other), same in said.items()
        if same is False and one in groups and groups[one] == groups.get(other)
    ]


def _said(
    links: Iterable[LoggedLink], heads: Mapping[int, int], before: str
) -> dict[tuple[int, int], bool]:
    """Return what people say of pairs of records; the newest counts."""
    said: dict[tuple[int, int], bool] = {}
    for link in links:
        if link.at >= before or link.low not in heads or link.high not in heads:
            continue
        low, high = sorted((heads[link.low], heads[link.high]))
        if low == high:
            continue  # they were merged meanwhile
        said.pop((low, high), None)
        if link.same is not None:
            said[low, high] = link.same
    return said


def _groups(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    above: dict[int, int] = {}

    def first(record: int) -> int:
        while above.setdefault(record, record) != record:
            above[record] = above[above[record]]
            record = above[record]
        return record

    for one, other in sorted(pairs):
        low, high = sorted((first(one), first(other)))
        above[high] = low
    return {record: first(record) for record in above}
