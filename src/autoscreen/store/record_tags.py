"""Tags of records: added and removed, also for many records at once, and renamed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autoscreen.errors import InputError
from autoscreen.store.database import Database, Row
from autoscreen.store.double_screening import Screening
from autoscreen.store.effective_label import NOBODY

RANK_TAG, OPEN_TAG = "reading rank ", "no label yet: "
"""How the tags begin that an export adds; a file that has them brings them in no more."""
_NEWEST = (
    "SELECT source.record_id, tag, tagging.reviewer, is_on, max(tagging.id) FROM tagging"
    " JOIN source ON source.id = tagging.record_id GROUP BY 1, 2, 3 ORDER BY 5"
)
_ACTS = (
    "SELECT id, tag, renamed_to, is_on, reviewer, at,"
    " (SELECT count(DISTINCT record_id) FROM tagging WHERE tagging.id BETWEEN first AND last),"
    " EXISTS (SELECT 1 FROM tag_act AS later WHERE later.undoes = tag_act.id) FROM tag_act"
    " WHERE undoes IS NULL AND (?1 IS NULL OR id = ?1) ORDER BY id DESC"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TagAct:
    """A tag added to many records, removed from them, or renamed."""

    id: int  # Its number, from 1
    tag: str
    # The new name; empty if the tag was deleted everywhere, None if it was added or removed
    renamed_to: str | None
    on: bool  # Whether the tag was added
    reviewer: str
    at: str
    records: int  # How many records it changed
    undone: bool


class Tags:
    """The tags of a review."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, number: int, *, by: str | None = None) -> list[str]:
        """Return the tags of a record, or those that one reviewer added, oldest first."""
        rows = self._db.rows(
            "SELECT tag, is_on, max(tagging.id) FROM tagging"
            " JOIN source ON source.id = tagging.record_id"
            " WHERE source.record_id = (SELECT record_id FROM source WHERE id = ?1)"
            " AND (?2 IS NULL OR tagging.reviewer = ?2 OR tagging.reviewer GLOB ?3)"
            " GROUP BY tag ORDER BY 3",
            *(number, by, f"{NOBODY}*"),
        )
        return [tag for tag, is_on, _ in rows if is_on]

    def visible(self, viewer: str | None) -> dict[int, list[str]]:
        """
        Return the tags that a reviewer may see of each record that has any, oldest first.

        Of a record that others may still screen independently, these are the viewer's own and
        those of imported files.
        """
        every: dict[int, dict[str, bool]] = {}
        own: dict[int, dict[str, bool]] = {}
        for number, tag, reviewer, is_on, _ in self._db.rows(_NEWEST):
            for known in (every, own) if reviewer == viewer or _of_file(reviewer) else (every,):
                some = known.setdefault(number, {})
                some.pop(tag, None)  # the newest entry decides, and stands last
                some[tag] = bool(is_on)
        hidden = Screening(self._db).hidden_among(every)
        shown = {n: own.get(n, {}) if n in hidden else tags for n, tags in every.items()}
        found = {n: [tag for tag, is_on in tags.items() if is_on] for n, tags in shown.items()}
        return {number: tags for number, tags in found.items() if tags}

    def set(self, number: int, tag: str, reviewer: str, *, on: bool, blind: bool = False) -> None:
        """Add a tag to a record, or remove it; blind, only for the reviewer themselves."""
        with self._db.writing():
            if (tag in self.of(number, by=reviewer if blind else None)) != on:
                others = self._last_of_others(number, tag, reviewer) if blind and not on else []
                self._add(number, tag, reviewer, self._db.time(), on=on)
                for other, at in others:  # the newest entry decides, and theirs stays
                    self._add(number, tag, other, at, on=True)

    def set_many(
        self, numbers: Iterable[int], tag: str, reviewer: str, *, on: bool
    ) -> TagAct | None:
        """Add a tag to many records, or remove it, as one act; None if nothing changed."""
        wanted = list(numbers)
        with self._db.writing():
            before = self._newest()
            hidden = Screening(self._db).hidden_among(wanted)
            for number in wanted:
                self.set(number, tag, reviewer, on=on, blind=number in hidden)
            return self._act(before, tag, None, reviewer, on=on)

    def rename(self, tag: str, new: str, reviewer: str) -> TagAct | None:
        """
        Rename a tag everywhere, or remove it everywhere if the new name is empty.

        The new name may be that of another tag. Each entry keeps the name of who added the tag, so
        that it stays hidden where it was.
        """
        with self._db.writing():
            before, at = self._newest(), self._db.time()
            for number, who in self._holders(tag):
                has = self.of(number, by=who if self._hidden(number) else None)
                self._add(number, tag, who, at, on=False)
                if new and new not in has:
                    self._add(number, new, who, at, on=True)
            return self._act(before, tag, new, reviewer, on=bool(new))

    def acts(self) -> list[TagAct]:
        """Return the bulk changes of tags, newest first."""
        return [_tag_act(row) for row in self._db.rows(_ACTS, None)]

    def undo(self, number: int, reviewer: str) -> TagAct:
        """Undo an act; tags that were changed since by others stay as they are."""
        db = self._db
        with db.writing():
            act = self._get(number)
            if act.undone:
                raise InputError("this was undone already")
            before = self._newest()
            rows = db.rows(
                "SELECT tagging.record_id, tagging.tag, tagging.is_on, tagging.reviewer"
                " FROM tagging JOIN tag_act ON tagging.id BETWEEN first AND last"
                " WHERE tag_act.id = ?1 AND (?2 OR tagging.reviewer = ?3) ORDER BY tagging.id DESC",
                *(number, act.renamed_to is not None, act.reviewer),
            )
            for record, tag, is_on, who in rows:
                self.set(record, tag, who, on=not is_on, blind=self._hidden(record))
            db.run(
                "INSERT INTO tag_act (tag, renamed_to, is_on, reviewer, at, first, last, undoes)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                *(act.tag, act.renamed_to, act.on, reviewer, db.time(), before + 1, self._newest()),
                number,
            )
        return self._get(number)

    def _holders(self, tag: str) -> list[tuple[int, str]]:
        """Return each record with a tag and who put it there; of hidden records, each who did."""
        found: dict[int, list[tuple[str, bool]]] = {}
        for number, one, reviewer, is_on, _ in self._db.rows(_NEWEST):
            if one == tag:
                found.setdefault(number, []).append((reviewer, bool(is_on)))
        hidden = Screening(self._db).hidden_among(found)
        return [
            (number, who)
            for number, entries in found.items()
            for who, is_on in (entries if number in hidden else entries[-1:])
            if is_on
        ]

    def _hidden(self, number: int) -> bool:
        return Screening(self._db).hidden(number)

    def _act(
        self, before: int, tag: str, renamed_to: str | None, reviewer: str, *, on: bool
    ) -> TagAct | None:
        last = self._newest()
        if last == before:
            return None
        number = self._db.run(
            "INSERT INTO tag_act (tag, renamed_to, is_on, reviewer, at, first, last)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(tag, renamed_to, on, reviewer, self._db.time(), before + 1, last),
        )
        return self._get(number)

    def _get(self, number: int) -> TagAct:
        row = self._db.row(_ACTS, number)
        if row is None:
            raise InputError(f"there is no change of tags {number}", hint="load the page again")
        return _tag_act(row)

    def _newest(self) -> int:
        return int(self._db.value("SELECT coalesce(max(id), 0) FROM tagging"))

    def _add(self, number: int, tag: str, reviewer: str, at: str, *, on: bool) -> None:
        self._db.run(
            "INSERT INTO tagging (record_id, tag, is_on, reviewer, at)"
            " SELECT record_id, ?, ?, ?, ? FROM source WHERE id = ?",
            *(tag, on, reviewer, at, number),
        )

    def _last_of_others(self, number: int, tag: str, reviewer: str) -> list[tuple[str, str]]:
        rows = self._db.rows(
            "SELECT tagging.reviewer, at, is_on, max(tagging.id) FROM tagging"
            " JOIN source ON source.id = tagging.record_id"
            " WHERE source.record_id = (SELECT record_id FROM source WHERE id = ?)"
            " AND tag = ? AND tagging.reviewer <> ? GROUP BY 1 ORDER BY 4",
            *(number, tag, reviewer),
        )
        return [(other, at) for other, at, is_on, _ in rows if is_on and not _of_file(other)]


def imported_tags(tags: Iterable[str]) -> list[str]:
    """Return the tags of a record of a file, without those that an export of autoscreen added."""
    words = (" ".join(tag.split()) for tag in tags if not tag.startswith((RANK_TAG, OPEN_TAG)))
    return list(dict.fromkeys(filter(None, words)))


def _of_file(reviewer: str) -> bool:
    return reviewer.startswith(NOBODY)


def _tag_act(row: Row) -> TagAct:
    number, tag, renamed_to, is_on, reviewer, at, records, undone = row
    return TagAct(
        id=number,
        tag=tag,
        renamed_to=renamed_to,
        on=bool(is_on),
        reviewer=reviewer,
        at=at,
        records=records,
        undone=bool(undone),
    )
