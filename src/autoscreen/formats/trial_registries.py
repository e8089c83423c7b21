"""Trial registration numbers: how each registry writes them, and which records are entries."""

from __future__ import annotations

import re
from unicodedata import normalize

from autoscreen.records import Record

_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_BETWEEN = r"[\s:-]?"
_EU = r"(?:[\s:-]|NUMBER|NO\.?|NR\.?)*(\d{4}-\d{6}-\d{2})(?:-[A-Z]{2,3}|-\d{2})?"
# How a number begins in upper case, its prefix in the normal form, and what follows the beginning.
# Prefix and digits may be separated by a blank or a dash in running text; all but the beginning is
# tried only where a text has that, which is found quickly.
_WRITTEN = (
    ("NCT", "NCT", rf"{_BETWEEN}(\d{{8}})"),
    ("ISRCTN", "ISRCTN", rf"{_BETWEEN}(\d{{8}})"),
    ("ACTRN", "ACTRN", rf"{_BETWEEN}(\d{{14}})"),
    ("DRKS", "DRKS", rf"{_BETWEEN}(\d{{8}})"),
    ("UMIN", "UMIN", rf"{_BETWEEN}(?:CTR)?{_BETWEEN}(\d{{9}})"),
    ("JRCT", "jRCT", rf"{_BETWEEN}(S?\d{{9,10}})"),
    ("JAPICCTI", "JapicCTI-", rf"{_BETWEEN}(\d{{6}})"),
    ("JMA-IIA", "JMA-IIA", rf"{_BETWEEN}(\d{{5}})"),
    ("KCT", "KCT", rf"{_BETWEEN}(\d{{7}})"),
    ("PACTR", "PACTR", rf"{_BETWEEN}(\d{{15,16}})"),
    ("TCTR", "TCTR", rf"{_BETWEEN}(\d{{11}})"),
    ("LBCTR", "LBCTR", rf"{_BETWEEN}(\d{{10}})"),
    ("RPCEC", "RPCEC", rf"{_BETWEEN}(\d{{8}})"),
    ("SNCTP", "SNCTP", rf"{_BETWEEN}(\d{{9}})"),
    ("ITMCTR", "ITMCTR", rf"{_BETWEEN}(\d{{10}})"),
    ("NTR", "NTR", rf"{_BETWEEN}(\d{{2,5}})"),
    ("NL-OMON", "NL-OMON", rf"{_BETWEEN}(\d{{1,6}})"),
    ("RBR-", "RBR-", r"([0-9A-Z]{6,10})"),
    ("PER-", "PER-", r"(\d{3}-\d{2})"),
    ("IRCT", "IRCT", rf"{_BETWEEN}(\d{{11,14}}N\d{{1,3}})"),
    ("CHICTR", "ChiCTR", rf"{_BETWEEN}((?:[A-Z]{{2,4}}-)?\d{{8,10}})"),
    ("CTRI/", "CTRI/", r"(\d{4}/\d{2,3}/\d{6})"),
    ("SLCTR/", "SLCTR/", r"(\d{4}/\d{3})"),
    # The old EudraCT and its successor CTIS number alike; a country or version may follow.
    ("EUCTR", "EU", _EU),
    ("EUDRACT", "EU", _EU),
    ("CTIS", "EU", _EU),
    ("EU", "EU", rf"[\s-]?CT{_EU}"),
)
_PATTERNS = tuple(
    (start, name, re.compile(rf"{re.escape(start)}(?<![A-Z0-9]{start}){rest}(?![0-9])"))
    for start, name, rest in _WRITTEN
)
_BARE_EU = re.compile(r"(\d{4}-\d{6}-\d{2})(?:-[A-Z]{2,3}|-\d{2})?", re.IGNORECASE)
_BARE_DUTCH = re.compile(r"NL(\d{1,5})", re.IGNORECASE)
_HOST = re.compile(
    r"clinicaltrials\.gov|clinicaltrialsregister\.eu|euclinicaltrials\.eu|isrctn\.(?:com|org)"
    r"|controlled-trials\.com|anzctr\.org|chictr\.org|drks\.de|umin\.ac\.jp|jrct\.(?:niph|mhlw)"
    r"|rctportal\.niph|ctri\.nic\.in|irct\.(?:ir|behdasht)|cris\.nih\.go\.kr|pactr\.|onderzoekmet"
    r"|trialregister\.nl|ensaiosclinicos|trialsearch\.who|who\.int/trialsearch|slctr\.lk",
    re.IGNORECASE,
)


def registry_numbers(text: str) -> tuple[str, ...]:
    """Return the trial registration numbers that a text names, each once, in one normal form."""
    if not text:
        return ()
    if not text.isascii():
        text = _DASHES.sub("-", normalize("NFKC", text))
    text = text.upper()
    found = [
        (match.start(), _normal(name, match[1]))
        for start, name, pattern in _PATTERNS
        if start in text
        for match in pattern.finditer(text)
    ]
    return tuple(dict.fromkeys(number for _, number in sorted(found)))


def entry_numbers(record: Record) -> tuple[str, ...]:
    """
    Return the numbers under which a record is itself a registry entry; none for a publication.

    A record is an entry if its accession number is one, or its DOI is that of ISRCTN, or if its
    address or journal is a registry's and nothing says where it was printed.
    """
    own = registry_numbers(record.accession) or _bare(record.accession)
    if own and not record.pmid:
        return own
    if record.doi and record.doi.startswith("10.1186/isrctn"):
        return registry_numbers(record.doi.partition("/")[2])
    if record.pmid or record.volume or record.pages:
        return ()
    places = [record.journal, *record.urls]
    named = " ".join([record.source_key, *(place for place in places if _HOST.search(place))])
    printed = bool(record.journal) and not _HOST.search(record.journal)
    return () if printed else registry_numbers(re.sub(r"[=/?&]", " ", named))[:1]


def _bare(accession: str) -> tuple[str, ...]:
    """Return a number whose registry is known only because nothing else stands beside it."""
    for name, pattern in (("EU", _BARE_EU), ("NL", _BARE_DUTCH)):
        if match := pattern.fullmatch(accession.strip()):
            return (_normal(name, match[1]),)
    return ()


def _normal(prefix: str, digits: str) -> str:
    """Write upper case but for the prefix, which keeps the registry's own spelling."""
    rest = digits.lower() if prefix in ("jRCT", "RBR-") else digits.upper()
    return f"{prefix}{rest}"
