"""The record on a reviewer's screen and the records set aside; in memory only."""

from __future__ import annotations

from dataclasses import dataclass, field

from autoscreen.records import Label


@dataclass(slots=True)
class ScreeningSession:
    """One reviewer's session, on a page or in a terminal."""

    # Id of the record on the screen, or of one to be shown again; empty if there is none
    shown: str = ""
    # Records that are not suggested for now: skipped, or just labelled as unsure
    skipped: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    # By audit and record, the place of a draw that was shown
    draws: dict[tuple[int, str], int] = field(default_factory=dict)

    @property
    def aside(self) -> set[str]:
        """Records that are not suggested for now."""
        return self.skipped | self.unsure

    def decide(self, ident: str, label: Label | None, *, then: str = "") -> None:
        """Note a decision, and which record is on the screen then."""
        self.shown = then
        self.skipped.discard(ident)
        if label is Label.UNSURE:  # or it would come back at once when all else is read
            self.unsure.add(ident)

    def skip(self, ident: str, *, then: str = "") -> None:
        """Set a record aside, and note which is on the screen then."""
        self.shown = then
        self.skipped.add(ident)

    def withdraw(self, ident: str) -> None:
        """Note that a decision was withdrawn: its record is shown again."""
        self.unsure.discard(ident)
        self.shown = ident
