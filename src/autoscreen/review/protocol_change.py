"""Changing the protocol of a review with its effect in view."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from autoscreen.errors import ConflictError
from autoscreen.review.open_review import OpenReview

if TYPE_CHECKING:
    from autoscreen.protocol import Protocol
    from autoscreen.review.importing import Progress
    from autoscreen.review.protocol_preview import ProtocolEffect

__all__ = ["ReviewAmending"]


class ReviewAmending(OpenReview):
    """An open review whose protocol is changed with the effect in view."""

    def protocol_effect(
        self, protocol: Protocol, *, progress: Progress | None = None
    ) -> ProtocolEffect:
        """
        Work out what another protocol would do to the order; nothing is changed.

        It takes as long as the first order of the pool, unless the concepts stay the same.

        Parameters
        ----------
        protocol
            The protocol.
        progress
            Called with what is being done and the number of records done since the last call.
        """
        from autoscreen.review.protocol_preview import protocol_effect  # noqa: PLC0415  (it loads numpy)

        return protocol_effect(self._store, protocol, progress=progress)

    def take_protocol(self, effect: ProtocolEffect, *, reviewer: str = "", note: str = "") -> None:
        """
        Put a protocol in force whose effect was worked out, and read on in its order at once.

        Parameters
        ----------
        effect
            What `protocol_effect` gave.
        reviewer, note
            Who changes it, and why.

        Raises
        ------
        ConflictError
            If the protocol was changed meanwhile, so that the effect is not the one shown.
        """
        self._close_reading()
        with self._store.writing():
            if self._store.protocol_version() != effect.version:
                raise ConflictError(
                    "the protocol was changed meanwhile by somebody else",
                    hint="look at it again, and make the change anew",
                )
            # Records that came in meanwhile have no place in that order: then it is made anew.
            ranking = effect.ranking or self._store.rankings.load()
            covered = ranking is not None and ranking.epoch == self._store.pool.epoch()
            self.set_protocol(effect.protocol, reviewer=reviewer, note=note)
            if ranking is not None and covered:
                self._store.rankings.save(replace(ranking, epoch=self._store.pool.epoch()))
