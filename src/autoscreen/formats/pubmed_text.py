"""PubMed's download "Abstract (text)": numbered records in paragraphs, made for printing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from autoscreen.formats._base import Chunk, each_record
from autoscreen.formats._clean import doi, plain, pmcid, pmid, unique, year
from autoscreen.formats._problem import Problem
from autoscreen.formats._publication_notices import implied_notices, notices_of
from autoscreen.formats._source import Source
from autoscreen.records import Notice, Record

_SNIFF = re.compile(
    r"\A\s*\d+[.:] [^\n]*\d{4}(?:[^\n]|\n(?!\s*\n))*\n\s*\n(?s:.*?)^PMID: *\d", re.MULTILINE
)
_START = re.compile(r"[ \t]*(\d+)[.:] \S.*")
_PMID = re.compile(r"PMID: *\d")
_BLANK = re.compile(r"\n(?:[ \t]*\n)+")
_NUMBER = re.compile(r"\s*\d+[.:]\s+")
_CITED = re.compile(
    r"(?P<journal>[^;]+?)\. (?P<year>\d{4})\b[^;:]*"
    r"(?:;(?P<volume>[^(:.]*)(?:\((?P<issue>[^()]*)\))?)?(?::(?P<pages>[^.]*))?\."
)
_IDS = re.compile(r"^(DOI|PMCID|PMID): *(.*)$", re.MULTILINE)
_LANGUAGE = re.compile(r"\[(?:Article|Chapter) in ([^\]]+)\]\.?", re.IGNORECASE)
_NO_AUTHORS = re.compile(r"\[No authors listed\]\.?", re.IGNORECASE)
_MARKS = re.compile(r"(?:\((?:\d+|#|\*)\))+|(?<=\w)(?:\s*\[\d+\])+")
_PERSON = re.compile(
    r"[^\W\d_].*\s(?:[^\W\d_a-z]\.?-?){1,5}(?: (?:[JS]r|2nd|3rd|[1-4]th|I{1,3}|IV))?\.?"
)
_GROUP = re.compile(
    r"\b(?:group|collaborat|consortium|investigators|network|society|committee|team|trial|study"
    r"|association|organi[sz]ation|institute|centre|center|council|federation|initiative|panel)",
    re.IGNORECASE,
)
_LONGEST_GROUP = 120
_OTHER = re.compile(
    r"Author information:|Collaborators:|Conflicts? of interest(?: statement)?:|"
    r"(?:\W*Copyright|\u00a9|\(c\)) ?\S|Comment (?:in|on)$|Comment (?:in|on)\b.*\n|"
    r"(?:Update|Reprint|Republished|Cites|Dataset|Summary for patients|Original report)\b"
    r"[\w ]{0,20}\n|Publisher: Abstract available|Erratum for\b|Expression of concern for\b",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r".{0,160}(?:\u00a9|(?:\(c\)|copyright)\W+(?:\(c\)\W*)?(?:19|20)\d\d|all rights reserved)",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_COPYRIGHT = 400
_KEYWORDS = re.compile(r"key ?words?: *", re.IGNORECASE)
_NOTICES = {
    "erratum in": "EIN",
    "retraction in": "RIN",
    "retracted in": "RIN",
    "retracted and republished in": "RRI",
    "retraction of": "ROF",
    "expression of concern in": "ECI",
    "corrected and republished in": "CRI",
    "partial retraction in": "PRIN",
    "update in": "UIN",
}
_NOTICE = re.compile(rf"({'|'.join(_NOTICES)})\b:?\s*(.*)", re.IGNORECASE | re.DOTALL)


class _Reader:
    """Reads PubMed's text with abstracts; a record begins with its number after a blank line."""

    name = "pubmed-text"

    def sniff(self, head: str) -> bool:
        """Return whether a numbered source and paragraphs up to a PMID begin the file."""
        return _SNIFF.match(head) is not None

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the records, and what could not be read."""
        return each_record(source, _chunks(source), _record)


READER = _Reader()


def _chunks(source: Source) -> Iterator[Chunk | Problem]:
    """Cut where the next number stands after a blank line, once the record has its PMID."""
    lines: list[str] = []
    start, number, complete, blank = 0, 0, True, True
    for at, text in source.lines():
        match = _START.fullmatch(text) if blank else None
        if match and (complete or (int(match[1]) == number + 1 and year(text))):
            if lines:
                yield Chunk(start, "\n".join(lines))
            lines, start, number, complete = [], at, int(match[1]), False
        if number:
            lines.append(text)
        elif text.strip():
            yield source.problem(f"text outside any record was ignored: {text[:60]!r}", line=at)
        complete = complete or _PMID.match(text) is not None
        blank = not text.strip()
    if lines:
        yield Chunk(start, "\n".join(lines))


@dataclass(slots=True)
class _Parts:
    """The paragraphs of a record, by what they are."""

    authors: str = ""
    texts: list[str] = field(default_factory=list)
    languages: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    ids: dict[str, str] = field(default_factory=dict)


def _record(text: str, warn: Callable[[str], None]) -> Record:
    cited, *blocks = (block for block in _BLANK.split(text.strip("\n")) if block.strip())
    if not blocks or _IDS.match(blocks[0]):
        raise ValueError("it has no title; in PubMed: Save, format PubMed")
    parts = _parted(blocks[1:])
    if "PMID" not in parts.ids:
        warn("has no line with a PMID: cut off?")
    source = plain(_NUMBER.sub("", cited, count=1))
    match = _CITED.match(source)
    found = {name: value or "" for name, value in match.groupdict().items()} if match else {}
    title = plain(blocks[0])
    return Record(
        title=title,
        abstract=plain(" ".join(parts.texts)),
        authors=_people(parts.authors),
        year=year(found.get("year", "")) or year(source),
        journal=found.get("journal", ""),
        volume=found.get("volume", "").strip(),
        issue=found.get("issue", ""),
        pages=found.get("pages", "").strip(),
        pmid=pmid(parts.ids.get("PMID", "").split("[")[0]),
        pmcid=pmcid(parts.ids.get("PMCID", "")),
        doi=doi(parts.ids.get("DOI", "")) or doi(source),
        keywords=parts.keywords,
        languages=parts.languages,
        notices=parts.notices + implied_notices(title, (), parts.notices),
        raw=text,
        raw_format=READER.name,
    )


def _parted(blocks: list[str]) -> _Parts:
    parts = _Parts()
    for at, block in enumerate(blocks):
        following = blocks[at + 1] if at + 1 < len(blocks) else ""
        if ids := _IDS.findall(block):
            parts.ids |= {name: value for name, value in ids if value}
        elif match := _LANGUAGE.fullmatch(block.strip()):
            parts.languages = unique(re.split(r",\s*|\s+and\s+", match[1]))
        elif match := _NOTICE.match(block):
            tag = _NOTICES[match[1].lower()]
            parts.notices += notices_of((tag, one) for one in _references(match[2]))
        elif match := _KEYWORDS.match(block):
            words = block[match.end() :].removesuffix(".").split(";")
            parts.keywords = unique(map(plain, words))
        elif _OTHER.match(block) or _NO_AUTHORS.fullmatch(block.strip()):
            continue
        elif not (parts.authors or parts.texts) and _names_people(block, following):
            parts.authors = plain(block)
        elif not _is_copyright(block, following):
            parts.texts.append(block)
    return parts


def _references(text: str) -> list[str]:
    """Return the references of a notice, each of which begins in a line less indented."""
    return [" ".join(one.split()) for one in re.split(r"\n(?= {1,4}\S)", text) if one.strip()]


def _names_people(block: str, following: str) -> bool:
    if following.startswith("Author information:"):
        return True
    names = _people(plain(block))
    persons = sum(1 for name in names if _PERSON.fullmatch(name))
    if persons == len(names) or (persons and len(names) - persons == 1):
        return bool(names)
    return len(block) < _LONGEST_GROUP and _GROUP.search(block) is not None


def _people(text: str) -> tuple[str, ...]:
    """Return the names of PubMed's list, without the numbers of their addresses."""
    bare = _MARKS.sub("", text).strip()
    last_initial = re.search(r"\s[^\W\d_a-z]\.$", bare)
    bare = bare.removesuffix(".") if last_initial or bare.endswith(".") else bare
    return unique(name.strip(" .") for name in re.split(r"[,;]", bare))


def _is_copyright(block: str, following: str) -> bool:
    """Return whether a paragraph is the publisher's line that ends an abstract."""
    ends = not following or bool(_IDS.match(following) or _OTHER.match(following))
    return ends and len(block) < _LONGEST_COPYRIGHT and _COPYRIGHT.match(block) is not None
