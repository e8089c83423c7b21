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

    def tags(self, number: int, *, of: str | None = None) -> list[str]:
        """Return the tags of a record, or those that one reviewer added, oldest first."""
        rows = self._db.rows(
            "SELECT tag, is_on, max(tagging.id) FROM tagging"
            " JOIN source ON source.id = tagging.record_id"
            " WHERE source.record_id = (SELECT record_id FROM source WHERE id = ?1)"
            " AND (?2 IS NULL OR tagging.reviewer = ?2) GROUP BY tag ORDER BY 3",
            *(number, of),
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

    def set_tag(
        self, number: int, tag: str, reviewer: str, *, on: bool, blind: bool = False
    ) -> None:
        """Add a tag to a record, or remove it; blind, only for the reviewer themselves."""
        with self._db.writing():
            if (tag in self.tags(number, of=reviewer if blind else None)) != on:
                others = self._last_of_others(number, tag, reviewer) if blind and not on else []
                self._db.run(
                    "INSERT INTO tagging (record_id, tag, is_on, reviewer, at)"
                    " SELECT record_id, ?, ?, ?, ? FROM source WHERE id = ?",
                    *(tag, on, reviewer, self._db.time(), number),
                )
                for other, at in others:  # the newest entry decides, and theirs stays
                    self._db.run(
                        "INSERT INTO tagging (record_id, tag, is_on, reviewer, at)"
                        " SELECT record_id, ?, 1, ?, ? FROM source WHERE id = ?",
                        *(tag, other, at, number),
                    )

    def _last_of_others(self, number: int, tag: str, reviewer: str) -> list[tuple[str, str]]:
        rows = self._db.rows(
            "SELECT tagging.reviewer, at, is_on, max(tagging.id) FROM tagging"
            " JOIN source ON source.id = tagging.record_id"
            " WHERE source.record_id = (SELECT record_id FROM source WHERE id = ?)"
            " AND tag = ? AND tagging.reviewer <> ? GROUP BY 1 ORDER BY 4",
            *(number, tag, reviewer),
        )
        return [(other, at) for other, at, is_on, _ in rows if is_on]
