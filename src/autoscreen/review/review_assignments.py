"""The parts of a review that are assigned to people, and each one's own progress."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autoscreen.errors import InputError
from autoscreen.review.open_review import OpenReview
from autoscreen.review.reports import ReadingProgress
from autoscreen.review.user_input import clean_input
from autoscreen.store.assignments import AssignedPart
from autoscreen.store.rankings import Rankings


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnProgress:
    """How far one reviewer has come."""

    done: int  # Records that they have screened here, of their part if they have one
    total: int | None  # Records that are theirs to screen; None where anybody may screen them
    assigned: bool  # Whether the total is an assigned part


class ReviewAssignments:
    """
    Which records are assigned to whom.

    An assigned record is given only to those it is assigned to, until all of them have decided.
    Whoever has a part gets it first, and after it the records that are assigned to nobody. The
    draws of an audit go to everybody.
    """

    def __init__(self, opened: OpenReview) -> None:
        self._opened = opened
        self._store = opened.store

    def assign(self, idents: Iterable[str], reviewer: str, *, by: str = "") -> int:
        """Assign records to a reviewer, beside those they have, and return how many were new."""
        numbers = self._store.pool.find_all(idents)
        return self._store.assignments.assign(numbers, _name(reviewer), by=clean_input(by))

    def release(self, reviewer: str, idents: Iterable[str] | None = None, *, by: str = "") -> int:
        """Take records that a reviewer has not screened out of their part, and return how many."""
        numbers = None if idents is None else self._store.pool.find_all(idents)
        return self._store.assignments.release(clean_input(reviewer), numbers, by=clean_input(by))

    def split(
        self, shares: Mapping[str, float], *, each: int = 1, by: str = ""
    ) -> Mapping[str, int]:
        """Divide the unscreened, unassigned records among people; return how many each one got.

        `shares` are names with their shares, such as ``{"Ann": 2, "Bob": 1}``; each record is
        assigned to `each` people. The records are dealt in the order of the ranking, so that the
        likely relevant ones are spread evenly.
        """
        wanted = {_name(name): share for name, share in shares.items()}
        if not 1 <= each <= len(wanted):
            raise InputError(
                f"{len(wanted)} people cannot screen each record {each} times",
                hint="choose more people",
            )
        if any(not 0 < share < float("inf") for share in wanted.values()):
            raise InputError("each share must be above 0", hint="give numbers such as 1 and 2")
        dealt = deal(self._in_order(self._store.assignments.unassigned()), wanted, each)
        with self._store.writing():
            for name, numbers in dealt.items():
                self._store.assignments.assign(numbers, name, by=clean_input(by))
        return {name: len(numbers) for name, numbers in dealt.items()}

    def parts(self) -> list[AssignedPart]:
        """Return the part of each reviewer who has one, by name."""
        return self._store.assignments.parts()

    def unassigned(self) -> int:
        """Count the unscreened records that are assigned to nobody."""
        return len(self._store.assignments.unassigned())

    def reserved(self, reviewer: str) -> int:
        """Count the records that are kept for others, and so are not given to this reviewer."""
        return len(self._store.assignments.reserved(clean_input(reviewer)).others)

    def any(self) -> bool:
        """Whether anything is assigned to anybody."""
        return self._store.assignments.any()

    def of(self, ident: str) -> list[str]:
        """Return the names of those a record is assigned to."""
        return self._store.assignments.of(self._store.pool.find(ident))

    def own(self, reviewer: str, now: ReadingProgress) -> OwnProgress:
        """Return how far a reviewer has come with what is theirs to screen, of the progress now."""
        who = clean_input(reviewer)
        part = next((one for one in self.parts() if one.reviewer == who), None)
        if part is not None:
            return OwnProgress(done=part.done, total=part.records, assigned=True)
        screening = self._store.screening
        done = screening.decided_by(who)
        if now.double < 1:
            return OwnProgress(done=done, total=None, assigned=False)
        total = done + now.unread + len(screening.waiting_for(who))
        return OwnProgress(done=done, total=total, assigned=False)

    def _in_order(self, numbers: list[int]) -> list[int]:
        ranking = self._rankings().load()
        places = {} if ranking is None else {n: at for at, n in enumerate(ranking.records)}
        return sorted(numbers, key=lambda number: (places.get(number, len(places)), number))

    def _rankings(self) -> Rankings:
        if self._opened.opened_ranker is not None:
            self._opened.opened_ranker.keep()
        return self._store.rankings


def deal(numbers: Iterable[int], shares: Mapping[str, float], each: int) -> dict[str, list[int]]:
    """Assign each record to those who are furthest from their share."""
    dealt: dict[str, list[int]] = {name: [] for name in shares}
    for number in numbers:
        behind = sorted(shares, key=lambda name: (len(dealt[name]) + 1) / shares[name])
        for name in behind[:each]:
            dealt[name].append(number)
    return dealt


def _name(reviewer: str) -> str:
    name = " ".join(clean_input(reviewer).split())
    if not name:
        raise InputError("no reviewer was named", hint="choose whom to assign the records to")
    return name
