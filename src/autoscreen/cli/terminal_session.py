"""Reading and labelling record by record; each decision is on disk before the next record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from autoscreen.cli.audit import audit_lines
from autoscreen.cli.common.full_text_lines import progress_words
from autoscreen.cli.common.keyboard import CANCEL, ENTER, Keys
from autoscreen.cli.common.terminal_card import card, reason_to_read, why
from autoscreen.cli.status import counts
from autoscreen.presentation.reason_words import reason_text
from autoscreen.presentation.wording import counted
from autoscreen.records import SCREENING_LABELS, Label

if TYPE_CHECKING:
    from autoscreen.ranking import Explanation
    from autoscreen.records import Record
    from autoscreen.review import Review
    from autoscreen.review.screening_session import ScreeningSession
    from autoscreen.text.highlights import Highlight

HELP = """\
i  include
e  exclude, then the key of the reason (Enter: without a reason, Escape: back)
u  unsure: a second reviewer decides
n  note: a line that is saved with the decision
s  skip this record for now
z  undo: withdraw your newest decision and read its record again
?  this help
q  quit; everything is saved"""
PROMPT = "[i]nclude  [e]xclude  [u]nsure  [n]ote  [s]kip  [z] undo  [?] help  [q]uit > "
FULL_TEXT_HELP = """\
r  not retrieved
w  awaiting classification
o  ongoing
"""
FULL_TEXT_PROMPT = (
    "[i]nclude  [e]xclude  [u]nsure  not [r]etrieved  a[w]aiting classification  [o]ngoing  "
    "[n]ote  [s]kip  [z] undo  [?] help  [q]uit > "
)
QUIT = "quit"
AGAIN = "again"
DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """A record on the screen, and why it is there."""

    id: str
    record: Record
    highlights: tuple[Highlight, ...]
    explanation: Explanation | None
    because: str
    unlabelled: bool
    is_draw: bool = False


def _new_session() -> ScreeningSession:
    from autoscreen.review.screening_session import ScreeningSession

    return ScreeningSession()


@dataclass(slots=True, kw_only=True)
class Session:
    """One sitting of one reviewer."""

    review: Review
    reviewer: str
    keys: Keys
    width: int
    paint: bool
    full_text: bool = False
    _session: ScreeningSession = field(default_factory=_new_session)
    _note: str = ""
    _given: dict[str, Label] = field(default_factory=dict)
    _left: int = 0

    def run(self) -> None:
        """Show record after record until the reviewer quits or nothing is left."""
        # Counted on from here: the status looks at all decisions, and a reader does not wait.
        if not self.full_text:
            self._left = self.review.status().unlabelled
        while (view := self._upcoming()) is not None:
            self._note = ""
            self._show(view)
            if self._answer(view) == QUIT:
                break
        else:
            click.echo(
                "nothing left to screen"
                + (", except what you skipped" * bool(self._session.skipped))
            )
        click.echo(f"{counted(len(self._given), 'record')} labelled in this session")
        if self.full_text:
            click.echo(f"in all: {progress_words(self.review.full_text.progress())}")
        else:
            click.echo(f"in all: {counts(self.review.status())}")

    def _upcoming(self) -> _View | None:
        if self.full_text:
            return self._upcoming_full_text()
        if ident := self._session.shown:
            found_again = self.review.record(ident)
            return _View(
                id=ident,
                record=found_again.record,
                unlabelled=found_again.label is None,
                highlights=self.review.highlights(ident),
                explanation=None,
                because="you withdrew its label",
            )
        found = self.review.next(skip=sorted(self._session.aside), reviewer=self.reviewer)
        if found is None:
            return None
        return _View(
            id=found.ranked.id,
            record=found.ranked.record,
            unlabelled=found.ranked.label is None,
            highlights=found.highlights,
            explanation=found.explanation,
            because=reason_to_read(found),
            is_draw=found.draw is not None,
        )

    def _upcoming_full_text(self) -> _View | None:
        again = self._session.shown
        aside = sorted(self._session.aside)
        ident = again or self.review.full_text.next(self.reviewer, skip=aside)
        if not ident:
            return None
        return _View(
            id=ident,
            record=self.review.record(ident).record,
            unlabelled=True,
            highlights=self.review.highlights(ident),
            explanation=None,
            because="you withdrew its label" if again else "included by title and abstract",
        )

    def _show(self, view: _View) -> None:
        if self.keys.single:
            click.clear()
        lines = card(view.id, view.record, view.highlights, width=self.width, paint=self.paint)
        lines += [
            "",
            f"why next: {view.because}",
            *why(view.explanation, view.record, width=self.width),
            *(self._audit() if view.is_draw else ()),
            self._progress(),
        ]
        for line in [*lines, ""]:
            click.echo(line, color=True)
        self.keys.fresh()

    def _answer(self, view: _View) -> str:
        actions: dict[str, Callable[[_View], str]] = {
            "i": lambda v: self._label(v, Label.INCLUDE),
            "e": self._exclude,
            "u": lambda v: self._label(v, Label.UNSURE),
            "n": self._write_note,
            "s": self._skip,
            "z": self._undo,
            "?": self._help,
            "q": lambda _: QUIT,
        }
        if self.full_text:
            actions |= {
                "r": lambda v: self._label(v, Label.NOT_RETRIEVED),
                "w": lambda v: self._label(v, Label.AWAITING),
                "o": lambda v: self._label(v, Label.ONGOING),
            }
        prompt = FULL_TEXT_PROMPT if self.full_text else PROMPT
        while (key := self.keys.key(prompt)) is not None:
            action = actions.get(key[:1].lower(), self._unknown)
            if (answer := action(view)) != AGAIN:
                return answer
        return QUIT

    def _label(self, view: _View, label: Label, reason: str = "") -> str:
        decide = self.review.full_text.label if self.full_text else self.review.label
        decide(view.id, label, reviewer=self.reviewer, reason=reason, note=self._note)
        self._given[view.id] = label
        self._left -= view.unlabelled
        self._session.decide(view.id, label)
        why = reason_text(reason, self.review.protocol.reasons) if reason else ""
        click.echo(f"{view.id} {label}" + (f" ({why})" if why else ""))
        if view.is_draw and self.review.audits.all()[-1].proved:
            for line in self._audit():
                click.echo(line)
            click.echo("what follows is in ranked order again; q quits")
        return DONE

    def _exclude(self, view: _View) -> str:
        reasons = self.review.protocol.reasons
        if not reasons:
            return self._label(view, Label.EXCLUDE)
        for reason in reasons:
            click.echo(f"  {reason.key}  {reason.code}: {reason.text}")
        codes = {reason.key: reason.code for reason in reasons}
        codes |= {reason.code: reason.code for reason in reasons}
        if not self.full_text:  # the exclusion of a full text needs one
            codes[ENTER] = ""
        while (key := self.keys.key("reason > ")) is not None:
            if key == CANCEL:
                return AGAIN
            if key in codes:
                return self._label(view, Label.EXCLUDE, codes[key])
            without = "" if self.full_text else "Enter: without a reason, "
            click.echo(f"no reason has the key {key!r}; {without}Escape: back")
        return QUIT

    def _write_note(self, view: _View) -> str:
        self._note = self.keys.text(f"note on {view.id} > ") or ""
        return AGAIN

    def _skip(self, view: _View) -> str:
        self._session.skip(view.id)
        return DONE

    def _undo(self, view: _View) -> str:
        at_stage = self.review.full_text if self.full_text else self.review
        withdrawn = at_stage.decisions.undo(reviewer=self.reviewer)
        if withdrawn is None:
            click.echo("you have no decision to withdraw")
            return AGAIN
        self._given.pop(withdrawn.record_id, None)
        self._left += self.review.record(withdrawn.record_id).label is None
        self._session.withdraw(withdrawn.record_id)
        click.echo(f"{withdrawn.record_id} withdrawn")
        return DONE

    def _help(self, view: _View) -> str:
        click.echo((FULL_TEXT_HELP if self.full_text else "") + HELP)
        return AGAIN

    def _unknown(self, view: _View) -> str:
        click.echo("no such key; ? shows the keys")
        return AGAIN

    def _audit(self) -> list[str]:
        return audit_lines(self.review.audits.all()[-1:])[1:]

    def _progress(self) -> str:
        given = Counter(self._given.values())
        if self.full_text:
            return f"full texts: {progress_words(self.review.full_text.progress())}"
        given_labels = ", ".join(f"{given[label]} {label}" for label in SCREENING_LABELS)
        return f"this session: {given_labels}; {self._left} left to screen"
