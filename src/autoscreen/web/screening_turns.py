"""
One step of a reviewer: a decision, an undo, a skip, the next record.

Each step runs as a whole on the ranker's thread, so reserved records need no lock.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from autoscreen.errors import InputError
from autoscreen.presentation.reason_words import PAST, reason_label, reason_text
from autoscreen.presentation.wording import counted
from autoscreen.protocol import Reason
from autoscreen.review import Review
from autoscreen.review.reports import ReadingProgress
from autoscreen.review.review_assignments import OwnProgress
from autoscreen.web.accounts.members import Role, Visitor
from autoscreen.web.record_card import Card, card_of, suggested_card
from autoscreen.web.visit import ServerState


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedDecision:
    """A decision as the page submits it."""

    record: str
    choice: str
    note: str
    key: str
    seen: int
    held: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The result of a step."""

    message: str
    record: str
    saved: int | None = None
    again: Card | None = None
    card: Card | None = None
    progress: ReadingProgress | None = None
    own: OwnProgress | None = None
    secret: bool = False


def decide(
    review: Review, state: ServerState, visitor: Visitor, decision: SubmittedDecision, *, more: bool
) -> Turn:
    """Save a decision."""
    reasons = review.protocol.reasons
    label, reason = label_and_reason(decision.choice, reasons)
    saved = review.decisions.submit(
        decision.record,
        label,
        key=decision.key,
        seen=decision.seen,
        reviewer=visitor.name,
        reason=reason,
        note=decision.note,
    )
    then = _now_shown(decision.held, decision.record)
    state.screening[visitor.name].decide(decision.record, saved.label, then=then)
    state.leases.free([decision.record])
    text = reason_text(reason, reasons)
    done = PAST[saved.label] if saved.label else "decided"
    message = f"{decision.record} {done}" + (f" ({text})" if text else "")
    card = next_card(review, state, visitor, held=decision.held, reasons=reasons) if more else None
    progress = review.progress()
    return Turn(
        message=message,
        record=decision.record,
        saved=saved.id,
        card=card,
        progress=progress if more else None,
        own=review.assignments.own(visitor.name, progress) if more else None,
        secret=progress.double > 0,
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
    card = _card_again(review, state, visitor, saved.record_id, "you withdrew your decision")
    state.screening[visitor.name].unsure.discard(saved.record_id)  # it may have been merged since
    state.screening[visitor.name].withdraw(card.id)
    _lease(state, visitor, card, shown=True)
    bulk = review.table.bulk_of(saved.withdraws) if saved.withdraws else None
    undone = f"bulk action on {counted(bulk.records, 'record')}" if bulk else card.id
    progress = review.progress()
    return Turn(
        message=f"{undone} undone",
        record=card.id,
        saved=saved.id,
        again=card,
        card=next_card(review, state, visitor, held=[*held, card.id]),
        progress=progress,
        own=review.assignments.own(visitor.name, progress),
        secret=progress.double > 0,
    )


def skip(
    review: Review, state: ServerState, visitor: Visitor, ident: str, *, held: Collection[str] = ()
) -> Turn:
    """Skip a record for now."""
    found = review.record(ident).id
    state.screening[visitor.name].skip(found, then=_now_shown(held, found))
    state.leases.free([found])
    progress = review.progress()
    return Turn(
        message=f"{found} skipped for now",
        record=found,
        card=next_card(review, state, visitor, held=held),
        progress=progress,
        own=review.assignments.own(visitor.name, progress),
    )


def next_card(
    review: Review,
    state: ServerState,
    visitor: Visitor,
    *,
    held: Collection[str] = (),
    again: bool = False,
    reasons: Sequence[Reason] | None = None,
) -> Card | None:
    """Return the next card and reserve its record for the reviewer; None if there is none.

    A caller that has just read the reasons of the protocol passes them in.
    """
    shown = state.screening[visitor.name].shown
    if again and shown and not review.decisions.newest_seen(shown, visitor.name):
        return _card_again(review, state, visitor, shown)
    aside = {*held, *state.screening[visitor.name].aside, *state.leases.with_others(visitor.name)}
    found = review.next(skip=sorted(aside), reviewer=visitor.name, hurry=True)
    if found is None:
        return None
    reasons = review.protocol.reasons if reasons is None else reasons
    card = suggested_card(review, found, visitor.name, reasons)
    if found.draw is not None and found.audit is not None:
        state.screening[visitor.name].draws[found.audit, card.id] = found.draw
    _lease(state, visitor, card, shown=again)
    return card


def one_card(review: Review, state: ServerState, visitor: Visitor, ident: str) -> Card:
    """Return the card of a requested record and reserve it for the reviewer."""
    card = _card_again(review, state, visitor, ident)
    _lease(state, visitor, card, shown=True)
    return card


def _card_again(
    review: Review, state: ServerState, visitor: Visitor, ident: str, why: str = ""
) -> Card:
    """Return a card again, also as part of a random audit."""
    audit = review.audits.running()
    draws, found = state.screening[visitor.name].draws, review.record(ident).id
    draw = draws.get((audit, found)) if audit else None
    return card_of(review, found, visitor.name, why, draw=draw)


def _now_shown(held: Collection[str], done: str) -> str:
    """Return the record on the screen: the first that the page holds and that is not decided."""
    return next((one for one in held if one != done), "")


def _lease(state: ServerState, visitor: Visitor, card: Card, *, shown: bool) -> None:
    """Reserve a record for a reviewer; observers reserve nothing."""
    if visitor.role >= Role.REVIEWER:
        state.leases.take(card.id, visitor.name)
        if shown:
            state.screening[visitor.name].shown = card.id


def label_and_reason(choice: str, reasons: Collection[Reason]) -> tuple[str, str]:
    """Return the label and reason of a button value: a label, or ``reason:CODE``."""
    kind, _, code = choice.partition(":")
    if kind != "reason":
        return choice, ""
    known = next((reason for reason in reasons if reason.code == code), None)
    if known is None:
        raise InputError(f"{code!r} is not a reason of the protocol", hint="reload the page")
    return reason_label(known), code
