"""How databases and reference managers each write RIS."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from autoscreen.formats import _clean
from autoscreen.formats._clean import plain
from autoscreen.formats._false_tags import TagGrammar, tags

Fields = Mapping[str, Sequence[str]]

# The tags of the RIS specification (2011), and those that databases use beside them.
_TAG_LIST = """
A1 A2 A3 A4 AB AD AI AN AU BT C1 C2 C3 C4 C5 C6 C7 C8 C9 CA CN CP CT CY DA DB DI DO DP
ED EI EP ER ET FU FX ID IS J1 J2 J9 JA JF JI JO KW L1 L2 L3 L4 LA LB LI LK M1 M2 M3 M4
N1 N2 NL NV OP PA PB PI PM PMID PP PT PU PY RI RN RP SE SN SO SP ST T1 T2 T3 TA TI TS TT
TY U1 U2 U3 U4 U5 UR VL VO WE Y1 Y2 YR
"""
_TAGS = tags(_TAG_LIST)
GRAMMAR = TagGrammar(
    line=re.compile(r"^[ \t]{0,8}([A-Z][A-Z0-9]{1,3})([ \t]{0,4}-)(?:[ \t]+(.*)|)$", re.MULTILINE),
    known=_TAGS,
    core=tags("TY TI T1 AU A1 PY YR AB"),
    once=tags("TY TI T1 PY Y1 YR JO JF J2 T2 VL IS SP EP DO LA ID CY DB DP PB ST TT ED ET SE OP"),
    texts=tags("AB N2 N1 TI T1 TT RN"),
    titles=tags("TI T1 TT"),
    small=tags(
        "AD AN BT C1 C2 C3 C4 C5 C6 C7 C8 DB DI DO DP ID IS JF JO J2 KW L1 L2 L3 L4"
        " LA LB LK M1 M2 M3 M4 N1 N2 PT RN SO ST T1 T2 T3 T4 TA TT U1 U2 U3 U4 U5 UR"
    ),
    people=tags("AU A1 A2 A3 A4 ED"),
    opening=frozenset(),
    closing=tags("ER"),
)
_IRREGULAR = re.compile(r"[\s\ufeff]{0,8}([A-Z][A-Z0-9]|PMID)[ \t]{0,4}-(?:\s+(.*)|)$", re.DOTALL)

_STRAY = re.compile(
    r"\s*(?:$|\d+\.\s*$|<\d+\.?\s*>$|%|[=*_~-]{3,}\s*$|<?https?://\S+$|Record #?\d+|"
    r"(?:Provider|Database|Content|Host|Results?|Search Strategy|Set|Export(?:ed)?)\b.*:|"
    r"Link to |NL {1,2}- |EF\s*$|\d+ +\S.*\(\d+\)$)",
    re.IGNORECASE,
)

# Lines of a note field that a database wrote and not a reader.
_DATABASE_NOTE = re.compile(
    r"(?:Cited By|Times Cited|Total Times Cited|Cited Reference Count|Export Date|CODEN|"
    r"Correspondence Address|Funding (?:details|text)|References|Chemicals/CAS|Manufacturers|"
    r"Tradenames|Source|Copyright|Last updated|Date (?:revised|created|completed)|"
    r"Database copyright|Zuletzt aktualisiert|SuppNotes|Name -|CorrespondenceAuthor|"
    r"DOI: |ISSN: |Article in Press$|LR: \d|Conference code|Accession Number: )",
    re.IGNORECASE,
)
_CINAHL = re.compile(r"(?:Journal Subset|NLM UID|Special Interest|Supplement Title): ")

# The publication types of Medline, which EndNote's import filter puts among its notes.
PUBLICATION_TYPES = frozenset(
    """Address|Adaptive Clinical Trial|Autobiography|Bibliography|Biography|Book Review
    Case Reports|Classical Article|Clinical Conference|Clinical Study|Clinical Trial
    Clinical Trial Protocol|Clinical Trial, Phase I|Clinical Trial, Phase II
    Clinical Trial, Phase III|Clinical Trial, Phase IV|Collected Work|Comment
    Comparative Study|Congress|Consensus Development Conference
    Consensus Development Conference, NIH|Controlled Clinical Trial
    Corrected and Republished Article|Dataset|Dictionary
    Directory|Duplicate Publication|Editorial|English Abstract
    Equivalence Trial|Evaluation Study|Evaluation Studies|Expression of Concern|Festschrift
    Guideline|Historical Article|Interactive Tutorial|Interview|Introductory Journal Article
    Journal Article|Lecture|Legal Case|Legislation|Letter|Meta-Analysis|Multicenter Study
    Network Meta-Analysis|News|Newspaper Article|Observational Study
    Observational Study, Veterinary|Overall|Patient Education Handout|Periodical Index
    Personal Narrative|Portrait|Practice Guideline|Pragmatic Clinical Trial|Preprint
    Published Erratum|Randomized Controlled Trial|Randomized Controlled Trial, Veterinary
    Research Support, N.I.H., Extramural|Research Support, N.I.H., Intramural
    Research Support, Non-U.S. Gov't|Research Support, U.S. Gov't, Non-P.H.S.
    Research Support, U.S. Gov't, P.H.S.|Retracted Publication|Retraction of Publication|Review
    Scientific Integrity Review|Scoping Review|Systematic Review|Technical Report|Twin Study
    Validation Study|Validation Studies|Video-Audio Media
    Webcast""".replace("\n    ", "|").split("|")
)

_PUBMED_URL = re.compile(
    r"(?:pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed/|"
    r"europepmc\.org/(?:abstract|article)/MED/)(\d{1,8})\b",
    re.IGNORECASE,
)
_PMC_URL = re.compile(r"/(?:pmc/)?articles/(?:pmid/)?(PMC\d+)", re.IGNORECASE)
_ACCESSION_LINK = re.compile(r"[?&](?:eid=(2-s2\.0-\d+)|id=(L\d{6,}))")  # Scopus, Embase
_ACCESSION_NOTE = re.compile(r"Accession Number: ([^\s;]+?)[.;]")  # EBSCO
_PROQUEST_NOTE = re.compile(r"[A-Z][\w ]{2,40} - ")
_DOI_URL = re.compile(r"https?://(?:dx\.)?doi\.org/", re.IGNORECASE)
_OVID_MEDLINE = re.compile(
    r"[?&]D=(?:med|ppe|prem|pmnm|mesz|medo)\w*&.*?\bAN=(\d{1,8})\b", re.IGNORECASE
)
_WORD = re.compile(r"\w+")
_ISSUE = re.compile(r"(?:[A-Za-z]{1,6}\.? ?)?\d+(?:[-/ ]\w{1,6})?")
_MEDLINE = re.compile(r"medline|pubmed|^NLM$", re.IGNORECASE)
_CENTRAL_PUBMED = re.compile(r"PUBMED (\d{1,8})\b")
_NLM_NOTE = re.compile(r"\bPMID: (?:NLM)?(\d{1,8})\b")
_STUCK = re.compile(r"(?<=\S)(?=(?:AD|AN|C[1-8]|FU|FX|P[AIU]|WE)  - )")


def tag_of(line: str) -> tuple[str, str] | None:
    """
    Part a line into tag and value; None if it continues the line before.

    Beside the prescribed two spaces before the hyphen, one space, none and tabs are taken if the
    tag is a known one.
    """
    if line[2:5] == "  -" and line[:2].isupper() and line[:1].isalpha() and line[:2].isalnum():
        return line[:2], line[5:].strip()
    if "-" not in line[:16]:
        return None
    match = _IRREGULAR.match(line)
    if match and match[1] in _TAGS:
        return match[1], (match[2] or "").strip()
    return None


def parted(tag: str, value: str) -> list[tuple[str, str]]:
    """Part a value into which the lines after it have run, as some exports' addresses have."""
    if tag not in {"AD", "C3", "WE"}:
        return [(tag, value)]
    first, *rest = _STUCK.split(value)
    return [(tag, first), *((part[:2], part[6:].strip()) for part in rest)]


def is_stray(line: str) -> bool:
    """Return whether a line between records is one of those that tools are known to put there."""
    return _STRAY.match(line) is not None


def is_database_note(line: str, *, proquest: bool = False) -> bool:
    """Return whether a line of a note was written by a database rather than a reader."""
    return bool(
        _DATABASE_NOTE.match(line)
        or _CINAHL.search(line)
        or (proquest and _PROQUEST_NOTE.match(line))
    )


def first(fields: Fields, *tags: str) -> str:
    """Return the first value that is not empty, the tags taken in their order."""
    for tag in tags:
        for value in fields.get(tag, ()):
            if value:
                return value
    return ""


def journal(fields: Fields) -> str:
    """Return the journal; T2 is a second title in EBSCO and where the journal fields agree."""
    second = first(fields, "T2")
    own = first(fields, "JF", "JO", "J1", "JA", "J2")
    if not (second and own):
        return second or own or first(fields, "BT", "J9", "JI")
    agree = len({plain(first(fields, tag)).casefold() for tag in ("JF", "JO", "J1")} - {""}) == 1
    sources = " ".join((*fields.get("DP", ()), *fields.get("UR", ()), *fields.get("L2", ())))
    several = sum(bool(first(fields, tag)) for tag in ("JF", "JO", "J1")) > 1
    is_second = (agree and several) or "ebsco" in sources.lower()
    return own if is_second and not _abbreviates(own, second) else second


def _abbreviates(short: str, long: str) -> bool:
    """Return whether the words of one title begin words of the other, in the same order."""
    rest = iter(re.findall(r"\w+", long.lower()))
    return all(any(full.startswith(word) for full in rest) for word in _WORD.findall(short.lower()))


def is_web_of_science(fields: Fields) -> bool:
    """Return whether the record is from Web of Science."""
    sources = " ".join((*fields.get("DB", ()), *fields.get("DP", ()))).lower()
    return first(fields, "AN", "UT").startswith("WOS:") or "web of science" in sources


def issue_in_cp(fields: Fields) -> str:
    """Return the issue that some exports put into CP, which elsewhere names the conference."""
    value = first(fields, "CP")
    return value if _ISSUE.fullmatch(value) else ""


def accession(fields: Fields) -> str:
    """Return the identifier in the database of origin."""
    if given := first(fields, "AN", "U2"):
        parts = _numbers_of_list(given)
        pmids = _medline_accessions(fields) if len(parts) > 1 else []
        return next((part for part in parts if pmids and part not in pmids), given)
    for tag in ("UR", "L2"):
        for value in fields.get(tag, ()):
            if "ovid.com/ovidweb.cgi" in value:
                return first(fields, "ID")
            if match := _ACCESSION_LINK.search(value):
                return match[1] or match[2]
    match = _ACCESSION_NOTE.match(first(fields, "N1"))
    return match[1] if match else ""


def identifiers(fields: Fields) -> dict[str, str | None]:
    """Return PMID, PMCID and DOI, wherever the exports of the databases put them."""
    links = [value for tag in ("UR", "L1", "L2", "L3", "LK") for value in fields.get(tag, ())]
    return {
        "pmid": _pmid(fields, links),
        "pmcid": _pmcid(fields, links),
        "doi": _doi(fields, links),
    }


def _pmid(fields: Fields, links: Sequence[str]) -> str | None:
    for value in (*fields.get("PMID", ()), *fields.get("PM", ()), *_medline_accessions(fields)):
        if found := _clean.pmid(value):
            return found
    for value in links:
        if match := _PUBMED_URL.search(value) or _OVID_MEDLINE.search(value):
            return _clean.pmid(match[1])
    for pattern, tag in ((_CENTRAL_PUBMED, "C3"), (_NLM_NOTE, "N1"), (_NLM_NOTE, "M1")):
        for value in fields.get(tag, ()):
            if match := pattern.search(value):
                return _clean.pmid(match[1])
    return None


def _medline_accessions(fields: Fields) -> list[str]:
    """Return what is a PMID if the database is Medline, or Embase, which names it in C5."""
    databases = [*fields.get("DB", ()), *fields.get("DP", ())]
    if any(name.lower() == "embase" for name in databases):
        return list(fields.get("C5", ()))
    if any(map(_MEDLINE.search, databases)):
        given = fields.get("AN", ())
        return [_listed_pmid(fields, _numbers_of_list(value)) or value for value in given]
    return []


def _numbers_of_list(value: str) -> list[str]:
    """Return the numbers of a list such as ProQuest's "2200000001; 31000001"."""
    if ";" not in value and "," not in value:
        return [value]
    parts = [part.strip() for part in value.replace(",", ";").split(";")]
    return parts if all(map(str.isdecimal, parts)) else [value]


def _listed_pmid(fields: Fields, parts: Sequence[str]) -> str:
    """Return the PMID in a list that also holds ProQuest's number; nothing if there is no list."""
    address = " ".join(fields.get("UR", ()))
    numbers = [part for part in parts if _clean.pmid(part) and f"/{part}" not in address]
    return numbers[-1] if len(parts) > 1 and numbers else ""


def _pmcid(fields: Fields, links: Sequence[str]) -> str | None:
    for value in fields.get("C2", ()):
        if value[:3].upper() == "PMC" and (found := _clean.pmcid(value)):
            return found
    for value in links:
        if match := _PMC_URL.search(value):
            return _clean.pmcid(match[1])
    return None


def _doi(fields: Fields, links: Sequence[str]) -> str | None:
    for tag in ("DO", "DI", "M3", "SE"):
        for value in fields.get(tag, ()):
            if found := _clean.doi(value):
                return found
    for value in links:
        if _DOI_URL.match(value) and (found := _clean.doi(value)):
            return found
    for value in fields.get("N1", ()):
        if "doi: 10." in value and (found := _clean.doi(value[value.index("doi: 10.") :])):
            return found
    return None
