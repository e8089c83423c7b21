"""What the screening page needs beside decisions: what was already submitted, and tags."""

from __future__ import annotations

from autoscreen.store.database import Database


class Pages:
    """What pages submitted, and the tags of records."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def handed_in(self, key: str) -> int | None:
        """Return the entry of the history submitted under this key; None if there is none."""
        row = self._db.row("SELECT decision_id FROM handed_in WHERE key = ?", key)
        return None if row is None else int(row[0])

    def submit_decision(self, key: str, entry: int) -> None:
        """Note the key under which an entry was submitted, inside its transaction."""
        self._db.run("INSERT INTO handed_in VALUES (?, ?)", key, entry)

    def tags(self, number: int) -> list[str]:
        """Return the tags that are on a record, in the order in which they were put on."""
        rows = self._db.rows(
            "SELECT tag, is_on, max(tagging.id) FROM tagging"
            " JOIN source ON source.id = tagging.record_id"
            " WHERE source.record_id = (SELECT record_id FROM source WHERE id = ?)"
            " GROUP BY tag ORDER BY 3",
            number,
        )
        return [tag for tag, is_on, _ in rows if is_on]

    def all_tags(self) -> dict[int, list[str]]:
        """Return the tags of each record that has any."""
        rows = self._db.rows(
            "SELECT source.record_id, tag, is_on, max(tagging.id) FROM tagging"
            " JOIN source ON source.id = tagging.record_id GROUP BY 1, 2 ORDER BY 4"
        )
        found: dict[int, list[str]] = {}
        for number, tag, is_on, _ in rows:
            if is_on:
                found.setdefault(number, []).append(tag)
        return found

    def set_tag(self, number: int, tag: str, reviewer: str, *, on: bool) -> None:
        """Put a tag on a record, or take it off."""
        with self._db.writing():
            if (tag in self.tags(number)) != on:
                self._db.run(
                    "INSERT INTO tagging (record_id, tag, is_on, reviewer, at)"
                    " SELECT record_id, ?, ?, ?, ? FROM source WHERE id = ?",
                    *(tag, on, reviewer, self._db.time(), number),
                )
