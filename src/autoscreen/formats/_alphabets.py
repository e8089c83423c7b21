"""Judges in which encoding a text in Cyrillic, Greek, Hebrew, Arabic or Thai letters is."""

from __future__ import annotations

from itertools import pairwise

# Letters in the order of their frequency; Russian with Ukrainian and Bulgarian, Arabic with
# Persian.
_CYRILLIC = (
    "\u043e\u0435\u0430\u0438\u043d\u0442\u0441\u0440\u0432\u043b\u043a\u043c\u0434\u043f"
    "\u0443\u044f\u044b\u044c\u0433\u0437\u0431\u0447\u0439\u0445\u0436\u0448\u044e\u0446"
    "\u0449\u044d\u0444\u044a\u0451\u0456\u0457\u0454\u0491"
)
_GREEK = (
    "\u03b1\u03bf\u03b9\u03b5\u03c4\u03c3\u03bd\u03b7\u03c1\u03c2\u03ac\u03c0\u03af\u03ba"
    "\u03bb\u03cc\u03bc\u03c5\u03cd\u03ad\u03ce\u03ae\u03b8\u03b4\u03b3\u03c9\u03c7\u03c6"
    "\u03b2\u03be\u03b6\u03c8\u03ca"
)
_HEBREW = (
    "\u05d9\u05d5\u05d4\u05dc\u05e8\u05ea\u05d0\u05d1\u05de\u05e9\u05e0\u05dd\u05d3\u05e7"
    "\u05e4\u05d7\u05e2\u05d8\u05e1\u05d2\u05df\u05e6\u05d6\u05db\u05da\u05e3\u05e5"
)
_ARABIC = (
    "\u0627\u0644\u064a\u0645\u0646\u0631\u062a\u0628\u0648\u0639\u0629\u0647\u062f\u0633"
    "\u0641\u0643\u0642\u062d\u062c\u0649\u0630\u0634\u0635\u0637\u062e\u0636\u062b\u063a"
    "\u0632\u0621\u0623\u0625\u0622\u0626\u0624\u0638\u06af\u067e\u0686\u0698"
)
_THAI = (
    "\u0e32\u0e19\u0e23\u0e01\u0e2d\u0e40\u0e07\u0e22\u0e25\u0e21\u0e48\u0e27\u0e14\u0e17"
    "\u0e2a\u0e15\u0e49\u0e35\u0e31\u0e04\u0e1a\u0e1b\u0e34\u0e30\u0e2b\u0e33\u0e44\u0e41"
    "\u0e42\u0e08\u0e1e\u0e02\u0e1c\u0e43\u0e38\u0e39\u0e09\u0e13\u0e0a\u0e0b\u0e18\u0e4c"
    "\u0e16\u0e1f\u0e37\u0e36\u0e47\u0e28\u0e29\u0e0d"
)
_ALPHABETS = (
    ("cp1251", _CYRILLIC),
    ("koi8_r", _CYRILLIC),
    ("koi8_u", _CYRILLIC),
    ("iso8859_5", _CYRILLIC),
    ("cp866", _CYRILLIC),
    ("mac_cyrillic", _CYRILLIC),
    ("cp1253", _GREEK),
    ("cp737", _GREEK),
    ("cp869", _GREEK),
    ("mac_greek", _GREEK),
    ("cp1255", _HEBREW),
    ("cp1256", _ARABIC),
    ("iso8859_6", _ARABIC),
    ("cp874", _THAI),
)
_SYMBOLS = frozenset(
    "\u2013\u2014\u2018\u2019\u201c\u201d\u201e\u2026\u2022\u2116\u2122\xa0\xa9\xab\xae\xb0\xb1\xb2\xb3\xb5\xb7"
    "\xbb\xd7\u060c\u061b\u061f\u0640\u200c\u200d\u200e\u200f"
)
_FREQUENT = 11
"""So many letters make up most of a text."""
_RARE = 0.35
_SURE = 0.68
_AHEAD = 0.03
_FEW_DIFFER = 0.1
_CAPITALS = 0.04  # a text without small letters is less likely


def encoding_by_alphabet(data: bytes) -> str | None:
    """Return the encoding in which letters are as frequent as in a language, if surely one is."""
    tried = [
        (_score(text, alphabet), encoding, text)
        for encoding, alphabet in _ALPHABETS
        for text in [data.decode(encoding, errors="replace")]
    ]
    best, encoding, text = max(tried, key=lambda one: one[0])
    # What differs in a few capitals only, as Mac Cyrillic from Windows-1251, is no rival.
    others = [score for score, _, other in tried if not _nearly_same(other, text)]
    return encoding if best >= _SURE and best - max(others) >= _AHEAD else None


def _nearly_same(one: str, other: str) -> bool:
    different = sum(map(str.__ne__, one, other))
    return len(one) == len(other) and different <= _FEW_DIFFER * sum(char > "\x7f" for char in one)


def _score(text: str, alphabet: str) -> float:
    letters = [char.lower() for char in text if char > "\x7f" and char not in _SYMBOLS]
    frequent = sum(char in alphabet[:_FREQUENT] for char in letters)
    rare = sum(char in alphabet for char in letters) - frequent
    # A capital letter after a small one is a sign of a wrong encoding.
    inverted = sum(a.islower() and b > "\x7f" and b.isupper() for a, b in pairwise(text))
    wrong = len(letters) - frequent - rare + inverted
    score = (frequent + _RARE * rare - wrong) / max(1, len(letters))
    capitals = any(char.isupper() for char in text if char > "\x7f")
    return score - _CAPITALS * (capitals and not any(a.islower() for a in text if a > "\x7f"))
