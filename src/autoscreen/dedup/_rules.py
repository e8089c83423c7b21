"""Decides from a comparison whether two records are one: weights, and what forbids a merge."""

from __future__ import annotations

import re

from autoscreen.dedup._compare import ComparisonOutcome, FieldComparison, compare, pages, titles
from autoscreen.dedup._match_evidence import EvidenceKind, MatchEvidence
from autoscreen.dedup._match_fields import MatchFields

THRESHOLD = 9
_POSSIBLE = 5
SAME, NEAR, CUT, FAR = (
    ComparisonOutcome.SAME,
    ComparisonOutcome.NEAR,
    ComparisonOutcome.CUT,
    ComparisonOutcome.FAR,
)
UNKNOWN, DIFFERENT = ComparisonOutcome.UNKNOWN, ComparisonOutcome.DIFFERENT

# Roughly the log of how much likelier an outcome is in duplicates than in other pairs.
_TITLE = {SAME: 6, NEAR: 5, CUT: 2, FAR: -2, DIFFERENT: -6}
_SHORT_TITLE = _TITLE | {SAME: 3, NEAR: 2, CUT: 1}
_STANDING_TITLE = _TITLE | {SAME: 0, NEAR: -1, CUT: -1}
_WEIGHTS: dict[str, dict[ComparisonOutcome, int]] = {
    "doi": {SAME: 7, DIFFERENT: -8},
    "authors": {SAME: 4, NEAR: 2, DIFFERENT: -7},
    "year": {SAME: 1, NEAR: -2, FAR: -3, DIFFERENT: -6},
    "journal": {SAME: 2, DIFFERENT: -6},
    "volume": {SAME: 1, DIFFERENT: -2},
    "issue": {DIFFERENT: -1},
    "page": {SAME: 4, NEAR: -4, DIFFERENT: -7},
    "abstract": {SAME: 6, NEAR: 3, DIFFERENT: -5},
    "numbering": {DIFFERENT: -5},
}
_UNSAID = ("doi", "abstract", "numbering", "issue")
_PRINTED = 1  # volume and page agree together
_DOI_ALONE = 7

_INFORMATIVE = 30  # letters
_SHORT = 15
_STANDING = re.compile(
    r"(?:(?:invited )?(?:commentary|comments?)|editorial(?: comments?| note)?)$|"
    r"(?:abstracts?|annual report|announcements?|(?:the )?authors? (?:s )?(?:reply|response)"
    r"|book reviews?|case reports?|conclusions?|contents|contributors|discussion|editors note"
    r"|foreword|guest editorial|highlights|images? in|in brief|in memoriam|in this issue|index"
    r"|introduction|letters? to the editor|meeting abstracts|news|notes|obituary"
    r"|oral presentations?|posters?|poster presentations?|preface|proceedings"
    r"|questions? and answers?|reply|research letter|summary|table of contents|this week)\b"
    r"(?: \w+){0,4}$|(?:\w+ )?annual (?:report|meeting|conference|congress)s?\b"
)
# Versions of one work: Cochrane's .pub2, the v2 of preprint servers, F1000Research's final .2
_VERSION = re.compile(r"(?:\.pub\d+|[./]?v\d+|(?<=\d{3})\.\d)$")


def judge(a: MatchFields, b: MatchFields) -> MatchEvidence | None:
    """Return the evidence that two records are duplicates, or None if it does not suffice."""
    evidence = weigh(a, b)
    return None if evidence and evidence.kind is EvidenceKind.POSSIBLE else evidence


def weigh(a: MatchFields, b: MatchFields) -> MatchEvidence | None:
    """Return the evidence that two records are one, also if only a person can decide."""
    if a.registry or b.registry:
        return _same_entry(a, b)
    if other_identifier(a, b) or _hopeless(a, b):
        return None
    seen = compare(a, b)
    points = _points(a, b, seen)
    kind = None
    if not _contradict(a, b, seen) and _dois_agree(a, b, seen):
        kind = _kind(a, b, seen, points)
    if kind is None and _possible(a, b, seen, points):
        kind = EvidenceKind.POSSIBLE
    if kind is None:
        return None
    agree = [name for name in _WEIGHTS if getattr(seen, name) is SAME]
    if kind is EvidenceKind.POSSIBLE and _same_pmid(a, b):
        agree.insert(0, f"PMID {a.pmid}")
    differ = [name for name in _WEIGHTS if getattr(seen, name) is DIFFERENT]
    return MatchEvidence(
        kind=kind,
        identifier=getattr(a, kind.value, ""),
        points=points,
        title=None if seen.title is UNKNOWN else seen.title_ratio,
        abstract=seen.abstract_overlap,
        agree=tuple([name for name in agree if name not in _UNSAID]),
        differ=tuple([name for name in differ if name != "abstract"]),
    )


def contradict(a: MatchFields, b: MatchFields) -> bool:
    """Return whether two records must not be in one group, whatever links them; DOIs apart."""
    return other_identifier(a, b) or _contradict(a, b, compare(a, b))


def dois_agree(a: MatchFields, b: MatchFields) -> bool:
    """Return whether the DOIs of two records allow a merge: one of them may be mistaken."""
    return _dois_agree(a, b, compare(a, b))


def other_identifier(a: MatchFields, b: MatchFields) -> bool:
    """Return whether identifiers say that two records are different ones; DOIs apart."""
    if a.registry or b.registry:  # an entry and a publication are two reports of one study
        return set(a.registry).isdisjoint(b.registry)
    if a.pmid and b.pmid:
        return a.pmid != b.pmid
    return bool(a.pmcid and b.pmcid and a.pmcid != b.pmcid)


def _same_pmid(a: MatchFields, b: MatchFields) -> bool:
    return bool(a.pmid) and a.pmid == b.pmid


def _hopeless(a: MatchFields, b: MatchFields) -> bool:
    """Return quickly that no sum of weights suffices: other titles, other page, no identifier."""
    if (a.pmid and b.pmid) or (a.doi and a.doi == b.doi) or pages(a.page, b.page) is SAME:
        return False
    return titles(a.title, b.title)[0] is DIFFERENT


def _kind(
    a: MatchFields, b: MatchFields, seen: FieldComparison, points: int
) -> EvidenceKind | None:
    if _same_pmid(a, b):
        return EvidenceKind.PMID
    if a.pmcid and a.pmcid == b.pmcid and seen.title is not DIFFERENT:
        return EvidenceKind.PMCID
    enough = _DOI_ALONE if seen.title is UNKNOWN else THRESHOLD
    if seen.doi is SAME and points >= enough:
        return EvidenceKind.DOI
    if a.accession and a.accession == b.accession and seen.title in (SAME, NEAR, CUT):
        return EvidenceKind.ACCESSION
    return EvidenceKind.SIMILARITY if points >= THRESHOLD and _positive(seen) else None


def _possible(a: MatchFields, b: MatchFields, seen: FieldComparison, points: int) -> bool:
    """Return whether two records are so alike that a person should compare them."""
    if _same_pmid(a, b):
        return True
    if points < _POSSIBLE or a.kind != b.kind or seen.title not in (SAME, NEAR, CUT):
        return False
    return seen.doi is not DIFFERENT or not _versions(a, b)


def _versions(a: MatchFields, b: MatchFields) -> bool:
    return _VERSION.sub("", a.doi) == _VERSION.sub("", b.doi)


def _positive(seen: FieldComparison) -> bool:
    """Return whether more than a boilerplate abstract or one equal number supports a merge."""
    if seen.title is CUT:  # the subtitle may be what distinguishes two papers of one team
        return seen.page is SAME or seen.abstract in (SAME, NEAR)
    if seen.title in (SAME, NEAR):
        return True
    return seen.abstract is SAME and SAME in (seen.authors, seen.page)


def _points(a: MatchFields, b: MatchFields, seen: FieldComparison) -> int:
    total = _title_weights(a, b).get(seen.title, 0)
    for name, weights in _WEIGHTS.items():
        total += weights.get(getattr(seen, name), 0)
    return total + _PRINTED if _printed(seen) else total


def _title_weights(a: MatchFields, b: MatchFields) -> dict[ComparisonOutcome, int]:
    """Return the weights for what the less informative title can prove."""
    length = min(len(a.title.encode()), len(b.title.encode()))
    if length < _SHORT or _STANDING.match(a.title) or _STANDING.match(b.title):
        return _STANDING_TITLE
    answers = a.kind or b.kind  # several may answer the same article, under its title
    return _SHORT_TITLE if length < _INFORMATIVE or answers else _TITLE


def _same_entry(a: MatchFields, b: MatchFields) -> MatchEvidence | None:
    """Return the evidence of an equal registration number; nothing else makes entries one."""
    shared = sorted(set(a.registry).intersection(b.registry))
    if not shared:
        return None
    ratio = titles(a.title, b.title)[1] if a.title and b.title else None
    return MatchEvidence(kind=EvidenceKind.REGISTRY, identifier=shared[0], points=20, title=ratio)


def _contradict(a: MatchFields, b: MatchFields, seen: FieldComparison) -> bool:
    if a.registry and not set(a.registry).isdisjoint(b.registry):
        return False
    if _same_pmid(a, b):
        return seen.title is DIFFERENT and _number_alone(seen)
    if a.kind != b.kind and seen.title is not SAME:
        return True
    if seen.doi is SAME:
        return _other_in_supplement(a, b, seen)
    return _elsewhere(seen)


def _number_alone(seen: FieldComparison) -> bool:
    """Return whether only an equal number supports a merge, which one record may have by mistake.

    A title may differ because one of the two is a translation.
    """
    differ = [seen.doi, seen.authors, seen.journal, seen.page].count(DIFFERENT)
    differ += seen.year in (FAR, DIFFERENT)
    alike = (SAME, NEAR)
    published = seen.journal is SAME and seen.year in alike
    agree = published or seen.doi is SAME or seen.page is SAME or seen.abstract in alike
    return differ > 1 or not (agree or seen.authors in alike)


def _dois_agree(a: MatchFields, b: MatchFields, seen: FieldComparison) -> bool:
    """Return whether the DOIs agree, or all else is so similar that one is a mistake."""
    if seen.doi is not DIFFERENT or _same_pmid(a, b):
        return True
    if _versions(a, b):
        return False
    return (
        seen.title in (SAME, NEAR)
        and seen.numbering is SAME
        and _title_weights(a, b) is _TITLE
        and seen.authors in (SAME, NEAR)
        and seen.year in (SAME, NEAR)
        and seen.journal is SAME
        and seen.page is SAME
        and SAME in (seen.volume, seen.abstract)
        and seen.abstract in (SAME, NEAR, UNKNOWN)
    )


def _other_in_supplement(a: MatchFields, b: MatchFields, seen: FieldComparison) -> bool:
    """Return whether two records only share the DOI of a supplement with many abstracts."""
    if seen.title in (SAME, UNKNOWN):
        return False
    if seen.page is DIFFERENT:
        return True
    if seen.title is not DIFFERENT or seen.abstract in (SAME, NEAR):
        return False
    # Several abstracts share a page like S354.
    in_supplement = a.page[:1].isalpha() or b.page[:1].isalpha()
    return seen.abstract is DIFFERENT or seen.page is not SAME or in_supplement


def _elsewhere(seen: FieldComparison) -> bool:
    """Return whether the two were published in different places, or at different times."""
    if _printed(seen):
        return False
    if seen.year in (FAR, DIFFERENT):
        return True
    if seen.journal is DIFFERENT and (
        seen.page is DIFFERENT or SAME not in (seen.page, seen.volume)
    ):
        return True
    if seen.page is DIFFERENT and (seen.volume is DIFFERENT or seen.title is not SAME):
        return True
    if seen.volume is DIFFERENT and seen.page is not SAME:
        slip = seen.journal is SAME and seen.year is SAME and seen.abstract in (SAME, NEAR)
        return not slip
    return seen.numbering is DIFFERENT and seen.page is not SAME


def _printed(seen: FieldComparison) -> bool:
    return seen.volume is SAME and seen.page is SAME
