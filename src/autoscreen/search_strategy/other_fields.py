"""Publication types, languages, dates, authors and identifiers in a query."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from autoscreen.protocol import fold
from autoscreen.search_strategy.mesh_tree import normal_heading
from autoscreen.search_strategy.record_fields import RecordFields
from autoscreen.search_strategy.tree import Operand

Answer = tuple[bool | None, str]

# The publication types that PubMed finds with a broader one.
_CONTROLLED = {
    "controlled clinical trial", "randomized controlled trial", "pragmatic clinical trial",
    "equivalence trial", "adaptive clinical trial",
}  # fmt: skip
_NARROWER: Mapping[str, set[str]] = {
    "controlled clinical trial": _CONTROLLED,
    "randomized controlled trial": {"pragmatic clinical trial", "equivalence trial"},
    "clinical trial": _CONTROLLED
    | {f"clinical trial phase {number}" for number in ("i", "ii", "iii", "iv")}
    | {"clinical trial", "clinical trial veterinary"},
    "review": {"systematic review", "scoping review"},
}
_LANGUAGES = {"german": "ger", "japanese": "jpn", "croatian": "hrv", "serbian": "srp"}
_INITIALS = 2
_YEAR = re.compile(r"(\d{4})(?:[/-](\d{1,2}))?")


def _publication_type(operand: Operand, fields: RecordFields) -> Answer:
    own = {normal_heading(one) for one in fields.record.publication_types}
    wanted = normal_heading(operand.text)
    if operand.truncated:
        return any(one.startswith(wanted) for one in own), ""
    if own & ({wanted} | _NARROWER.get(wanted, set())):
        return True, ""
    return (False, "") if own else (None, "the record has no publication types here")


def _language(operand: Operand, fields: RecordFields) -> Answer:
    own = {_code(one) for one in fields.record.languages}
    return (_code(operand.text) in own, "") if own else (None, "the record has no language here")


def _code(language: str) -> str:
    name = fold(language).strip()
    return _LANGUAGES.get(name, name[:3])


def _published(operand: Operand, fields: RecordFields) -> Answer:
    year = fields.record.year
    first = _YEAR.match(operand.text)
    last = _YEAR.match(operand.until) if operand.until else first
    if year is None or first is None or last is None:
        return None, "the date is not known here"
    if not int(first[1]) <= year <= int(last[1]):
        return False, ""
    at_edge = (first[2] and year == int(first[1])) or (last[2] and year == int(last[1]))
    return (None, "only the year of the record is known here") if at_edge else (True, "")


def _author(operand: Operand, fields: RecordFields) -> Answer:
    names = fields.record.authors
    if operand.field == "1au":
        names = names[:1]
    elif operand.field == "lastau":
        names = names[-1:]
    wanted = " ".join(operand.words)
    # PubMed adds further initials to "doe j", but no letters to "doe".
    initials = len(operand.words) > 1 and len(operand.words[-1]) <= _INITIALS
    begin = (wanted,) if initials else (f"{wanted} ",)
    return any(f"{_short(one)} ".startswith(begin) for one in names), ""


def _short(name: str) -> str:
    """Return ``Family, Given`` or ``Family GN`` as family name and initials."""
    family, comma, given = name.partition(",")
    if not comma:
        return normal_heading(name)
    return f"{normal_heading(family)} {''.join(word[0] for word in fold(given).split())}"


def _journal(operand: Operand, fields: RecordFields) -> Answer:
    same = normal_heading(fields.record.journal) == normal_heading(operand.text)
    return (True, "") if same else (None, "names and abbreviations of journals differ")


def _pmid(operand: Operand, fields: RecordFields) -> Answer:
    own = fields.record.pmid
    return (own == operand.text, "") if own else (None, "the record has no PMID here")


def _qualifier(operand: Operand, fields: RecordFields) -> Answer:
    wanted = normal_heading(operand.text)
    if any(wanted in qualifiers for _, qualifiers, _ in fields.headings):
        return True, ""
    if fields.indexing_known and not fields.headings:
        return False, ""
    return None, "the subheadings below it are not known here"


def _identifier(operand: Operand, fields: RecordFields) -> Answer:
    record = fields.record
    own = {record.doi, record.pmcid and record.pmcid.lower()} - {None}
    return (True, "") if operand.text.lower() in own else (None, "it may be another identifier")


def _equal(name: str) -> Callable[[Operand, RecordFields], Answer]:
    def equal(operand: Operand, fields: RecordFields) -> Answer:
        own = getattr(fields.record, name)
        return (own == operand.text, "") if own else (None, f"the record has no {name} here")

    return equal


OTHER: Mapping[str, Callable[[Operand, RecordFields], Answer]] = {
    "pt": _publication_type,
    "la": _language,
    "dp": _published,
    "au": _author,
    "1au": _author,
    "lastau": _author,
    "ta": _journal,
    "pmid": _pmid,
    "sh": _qualifier,
    "aid": _identifier,
    "vi": _equal("volume"),
    "ip": _equal("issue"),
    "pg": _equal("pages"),
}
"""The rule for each field that is neither text nor MeSH."""
