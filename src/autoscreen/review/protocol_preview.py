"""What another protocol would do to the order, calculated before it is applied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from autoscreen.progress_callback import Progress
from autoscreen.protocol import Concept, Protocol, parse_protocol
from autoscreen.ranking import fuse, order
from autoscreen.records import Label
from autoscreen.review.learner import model_name
from autoscreen.review.pool_model import PoolModel, load_basis
from autoscreen.store import Store, show_id
from autoscreen.store.stored_values import Ranking

FIRST = 50
"""Records at the head of the unread ones that are compared: about what is read in one sitting."""
_LISTED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class RankChange:
    """A record and its place before and after."""

    id: str
    title: str
    # Its place, from 1: of an unread record among the unread, of a labelled one among all
    before: int
    after: int

    @property
    def up(self) -> int:
        """Places that it gains; negative if it loses some."""
        return self.before - self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolEffect:
    """What a protocol does to the order, both orders knowing the same labels."""

    protocol: Protocol
    version: int  # Number of the version of the protocol that it was compared with
    unread: int  # Records without a label
    # Records at the head of the unread ones that were compared: `FIRST`, or all if they are fewer
    first: int
    # Unread records that come among these, and those that go, the best first
    entering: tuple[RankChange, ...] = ()
    leaving: tuple[RankChange, ...] = ()
    rising: tuple[RankChange, ...] = ()  # Unread records that gain and lose most places
    falling: tuple[RankChange, ...] = ()
    included: tuple[RankChange, ...] = ()  # Records that were included, in the order before
    # The order under this protocol, to begin with once it is applied; None if it stays
    ranking: Ranking | None = field(default=None, repr=False)

    @property
    def changes(self) -> bool:
        """Whether any record gets another place."""
        return bool(self.rising or self.falling or any(one.up for one in self.included))


def protocol_effect(
    store: Store, protocol: Protocol, *, progress: Progress | None = None
) -> ProtocolEffect:
    """Work out what a protocol would do to the order of a review."""
    version, decision = store.protocol_version(), store.decisions.newest()
    labels = dict(store.decisions.current_labels())
    text, origin = store.protocol()
    if _read_by_ranker(parse_protocol(text, origin=origin)) == _read_by_ranker(protocol):
        unread = store.pool.counts().records - len(labels)
        return ProtocolEffect(
            protocol=protocol, version=version, unread=unread, first=min(FIRST, unread)
        )
    present, basis = load_basis(store, progress=progress)
    known = basis.counts.coverage(present.concepts)
    same = protocol.concepts == present.concepts
    coverage = known if same else basis.coverage(protocol.concepts, progress=progress)
    old = basis.model(present, known)
    new = basis.model(protocol, coverage)
    comparison = _Comparison(old, _scores(old, labels), _scores(new, labels), labels)
    best = order(comparison.after)
    return ProtocolEffect(
        protocol=protocol,
        version=version,
        unread=len(comparison.unread),
        first=min(FIRST, len(comparison.unread)),
        entering=comparison.entering(),
        leaving=comparison.leaving(),
        rising=comparison.furthest(1),
        falling=comparison.furthest(-1),
        included=comparison.included(),
        ranking=Ranking(
            model=model_name(old),
            decision=decision,
            epoch=basis.epoch,
            records=old.numbers[best].tolist(),
            scores=comparison.after[best].tolist(),
        ),
    )


def _read_by_ranker(protocol: Protocol) -> tuple[str, tuple[Concept, ...]]:
    """Return what of a protocol the order rests on; the rest is for people."""
    return protocol.wording, protocol.concepts


def _scores(pool: PoolModel, labels: dict[int, Label]) -> NDArray[np.float64]:
    learnt = {
        pool.rows[number]: label is Label.INCLUDE
        for number, label in labels.items()
        if label is not Label.UNSURE and number in pool.rows
    }
    return fuse(pool.terms.matrix, pool.prior, learnt, also=pool.known).scores


class _Comparison:
    """Two scores of each record of a pool, and the places that follow from them."""

    def __init__(
        self,
        pool: PoolModel,
        before: NDArray[np.float64],
        after: NDArray[np.float64],
        labels: dict[int, Label],
    ) -> None:
        self._pool = pool
        self._labels = labels
        self._before = before
        self.after = after
        unread = np.array([number not in labels for number in pool.numbers.tolist()], dtype=bool)
        self.unread = np.flatnonzero(unread)
        self._places = self._among(self.unread)

    def entering(self) -> tuple[RankChange, ...]:
        was, now = self._places
        return self._moved(self.unread[(now <= FIRST) & (was > FIRST)], by="after")

    def leaving(self) -> tuple[RankChange, ...]:
        was, now = self._places
        return self._moved(self.unread[(was <= FIRST) & (now > FIRST)])

    def furthest(self, sign: int) -> tuple[RankChange, ...]:
        """Return the unread records that move furthest up (1) or down (-1)."""
        was, now = self._places
        gain = sign * (was - now)
        best = np.argsort(-gain, kind="stable")[:_LISTED]
        rows = self.unread[best[gain[best] > 0]]
        return self._moved(rows, by="")

    def included(self) -> tuple[RankChange, ...]:
        rows = [
            self._pool.rows[number]
            for number, label in self._labels.items()
            if label is Label.INCLUDE and number in self._pool.rows
        ]
        was, now = self._among(np.arange(len(self.after)))
        return self._listed(np.array(rows, dtype=np.int64), was, now, by="before")

    def _moved(self, rows: NDArray[np.int64], *, by: str = "before") -> tuple[RankChange, ...]:
        was, now = (np.zeros(len(self.after), dtype=np.int64) for _ in range(2))
        was[self.unread], now[self.unread] = self._places
        return self._listed(rows, was, now, by=by)

    def _listed(
        self, rows: NDArray[np.int64], was: NDArray[np.int64], now: NDArray[np.int64], *, by: str
    ) -> tuple[RankChange, ...]:
        listed: Iterable[RankChange] = (
            RankChange(
                id=show_id(int(self._pool.numbers[row])),
                title=self._pool.text.titles[row],
                before=int(was[row]),
                after=int(now[row]),
            )
            for row in rows.tolist()
        )
        return tuple(sorted(listed, key=lambda one: getattr(one, by)) if by else listed)

    def _among(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the places before and after of some records among themselves."""
        return _places(self._before[rows]), _places(self.after[rows])


def _places(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    places = np.empty(len(scores), dtype=np.int64)
    places[order(scores)] = np.arange(1, len(scores) + 1)
    return places
