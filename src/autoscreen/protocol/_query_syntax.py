"""Checks a PubMed query for errors that PubMed would change or ignore silently."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_PART = re.compile(r'"[^"]*"|\[[^\[\]]*\]|[():]|[^\s()\[\]":]+|\S')
_OPERATORS = frozenset({"AND", "NOT", "OR", ":"})
_STAR = re.compile(r"(\S*?)\*(\S?)")
_SHORTEST_STEM = 4
_TAG = re.compile(
    r"1au|ab|abstract|ad|affiliation|aid|all|all fields|au|auid|author|author - corporate|"
    r"author - first|author - identifier|author - last|book|cn|cois|corporate author|crdt|"
    r"date - completion|date - create|date - entry|date - mesh|date - modification|"
    r"date - publication|dcom|dp|ec/rn number|ed|edat|editor|fau|filter|fir|gr|grants and funding|"
    r"investigator|ip|ir|isbn|issue|jid|jour|journal|la|lang|language|lastau|lid|location id|lr|"
    r"majr|majr:noexp|mesh|mesh major topic|mesh major topic:noexp|mesh subheading|"
    r"mesh subheadings|mesh terms|mesh terms:noexp|mesh:noexp|mh|mh:noexp|mhda|nm|ot|other term|"
    r"pa|pagination|pdat|pg|pharmacological action|pl|place of publication|pmid|ps|pt|ptyp|"
    r"publication date|publication type|publisher|pubn|rn|sb|secondary source id|sh|sh:noexp|si|"
    r"subheading|subject - personal name|subset|supplementary concept|ta|text word|text words|ti|"
    r"tiab|title|title/abstract|transliterated title|tt|tw|uid|vi|volume"
    r"|(?:ad|affiliation|ti|tiab|title|title/abstract):~\d+"
)


class Fault(NamedTuple):
    """An error in a query."""

    line: int
    message: str
    hint: str


def query_fault(query: str) -> Fault | None:
    """
    Return the first error in a PubMed query, or None.

    Brackets, quotes, operators, search field tags and truncation are checked (PubMed needs four
    letters before ``*``), but not the words.

    Examples
    --------
    >>> query_fault('pain[tiab] OR "neuralgia"[mh]') is None
    True
    >>> query_fault("pain[tiabs]").message
    'PubMed has no search field tag [tiabs]'
    """
    check = _Check()
    for match in _PART.finditer(query):
        line = query.count("\n", 0, match.start()) + 1
        for message, hint in check.read(match[0], line):
            return Fault(line, message, hint)
    return check.end(query.count("\n") + 1)


def query_parts(query: str) -> list[str]:
    """Return the brackets, operators, words, phrases and tags of a query."""
    return _PART.findall(query)


class _Check:
    """Reads a query part by part and expects either an operand or an operator."""

    def __init__(self) -> None:
        self._open: list[int] = []
        self._operand_due = True
        self._complete = False
        self._last = ""

    def read(self, part: str, line: int) -> Iterator[tuple[str, str]]:
        """Yield the errors in the next part."""
        if part == "(":
            yield from self._begin_operand(part)
            self._open.append(line)
            self._operand_due = True
        elif part == ")":
            yield from self._close()
        elif part in _OPERATORS:
            if self._operand_due:
                yield f"there is no search word before {part}", "add one"
            self._operand_due = True
        elif part[0] == "[" and part[-1] == "]" and len(part) > 1:
            yield from self._tag(part)
        else:
            yield from self._word(part)
        self._last = part

    def end(self, line: int) -> Fault | None:
        """Return the error at the end of the query, if any."""
        if self._open:
            return Fault(self._open[-1], "a ( is never closed", "add the missing )")
        if self._operand_due:
            return Fault(line, "a search word is missing at the end of the query", "complete it")
        return None

    def _begin_operand(self, part: str) -> Iterator[tuple[str, str]]:
        if not self._operand_due and (self._complete or part[0] in '("' or self._last[0] == '"'):
            yield f"an operator is missing before {part}", "write AND, OR or NOT, in capitals"
        self._complete = False
        self._operand_due = False

    def _close(self) -> Iterator[tuple[str, str]]:
        if not self._open:
            yield "a ) has no matching (", "remove it or add the missing ("
        elif self._operand_due:
            yield "a search word is missing before )", "complete the brackets"
        else:
            self._open.pop()
        self._complete = True

    def _tag(self, part: str) -> Iterator[tuple[str, str]]:
        name = " ".join(part[1:-1].lower().split())
        if self._operand_due or self._complete:
            yield f"{part} does not follow a word", "put the tag directly after its word or phrase"
        elif not _TAG.fullmatch(name):
            yield f"PubMed has no search field tag {part}", "for example [tiab], [mh], [pt]"
        self._complete = True

    def _word(self, part: str) -> Iterator[tuple[str, str]]:
        if part in ('"', "[", "]"):
            yield f"a {part} is not matched", "close or remove it"
        elif set(part) & set("\u201c\u201d\u201e\u00ab\u00bb"):
            yield f"{part} has curly quotes", 'use straight quotes: "'
        yield from self._begin_operand(part)
        for star in _STAR.finditer(part.strip('"')):
            if star[2] or len(star[1]) < _SHORTEST_STEM:
                yield (
                    f"PubMed cannot truncate {part}",
                    f"use at least {_SHORTEST_STEM} letters before * and nothing after it",
                )
