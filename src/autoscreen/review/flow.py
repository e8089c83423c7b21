"""
Every number of a PRISMA 2020 flow diagram, derived from the log of a review by `derive_flow`.

Each record that was identified ends in exactly one `Box`; each number of the diagram is the size of
one box or of several, so that the numbers of a level add up to one of the level above. What does
not fit together in the log is named in `Flow.inconsistencies`; nothing is adjusted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePath

from autoscreen.records import Label, Stage
from autoscreen.review.log_replay import LabelState, Snapshot, replay
from autoscreen.review.origins import ImportOrigin, origin_of
from autoscreen.review.studies import linked_apart, study_groups
from autoscreen.store import show_id
from autoscreen.store.review_history import Log, LoggedImport

EVER = "~"
"""Comes after each time that is stored: a flow before it is that of now."""
NO_REASON = ""
"""In place of a reason where an exclusion has none."""
_NAMED = 10


class Box(StrEnum):
    """Where a record ended, from the first level of the diagram to the last."""

    DUPLICATE = "duplicate records removed"
    AUTOMATION = "records marked as ineligible by automation tools"
    OTHER = "records removed for other reasons"
    UNSCREENED = "records not screened yet"
    SCREENING = "records whose screening is not decided yet"
    EXCLUDED = "records excluded"
    NOT_RETRIEVED = "reports not retrieved"
    UNASSESSED = "reports not assessed yet"
    ASSESSING = "reports whose assessment is not decided yet"
    FULL_TEXT_EXCLUDED = "reports excluded"
    AWAITING = "reports of studies awaiting classification"
    ONGOING = "reports of ongoing studies"
    INCLUDED = "reports of included studies"


_ASSESSED = (Box.ASSESSING, Box.FULL_TEXT_EXCLUDED, Box.AWAITING, Box.ONGOING, Box.INCLUDED)
_SOUGHT = (Box.NOT_RETRIEVED, Box.UNASSESSED, *_ASSESSED)
_SCREENED = (Box.SCREENING, Box.EXCLUDED, *_SOUGHT)
_FULL_TEXT = {
    Label.INCLUDE: Box.INCLUDED,
    Label.EXCLUDE: Box.FULL_TEXT_EXCLUDED,
    Label.UNSURE: Box.ASSESSING,
    Label.NOT_RETRIEVED: Box.NOT_RETRIEVED,
    Label.AWAITING: Box.AWAITING,
    Label.ONGOING: Box.ONGOING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """One import, as the box of identified records counts it."""

    import_id: int
    path: str
    at: str
    origin: ImportOrigin
    records: int  # Records of the file; lost: those of them that could not be read
    lost: int
    duplicates: int  # Records that are a duplicate of another one
    again: int  # Records that had come before exactly as they are, which are not counted again


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedRecord:
    """A record, and the box in which it ended."""

    id: str
    box: Box
    by_search: bool  # Whether a database or register found it
    reason: str = NO_REASON  # Of an exclusion
    study: str = ""  # First record of its study


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowColumn:
    """One column of the diagram: databases and registers, or other methods."""

    imports: tuple[Identified, ...]
    records: tuple[PlacedRecord, ...]

    def count(self, *boxes: Box) -> int:
        """Count the records that ended in any of these boxes."""
        if boxes == (Box.DUPLICATE,):
            return sum(one.duplicates for one in self.imports)
        return sum(one.box in boxes for one in self.records)

    @property
    def identified(self) -> int:
        """Records identified."""
        return sum(one.records for one in self.imports)

    @property
    def by_name(self) -> dict[tuple[str, str], int]:
        """Records identified by kind and name of where they came from, in the order of import."""
        found: Counter[tuple[str, str]] = Counter()
        for one in self.imports:
            found[str(one.origin.kind), one.origin.name] += one.records
        return dict(found)

    @property
    def duplicates(self) -> int:
        """Duplicate records removed before screening."""
        return self.count(Box.DUPLICATE)

    @property
    def unreadable(self) -> int:
        """Records that could not be read in their file."""
        return sum(one.lost for one in self.imports)

    @property
    def automation(self) -> int:
        """Records that nobody screened because screening was stopped by the ranking's advice."""
        return self.count(Box.AUTOMATION)

    @property
    def removed_by_stop(self) -> int:
        """Records that nobody screened because screening was stopped for another reason."""
        return self.count(Box.OTHER)

    @property
    def other_reasons(self) -> int:
        """Records removed before screening for other reasons."""
        return self.removed_by_stop + self.unreadable

    @property
    def screened(self) -> int:
        """Records screened."""
        return self.count(*_SCREENED)

    @property
    def excluded(self) -> int:
        """Records excluded by title and abstract."""
        return self.count(Box.EXCLUDED)

    @property
    def sought(self) -> int:
        """Reports sought for retrieval."""
        return self.count(*_SOUGHT)

    @property
    def not_retrieved(self) -> int:
        """Reports not retrieved."""
        return self.count(Box.NOT_RETRIEVED)

    @property
    def assessed(self) -> int:
        """Reports assessed for eligibility."""
        return self.count(*_ASSESSED)

    @property
    def reasons(self) -> dict[str, int]:
        """Reports excluded by the code of their reason, the most frequent first."""
        excluded = [one.reason for one in self.records if one.box is Box.FULL_TEXT_EXCLUDED]
        return dict(sorted(Counter(excluded).items(), key=lambda pair: (-pair[1], pair[0])))

    @property
    def included(self) -> int:
        """Reports of included studies."""
        return self.count(Box.INCLUDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The flow of records through a review at one moment."""

    until: str  # The moment, ISO 8601 in UTC; empty for now
    since: str  # Only what was identified from here on is in the columns; empty for everything
    databases: FlowColumn  # What databases and registers found
    other: FlowColumn  # What websites, organisations and citation searching found
    records: tuple[PlacedRecord, ...]  # All records of the review at that moment
    inconsistencies: tuple[str, ...]

    def also(self, *inconsistencies: str) -> Flow:
        """Return the same with further inconsistencies."""
        return replace(self, inconsistencies=(*self.inconsistencies, *inconsistencies))

    def studies(self, box: Box = Box.INCLUDED) -> int:
        """Count the studies whose reports ended in a box: included studies by default."""
        return len({one.study for one in self.records if one.box is box})

    def reports(self, box: Box = Box.INCLUDED) -> int:
        """Count the reports that ended in a box."""
        return sum(one.box is box for one in self.records)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowChange:
    """A record that ended in another box at a later moment; None if it was not there."""

    id: str
    before: Box | None
    now: Box | None


def derive_flow(
    log: Log, *, before: str = EVER, since: str = "", snapshot: Snapshot | None = None
) -> Flow:
    """
    Return the flow of records just before a moment, ISO 8601 in UTC; `snapshot` is that of then.

    With `since` the columns hold only what was identified from then on, as in the update of a
    review.
    """
    snapshot = snapshot or replay(log, before)
    imports = {one.id: one for one in log.imports if one.at < before}
    origins = {number: origin_of(log, one, before) for number, one in imports.items()}
    came = {source: number for source, number in log.sources if number in imports}
    searched = {number for number, origin in origins.items() if origin.kind.by_search}
    shown = _representatives(snapshot, came, imports, searched)
    groups = study_groups(log, snapshot.heads, before)
    stop = next((one for one in reversed(log.stops) if one.at < before), None)
    placed: dict[int, PlacedRecord] = {}
    for record, source in shown.items():
        box, reason = _box(snapshot, record)
        if box is Box.UNSCREENED and stop is not None and stop.stopped and record <= stop.source:
            box = Box.AUTOMATION if stop.automation else Box.OTHER
        placed[record] = PlacedRecord(
            id=show_id(record),
            box=box,
            by_search=came[source] in searched,
            reason=reason,
            study=show_id(groups.get(record, record)),
        )
    new = {number for number, one in imports.items() if one.at >= since}
    counted = _identified(imports, origins, came, shown)
    columns = [
        FlowColumn(
            imports=tuple(
                one
                for one in counted
                if one.import_id in new and one.origin.kind.by_search is by_search
            ),
            records=tuple(
                one
                for record, one in placed.items()
                if one.by_search is by_search and came[shown[record]] in new
            ),
        )
        for by_search in (True, False)
    ]
    return Flow(
        until="" if before == EVER else before,
        since=since,
        databases=columns[0],
        other=columns[1],
        records=tuple(placed.values()),
        inconsistencies=(
            *_named_inconsistencies(snapshot, placed, counted),
            *(
                f"{show_id(one)} and {show_id(other)} were separated, but other links join them in "
                "one study"
                for one, other in linked_apart(log, snapshot.heads, groups, before)
            ),
        ),
    )


def compare_flows(before: Flow, now: Flow) -> tuple[FlowChange, ...]:
    """Return each record that ended in another box, in the order of import."""
    then = {one.id: one.box for one in before.records}
    later = {one.id: one.box for one in now.records}
    return tuple(
        FlowChange(id=ident, before=then.get(ident), now=later.get(ident))
        for ident in sorted({*then, *later}, key=lambda ident: int(ident[1:]))
        if then.get(ident) is not later.get(ident)
    )


def _box(snapshot: Snapshot, record: int) -> tuple[Box, str]:
    """Return the box of a record, without what a stop of screening removes, and its reason."""
    first = snapshot.state(Stage.TITLE_ABSTRACT, record)
    label = first.decision.label if first.decision else None
    if label is None:
        return (Box.UNSCREENED if first.open is None else Box.SCREENING), NO_REASON
    if label != Label.INCLUDE:
        reason = first.decision.reason if first.decision else NO_REASON
        return (Box.EXCLUDED, reason) if label == Label.EXCLUDE else (Box.SCREENING, NO_REASON)
    later = snapshot.state(Stage.FULL_TEXT, record)
    if later.decision is None:
        return (Box.UNASSESSED if later.open is None else Box.ASSESSING), NO_REASON
    box = _FULL_TEXT[Label(str(later.decision.label))]
    return box, later.decision.reason if box is Box.FULL_TEXT_EXCLUDED else NO_REASON


def _representatives(
    snapshot: Snapshot,
    came: Mapping[int, int],
    imports: Mapping[int, LoggedImport],
    searched: Collection[int],
) -> dict[int, int]:
    """
    Return for each record the source that is not a duplicate: the first that a search found.

    What a person added to a record was identified by nothing and is no source in this sense.
    """
    found: dict[int, int] = {}
    for source in sorted(snapshot.heads):
        if imports[came[source]].addition:
            continue
        record = snapshot.heads[source]
        best = found.setdefault(record, source)
        if came[source] in searched and came[best] not in searched:
            found[record] = source
    return found


def _identified(
    imports: Mapping[int, LoggedImport],
    origins: Mapping[int, ImportOrigin],
    came: Mapping[int, int],
    shown: Mapping[int, int],
) -> list[Identified]:
    kept = Counter(came[source] for source in shown.values())
    return [
        Identified(
            import_id=number,
            path=one.path,
            at=one.at,
            origin=origins[number],
            records=one.identified,
            lost=one.lost,
            duplicates=one.identified - one.lost - kept[number],
            again=one.again,
        )
        for number, one in imports.items()
        if not one.addition
    ]


def _named_inconsistencies(
    snapshot: Snapshot, placed: Mapping[int, PlacedRecord], counted: Sequence[Identified]
) -> list[str]:
    full_texts = snapshot.states[Stage.FULL_TEXT]
    outside = [
        record for record in full_texts if record in placed and placed[record].box not in _SOUGHT
    ]
    added = set(snapshot.heads.values()) - placed.keys()
    unexplained = [
        record
        for record, one in placed.items()
        if one.box is Box.FULL_TEXT_EXCLUDED and one.reason == NO_REASON
    ]
    return [
        *_about(added, "no file or search that identified"),
        *_about(outside, "a decision about the full text, but title and abstract do not include"),
        *_about(unexplained, "an exclusion of the full text without a reason, of"),
        *(
            f"{_named(one)} names no database or register: enter it under Databases and registers "
            "on the Report page, or with "
            f"autoscreen origin REVIEW {one.import_id} NAME"
            for one in counted
            if not one.origin.known and one.records
        ),
        *(
            f"{one.lost} of the records of {_named(one)} could not be read"
            for one in counted
            if one.lost
        ),
    ]


def _named(one: Identified) -> str:
    """Return the number of an import and its file, without the folder that it was in."""
    return f"import {one.import_id} ({PurePath(one.path).name})"


def _about(records: Iterable[int], what: str) -> list[str]:
    listed = sorted(records)
    if not listed:
        return []
    named = ", ".join(map(show_id, listed[:_NAMED]))
    more = f" and {len(listed) - _NAMED} more" if len(listed) > _NAMED else ""
    return [f"there is {what} {named}{more}"]


def stored_differs(now: Snapshot, stored: Mapping[int, tuple[object, ...]]) -> list[str]:
    """Return what the review file says of its records now that the log does not."""
    records = set(now.heads.values())
    first, later = now.states[Stage.TITLE_ABSTRACT], now.states[Stage.FULL_TEXT]
    wrong = [
        record
        for record in sorted(records & stored.keys())
        if (*_as_stored(first.get(record)), *_as_stored(later.get(record))) != stored[record]
    ]
    wrong += sorted(records ^ stored.keys())
    return _about(wrong, "a difference between the log and the labels of")


def _as_stored(state: LabelState | None) -> tuple[int | None, str | None]:
    if state is None:
        return None, None
    return state.decision.id if state.decision else None, state.open
