"""Retractions, corrections and expressions of concern, as Medline attaches them to records.

Only a statement *about* the record becomes a notice. The other direction (this record is the
erratum of another one) does not count, except that a retraction notice is not a study.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from autoscreen.formats._clean import plain
from autoscreen.records import Notice, NoticeKind

BY_TAG = {
    "RIN": NoticeKind.RETRACTED,
    "RRI": NoticeKind.RETRACTED,
    "ROF": NoticeKind.RETRACTION,
    "ECI": NoticeKind.CONCERN,
    "EIN": NoticeKind.CORRECTED,
    "CRI": NoticeKind.CORRECTED,
    "PRIN": NoticeKind.CORRECTED,
    "UIN": NoticeKind.UPDATED,
}
"""Tags of MEDLINE text: retraction in, retracted and republished in, retraction of, expression
of concern in, erratum in, corrected and republished in, partial retraction in, update in."""

BY_REF_TYPE = {
    "RetractionIn": NoticeKind.RETRACTED,
    "RetractedandRepublishedIn": NoticeKind.RETRACTED,
    "RetractionOf": NoticeKind.RETRACTION,
    "ExpressionOfConcernIn": NoticeKind.CONCERN,
    "ErratumIn": NoticeKind.CORRECTED,
    "CorrectedandRepublishedIn": NoticeKind.CORRECTED,
    "PartialRetractionIn": NoticeKind.CORRECTED,
    "UpdateIn": NoticeKind.UPDATED,
}
"""The same in the words of PubMed XML."""

_BY_TYPE = {
    "retracted": NoticeKind.RETRACTED,
    "retracted paper": NoticeKind.RETRACTED,
    "retracted publication": NoticeKind.RETRACTED,
    "retracted article": NoticeKind.RETRACTED,
    "retraction of publication": NoticeKind.RETRACTION,
    "retraction notice": NoticeKind.RETRACTION,
    "retraction": NoticeKind.RETRACTION,
}
_RETRACTED_TITLE = re.compile(
    r"\W*retracted(?: article| paper| chapter| publication)?\W*[:\])]|"
    r".*[(\[]\s*(?:this (?:article|paper) (?:has been|was|is) )?retracted"
    r"(?: article| paper| chapter| publication)?(?:\W*[)\]]|[.,:;]| (?:in|see|by|on|and)\b)|"
    r".*\W[-\u2013\u2014:]\s*retracted(?: article| paper)?\W*$",
    re.IGNORECASE,
)
_RETRACTION_TITLE = re.compile(
    r"\W*(?:(?:notice|statement|note) of )?"
    r"(?:retraction(?: note| notice| statement| of| to)?\W*[:\]]|"
    r"retraction (?:n\w+|statement) (?:to|of|for)\b)",
    re.I,
)
_PMID = re.compile(r"\s*PMID: *([1-9]\d*)\.?\Z", re.ASCII)


def notices_of(fields: Iterable[tuple[str, str]]) -> tuple[Notice, ...]:
    """Return the notices among the tags and values of MEDLINE text."""
    return tuple(_notice(BY_TAG[tag], plain(value)) for tag, value in fields if tag in BY_TAG)


def implied_notices(
    title: str, types: Iterable[str], explicit: Iterable[Notice] = ()
) -> tuple[Notice, ...]:
    """Return notices that a record carries only in its title or its publication types."""
    kinds = [_BY_TYPE.get(text.lower().strip(" .[]()")) for text in types]
    if "retract" in title.lower():
        kinds.append(NoticeKind.RETRACTED if _RETRACTED_TITLE.match(title) else None)
        kinds.append(NoticeKind.RETRACTION if _RETRACTION_TITLE.match(title) else None)
    if not any(kinds):
        return ()
    known = {None, *(notice.kind for notice in explicit)}
    return tuple(Notice(kind=kind) for kind in dict.fromkeys(kinds) if kind and kind not in known)


def _notice(kind: NoticeKind, text: str) -> Notice:
    match = _PMID.search(text)
    return Notice(kind=kind, reference=_PMID.sub("", text), pmid=match[1] if match else None)
