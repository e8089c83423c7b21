"""The content of a record for each search field of PubMed."""

from __future__ import annotations

from functools import cached_property

from autoscreen.protocol import fold
from autoscreen.records import Record
from autoscreen.search_strategy.mesh_tree import normal_heading

Words = tuple[str, ...]

_FROM_PUBMED = ("nbib", "pubmed-xml")


class RecordFields:
    """The words and headings of a record, prepared to evaluate many operands."""

    def __init__(self, record: Record) -> None:
        self.record = record

    @property
    def indexing_known(self) -> bool:
        """Whether a missing MeSH heading means that PubMed has none for this record."""
        record = self.record
        from_pubmed = record.raw_format in _FROM_PUBMED
        return bool(record.mesh) or from_pubmed or bool(record.pmid and record.publication_types)

    @cached_property
    def title(self) -> list[Words]:
        """The words of the title."""
        return [_words(self.record.title)]

    @cached_property
    def abstract(self) -> list[Words]:
        """The words of the abstract."""
        return [_words(self.record.abstract)]

    @cached_property
    def keywords(self) -> list[Words]:
        """The words of each keyword."""
        return [_words(one) for one in self.record.keywords]

    @cached_property
    def index_terms(self) -> list[Words]:
        """The words of each heading, qualifier and publication type."""
        mesh = (part for one in self.record.mesh for part in one.replace("*", "").split("/"))
        return [_words(one) for one in (*mesh, *self.record.publication_types)]

    @cached_property
    def headings(self) -> list[tuple[str, frozenset[str], bool]]:
        """Each MeSH heading with its qualifiers, and whether it is a major topic."""
        found = []
        for one in self.record.mesh:
            heading, *qualifiers = one.replace("*", "").split("/")
            found.append(
                (normal_heading(heading), frozenset(map(normal_heading, qualifiers)), "*" in one)
            )
        return found

    def texts(self, field: str) -> list[Words]:
        """Return the texts in which a field searches words."""
        own = {"ti": self.title, "ab": self.abstract, "ot": self.keywords}
        if field in own:
            return own[field]
        found = self.title + self.abstract + self.keywords
        return found if field == "tiab" else found + self.index_terms


def _words(text: str) -> Words:
    return tuple(fold(text).split())
