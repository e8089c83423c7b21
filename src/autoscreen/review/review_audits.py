"""Random audits of an open review, and whether screening may stop."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from autoscreen.review.open_review import OpenReview
from autoscreen.review.user_input import clean_input

if TYPE_CHECKING:
    from autoscreen.active import AuditCost, StopDecision
    from autoscreen.review.auditing import Audit
    from autoscreen.store.stopping_targets import StoppingTarget

_SEEDS = 2**32


class ReviewAudits:
    """Random audits, and whether screening may stop; numpy is loaded when it is needed."""

    def __init__(self, opened: OpenReview) -> None:
        self._opened = opened
        self._store = opened.store

    def advice(self) -> tuple[StopDecision, ...]:
        """
        Return for each target recall and promise whether screening may stop, and its cost.

        The targets are 0.95, 0.9 and 0.8, and that of this review if it is another one.

        Records labelled by an imported file are prior knowledge: they count neither as read nor
        as found. A record left as unsure counts as read. Once an audit was begun, the exact
        promise is that of the newest one, for its target and those below.
        """
        from autoscreen.review.stopping_advice import advise  # noqa: PLC0415

        return advise(self._store, self._opened.auditing)

    @property
    def target(self) -> float:
        """The recall at which this review may stop, above 0 and below 1; 0.95 until it is set."""
        return self._store.targets.current()

    def targets(self) -> list[StoppingTarget]:
        """Return all choices of the target, oldest first; empty if it was never set."""
        return self._store.targets.all()

    def set_target(self, target: float, *, reason: str = "", reviewer: str = "") -> None:
        """Set the recall at which this review may stop, such as 0.9, with its reason."""
        from autoscreen.review.stopping_advice import check_target  # noqa: PLC0415

        check_target(target)
        self._store.targets.add(target, reason=clean_input(reason), reviewer=clean_input(reviewer))

    def costs(self) -> tuple[AuditCost, ...]:
        """Return how many records an audit would draw for each target recall and certainty."""
        from autoscreen.review.stopping_advice import costs  # noqa: PLC0415

        return costs(self._store)

    def cost(self, *, target: float, confidence: float) -> AuditCost:
        """Return how many records one audit would draw, if none of them is relevant."""
        from autoscreen.review.stopping_advice import cost  # noqa: PLC0415

        return cost(self._store, target, confidence)

    def all(self) -> tuple[Audit, ...]:
        """Return all audits, oldest first."""
        return tuple(self._opened.auditing.all())

    def running(self) -> int | None:
        """Return the number of the current audit; None if there is none."""
        running = self._store.audits.running()
        return running.id if running else None

    def begin(
        self,
        *,
        target: float = 0.95,
        confidence: float = 0.95,
        seed: int | None = None,
        reviewer: str = "",
    ) -> Audit:
        """Begin a random audit of all unread records; `Review.next` then returns its draws.

        It is to prove this recall, and those below, with this confidence: the probability over the
        draws that what it proves is true. The seed is a fresh one by default, and is kept. Raises
        ConflictError while another audit is going on.
        """
        self._opened.auditing.begin(
            target=target,
            confidence=confidence,
            seed=secrets.randbelow(_SEEDS) if seed is None else seed,
            reviewer=clean_input(reviewer),
        )
        return self.all()[-1]

    def end(self, *, reviewer: str = "", note: str = "") -> Audit:
        """
        End the current audit; `Review.next` then returns the most likely record again.

        What it has proved stays proved. If it has proved nothing yet, it was ended early: the next
        audit is a second chance to be wrong, and both errors count.
        """
        return self._opened.auditing.end(reviewer=clean_input(reviewer), note=clean_input(note))
