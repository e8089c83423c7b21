"""The MeSH headings included in autoscreen, their entry terms, and the tree of headings."""

from __future__ import annotations

import gzip
from bisect import bisect_left
from functools import cache, cached_property

from autoscreen.protocol import fold
from autoscreen.resources import resource

_LONGEST_WORD_ENDING = 5
_LONGEST_ENDING = 3  # Letters; "neuropath*" does not name "Neuropathology"
# Only tree numbers of diseases are included. These headings have none below them.
_NOTHING_BELOW = frozenset(("humans", "male", "female", "pregnancy"))


def normal_heading(text: str) -> str:
    """Return a heading in lower case, without accents and signs."""
    return " ".join(fold(text).split())


class MeshTree:
    """Looks up headings by any of their names."""

    def __init__(self, lines: list[str]) -> None:
        self._trees: dict[str, tuple[str, ...]] = {}
        self._names: dict[str, str] = {}
        self._entry_terms: dict[str, str] = {}
        for line in lines:
            _kind, heading, trees, terms = line.split("\t")
            if heading:
                key = normal_heading(heading)
                self._names[key] = heading
                self._trees[key] = tuple(trees.split())
                for term in terms.split("|"):
                    self._entry_terms.setdefault(normal_heading(term), key)
        self._sorted = sorted(self._names)

    def heading(self, text: str) -> str:
        """Return the normal form of the heading that a text names; empty if there is none."""
        key = normal_heading(text)
        return key if key in self._names else self._entry_terms.get(key, "")

    def headings_of_term(self, term: str) -> list[str]:
        """Return the headings that a term of a protocol names, with any ending after a ``*``."""
        if not term.endswith("*"):
            return [self.heading(term)] if self.heading(term) else []
        stem = normal_heading(term)
        at = bisect_left(self._sorted, stem)
        found = []
        while at < len(self._sorted) and self._sorted[at].startswith(stem):
            ending = self._sorted[at][len(stem) :]
            if " " not in ending and len(ending) <= _LONGEST_ENDING:
                found.append(self._sorted[at])
            at += 1
        return found

    def words_with_stem(self, stem: str) -> list[str]:
        """Return the words of all names that begin with a stem, the shortest first."""
        start, words = fold(stem), self._words
        at = bisect_left(words, start)
        found = []
        while at < len(words) and words[at].startswith(start):
            if len(words[at]) <= len(start) + _LONGEST_WORD_ENDING:
                found.append(words[at])
            at += 1
        return sorted(found, key=lambda word: (len(word), word))

    @cached_property
    def _words(self) -> list[str]:
        names = (*self._names, *self._entry_terms)
        return sorted({word for name in names for word in name.split() if word.isalpha()})

    def name(self, heading: str) -> str:
        """Return a heading as MeSH writes it."""
        return self._names[heading]

    def is_below(self, heading: str, other: str) -> bool | None:
        """Return whether a heading lies below another in the tree; None if it is not known."""
        if other in _NOTHING_BELOW:
            return False
        above, own = self._trees.get(other, ()), self._trees.get(heading, ())
        if not above or (heading not in self._names):
            return None
        return any(one.startswith(f"{tree}.") for one in own for tree in above)


@cache
def mesh_lines() -> list[str]:
    """Return the lines of the included vocabulary: kind, heading, tree numbers, terms."""
    packed = resource("data", "vocabulary", "mesh.tsv.gz").read_bytes()
    return gzip.decompress(packed).decode("utf-8").splitlines()


@cache
def mesh_tree() -> MeshTree:
    """Return the included MeSH headings."""
    return MeshTree(mesh_lines())
