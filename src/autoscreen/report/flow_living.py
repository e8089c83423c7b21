"""The flow diagram of a living review: the numbers of each of its versions in the same boxes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from autoscreen.report.flow_boxes import FlowBox, FlowForm, FlowLine, new_review
from autoscreen.review.flow import Flow

T = TypeVar("T")
_NOTHING = FlowLine("", 0)


def living_review(
    versions: Sequence[tuple[str, Flow]], flow: Flow, reasons: Mapping[str, str]
) -> FlowForm:
    """
    Return the form of a living review, whose numbers are cumulative.

    `versions` are the days on which earlier versions ended, oldest first, each with the flow of
    then; `flow` is that of the version that is reported.
    """
    forms = [new_review(one, reasons) for one in (*(then for _, then in versions), flow)]
    found = [{box.key: box for box in form.boxes} for form in forms]
    boxes = [
        _merged([one.get(key) for one in found])
        for key in _in_order([box.key for box in form.boxes] for form in forms)
    ]
    days = tuple(day for day, _ in versions)
    note = (
        "Numbers are cumulative, n = one for each version, the last one being that reported here; "
        f"earlier versions ended on {', '.join(days)}."
    )
    return FlowForm(
        name="flow-living",
        title="PRISMA 2020 flow diagram of all versions",
        boxes=tuple(boxes),
        notes=(note,),
        versions=days,
    )


def _merged(boxes: Sequence[FlowBox | None]) -> FlowBox:
    lines = [{_key(line): line for line in box.lines} if box else {} for box in boxes]
    merged = []
    for key in _in_order(lines):
        each = [one.get(key, _NOTHING) for one in lines]
        shown = next(one[key] for one in reversed(lines) if key in one)
        if any(key in one and one[key].n is None for one in lines):
            merged.append(FlowLine(f"{key[0]}:", indent=shown.indent))
            continue
        *earlier, last = [one.n or 0 for one in each]
        merged.append(replace(shown, n=last, earlier=tuple(earlier)))
    return replace(next(box for box in reversed(boxes) if box), lines=tuple(merged))


def _key(line: FlowLine) -> tuple[str, int]:
    return line.text.rstrip(":"), line.indent


def _in_order(lists: Iterable[Iterable[T]]) -> list[T]:
    """Return each item once; one that a list adds comes after the one before it there."""
    found: list[T] = []
    for items in lists:
        at = 0
        for item in items:
            if item in found:
                at = found.index(item) + 1
            else:
                found.insert(at, item)
                at += 1
    return found
