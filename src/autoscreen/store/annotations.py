"""What reviewers wrote on records, as far as one may see it: tags, notes and comments."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from autoscreen.store.comments import Comments
from autoscreen.store.database import Database
from autoscreen.store.double_screening import Screening
from autoscreen.store.record_tags import Tags
from autoscreen.store.text_search import SearchTerm

_NOTES = (
    "SELECT source.record_id, reviewer, note, max(standing.id) FROM standing"
    " JOIN source ON source.id = standing.record_id"
    " WHERE note <> '' AND stage = 'title-abstract' GROUP BY 1, 2 ORDER BY 4"
)


class Annotations:
    """Tags, notes and comments, for one viewer; those hidden from them are left out."""

    def __init__(self, db: Database, viewer: str | None) -> None:
        self.tags = Tags(db).visible(viewer)
        self.notes = _notes(db, viewer)
        self.comments = Comments(db).texts(viewer)

    def _columns(self) -> tuple[tuple[str, dict[int, list[str]]], ...]:
        """Return the texts by the name that a search binds them to."""
        return ("tag", self.tags), ("note", self.notes), ("note", self.comments)

    def records_with(self, terms: Iterable[SearchTerm]) -> set[int]:
        """Return the records whose tags, notes or comments have one of these terms."""
        found: set[int] = set()
        for term in terms:
            for column, texts in self._columns():
                if term.column in ("", column):
                    wanted = _words(term.words)
                    found |= {
                        number
                        for number, some in texts.items()
                        if any(_has(_words(text), wanted, prefix=term.prefix) for text in some)
                    }
        return found


def _notes(db: Database, viewer: str | None) -> dict[int, list[str]]:
    rows = db.rows(_NOTES)
    hidden = Screening(db).hidden_among({row[0] for row in rows})
    found: dict[int, list[str]] = {}
    for number, reviewer, note, _ in rows:
        if number not in hidden or reviewer == viewer:
            found.setdefault(number, []).append(note)
    return found


def _words(text: str) -> list[str]:
    """Return the words of a text as the index of records has them: without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return "".join(char if char.isalnum() else " " for char in letters).split()


def _has(words: list[str], wanted: list[str], *, prefix: bool) -> bool:
    """Whether the wanted words follow one another, the last one perhaps with another ending."""
    last = len(wanted) - 1

    def begins(at: int) -> bool:
        end = words[at + last]
        return words[at : at + last] == wanted[:-1] and (
            end.startswith(wanted[-1]) if prefix else end == wanted[-1]
        )

    return last >= 0 and any(begins(at) for at in range(len(words) - last))
