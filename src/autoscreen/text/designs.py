"""The study designs of a record: from its indexing, or else from its words.

A tag is only a hint: no record is left out of a ranking because of one.
"""

from __future__ import annotations

import re
from typing import Protocol

from autoscreen.records import StudyDesign


class IndexedText(Protocol):
    """The fields that show the design of a study."""

    @property
    def title(self) -> str:
        """Title."""

    @property
    def abstract(self) -> str:
        """Abstract."""

    @property
    def mesh(self) -> tuple[str, ...]:
        """MeSH headings."""

    @property
    def publication_types(self) -> tuple[str, ...]:
        """Publication types."""


_TYPES = {
    "randomized controlled trial": StudyDesign.RANDOMISED,
    "equivalence trial": StudyDesign.RANDOMISED,
    "clinical trial, veterinary": StudyDesign.ANIMAL,
    "randomized controlled trial, veterinary": StudyDesign.ANIMAL,
    "observational study, veterinary": StudyDesign.ANIMAL,
    "controlled clinical trial": StudyDesign.CONTROLLED,
    "case reports": StudyDesign.CASE_REPORT,
    "review": StudyDesign.REVIEW,
    "systematic review": StudyDesign.REVIEW,
    "scoping review": StudyDesign.REVIEW,
    "network meta-analysis": StudyDesign.REVIEW,
    "meta-analysis": StudyDesign.REVIEW,
    "guideline": StudyDesign.REVIEW,
    "practice guideline": StudyDesign.REVIEW,
    "consensus development conference": StudyDesign.REVIEW,
    "clinical trial protocol": StudyDesign.PROTOCOL,
}
_HEADINGS = {
    "cohort studies": StudyDesign.COHORT,
    "prospective studies": StudyDesign.COHORT,
    "retrospective studies": StudyDesign.COHORT,
    "longitudinal studies": StudyDesign.COHORT,
}
# A publication type decides between these; a missing type says nothing about the others.
_SETTLED = frozenset(_TYPES.values()) - {StudyDesign.PROTOCOL, StudyDesign.ANIMAL}

_ANIMALS = (
    r"rats?|mice|mouse|murine|rodents?|rabbits?|monkeys?|macaques?|dogs?|canines?|cats|pigs?|"
    r"piglets?|porcine|swine|sheep|equine|horses|chicks?|zebrafish|drosophila|gerbils?|hamsters?|primates?"
)
_OWN_FILES = r"charts?|records?|files|medical|case notes?|patients?|cases|our|board|\d+"
_NUMBER = r"two|three|four|five|six|seven|eight|nine|ten|twelve|\d{1,2}"


def _cues(**patterns: str) -> dict[StudyDesign, re.Pattern[str]]:
    return {
        StudyDesign[name]: re.compile(rf"\b(?:{pattern})") for name, pattern in patterns.items()
    }


_IN_TITLE = _cues(
    RANDOMISED=r"(?<!non-)(?<!non)(?<!non )randomi[sz]ed|randomly|rct\b|rcts\b",
    CONTROLLED=r"(?:placebo|sham)[- ]controlled|controlled (?:clinical |pilot )?(?:trial|study)|"
    r"double[- ](?:blind|mask)|non-?\s?randomi[sz]ed|quasi-?randomi[sz]ed|case[- ]control|"
    r"cross-?over (?:trial|study)",
    COHORT=r"cohort|prospective|retrospective|longitudinal|registry|follow-up study",
    CASE_SERIES=rf"case[- ]series|(?:{_NUMBER}) (?:\w+ )?cases\b|case reports of (?:{_NUMBER})\b|"
    rf"(?:report|series) of (?:{_NUMBER}) (?:cases|patients)",
    CASE_REPORT=r"case report|a case of|case study\b|report of (?:a|one) case|an unusual case|"
    r"a rare case|case presentation|single[- ]case",
    REVIEW=rf"(?<!chart )(?<!record )(?<!records )(?<!retrospective )(?<!peer )(?<!and )"
    rf"(?<!literature )reviews?\b(?! of (?:the )?(?:{_OWN_FILES}))|"
    r"(?<!and )literature review|meta-?\s?analy|overview|"
    r"guidelines? (?:for|on|from|by)|(?:clinical|practice|treatment|management) guidelines?\b|"
    r"state[- ]of[- ]the[- ]art|evidence map|bibliometric|consensus (?:statement|paper|guideline)|"
    r"position (?:statement|paper)|recommendations (?:for|on|of|from)\b",
    PROTOCOL=r"(?:study|trial|review|research) protocols?\b|protocol (?:for|of) (?:a|an|the)\b|"
    r"a protocol\b|(?:rationale|design) and (?:study )?(?:design|rationale|protocol)|"
    r"study design and",
    ANIMAL=rf"(?:{_ANIMALS}|in (?:the|a) cat|animal models?)\b",
)
_IN_ABSTRACT = _cues(
    RANDOMISED=r"(?:were|was|be) (?:[\w-]+ ){0,3}random(?:ly|i[sz]ed)\b|"
    r"(?<!of )(?<!on )(?<!from )(?<!non)(?<!non-)randomi[sz]ed"
    r"(?:,? [\w-]+){0,5},? (?:trial|study|design|crossover)\b|"
    r"randomly (?:assigned|allocated|divided|selected to)|randomi[sz]ation was|"
    r"randomi[sz]ed (?:to|into|in) |(?:we|and) randomi[sz]ed|at random\b|in random order|"
    r"design: randomi[sz]ed",
    CONTROLLED=r"(?:placebo|sham)[- ]controlled|non-?\s?randomi[sz]ed|quasi-?randomi[sz]ed|"
    r"controlled (?:clinical )?trial was|case[- ]control study|double[- ](?:blind|mask)|"
    r"(?:a|the) (?:sham|placebo|control) (?:group|stimulation group|condition|coil|device)\b|"
    r"(?:cross-?over|parallel-group) (?:trial|study|design)|"
    r"(?:or|versus|and|with|vs\.?) (?:to |by |of )?(?:a )?(?:sham|placebo)\b",
    COHORT=r"(?:prospective|retrospective|longitudinal)(?:ly)?,? (?:[\w-]+,? ){0,3}"
    r"(?:study|cohort|analy[sz]\w+|follow\w*|review\w*|evaluat\w+|observational|collected)|"
    r"cohort study|(?:a|this|our|the) (?:[\w-]+ ){0,2}cohort of|(?:chart|records?) review",
    CASE_SERIES=r"case[- ]series|series of (?:\w+ )?(?:patients|cases)|"
    rf"(?:report|describe|present) (?:on )?(?:the )?(?:{_NUMBER}) (?:\w+ )?(?:cases|patients)",
    CASE_REPORT=r"case report|(?:report|describe|present|presents) (?:on )?(?:a|an|the|one) "
    r"(?:[\w-]+ ){0,2}(?:case|patient)\b|an? \d{1,2}[- ]year[- ]old",
    REVIEW=r"(?:this|present|current|our|a|systematic|narrative|scoping|literature|"
    r"comprehensive|mini-?|in) review(?:s|ed)?\b(?! board)(?! of (?:the )?(?:charts?|records?|"
    r"medical|case))|(?:a|this|our|present|network|performed|conducted|and) meta-?\s?analys[ie]s|"
    r"we (?:systematically |critically |briefly )?review\b|"
    r"(?:article|paper|chapter) (?:reviews|summari[sz]es|discusses|provides an overview)|"
    r"(?:medline|pubmed|embase|cochrane|scopus|web of science)\b[^.]{0,120}"
    r"(?:were|was) (?:systematically )?(?:searched|queried|screened)|"
    r"(?:search(?:ed)?|searching) (?:of |in |the |was |were )*(?:\w+ ){0,4}"
    r"(?:medline|pubmed|embase|databases?)|are reviewed|is reviewed",
    PROTOCOL=r"(?:this|the) (?:study |trial )?protocol (?:describes|is|was registered|outlines)|"
    r"(?:patients|participants|subjects|adults|we) will (?:be|recruit|randomi[sz]e|include)|"
    r"(?:study|trial) will (?:be|include|recruit|enrol)|outcomes? will be",
    ANIMAL=rf"sprague[- ]dawley|wistar|c57bl|balb/c|(?:male|female|adult|anesthetized|"
    rf"anaesthetized|transgenic|wild-type|in|of|the) (?:{_ANIMALS})\b|animal models?|knockout mice",
)
# Designs whose words have to occur twice: one mention in passing is not enough.
_TWICE = frozenset({StudyDesign.ANIMAL, StudyDesign.PROTOCOL})
_PEOPLE = re.compile(
    r"\b(?:patients?|participants|volunteers|men|women|children|human subjects|people)\b"
)
# No cue of a design can match without one of these: it saves nine tenths of the time.
_STEMS = {
    StudyDesign.RANDOMISED: ("random",),
    StudyDesign.CONTROLLED: (
        "control",
        "placebo",
        "sham",
        "blind",
        "mask",
        "random",
        "cross",
        "para",
    ),
    StudyDesign.COHORT: ("spective", "longitudinal", "cohort", "review"),
    StudyDesign.CASE_SERIES: ("series", " cases", " patients"),
    StudyDesign.CASE_REPORT: ("case", "year-old", "year old", " patient"),
    StudyDesign.REVIEW: (
        "review",
        "meta",
        "summari",
        "discuss",
        "overview",
        "search",
        "were ",
        "was ",
    ),
    StudyDesign.PROTOCOL: ("protocol", " will "),
    StudyDesign.ANIMAL: (
        *(" rat", "mice", "mouse", "murine", "rodent", "rabbit", "monkey", "macaque", " dog"),
        *("canine", " cat", " pig", "porcine", "swine", "sheep", "equine", "horse", "chick"),
        *("zebrafish", "drosophila", "gerbil", "hamster", "primate", "animal", "wistar"),
        *("sprague", "c57bl", "balb/c"),
    ),
}


def study_designs(record: IndexedText) -> tuple[StudyDesign, ...]:
    """
    Return the study designs of a record, in the order of `StudyDesign`; several may apply, or none.

    Publication types and MeSH headings come first. A design that they do not mention is searched
    for in title and abstract, unless they exclude it: a record indexed as a review is not tagged as
    randomised because it mentions trials.

    Examples
    --------
    >>> from autoscreen.records import Record
    >>> [str(one) for one in study_designs(Record(title="Sciatica in rats: a randomized study"))]
    ['randomised', 'animal']
    """
    indexed, settled = _indexed(record)
    stated = _stated(record.title, record.abstract)
    if settled:
        stated -= _SETTLED
    if _headings(record) & {"humans"}:
        stated.discard(StudyDesign.ANIMAL)
    found = indexed | stated
    if StudyDesign.REVIEW in found:
        found -= {StudyDesign.RANDOMISED, StudyDesign.CONTROLLED} - indexed
        found -= {StudyDesign.COHORT, StudyDesign.CASE_SERIES} - indexed
    if StudyDesign.RANDOMISED in found:
        found.discard(StudyDesign.CONTROLLED)
    return tuple(design for design in StudyDesign if design in found)


def _indexed(record: IndexedText) -> tuple[set[StudyDesign], bool]:
    """Designs in the indexing, and whether its publication types name any."""
    named = {one.casefold() for one in record.publication_types}
    found = {_TYPES[one] for one in named if one in _TYPES}
    settled = bool(found & _SETTLED)
    headings = _headings(record)
    found |= {_HEADINGS[one] for one in headings if one in _HEADINGS}
    if "animals" in headings and "humans" not in headings:
        found.add(StudyDesign.ANIMAL)
    return found, settled


def _headings(record: IndexedText) -> set[str]:
    return {one.strip("*").partition("/")[0].casefold() for one in record.mesh}


def _stated(title: str, abstract: str) -> set[StudyDesign]:
    """Designs suggested by the words of title and abstract."""
    title, abstract = title.lower(), f" {abstract.lower()}"
    found = {design for design, cue in _IN_TITLE.items() if cue.search(title)}
    for design, cue in _IN_ABSTRACT.items():
        needed = 2 if design in _TWICE else 1
        possible = design not in found and any(stem in abstract for stem in _STEMS[design])
        if possible and _mentions(cue, abstract, needed):
            found.add(design)
    if StudyDesign.ANIMAL in found and not _IN_TITLE[StudyDesign.ANIMAL].search(title):
        animals = sum(1 for _ in _IN_ABSTRACT[StudyDesign.ANIMAL].finditer(abstract))
        people = sum(1 for _ in _PEOPLE.finditer(f"{title} {abstract}"))
        if people > animals:
            found.discard(StudyDesign.ANIMAL)
    return found


def _mentions(cue: re.Pattern[str], text: str, needed: int) -> bool:
    return sum(1 for _, _ in zip(cue.finditer(text), range(needed), strict=False)) == needed
