"""The wording of a digest, the same in each of its forms."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from urllib.parse import quote

from autoscreen.monitor.digest import Digest, DigestEntry, Kind, Threshold
from autoscreen.presentation.wording import counted
from autoscreen.records import Record
from autoscreen.text.english import NOT_ENGLISH, has_english

__all__ = [
    "KINDS",
    "day_words",
    "expected",
    "headline",
    "link",
    "looked_through",
    "marks",
    "notice_words",
    "threshold_words",
    "why_words",
]

KINDS = {
    Kind.RETRACTED: ("included study retracted", "included studies retracted"),
    Kind.CONCERN: (
        "included study with an expression of concern",
        "included studies with an expression of concern",
    ),
    Kind.CORRECTED: ("included study corrected", "included studies corrected"),
    Kind.DELETED: ("record deleted by PubMed", "records deleted by PubMed"),
    Kind.NEW: ("new record to read", "new records to read"),
    Kind.REVISED: ("revised record to read again", "revised records to read again"),
}
_NOTICES = {
    Kind.RETRACTED: "This included study was retracted",
    Kind.CONCERN: "An expression of concern was published about this included study",
    Kind.CORRECTED: "This included study was corrected",
    Kind.DELETED: "PubMed deleted this record; the review keeps it, with its label",
}
_PUBMED = "https://pubmed.ncbi.nlm.nih.gov/"
_DOI = "https://doi.org/"
_WEB = ("http://", "https://")
_IN_ADDRESS = ":/?#[]@!$&'()*+,;=%~"
_DENOMINATORS = 10
_REASONS = 4
# Not from calendar, which depends on the locale: a digest is in English.
_MONTHS = (
    *("", "January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def headline(digest: Digest) -> str:
    """Return one line on what is new."""
    counts = [
        counted(number, *names)
        for kind, names in KINDS.items()
        if (number := sum(one.kind is kind for one in (*digest.warnings, *digest.alerts)))
    ]
    if counts:
        return ", ".join(counts)
    below = counted(len(digest.below), "record")
    return (
        f"Nothing new to read; {below} unlikely to be relevant" if digest.below else "Nothing new"
    )


def looked_through(digest: Digest) -> str:
    """Return a sentence or two on what was searched, and what it found."""
    seen = digest.coverage
    days = f"from {day_words(seen.since)} to {day_words(seen.until)}"
    where = f"{seen.source}, entries and changes {days}"
    text = f"{where if seen.since else seen.source}: {counted(seen.records, 'record')}"
    text += f", {seen.known} of them in the review already." if seen.known else "."
    if seen.checked:
        text += f" {counted(seen.checked, 'included study', 'included studies')} checked"
        text += " for retractions and corrections."
    return text


def threshold_words(digest: Digest) -> str:
    """Return the model, how its threshold was chosen, and which errors to expect."""
    if not digest.alerts and not digest.below:
        return ""
    threshold = digest.threshold
    if threshold is None:
        return (
            f"Ranked by {digest.ranker}. No threshold is set: too little is labelled to say how "
            "many relevant records would score below one, so read all of them."
        )
    return f"Ranked by {digest.ranker}. {_chosen_for(threshold)} {_both_sides(digest, threshold)}"


def _chosen_for(threshold: Threshold) -> str:
    return (
        f"The threshold was chosen for {threshold.sensitivity:.0%} sensitivity: "
        f"{threshold.relevant_above} of {counted(threshold.relevant, 'relevant record')} "
        f"{threshold.ground} score above it, and "
        f"{_share(threshold.others_above)} of the others."
    )


def _share(share: float) -> str:
    return f"{share:.0%}" if share >= 0.1 or not share else f"{share:.1%}"


def _both_sides(digest: Digest, threshold: Threshold) -> str:
    """Return how many relevant records to expect above and below the threshold."""
    chances = [one.chance for one in digest.alerts if one.chance is not None]
    text = f"{counted(len(digest.alerts), 'record')} to read"
    if chances:
        text += f", {_about(sum(chances))} relevant"
    text += f"; {len(digest.below)} below the threshold."
    text += f" Expect about 1 in {1 / threshold.missed:.0f} of all relevant records below it"
    return f"{text}{_missed_here(sum(chances), threshold.missed)}."


def _missed_here(found: float, missed: float) -> str:
    """Return in words how many of a number of records that is; empty if too few."""
    here = found * missed / (1 - missed)
    return f", which is {here:.1f} records here" if here >= 0.05 else ""


def _about(number: float) -> str:
    return f"about {number:.0f} of them" if number >= 0.75 else "perhaps one of them"


def expected(entry: DigestEntry) -> str:
    """Return how likely a record is relevant, in words with a number; empty if unknown."""
    if entry.chance is None:
        return ""
    for least, words in ((0.5, "likely relevant"), (0.2, "may be relevant"), (0.05, "less likely")):
        if entry.chance >= least:
            return f"{words}, {_odds(entry.chance)}"
    return f"unlikely, {_odds(entry.chance)}"


def _odds(chance: float) -> str:
    """Write a probability in words; never as certainty."""
    if chance < 0.001:
        return "fewer than 1 in 1,000"
    if chance < 0.5 / _DENOMINATORS:
        return f"about 1 in {1 / chance:.0f}"
    near = Fraction(chance).limit_denominator(_DENOMINATORS)
    if near.denominator == 1:
        return "more than 9 in 10"
    return f"about {near.numerator} in {near.denominator}"


def marks(entry: DigestEntry) -> list[str]:
    """Name what a reader must see first: new, revised, retracted, and other notices about it."""
    found = [str(entry.kind)]
    found += [str(notice.kind) for notice in entry.record.notices]
    if not_english(entry):
        found.append(NOT_ENGLISH)
    if not entry.record.abstract:
        found.append("no abstract")
    if entry.in_query is False:
        found.append("not found by the query")
    return list(dict.fromkeys(found))


def not_english(entry: DigestEntry) -> bool:
    """Return whether a new or revised record was not scored because nothing in it is in English."""
    news = entry.kind in (Kind.NEW, Kind.REVISED)
    return news and entry.score is None and not has_english(entry.record)


def notice_words(entry: DigestEntry) -> str:
    """Return what happened to a record of the review; empty for new and revised ones."""
    text = _NOTICES.get(entry.kind, "")
    if text and entry.notice and entry.notice.reference:
        text += f": {entry.notice.reference.rstrip('.')}"
    if text and entry.notice and entry.notice.pmid:
        text += f" (PMID {entry.notice.pmid})"
    return f"{text}." if text else ""


def why_words(entry: DigestEntry) -> str:
    """Name what raised the rank of a record most, and what lowered it most."""
    named = [one for one in entry.reasons if one.name]
    up = [one.name for one in named if one.value > 0][:_REASONS]
    down = [one.name for one in named if one.value < 0][: _REASONS // 2]
    parts = [f"for it: {', '.join(up)}"] if up else []
    return "; ".join([*parts, f"against it: {', '.join(down)}"] if down else parts)


def link(record: Record) -> str:
    """Return the address of a record at PubMed, by its DOI, or as its source gives it."""
    if record.pmid:
        return f"{_PUBMED}{record.pmid}/"
    if record.doi:
        return _DOI + quote(record.doi, safe="/:;().-_")
    found = (url for url in record.urls if url.lower().startswith(_WEB))
    return quote(next(found, ""), safe=_IN_ADDRESS)


def day_words(day: str) -> str:
    """Write a day as people do: ``25 November 2026``; any other text stays as it is."""
    try:
        parsed = date.fromisoformat(day[:10])
    except ValueError:
        return day
    return f"{parsed.day} {_MONTHS[parsed.month]} {parsed.year}"
