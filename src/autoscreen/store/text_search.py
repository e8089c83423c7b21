"""Searches the words of records: what a person types, and the index that answers it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic, sleep

from autoscreen.store.database import Database

COLUMNS = ("title", "abstract", "author", "journal")
"""Parts of a record that a word can be bound to, as in ``title:pain``."""
ANNOTATIONS = ("tag", "note")
"""What reviewers add, which a word can be bound to as well; comments are found as notes."""
FULL_TEXT = "fulltext"
"""The text of the PDFs of a record, which a word can be bound to as well."""
_BOUND = (*COLUMNS, *ANNOTATIONS, FULL_TEXT)

_STEP, _GENTLE_STEP = 2000, 100
_PART = re.compile(
    rf'(-?)(?:({"|".join(_BOUND)}):)?(?:"([^"]*)"?|([^\s"]+))',
    re.IGNORECASE | re.UNICODE,
)
_INDEX = """
INSERT INTO source_words (rowid, title, abstract, author, journal, other)
SELECT source_id, json_extract(content, '$.title'), json_extract(content, '$.abstract'),
  json_extract(content, '$.authors'), json_extract(content, '$.journal'),
  coalesce(json_extract(content, '$.mesh'), '') || ' '
  || coalesce(json_extract(content, '$.keywords'), '') || ' '
  || coalesce(json_extract(content, '$.publication_types'), '') || ' '
  || coalesce(json_extract(content, '$.pmid'), '') || ' '
  || coalesce(json_extract(content, '$.doi'), '') || ' '
  || coalesce(json_extract(content, '$.accession'), '') || ' '
  || coalesce(json_extract(content, '$.note'), '')
FROM source_text WHERE source_id > ?1 AND source_id <= ?2 ORDER BY source_id
"""


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """A word or phrase that is looked for."""

    words: str
    column: str = ""  # A part of the record, what reviewers add, or `FULL_TEXT`; empty for anywhere
    prefix: bool = False  # Whether the last word may have any ending

    @property
    def match(self) -> str:
        """The term as the index of records understands it; empty if it is not about records."""
        if self.column in (*ANNOTATIONS, FULL_TEXT):
            return ""
        bound = f"{self.column} : " if self.column else ""
        return f"{bound}{self._quoted}"

    @property
    def in_full_text(self) -> str:
        """The term as the index of full texts understands it; empty if it is not about them."""
        return self._quoted if self.column in ("", FULL_TEXT) else ""

    @property
    def _quoted(self) -> str:
        return f'"{self.words}"{"*" if self.prefix else ""}'


@dataclass(frozen=True, slots=True)
class ParsedSearch:
    """One condition of a search: one of its terms must occur, or none if it is negative."""

    terms: tuple[SearchTerm, ...]
    negative: bool = False

    @property
    def match(self) -> str:
        """The terms as the index of records understands them; empty if none is about records."""
        return " OR ".join(filter(None, (term.match for term in self.terms)))

    @property
    def in_full_text(self) -> str:
        """The terms as the index of full texts understands them; empty if none is about them."""
        return " OR ".join(filter(None, (term.in_full_text for term in self.terms)))


def parse_search(text: str) -> tuple[ParsedSearch, ...]:
    """
    Parse what a person typed into the search box; any text is a valid search.

    All words must occur, in any order; ``"a phrase"`` as it is; ``stimul*`` with any ending;
    ``-word`` or ``NOT word`` unwanted; ``a OR b`` one of them; ``title:``, ``abstract:``,
    ``author:``, ``journal:``, ``tag:``, ``note:`` and ``fulltext:`` bind a word or phrase to that
    part. Case and accents are free. A text without any word finds nothing; `search_problems` says
    why.
    """
    found: list[ParsedSearch] = []
    negative = joined = False
    for operator, condition in _parts(text):
        if condition is None:
            negative |= operator == "NOT"
            joined |= operator == "OR"
            continue
        unwanted = condition.negative or negative
        if joined and found and not unwanted and not found[-1].negative:
            found[-1] = ParsedSearch((*found[-1].terms, *condition.terms))
        else:
            found.append(ParsedSearch(condition.terms, unwanted))
        negative = joined = False
    return tuple(found)


def search_problems(text: str) -> list[str]:
    """Return what in a search has no effect, or another one than was probably meant."""
    if not text.strip():
        return []
    plain = re.sub(r'"[^"]*("|$)', "x ", text)
    found = [] if parse_search(text) else ["The search contains no words."]
    if text.count('"') % 2:
        found.append("A quotation mark is not closed; the phrase is read to the end.")
    if re.search(r"(?:^|\s)-?\(|\)(?:\s|$)", plain):
        found.append("Parentheses have no effect. OR joins the two words beside it.")
    if re.search(r"\*\w|(?:^|\s)\*", plain):
        found.append("An asterisk works only at the end of a word, as in stimul*.")
    if re.search(r"^\s*(?:AND|OR)\b|\b(?:AND|OR|NOT)\s*$", plain):
        found.append("AND and OR need a word on both sides, NOT needs a word after it.")
    for name, rest in re.findall(r"(?:^|\s)-?([A-Za-z]+):(?!//)(\S?)", plain):
        if name.lower() in _BOUND and not rest:
            found.append(f"Write {name}: and the word without a space between them.")
        elif name.lower() not in _BOUND:
            fields = ", ".join(f"{one}:" for one in _BOUND)
            found.append(f"{name}: is not a field, so it is read as a word. Fields: {fields}")
    return found


def _parts(text: str) -> Iterator[tuple[str, ParsedSearch | None]]:
    """Yield operators and conditions as they come."""
    for minus, column, phrase, word in _PART.findall(_storable(text)):
        if not (minus or column) and word in ("AND", "OR", "NOT"):
            yield word, None
            continue
        said = phrase or word
        # What has no letter or digit cannot be found, nor asked for.
        if any(char.isalnum() for char in said):
            clean = said.replace('"', " ").strip("* ")
            term = SearchTerm(clean, column.lower(), said.endswith("*"))
            yield "", ParsedSearch((term,), bool(minus))


def _storable(text: str) -> str:
    """Replace what the index would stumble over: no Unicode, and the sign that ends its texts."""
    return text.encode("utf-8", "replace").decode().replace("\0", " ")


def catch_up(db: Database, *, enough: Callable[[], bool] | None = None) -> None:
    """Index the sources that are not yet."""
    step = _GENTLE_STEP if enough else _STEP
    newest = db.value("SELECT coalesce(max(source_id), 0) FROM source_text")
    while _indexed(db) < newest and not (enough and enough()):
        begun = monotonic()
        with db.writing():
            after = _indexed(db)  # another process may have been faster
            last = db.value(
                "SELECT max(source_id) FROM (SELECT source_id FROM source_text WHERE source_id > ?"
                " ORDER BY source_id LIMIT ?)",
                *(after, step),
            )
            if last is not None:
                db.run(_INDEX, after, last)
                db.run("UPDATE meta SET value = ? WHERE key = 'indexed'", str(last))
        if enough:
            sleep(2 * (monotonic() - begun))


def _indexed(db: Database) -> int:
    return int(db.value("SELECT value FROM meta WHERE key = 'indexed'"))
