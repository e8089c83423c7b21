"""Write numbers and records in words, the same on the pages, in the terminal and in digests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autoscreen.records import Record

_AUTHORS = 3


def grouped(number: float) -> str:
    """Return a whole number with commas between thousands."""
    return f"{number:,.0f}"


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: ``1 record``, ``2,539 records``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def only_pmids(number: int) -> str:
    """Return what the new records of a list of PMIDs lack."""
    have = "record has" if number == 1 else "records have"
    return f"{number:,} new {have} only a PMID, no title and no abstract"


def minute(moment: str) -> str:
    """Return a stored moment to the minute, which is in UTC: ``2026-11-30 09:05``."""
    return moment[:16].replace("T", " ")


def percent(share: float) -> str:
    """Return a share, 0 to 1, as a whole percentage, or ``below 1%``."""
    return "below 1%" if share < 0.01 else f"{share:.0%}"


def time_left(seconds: float | None) -> str:
    """Return the remaining time in words; empty if it is unknown."""
    if seconds is None:
        return ""
    if seconds < 60:
        return "less than a minute left"
    return f"about {counted(round(seconds / 60), 'minute')} left"


def citation(record: Record) -> str:
    """Return in one line who wrote a record and where it appeared."""
    who = ", ".join(map(_short, record.authors[:_AUTHORS]))
    who += " et al." * (len(record.authors) > _AUTHORS)
    where = " ".join(part for part in (record.journal, str(record.year or "")) if part)
    if record.volume:
        where += f";{record.volume}" + (f"({record.issue})" if record.issue else "")
    if record.pages:
        where += f":{record.pages}"
    return ". ".join(part.rstrip(".") for part in (who, where) if part)


def _short(author: str) -> str:
    """Return ``Family, Given Second`` as ``Family GS``."""
    family, _, given = author.partition(", ")
    initials = "".join(name[0] for name in given.replace("-", " ").split() if name[0].isalpha())
    return f"{family} {initials}".strip()


_FORMAT_NAMES = {
    "bibtex": "BibTeX",
    "clinicaltrials": "ClinicalTrials.gov",
    "cochrane": "Cochrane Library",
    "endnote-xml": "EndNote XML",
    "europe-pmc": "Europe PMC",
    "jats": "JATS XML",
    "nbib": "nbib",
    "openalex": "OpenAlex",
    "ovid": "Ovid",
    "pmids": "PMID list",
    "pubmed-text": "PubMed text",
    "pubmed-xml": "PubMed XML",
    "refer": "EndNote Refer",
    "refworks": "RefWorks",
    "wos": "Web of Science",
    "xlsx": "Excel",
}


def format_name(name: str) -> str:
    """Return the usual name of a file format, such as RIS or PubMed XML."""
    return _FORMAT_NAMES.get(name, name.upper())
