"""Changing the protocol of a review with its effect in view."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from autoscreen.errors import ConflictError
from autoscreen.review.open_review import OpenReview
from autoscreen.store.stored_values import ProtocolVersion

if TYPE_CHECKING:
    from autoscreen.progress_callback import Progress
    from autoscreen.protocol import Protocol
    from autoscreen.review.protocol_preview import ProtocolEffect


class ReviewProtocols:
    """The versions of the protocol, and what another one would change."""

    def __init__(self, opened: OpenReview) -> None:
        self._opened = opened
        self._store = opened.store

    def set(self, protocol: str | Path | Protocol, *, reviewer: str = "", note: str = "") -> None:
        """Apply another protocol; the earlier one stays in the file."""
        self._opened.set_protocol(protocol, reviewer=reviewer, note=note)

    def versions(self) -> list[ProtocolVersion]:
        """Return each version of the protocol that was ever applied, newest first."""
        return self._store.protocol_versions()

    def effect(self, protocol: Protocol, *, progress: Progress | None = None) -> ProtocolEffect:
        """Return how another protocol would change the ranking; nothing is changed.

        It takes as long as the first order of the pool, unless the concepts stay the same.
        """
        from autoscreen.review.protocol_preview import protocol_effect  # noqa: PLC0415  (it loads numpy)

        return protocol_effect(self._store, protocol, progress=progress)

    def apply(self, effect: ProtocolEffect, *, reviewer: str = "", note: str = "") -> None:
        """Apply a protocol whose effect was calculated; its ranking is used at once.

        Raises ConflictError if the protocol was changed since then.
        """
        self._opened.close_ranker()
        with self._store.writing():
            if self._store.protocol_version() != effect.version:
                raise ConflictError(
                    "the protocol was changed meanwhile by somebody else",
                    hint="look at it again, and make the change anew",
                )
            # Records that came in meanwhile have no place in that order: then it is made anew.
            ranking = effect.ranking or self._store.rankings.load()
            covered = ranking is not None and ranking.epoch == self._store.pool.epoch()
            self._opened.set_protocol(effect.protocol, reviewer=reviewer, note=note)
            if ranking is not None and covered:
                self._store.rankings.save(replace(ranking, epoch=self._store.pool.epoch()))
