"""
A review that several people read: double screening, conflicts, agreement and who did how much.

While a record waits for its second reviewer only the first reviewer sees the decision: it has no
label, trains nothing, and `Review.decisions.seen_history` shows each reviewer only their own
entries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autoscreen.records import Stage
from autoscreen.review.open_review import OpenReview
from autoscreen.review.user_input import clean_input
from autoscreen.store.double_screening import Conflict, Workload
from autoscreen.store.effective_label import PendingState, Setting
from autoscreen.store.stored_values import Decision

if TYPE_CHECKING:
    from autoscreen.evaluation import PairAgreement


class ReviewTeam:
    """Double screening of a stage, conflicts, agreement, and the work of each reviewer."""

    def __init__(self, opened: OpenReview, stage: Stage = Stage.TITLE_ABSTRACT) -> None:
        self._opened = opened
        self._store = opened.store
        self._stage = stage
        self._screening = opened.store.screening_of(stage)
        self._decisions = opened.store.decisions_of(stage)

    @property
    def double_screening(self) -> float:
        """Share of the records that two reviewers read, 0 to 1; 0 is off."""
        return self._screening.share()

    def set_double_screening(self, share: float, *, seed: int = 0, reviewer: str = "") -> Setting:
        """Let two reviewers read a share of the records from now on, blinded to each other.

        Earlier labels remain. What both agree on is the label; what they differ on has none until
        it is resolved. Prior knowledge is not read twice. A share of 0 turns it off: records that
        wait for a second reviewer get the label of the first, and conflicts still wait. With the
        same seed a larger share holds all of a smaller one.
        """
        return self._screening.set(share, seed=seed, reviewer=clean_input(reviewer))

    def settings(self) -> list[Setting]:
        """Return all settings of double screening, oldest first."""
        return self._screening.settings()

    def conflicts(self) -> list[Conflict]:
        """Return the records on which reviewers or files disagree, in the order of import."""
        return self._screening.conflicts()

    def conflicts_left(self) -> int:
        """Count the records in conflict; quicker than `conflicts`."""
        return self._screening.counts()[PendingState.CONFLICT]

    def resolve(
        self, ident: str, label: str, *, reviewer: str = "", reason: str = "", note: str = ""
    ) -> Decision:
        """Resolve a conflict; the decision is on the disk when this returns.

        Raises ConflictError if nobody differs about the record, e.g. because another one was
        faster.
        """
        verdict = self._opened.verdict(
            label, reviewer=reviewer, reason=reason, note=note, stage=self._stage
        )
        number = self._store.pool.find(ident)
        return self._screening.resolve(number, verdict, self._opened.place_of(number))

    def withdraw_resolution(self, ident: str, reviewer: str) -> Decision | None:
        """Withdraw a reviewer's newest resolution, if any: the record is in conflict again."""
        resolved = set(self.resolutions())
        entries = self._decisions.history_of(self._store.pool.find(ident))
        own = [one.id for one in entries if one.id in resolved and one.reviewer == reviewer]
        return self._decisions.undo(reviewer, decision=own[-1]) if own else None

    def resolutions(self) -> list[int]:
        """Return the numbers of the decisions that resolved a conflict."""
        return self._screening.resolutions()

    def open_state(self, ident: str) -> PendingState | None:
        """Return why a record with a decision has no label; None if it has one."""
        return self._screening.open(self._store.pool.find(ident))

    def agreement(self) -> list[PairAgreement]:
        """
        Measure how far each two reviewers agree on the records that both have read.

        What counts is each one's decision before knowing the other; later changes, resolutions and
        records outside double screening do not.
        """
        from autoscreen.evaluation import agreement_by_pair  # noqa: PLC0415  (it loads numpy)

        return agreement_by_pair(self._screening.first_labels(), list(self._stage.labels))

    def waiting_for(self, reviewer: str) -> int:
        """Count the records that wait for this reviewer as the second one, among others."""
        return len(self._screening.waiting_for(clean_input(reviewer)))

    def work(self) -> list[Workload]:
        """Return the work of each reviewer, by name."""
        return self._screening.work()
