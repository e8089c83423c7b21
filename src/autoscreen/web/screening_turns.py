"""
What happens to the review in one turn of a reader: a decision, an undo, the next record.

All of it runs on the thread that holds the ranker, each turn as a whole: changing threads in the
middle would cost more than the work, and who has which record would have to be guarded.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from autoscreen.errors import InputError
from autoscreen.protocol import Reason
from autoscreen.records import Label
from autoscreen.review import ReadingProgress, Review
from autoscreen.web.members import Role, Visitor
from autoscreen.web.reason_buttons import reason_label
from autoscreen.web.record_card import Card, card_of, suggested_card
from autoscreen.web.visit import ServerState

__all__ = [
    "SubmittedDecision",
    "Turn",
    "decide",
    "label_and_reason",
    "next_card",
    "one_card",
    "skip",
    "undo",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedDecision:
    """What a page hands in about a record."""

    record: str
    choice: str
    note: str
    key: str
    seen: int
    held: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What came of a turn."""

    message: str
    record: str
    saved: int | None = None
    again: Card | None = None
    card: Card | None = None
    progress: ReadingProgress | None = None
    secret: bool = False


def decide(
    review: Review, state: ServerState, visitor: Visitor, decision: SubmittedDecision, *, more: bool
) -> Turn:
    """Take a decision."""
    label, reason = label_and_reason(decision.choice, review.protocol.reasons)
    saved = review.decisions.submit(
        decision.record,
        label,
        key=decision.key,
        seen=decision.seen,
        reviewer=visitor.name,
        reason=reason,
        note=decision.note,
    )
    screening = state.screening[visitor.name]
    screening.shown = _now_shown(decision.held, decision.record)
    screening.skipped.discard(decision.record)
    if label is Label.UNSURE:
        screening.unsure.add(decision.record)
    state.leases.free([decision.record])
    message = f"{decision.record}: {label}" + (f" ({reason})" if reason else "")
    return Turn(
        message=message,
        record=decision.record,
        saved=saved.id,
        card=next_card(review, state, visitor, held=decision.held) if more else None,
        progress=review.progress() if more else None,
        secret=review.team.double_screening > 0,
    )


def undo(
    review: Review,
    state: ServerState,
    visitor: Visitor,
    *,
    key: str,
    of: str,
    held: Collection[str] = (),
) -> Turn | None:
    """Withdraw a decision; None if there is nothing to withdraw."""
    saved = review.decisions.withdraw(key=key, of=of, reviewer=visitor.name)
    if saved is None:
        return None
    card = _card_again(review, state, visitor, saved.record_id, "you withdrew what you had decided")
    state.screening[visitor.name].unsure -= {card.id, saved.record_id}
    _lease(state, visitor, card, shown=True)
    return Turn(
        message=f"{card.id}: undone",
        record=card.id,
        saved=saved.id,
        again=card,
        card=next_card(review, state, visitor, held=[*held, card.id]),
        progress=review.progress(),
        secret=review.team.double_screening > 0,
    )


def skip(
    review: Review, state: ServerState, visitor: Visitor, ident: str, *, held: Collection[str] = ()
) -> Turn:
    """Put a record aside until the reader asks for what was skipped."""
    found = review.record(ident).id
    state.screening[visitor.name].skipped.add(found)
    state.screening[visitor.name].shown = _now_shown(held, found)
    state.leases.free([found])
    return Turn(
        message=f"{found}: skipped for now",
        record=found,
        card=next_card(review, state, visitor, held=held),
        progress=review.progress(),
    )


def next_card(
    review: Review,
    state: ServerState,
    visitor: Visitor,
    *,
    held: Collection[str] = (),
    again: bool = False,
) -> Card | None:
    """Return the card of the next record, and lend it to the reader; None if there is none."""
    shown = state.screening[visitor.name].shown
    if again and shown and not review.decisions.newest_seen(shown, visitor.name):
        return _card_again(review, state, visitor, shown)
    aside = {*held, *state.screening[visitor.name].aside, *state.leases.with_others(visitor.name)}
    found = review.next(skip=sorted(aside), reviewer=visitor.name, hurry=True)
    if found is None:
        return None
    card = suggested_card(review, found, visitor.name)
    if found.draw is not None and found.audit is not None:
        state.screening[visitor.name].draws[found.audit, card.id] = found.draw
    _lease(state, visitor, card, shown=again)
    return card


def one_card(review: Review, state: ServerState, visitor: Visitor, ident: str) -> Card:
    """Return the card of a record that a reader asks for, and lend it to them."""
    card = _card_again(review, state, visitor, ident)
    _lease(state, visitor, card, shown=True)
    return card


def _card_again(
    review: Review, state: ServerState, visitor: Visitor, ident: str, why: str = ""
) -> Card:
    """Return the card of a record that may have been given before, as a draw of the audit too."""
    audit = review.audits.running()
    draws, found = state.screening[visitor.name].draws, review.record(ident).id
    draw = draws.get((audit, found)) if audit else None
    return card_of(review, found, visitor.name, why, draw=draw)


def _now_shown(held: Collection[str], done: str) -> str:
    """Return the record on the screen: the first that the page holds and that is not decided."""
    return next((one for one in held if one != done), "")


def _lease(state: ServerState, visitor: Visitor, card: Card, *, shown: bool) -> None:
    """Note who has a record on the screen or at hand; who only looks keeps it from nobody."""
    if visitor.role >= Role.REVIEWER:
        state.leases.take(card.id, visitor.name)
        if shown:
            state.screening[visitor.name].shown = card.id


def label_and_reason(choice: str, reasons: Collection[Reason]) -> tuple[Label, str]:
    """Read what a button says: a label, or ``reason:CODE``, which says the label too."""
    kind, _, code = choice.partition(":")
    if kind != "reason":
        try:
            return Label(choice), ""
        except ValueError:
            raise InputError(f"{choice!r} is no decision", hint="use the buttons") from None
    known = next((reason for reason in reasons if reason.code == code), None)
    if known is None:
        raise InputError(f"{code!r} is not a reason of the protocol", hint="load the page again")
    return reason_label(known), code
