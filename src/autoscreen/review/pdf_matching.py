"""Which record a PDF belongs to, by DOI, PMID and title in its name or on its first pages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autoscreen.records import Record

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+", re.IGNORECASE)
_PMID = re.compile(r"\bpmid\s*:?\s*(\d{4,8})\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<!\d)\d{5,8}(?!\d)")
_ID = re.compile(r"r(\d+)(?![0-9a-z])", re.IGNORECASE)
_PAGES = 2
"""Pages on which a report names itself; further ones cite others."""
_SHORT_WORDS, _SHORT_LETTERS = 4, 20
"""A title below one of these can be part of another text."""
_CLOSE = 92.0
"""How similar a passage must be to a title to be shown as a possible match, in percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PossibleMatch:
    """A record that a PDF may belong to, and what speaks for it."""

    id: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfMatch:
    """The record that a PDF belongs to, or those that it may belong to."""

    record: str  # Id of the record; empty if none is sure
    evidence: str
    possible: tuple[PossibleMatch, ...] = ()


@dataclass(frozen=True, slots=True)
class _Paper:
    """What a PDF says of itself."""

    name: str  # Words of the name of the file
    name_dois: str  # The same with what stands for the slash and dots of a DOI made alike
    numbers: frozenset[str]
    first: str  # Words of the first page, and of the first pages
    words: str
    dois: tuple[str, ...]
    pmids: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Evidence:
    sure: tuple[str, ...]
    weak: tuple[str, ...]
    against: bool


def match_pdf(
    name: str, pages: Sequence[str], records: Mapping[str, Record], eligible: Iterable[str]
) -> PdfMatch:
    """Return the record that the pages of a PDF belong to.

    It is sure if its own DOI, its PMID or its whole title are those of one record that title and
    abstract included (`eligible`), and nothing speaks against it. Otherwise a person decides.
    """
    paper = _read(name, pages)
    wanted = set(eligible)
    found = {
        ident: evidence
        for ident, record in records.items()
        if (evidence := _compare(paper, record, ident, titles=ident in wanted)) is not None
    }
    if not found:
        found = {
            ident: _Evidence((), tuple(same), against=False)
            for ident, record in records.items()
            if (same := _same_title(paper, _words(record.title)))
        }
    sure = [one for one, evidence in found.items() if evidence.sure and not evidence.against]
    strong = [one for one, evidence in found.items() if evidence.sure]
    if len(sure) == 1 and strong == sure and sure[0] in wanted:
        return PdfMatch(record=sure[0], evidence=", ".join(found[sure[0]].sure))
    order = sorted(found, key=lambda one: (-len(found[one].sure), -len(found[one].weak)))
    return PdfMatch(
        record="",
        evidence="",
        possible=tuple(
            PossibleMatch(id=one, evidence=_said(found[one], included=one in wanted))
            for one in order[:5]
        ),
    )


def _said(evidence: _Evidence, *, included: bool) -> str:
    parts = [*evidence.sure, *evidence.weak]
    if evidence.against:
        parts.append("but another DOI is on the first page")
    if not included:
        parts.append("not included by title and abstract")
    return ", ".join(parts)


def _read(name: str, pages: Sequence[str]) -> _Paper:
    stem = re.sub(r"\.pdf$", "", name, flags=re.IGNORECASE)
    text = "\n".join(pages[:_PAGES])
    dois = tuple(dict.fromkeys(_trimmed(one) for one in _DOI.findall(text)))
    return _Paper(
        name=_words(stem),
        name_dois=_alike(stem),
        numbers=frozenset(_NUMBER.findall(stem)),
        first=_words(pages[0] if pages else ""),
        words=_words(text),
        dois=dois,
        pmids=frozenset(_PMID.findall(text)),
    )


def _compare(paper: _Paper, record: Record, ident: str, *, titles: bool) -> _Evidence | None:
    sure: list[str] = []
    weak: list[str] = []
    doi = record.doi.lower() if record.doi else ""
    if doi and re.search(rf"(?<![0-9a-z]){re.escape(_alike(doi))}(?![0-9a-z])", paper.name_dois):
        sure.append("DOI in the file name")
    if doi and doi in paper.dois:
        (sure if paper.dois[0] == doi else weak).append("DOI on the first pages")
    if record.pmid and record.pmid in paper.numbers:
        sure.append("PMID in the file name")
    if record.pmid and record.pmid in paper.pmids:
        weak.append("PMID on the first pages")
    begins = _ID.match(paper.name)
    if begins and f"r{begins[1]}" == ident:
        weak.append("id in the file name")
    if titles:
        _compare_titles(paper, _words(record.title), sure, weak)
    if not (sure or weak):
        return None
    return _Evidence(tuple(sure), tuple(weak), bool(doi and paper.dois and doi not in paper.dois))


def _compare_titles(paper: _Paper, title: str, sure: list[str], weak: list[str]) -> None:
    from rapidfuzz import fuzz  # noqa: PLC0415  (only PDFs need it here)

    if _is_short(title):
        return
    sure += _same_title(paper, title)
    if "title on the first page" in sure:
        return
    if fuzz.partial_ratio(title, paper.words, score_cutoff=_CLOSE):
        weak.append("a similar title on the first pages")
    elif len(paper.name) >= _SHORT_LETTERS and title.startswith(paper.name):
        weak.append("beginning of the title in the file name")


def _same_title(paper: _Paper, title: str) -> list[str]:
    if _is_short(title):
        return []
    places = {"title in the file name": paper.name, "title on the first page": paper.first}
    return [words for words, text in places.items() if f" {title} " in f" {text} "]


def _is_short(title: str) -> bool:
    """Return whether a title can be part of another text by chance."""
    return len(title) < _SHORT_LETTERS or title.count(" ") + 1 < _SHORT_WORDS


def _trimmed(doi: str) -> str:
    """Return a DOI without the punctuation of the sentence around it."""
    found = doi.lower().rstrip(".,;:'")
    while found.endswith(")") and found.count(")") > found.count("("):
        found = found[:-1].rstrip(".,;:'")
    return found.rstrip("]}")


def _alike(text: str) -> str:
    """Return a text in which all that replaces the slash of a DOI in file names is alike."""
    return re.sub(r"[^0-9a-z]+", "-", text.lower())


def _words(text: str) -> str:
    """Return the words of a text, without case, accents, ligatures and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join("".join(char if char.isalnum() else " " for char in letters).split())
