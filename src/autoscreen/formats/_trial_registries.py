"""Trial registration numbers: how each registry writes them, and which records are entries."""

from __future__ import annotations

import re
from unicodedata import normalize

from autoscreen.records import Record

_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_BREAK = r"(?<![A-Za-z0-9])"
_END = r"(?![0-9])"
# Prefix and digits may be separated by a blank or a dash in running text.
_PREFIXED = {
    "NCT": r"NCT[\s:-]?(\d{8})",
    "ISRCTN": r"ISRCTN[\s:-]?(\d{8})",
    "ACTRN": r"ACTRN[\s:-]?(\d{14})",
    "DRKS": r"DRKS[\s:-]?(\d{8})",
    "UMIN": r"(?:JPRN-)?UMIN[\s:-]?(?:CTR)?[\s:-]?(\d{9})",
    "jRCT": r"(?:JPRN-)?jRCT[\s:-]?(s?\d{9,10})",
    "JapicCTI-": r"(?:JPRN-)?JapicCTI[\s:-]?(\d{6})",
    "JMA-IIA": r"(?:JPRN-)?JMA-IIA[\s:-]?(\d{5})",
    "KCT": r"KCT[\s:-]?(\d{7})",
    "PACTR": r"PACTR[\s:-]?(\d{15,16})",
    "TCTR": r"TCTR[\s:-]?(\d{11})",
    "LBCTR": r"LBCTR[\s:-]?(\d{10})",
    "RPCEC": r"RPCEC[\s:-]?(\d{8})",
    "SNCTP": r"SNCTP[\s:-]?(\d{9})",
    "ITMCTR": r"ITMCTR[\s:-]?(\d{10})",
    "NTR": r"NTR[\s:-]?(\d{2,5})",
    "NL-OMON": r"NL-OMON[\s:-]?(\d{1,6})",
    "RBR-": r"RBR-([0-9a-z]{6,10})",
    "PER-": r"PER-(\d{3}-\d{2})",
    "IRCT": r"IRCT[\s:-]?(\d{11,14}N\d{1,3})",
    "ChiCTR": r"ChiCTR[\s:-]?((?:[A-Z]{2,4}-)?\d{8,10})",
    "CTRI/": r"CTRI/(\d{4}/\d{2,3}/\d{6})",
    "SLCTR/": r"SLCTR/(\d{4}/\d{3})",
    # The old EudraCT and its successor CTIS number alike; a country or version may follow.
    "EU": r"(?:EUCTR|EudraCT|CTIS|EU[\s-]?CT)(?:[\s:-]|number|no\.?|nr\.?)*"
    r"(\d{4}-\d{6}-\d{2})(?:-[A-Z]{2,3}|-\d{2})?",
}
_PATTERNS = {
    name: re.compile(f"{_BREAK}{pattern}{_END}", re.IGNORECASE)
    for name, pattern in _PREFIXED.items()
}
_BARE_EU = re.compile(r"(\d{4}-\d{6}-\d{2})(?:-[A-Z]{2,3}|-\d{2})?", re.IGNORECASE)
_BARE_DUTCH = re.compile(r"NL(\d{1,5})", re.IGNORECASE)
_HOST = re.compile(
    r"clinicaltrials\.gov|clinicaltrialsregister\.eu|euclinicaltrials\.eu|isrctn\.(?:com|org)"
    r"|controlled-trials\.com|anzctr\.org|chictr\.org|drks\.de|umin\.ac\.jp|jrct\.(?:niph|mhlw)"
    r"|rctportal\.niph|ctri\.nic\.in|irct\.(?:ir|behdasht)|cris\.nih\.go\.kr|pactr\.|onderzoekmet"
    r"|trialregister\.nl|ensaiosclinicos|trialsearch\.who|who\.int/trialsearch|slctr\.lk",
    re.IGNORECASE,
)
_HINT = re.compile(
    r"NCT|ISRCTN|ACTRN|DRKS|UMIN|RCT|Japic|JMA-|KCT|CTR|RPCEC|SNCTP|NTR|OMON|RBR-|PER-|EudraCT"
    r"|CTIS|EU.?CT",
    re.IGNORECASE,
)


def registry_numbers(text: str) -> tuple[str, ...]:
    """Return the trial registration numbers that a text names, each once, in one normal form."""
    if not _HINT.search(text):
        return ()
    text = _DASHES.sub("-", normalize("NFKC", text))
    found = [
        (match.start(), _normal(name, match[1]))
        for name, pattern in _PATTERNS.items()
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
