"""Judges the encoding of a text that is not UTF-8 from all its lines together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import log

NAMES = {
    "cp1252": "Windows-1252 (Western European)",
    "cp1250": "Windows-1250 (Central European)",
    "cp1254": "Windows-1254 (Turkish)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "koi8_r": "KOI8-R (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)",
    "mac_roman": "Mac Roman",
    "gb18030": "GB18030 (Chinese)",
    "big5": "Big5 (Chinese)",
    "cp932": "Shift-JIS (Japanese)",
    "euc_jp": "EUC-JP (Japanese)",
    "cp949": "EUC-KR (Korean)",
}

_RUN = re.compile(rb"[\x80-\xff]+")
_LONG_RUN = 3
_NOT_LATIN = 0.6  # share of bytes in long runs, from which a text is not in Latin letters
_FEW = 12  # bytes beyond ASCII, too few to refuse a file for
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_IDEOGRAPH = re.compile("[\u4e00-\u9fff]")
_PUNCTUATION = re.compile("[\u00b7\u2010-\u2027\u3000-\u3011\uff00-\uffe5]")
_CYRILLIC = re.compile("[\u0410-\u044f\u0401\u0451]")
_GREEK = re.compile("[\u0386-\u03ce]")
_COMMON = frozenset(
    "\u043e\u0435\u0430\u0438\u043d\u0442\u0441\u0440\u0432\u043b"  # Russian
    "\u03b1\u03bf\u03b9\u03b5\u03c4\u03c3\u03bd\u03b7\u03c1\u03c2\u03ac\u03c0"  # Greek
)
# A small letter before a capital one, which a wrong Cyrillic or Greek encoding produces.
_INVERTED = re.compile("[\u0430-\u044f\u03ac-\u03ce][\u0410-\u042f\u0391-\u03a9]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]")

# How often the letters of each group of languages are met; others are rare.
_LETTERS = {
    "cp1252": "é20 ü12 ö12 ä12 á7 í7 ó7 ñ7 ç6 ã5 è5 à5 ê4 ß4 å4 ø2 æ3 ô3 ú4 î2 â3 ë3 ï3 õ2 û2 ù1",
    "mac_roman": "é20 ü12 ö12 ä12 á7 í7 ó7 ñ7 ç6 ã5 è5 à5 ê4 ß4 å4 ø2 æ3 ô3 ú4 î2 â3 ë3 ï3 õ2 û2",
    "cp1250": "é6 á6 í5 ó4 ö4 ü4 ä1 ő3 ű1 ł6 ą5 ę5 ś4 ż4 ź1 ć4 ń3 č6 š6 ž6 ř4 ě6 ů4 ý5 ú3 ă2 ş2 ţ2",
    "cp1254": "\u01319 ş7 ğ6 ü7 ö5 ç5 İ2 â1",
}
_WEIGHTS = {
    encoding: {item[0]: log(float(item[1:])) for item in letters.split()}
    for encoding, letters in _LETTERS.items()
}
_SYMBOLS = frozenset(
    "\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2022\xa0\xb0\xb1\xb5\xae\xa9\u2122\xd7\xab\xbb\xb2\xb3\xb7"
)
# Read as Western, Czech has these two together, and none of the others.
_SLAVIC_IF = frozenset("\u00f8\u00e8")
_WESTERN_IF = frozenset("\u00e0\u00e5\u00e6\u00f1\u00ea\u00e3\u00e7")
_ENOUGH = 50
_USUAL = 1.0  # Windows-1252 is the most usual


def wide_encoding(sample: bytes) -> str | None:
    """Return which UTF-16 the beginning of a text without a byte order mark is in, or None."""
    sample = sample[: len(sample) // 2 * 2]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) < 4 or max(even, odd) < 5 * min(even, odd):
        return None
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    text = sample.decode(encoding, errors="replace")[:-1]
    return None if _CONTROL.search(text) else encoding


def legacy_encoding(lines: Sequence[bytes]) -> str | None:
    """Return the encoding of the lines of a file that are not UTF-8."""
    data = b"\n".join(lines)
    runs = _RUN.findall(data)
    total = sum(map(len, runs))
    long = sum(len(run) for run in runs if len(run) >= _LONG_RUN)
    paired = sum(len(run) for run in runs if len(run) > 1)
    if 3 * paired >= 2 * total and (found := _east_asian(data)) is not None:
        return found
    if long < _NOT_LATIN * total:
        return max(_WEIGHTS, key=lambda encoding: _latin_score(data, encoding))
    if (found := _cyrillic_or_greek(data)) is not None:
        return found
    return "cp1252" if total < _FEW else None


def _east_asian(data: bytes) -> str | None:
    """Return a double-byte encoding in which nearly all is usual script."""
    tests = (
        ("cp932", _KANA, 0.15, _IDEOGRAPH),
        ("euc_jp", _KANA, 0.25, _IDEOGRAPH),
        ("cp949", _HANGUL, 0.9, _HANGUL),
        ("gb2312", _IDEOGRAPH, 0.5, _IDEOGRAPH),
        ("big5", _IDEOGRAPH, 0.5, _IDEOGRAPH),
        ("gb18030", _IDEOGRAPH, 0.5, _IDEOGRAPH),
    )
    for encoding, script, share, other in tests:
        text = _strictly(data, encoding)
        wide = [char for char in text or "" if char > "\x7f"]
        letters = [char for char in wide if not _PUNCTUATION.match(char)]
        if not letters or len(wide) < 2:
            continue
        proper = sum(1 for char in letters if script.match(char))
        known = sum(1 for char in letters if script.match(char) or other.match(char))
        if (
            proper >= share * len(letters)
            and known >= 0.9 * len(letters)
            and _usual(letters, encoding)
        ):
            return "gb18030" if encoding == "gb2312" else encoding
    return None


def _usual(letters: Sequence[str], encoding: str) -> bool:
    """Return whether most ideographs are of the frequent ones, which come first in a code."""
    last = {"gb2312": 0xD7, "gb18030": 0xD7, "big5": 0xC6}.get(encoding)
    if last is None:
        return True
    first = {"big5": 0xA4}.get(encoding, 0xB0)
    frequent = sum(1 for char in letters if first <= char.encode(encoding)[0] <= last)
    return frequent >= 0.75 * len(letters)


def _cyrillic_or_greek(data: bytes) -> str | None:
    best, score = None, 1.2
    for encoding, script in (("cp1251", _CYRILLIC), ("koi8_r", _CYRILLIC), ("cp1253", _GREEK)):
        text = data.decode(encoding, errors="replace")
        letters = [char for char in text if char > "\x7f" and char not in _SYMBOLS]
        found = sum(1 for char in letters if script.match(char))
        share = (found - 2 * len(_INVERTED.findall(text))) / max(1, len(letters))
        common = sum(1 for char in letters if char.lower() in _COMMON) / max(1, len(letters))
        small = sum(map(str.islower, letters)) >= 0.3 * len(letters)
        if small and common >= 0.45 and share + common > score:
            best, score = encoding, share + common
    return best


def _latin_score(data: bytes, encoding: str) -> float:
    """Return how plausible the letters are, each counted once."""
    text = data.decode(encoding, errors="replace")
    places: dict[str, list[int]] = {}
    for match in re.finditer(r"[^\x00-\x7f]", text):
        places.setdefault(match[0], []).append(match.start())
    score = _USUAL * (encoding == "cp1252")
    if encoding == "cp1252" and _SLAVIC_IF.issubset(places) and _WESTERN_IF.isdisjoint(places):
        score -= 3
    return score + sum(_letter_score(text, char, places[char], encoding) for char in places)


def _letter_score(text: str, char: str, places: Sequence[int], encoding: str) -> float:
    around = [(text[at - 1 : at], text[at + 1 : at + 2]) for at in places[:_ENOUGH]]
    inside = sum(before.isalpha() and after.isalpha() for before, after in around)
    if char.isalpha():
        weights = _WEIGHTS[encoding]
        misplaced = char.isupper() and any(before.islower() for before, _ in around)
        return weights.get(char, weights.get(char.lower(), -2.0) - 0.5) - 3 * misplaced
    joined = char in "\u2019\u2018\u2013\xa0"
    return 0 if char in _SYMBOLS and (joined or 2 * inside < len(around)) else -3


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
