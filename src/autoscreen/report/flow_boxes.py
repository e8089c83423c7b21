"""The boxes of a PRISMA 2020 flow diagram in its wording, for the picture and the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autoscreen.review.flow import Box, Flow, FlowColumn
from autoscreen.store.reporting import OriginKind

IDENTIFICATION, SCREENING, INCLUDED = "Identification", "Screening", "Included"
PREVIOUS, MAIN, OTHER = "previous", "databases", "other"
_FOOTNOTES = (
    "*The number of records of each database and register is that of its exported or searched "
    "records.",
    "**All records were excluded by human reviewers, none by an automation tool.",
)
_SOURCE = (
    "Form: Page MJ, et al. The PRISMA 2020 statement. BMJ 2021;372:n71. doi: 10.1136/bmj.n71 "
    "(CC BY 4.0)."
)
_NO_REASON = "no reason given"
_MANY = {
    OriginKind.DATABASE: "Databases",
    OriginKind.REGISTER: "Registers",
    OriginKind.WEBSITE: "Websites",
    OriginKind.ORGANISATION: "Organisations",
    OriginKind.CITATIONS: "Citation searching",
    OriginKind.OTHER: "Other",
}


@dataclass(frozen=True, slots=True)
class FlowLine:
    """One line of a box, with its number if it has one."""

    text: str
    n: int | None = None
    indent: int = 0
    earlier: tuple[int, ...] = ()  # The number in each earlier version of a living review

    def __str__(self) -> str:
        if self.n is None:
            return self.text
        numbers = ";\u00a0".join(f"{n:,}" for n in (*self.earlier, self.n))
        return f"{self.text} (n = {numbers})"


@dataclass(frozen=True, slots=True)
class FlowBox:
    """A box of the diagram."""

    key: str
    phase: str
    column: str  # Its column: previous studies, databases and registers, or other methods
    lines: tuple[FlowLine, ...]
    side: bool = False  # Whether it is beside the box before it, with the records removed


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowForm:
    """The diagram of a review, of an update with the previous studies, or of all versions."""

    name: str  # Of its files
    title: str
    boxes: tuple[FlowBox, ...]
    notes: tuple[str, ...] = ()  # Footnotes
    since: str = ""  # Beginning of an update
    versions: tuple[str, ...] = ()  # Ends of the earlier versions of a living review

    @property
    def footnotes(self) -> tuple[str, ...]:
        """Return the footnotes."""
        return (*_FOOTNOTES, *self.notes, _SOURCE)


def new_review(flow: Flow, reasons: Mapping[str, str]) -> FlowForm:
    """Return the form of a new review; `reasons` are those of the protocol in words by code."""
    boxes = [
        *_column(flow.databases, MAIN, reasons),
        *(_column(flow.other, OTHER, reasons) if flow.other.imports else ()),
        FlowBox(
            "included",
            INCLUDED,
            MAIN,
            (
                FlowLine("Studies included in review", flow.studies()),
                FlowLine("Reports of included studies", flow.reports()),
                *_undecided_studies(flow),
            ),
        ),
    ]
    return FlowForm(name="flow", title="PRISMA 2020 flow diagram", boxes=tuple(boxes))


def updated_review(flow: Flow, previous: Flow, total: Flow, reasons: Mapping[str, str]) -> FlowForm:
    """
    Return the form of an updated review.

    `flow` has only the records identified since the previous version, `previous` is the review at
    that time, and `total` the review now.
    """
    before, now, new = (
        {one.id: one.study for one in records if one.box is Box.INCLUDED}
        for records in (
            previous.records,
            total.records,
            (*flow.databases.records, *flow.other.records),
        )
    )
    old_studies = {now.get(ident, study) for ident, study in before.items()}
    late = [ident for ident in now if ident not in before and ident not in new]
    gone = [ident for ident in before if ident not in now]
    boxes = [
        FlowBox(
            "previous",
            IDENTIFICATION,
            PREVIOUS,
            (
                FlowLine("Studies included in previous version of review", previous.studies()),
                FlowLine(
                    "Reports of studies included in previous version of review",
                    previous.reports(),
                ),
            ),
        ),
        *_column(flow.databases, MAIN, reasons),
        *(_column(flow.other, OTHER, reasons) if flow.other.imports else ()),
        FlowBox(
            "new",
            INCLUDED,
            MAIN,
            (
                FlowLine("New studies included in review", len(set(new.values()) - old_studies)),
                FlowLine("Reports of new included studies", len(new)),
            ),
        ),
        FlowBox(
            "included",
            INCLUDED,
            PREVIOUS,
            (
                FlowLine("Total studies included in review", total.studies()),
                FlowLine("Reports of total included studies", total.reports()),
                *_undecided_studies(total),
            ),
        ),
    ]
    notes = []
    if late:
        notes.append(
            f"{len(late)} further included reports were identified before the previous version and "
            f"included after it: {', '.join(late)}."
        )
    if gone:
        notes.append(
            f"{len(gone)} reports that the previous version included are not included any more: "
            f"{', '.join(gone)}."
        )
    return FlowForm(
        name="flow-update",
        title="PRISMA 2020 flow diagram of the update",
        boxes=tuple(boxes),
        notes=tuple(notes),
        since=flow.since,
    )


def reason_lines(column: FlowColumn, reasons: Mapping[str, str]) -> list[FlowLine]:
    """Return the reasons of excluded reports with their numbers."""
    return [
        FlowLine(reasons.get(code, code) or _NO_REASON, n, 1) for code, n in column.reasons.items()
    ]


def _column(column: FlowColumn, name: str, reasons: Mapping[str, str]) -> list[FlowBox]:
    """
    Return the boxes of a column; lines that PRISMA does not have are there only if not 0.

    PRISMA draws no removed and no screened records of other methods: these boxes are there only if
    the numbers do not add up without them.
    """
    main = name == MAIN
    left_out: set[str] = set()
    if not main and column.identified == column.screened:
        left_out.add("other-removed")
    if not main and column.screened == column.sought:
        left_out |= {"other-screened", "other-excluded"}
    removed = [
        FlowLine("Duplicate records removed", column.duplicates, 1),
        FlowLine("Records marked as ineligible by automation tools", column.automation, 1),
        FlowLine("Records removed for other reasons", column.other_reasons, 1),
        *_open(column, Box.UNSCREENED, "Records not screened yet", 1),
    ]
    excluded = [
        FlowLine("Reports excluded:"),
        *reason_lines(column, reasons),
        *_open(column, Box.AWAITING, "Reports of studies awaiting classification", 0),
        *_open(column, Box.ONGOING, "Reports of ongoing studies", 0),
        *_open(column, Box.ASSESSING, "Reports whose assessment is not decided yet", 0),
    ]
    if not column.reasons:
        excluded[0] = FlowLine("Reports excluded", 0)
    boxes = [
        FlowBox(f"{name}-identified", IDENTIFICATION, name, tuple(_identified(column, main=main))),
        FlowBox(
            f"{name}-removed",
            IDENTIFICATION,
            name,
            (FlowLine("Records removed before screening:"), *removed),
            side=True,
        ),
        FlowBox(
            f"{name}-screened", SCREENING, name, (FlowLine("Records screened", column.screened),)
        ),
        FlowBox(
            f"{name}-excluded",
            SCREENING,
            name,
            (
                FlowLine("Records excluded**", column.excluded),
                *_open(column, Box.SCREENING, "Records whose screening is not decided yet", 0),
            ),
            side=True,
        ),
        FlowBox(
            f"{name}-sought",
            SCREENING,
            name,
            (FlowLine("Reports sought for retrieval", column.sought),),
        ),
        FlowBox(
            f"{name}-not-retrieved",
            SCREENING,
            name,
            (
                FlowLine("Reports not retrieved", column.not_retrieved),
                *_open(column, Box.UNASSESSED, "Reports not assessed yet", 0),
            ),
            side=True,
        ),
        FlowBox(
            f"{name}-assessed",
            SCREENING,
            name,
            (FlowLine("Reports assessed for eligibility", column.assessed),),
        ),
        FlowBox(f"{name}-reasons", SCREENING, name, tuple(excluded), side=True),
    ]
    return [box for box in boxes if box.key not in left_out]


def _identified(column: FlowColumn, *, main: bool) -> list[FlowLine]:
    kinds: Sequence[OriginKind] = [kind for kind in OriginKind if kind.by_search is main]
    lines = [FlowLine(f"Records identified from{'*' if main else ''}:")]
    for kind in kinds:
        named = {name: n for (one, name), n in column.by_name.items() if one == kind}
        if named or main:
            lines.append(FlowLine(_MANY[kind], sum(named.values()), 1))
            lines += [FlowLine(name, n, 2) for name, n in named.items()]
    return lines


def _open(column: FlowColumn, box: Box, text: str, indent: int) -> list[FlowLine]:
    n = column.count(box)
    return [FlowLine(text, n, indent)] if n else []


def _undecided_studies(flow: Flow) -> list[FlowLine]:
    lines = (
        FlowLine("Studies awaiting classification", flow.studies(Box.AWAITING)),
        FlowLine("Ongoing studies", flow.studies(Box.ONGOING)),
    )
    return [line for line in lines if line.n]
