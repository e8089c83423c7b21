"""Where the records of an import came from: what a person said, or else the search or the file."""

from __future__ import annotations

import re
from dataclasses import dataclass

from autoscreen.store.reporting import NOT_ENTERED, ElsewhereSearch, OriginKind
from autoscreen.store.review_history import Log, LoggedImport

_EVER = "~"
_FORMATS = {
    "nbib": "PubMed",
    "pubmed-xml": "PubMed",
    "pubmed-text": "PubMed",
    "pmids": "PubMed",
    "wos": "Web of Science",
    "cochrane": "Cochrane Library",
    "europe-pmc": "Europe PMC",
    "openalex": "OpenAlex",
}
_REGISTERS = {
    "clinicaltrials.gov": "ClinicalTrials.gov",
    "clinicaltrials": "ClinicalTrials.gov",
    "ctgov": "ClinicalTrials.gov",
    "ictrp": "WHO ICTRP",
    "isrctn": "ISRCTN",
    "euctr": "EU Clinical Trials Register",
}
_DATABASES = {
    "pubmed": "PubMed",
    "medline": "MEDLINE",
    "embase": "Embase",
    "central": "CENTRAL",
    "cochrane": "Cochrane Library",
    "scopus": "Scopus",
    "cinahl": "CINAHL",
    "psycinfo": "PsycInfo",
    "psychinfo": "PsycInfo",
    "wos": "Web of Science",
    "webofscience": "Web of Science",
    "openalex": "OpenAlex",
    "lilacs": "LILACS",
    "amed": "AMED",
    "pedro": "PEDro",
    "ieee": "IEEE Xplore",
    "eric": "ERIC",
    "europepmc": "Europe PMC",
}
_WORDS = re.compile(r"[a-z]+(?:\.gov)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOrigin:
    """Where the records of an import came from."""

    kind: OriginKind
    name: str
    known: bool  # Whether anything names it; otherwise its name is that of the file
    logged: bool = False  # Whether autoscreen ran the search, so that it is in the log of searches
    search: ElsewhereSearch = NOT_ENTERED  # If it did not


def origin_of(log: Log, one: LoggedImport, before: str = _EVER) -> ImportOrigin:
    """Return where an import came from, as it was known at a moment."""
    said = [said for said in log.origins if said.import_id == one.id and said.at < before]
    if said:
        last = said[-1]
        return ImportOrigin(
            kind=last.kind,
            name=last.name,
            known=True,
            logged=bool(one.database),
            search=last.search,
        )
    if one.database:
        if one.search == "citations":
            return ImportOrigin(
                kind=OriginKind.CITATIONS, name=one.database, known=True, logged=True
            )
        name = f"{one.database}, requested by PMID" if one.search == "pmids" else one.database
        register = one.database.lower() in _REGISTERS
        kind = OriginKind.REGISTER if register else OriginKind.DATABASE
        return ImportOrigin(kind=kind, name=name, known=True, logged=True)
    return _guess(one)


def _guess(one: LoggedImport) -> ImportOrigin:
    file = re.split(r"[/\\]", one.path)[-1]
    words = _WORDS.findall(file.lower())
    for names, kind in ((_REGISTERS, OriginKind.REGISTER), (_DATABASES, OriginKind.DATABASE)):
        named = [names[word] for word in words if word in names]
        if named:
            return ImportOrigin(kind=kind, name=named[0], known=True)
    if one.format in _REGISTERS:
        return ImportOrigin(kind=OriginKind.REGISTER, name=_REGISTERS[one.format], known=True)
    if one.format in _FORMATS:
        return ImportOrigin(kind=OriginKind.DATABASE, name=_FORMATS[one.format], known=True)
    return ImportOrigin(kind=OriginKind.DATABASE, name=file or "unnamed file", known=False)
