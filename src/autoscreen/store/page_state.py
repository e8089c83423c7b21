"""What pages have submitted already, so that nothing is added twice."""

from __future__ import annotations

from autoscreen.store.database import Database


class Pages:
    """What pages submitted."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def handed_in(self, key: str) -> int | None:
        """Return the entry of the history submitted under this key; None if there is none."""
        row = self._db.row("SELECT decision_id FROM handed_in WHERE key = ?", key)
        return None if row is None else int(row[0])

    def submit_decision(self, key: str, entry: int) -> None:
        """Note the key under which an entry was submitted, inside its transaction."""
        self._db.run("INSERT INTO handed_in VALUES (?, ?)", key, entry)
