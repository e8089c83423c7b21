"""Judges the encoding of a text that is not UTF-8 from all its lines together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import log

from autoscreen.formats._alphabets import encoding_by_alphabet

NAMES = {
    "cp1252": "Windows-1252 (Western European)",
    "cp1250": "Windows-1250 (Central European)",
    "cp1254": "Windows-1254 (Turkish)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1257": "Windows-1257 (Baltic)",
    "iso8859_2": "ISO 8859-2 (Central European)",
    "cp850": "DOS 850 (Western European)",
    "mac_roman": "Mac Roman",
    "koi8_r": "KOI8-R (Cyrillic)",
    "koi8_u": "KOI8-U (Cyrillic)",
    "iso8859_5": "ISO 8859-5 (Cyrillic)",
    "cp866": "DOS 866 (Cyrillic)",
    "mac_cyrillic": "Mac Cyrillic",
    "cp1253": "Windows-1253 (Greek)",
    "cp737": "DOS 737 (Greek)",
    "cp869": "DOS 869 (Greek)",
    "mac_greek": "Mac Greek",
    "cp1255": "Windows-1255 (Hebrew)",
    "cp1256": "Windows-1256 (Arabic)",
    "iso8859_6": "ISO 8859-6 (Arabic)",
    "cp874": "Windows-874 (Thai)",
    "gb18030": "GB18030 (Chinese)",
    "big5": "Big5 (Chinese)",
    "cp932": "Shift-JIS (Japanese)",
    "euc_jp": "EUC-JP (Japanese)",
    "cp949": "EUC-KR (Korean)",
    "cp1258": "Windows-1258 (Vietnamese)",
}

_RUN = re.compile(rb"[\x80-\xff]+")
_LONG_RUN = 3
_NOT_LATIN = 0.6  # share of bytes in long runs, from which a text is not in Latin letters
_FEW = 12  # bytes beyond ASCII, too few to refuse a file for
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_IDEOGRAPH = re.compile("[\u4e00-\u9fff]")
_PUNCTUATION = re.compile("[\u00b7\u2010-\u2027\u3000-\u3011\uff00-\uffe5]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]")

# How often the letters of each group of languages are met; others are rare.
_LETTERS = {
    "cp1252": "é20 ü12 ö12 ä12 á7 í7 ó7 ñ7 ç6 ã5 è5 à5 ê4 ß4 å4 ø2 æ3 ô3 ú4 î2 â3 ë3 ï3 õ2 û2 ù1"
    " ð3 þ3 ý2",
    "mac_roman": "é20 ü12 ö12 ä12 á7 í7 ó7 ñ7 ç6 ã5 è5 à5 ê4 ß4 å4 ø2 æ3 ô3 ú4 î2 â3 ë3 ï3 õ2 û2",
    "cp1250": "é6 á6 í5 ó4 ö4 ü4 ä1 ő3 ű1 ł6 ą5 ę5 ś4 ż4 ź1 ć4 ń3 č6 š6 ž6 ř4 ě6 ů4 ý5 ú3"
    " đ5 ă2 ş2 ţ2",
    "cp1254": "\u01319 ş7 ğ6 ü7 ö5 ç5 İ2 â1",
    "cp1257": "š8 ž7 ė8 ą5 č4 ų3 ū5 į5 ā8 ē7 ī8 ņ5 ļ4 ģ2 ķ3 õ2 ä3 ö2 ü3",
}
_LETTERS |= {"iso8859_2": _LETTERS["cp1250"], "cp850": _LETTERS["cp1252"]}
_WEIGHTS = {
    encoding: {item[0]: log(float(item[1:])) for item in letters.split()}
    for encoding, letters in _LETTERS.items()
}
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_VOWELS = frozenset("aeiouy\u0103\u00e2\u00ea\u00f4\u01a1\u01b0")
_VIETNAMESE_ONLY = frozenset("\u0111\u0103\u01a1\u01b0")
_FEW_TONES = 4
_SYMBOLS = frozenset(
    "\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2022\xa0\xb0\xb1\xb5\xae\xa9\u2122\xd7\xab\xbb\xb2\xb3\xb7"
)
# Read as Western, Czech has these two together, and none of the others.
_SLAVIC_IF = frozenset("\u00f8\u00e8")
# Read as Western, Croatian and Romanian have these together, and no Western language has.
_NEVER_TOGETHER = (frozenset("\u00f0\u00e8"), frozenset("\u00fe\u00e3"))
_WESTERN_IF = frozenset("\u00e0\u00e5\u00e6\u00f1\u00ea\u00e3\u00e7")
# Read as Western, Hungarian has one of the first together with several of the second.
_HUNGARIAN_IF = frozenset("\u00f5\u00fb")
_WITH_HUNGARIAN = frozenset("\u00e1\u00e9\u00ed\u00f3\u00f6\u00fa\u00fc")
_RARE = frozenset({"iso8859_2", "cp850", "cp1257"})
_RARELY = 1.0  # by how much an encoding that is hardly used has to be better
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
    if long >= _NOT_LATIN * total and (found := encoding_by_alphabet(data)) is not None:
        return found
    if 3 * paired >= 2 * total and (found := _east_asian(data)) is not None:
        return found
    if long < _NOT_LATIN * total:
        if _vietnamese(data):
            return "cp1258"
        return max(_WEIGHTS, key=lambda encoding: _latin_score(data, encoding))
    return "cp1252" if total < _FEW else None


def _vietnamese(data: bytes) -> bool:
    """Return whether the text has the letters of Vietnamese, each tone after a vowel."""
    text = data.decode("cp1258", errors="replace").lower()
    tones = [text[at - 1] in _VOWELS for at, char in enumerate(text) if char in _TONES and at]
    return len(tones) >= _FEW_TONES and all(tones) and len(_VIETNAMESE_ONLY.intersection(text)) > 1


def _east_asian(data: bytes) -> str | None:
    """Return a double-byte encoding in which nearly all is usual script."""
    tests = (
        ("cp932", _KANA, 0.1, _IDEOGRAPH),
        ("euc_jp", _KANA, 0.15, _IDEOGRAPH),
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
    if frequent >= 0.75 * len(letters):
        return True
    # Texts in traditional characters are written in GBK too.
    return encoding == "gb18030" and _usual_in_big5(letters)


def _usual_in_big5(letters: Sequence[str]) -> bool:
    codes = [char.encode("big5", errors="ignore") for char in letters]
    return sum(code[:1] > b"\xa3" and code[:1] < b"\xc7" for code in codes) >= 0.75 * len(codes)


def _latin_score(data: bytes, encoding: str) -> float:
    """Return how plausible the letters are, each counted once."""
    text = data.decode(encoding, errors="replace")
    places: dict[str, list[int]] = {}
    for match in re.finditer(r"[^\x00-\x7f]", text):
        places.setdefault(match[0], []).append(match.start())
    score = _USUAL * (encoding == "cp1252") - _RARELY * (encoding in _RARE)
    if encoding == "cp1252":
        score -= 3 * sum(pair.issubset(places) for pair in _NEVER_TOGETHER)
    if encoding == "cp1252" and _WESTERN_IF.isdisjoint(places):
        several = len(_WITH_HUNGARIAN & places.keys()) > 2
        hungarian = several and not _HUNGARIAN_IF.isdisjoint(places)
        score -= 3 * _SLAVIC_IF.issubset(places) + 5 * hungarian
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
