"""The newest order, so that a new process can answer before it has learnt anything."""

from __future__ import annotations

import sys
from array import array

from autoscreen.store.database import Database, Row
from autoscreen.store.stored_values import Ranking, RankPosition


class Rankings:
    """The newest order of a review; each one replaces the one before.

    It is one row: a row for each of 250,000 records would block all writers after each label.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: tuple[Row, Ranking] | None = None

    def save(self, ranking: Ranking) -> None:
        """Keep an order in place of the one before."""
        with self._db.writing():
            self._db.run(
                "REPLACE INTO ranking (id, model, decision, epoch, at, records, scores)"
                " VALUES (1, ?, ?, ?, ?, ?, ?)",
                *(ranking.model, ranking.decision, ranking.epoch, self._db.time()),
                *(_bytes(array("q", ranking.records)), _bytes(array("d", ranking.scores))),
            )

    def load(self) -> Ranking | None:
        """Return the newest order; None if there never was one."""
        row = self._db.row("SELECT model, decision, epoch, at FROM ranking")
        if row is None:
            return None
        if self._known is None or self._known[0] != row:
            self._known = row, self._read()
        return self._known[1]

    def place_of(self, number: int) -> RankPosition:
        """Return the place of a record in the newest order; one without rank if it is not in it."""
        ranking = self.load()
        if ranking is None or number not in ranking.records:
            return RankPosition()
        at = ranking.records.index(number)
        return RankPosition(rank=at + 1, score=ranking.scores[at], model=ranking.model)

    def behind(self) -> int:
        """Count the entries in the history of decisions that the newest order does not know."""
        sql = (
            "SELECT count(*) FROM decision WHERE stage = 'title-abstract'"
            " AND id > (SELECT coalesce(max(decision), 0) FROM ranking)"
        )
        return int(self._db.value(sql))

    def _read(self) -> Ranking:
        model, decision, epoch, records, scores = self._db.rows(
            "SELECT model, decision, epoch, records, scores FROM ranking"
        )[0]
        numbers, values = array("q"), array("d")
        numbers.frombytes(records)
        values.frombytes(scores)
        if sys.byteorder == "big":
            numbers.byteswap()
            values.byteswap()
        return Ranking(model=model, decision=decision, epoch=epoch, records=numbers, scores=values)


def _bytes(values: array[int] | array[float]) -> bytes:
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()
