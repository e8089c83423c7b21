"""Folds what differs between databases but means the same: case, accents, mark-up, numerals."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from struct import pack
from unicodedata import combining, normalize

import numpy as np

_SMALL_WORDS = """
a an and as at by de der des die el en et for from fur in into la le les of on or the to und van
von with zur
"""
STOPWORDS = frozenset(_SMALL_WORDS.split())
_GREEK_NAMES = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau
upsilon phi chi psi omega
"""
_GREEK = dict(zip("αβγδεζηθικλμνξοπρστυφχψω", _GREEK_NAMES.split(), strict=True))
# Letters which Unicode does not take apart into a base letter and an accent.
_LETTERS = str.maketrans(
    _GREEK
    | {"ς": "sigma", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
    | {"\N{LATIN SMALL LETTER DOTLESS I}": "i", "\N{REPLACEMENT CHARACTER}": ""}
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,40}>")
_WORD = re.compile(r"[^\W_]+")
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
_ROMAN_AFTER = {"i": "1", "v": "5", "x": "10"}
_COUNTED = "part type phase class grade stage study trial factor group chapter section volume"
_NUMBERED = frozenset(_COUNTED.split())

# What Ovid, PubMed and EndNote append to the title of the article itself.
_LANGUAGE = (
    "afrikaans|arabic|bulgarian|chinese|croatian|czech|danish|dutch|english|finnish|french|german"
    "|greek|hebrew|hungarian|italian|japanese|korean|norwegian|persian|polish|portuguese|romanian"
    "|russian|serbian|slovak|slovene|spanish|swedish|turkish|ukrainian"
)
_ADDED = re.compile(
    rf"\s*[\[(](?:(?:in )?(?:{_LANGUAGE})(?:[,;/ ]+(?:{_LANGUAGE}))*"
    r"|(?:(?:systematic |literature )?review(?: article)?|\d+ refs?)"
    r"|(?:see )?comments?|(?:conference|meeting)? ?abstracts?|proceedings?|letter|article"
    r"|abstracts?:? ?(?:no\.?|number|nr\.?)?:? ?#?[a-z]{0,3}[-\d. ]{1,12}"
    r"|(?:published )?erratum appears in.*|(?:comment|summary for patients) in.*"
    r"|corrected(?: and republished.*)?|retracted(?: article)?\b.*)[\])]\.?\s*$",
    re.IGNORECASE,
)
# Scopus puts the title in the language of the article behind the English one.
_ORIGINAL = re.compile(r"(?<=[^\W\d_]{4})\s*\[[^\[\]\d]{20,}\]\s*$")
_RETRACTED = re.compile(r"^\W*retracted(?: article)?\W*[:.\-\u2013\u2014]\s*", re.IGNORECASE)
# "Correction: ..." is a notice, "Correction of anaemia" is research; so the stop is looked at.
_STOP = r"\s*(?:[:.\[(\u2013\u2014]|$)"
_HINTS = (
    *("errat", "corrig", "correct", "addend", "retract", "withdr", "concern", "repl", "respon"),
    *("rebut", "comment", "editorial", "letter", "correspond", "discussion"),
    *("re:", "re :", "(vol "),
)
_KINDS = {
    "notice": re.compile(
        r"^\W*(?:published )?(?:errat(?:um|a)|corrigend(?:um|a)|addendum|withdrawn)\b"
        r"|^\W*(?:(?:editorial )?expression of concern|notice of (?:retraction|correction))\b"
        r"|^\W*(?:publisher|author)\W?s?\W? correction\b|^\W*retraction not(?:e|ice)\b"
        rf"|^\W*(?:(?:partial )?retraction|withdrawal|corrections?)(?: (?:to|of)\s*[:\"']|{_STOP})"
        r"|^\W*corrections? (?:to|for \w+ (?:and \w+|et al))\b|\b(?:erratum|corrigendum)\W*$"
        r"|\(vol \w+, pg \w+, \d{4}\)\W*$",
        re.IGNORECASE,
    ),
    "reply": re.compile(
        r"^\W*(?:(?:the )?authors?\W{0,2}s?\W? |in |a )?(?:repl(?:y|ies)|rebuttal)\b"
        r"|^\W*(?:the )?authors?\W{0,2}s?\W? responses?\b"
        rf"|^\W*(?:in )?response(?:{_STOP}| to (?:the |a )?(?:letter|comment|editor|author|drs?\b))"
        r"|\b(?:authors?\W{0,2}s?\W? )?reply\W*$|\bauthors?\W{0,2}s?\W? response\W*$"
        rf"|[:.] response\W*$|^\W*response to \w+(?: \w+)? et al\b",
        re.IGNORECASE,
    ),
    "comment": re.compile(
        r"^\W*re\s?:|^\W*comments? on\b|^\W*letters? to the editor\b"
        r"|^\W*(?:invited |editorial |expert |guest )?(?:commentary|editorial comment)\b"
        rf"|^\W*(?:comments?|editorial|letters?|correspondence|discussion){_STOP}",
        re.IGNORECASE,
    ),
}

_NOT_ASCII = re.compile("[^\x00-\x7f]+")
_NOT_LETTERS = bytes(i for i in range(128) if not chr(i).isalnum())

_WINDOW = 16  # letters, about two to three words: shared phrases are found, shared words are not
_KEPT = 32
_TOO_SHORT = 120
_ODD = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)
_SEVEN = np.uint64(7)


def fold(text: str) -> str:
    """Return `text` in lower case without mark-up and accents, Greek letters spelled out."""
    if "&" in text:
        text = unescape(text).replace("&", " and ")
    if "<" in text:
        text = _TAG.sub("", text)
    if not text.isascii():
        text = _NOT_ASCII.sub(lambda match: _plain_letters(match[0]), text)
    return text.lower()


def words(text: str) -> list[str]:
    """Return the folded words and numbers of `text`, without punctuation."""
    return _WORD.findall(fold(text))


def split_title(title: str) -> tuple[str, str]:
    """
    Return the folded words of a title, and what kind of publication it says it is.

    The kind is ``notice`` (erratum, retraction ...), ``reply``, ``comment`` or empty. Remarks
    that a database adds to the title of the article itself are dropped.
    """
    title = _without_additions(title)
    lower = title.lower()
    if "retracted" in lower:
        title = _RETRACTED.sub("", title)
    folded = " ".join(_arabic(words(title)))
    if any(hint in lower for hint in _HINTS):
        for kind, pattern in _KINDS.items():
            if pattern.search(title):
                return folded, kind
    return folded, ""


def _without_additions(title: str) -> str:
    title = title.strip().rstrip(". ")
    while title.endswith(("]", ")")):
        shorter = _ORIGINAL.sub("", _ADDED.sub("", title)).rstrip(". ")
        if _bracketed(shorter):
            shorter = shorter[1:-1].strip().rstrip(". ")
        if shorter == title:
            break
        title = shorter
    return title


def _bracketed(title: str) -> bool:
    """Return whether one pair of square brackets holds the whole title, as for a translation."""
    if not (title.startswith("[") and title.endswith("]")):
        return False
    inner = title[1:-1]
    return inner.count("[") == inner.count("]") and inner.find("]") >= inner.find("[")


def sketch(abstract: str) -> tuple[bytes, int]:
    """
    Return a fingerprint of a text, and the number of windows it covers.

    The fingerprint holds the smallest 32-bit hashes of all windows of 16 letters or digits (a
    bottom-k sketch with k = 32), from which the overlap of two texts can be estimated. A text of
    fewer than 120 windows counts as no abstract: it says too little, or that there is none.

    References
    ----------
    Broder AZ (1997). On the resemblance and containment of documents. Compression and Complexity
    of Sequences, 21-29.
    """
    letters = np.frombuffer(fold(abstract).encode().translate(None, _NOT_LETTERS), dtype=np.uint8)
    size = len(letters) - _WINDOW + 1
    if size < _TOO_SHORT:
        return b"", 0
    hashed = letters.astype(np.uint64)
    width = 1
    while width < _WINDOW:  # the hash of a window from the hashes of its halves
        left, right = hashed[:-width] * _ODD, hashed[width:]
        left ^= right + (right >> _SEVEN)
        hashed = left
        width *= 2
    values = (hashed * _ODD >> _HALF).astype(np.uint32)
    lowest = sorted(set(np.partition(values, 3 * _KEPT)[: 3 * _KEPT].tolist()))[:_KEPT]
    return pack(f">{len(lowest)}I", *lowest), size


@lru_cache(maxsize=4096)
def _plain_letters(text: str) -> str:
    decomposed = normalize("NFKD", text.casefold())
    return "".join([c for c in decomposed if not combining(c)]).translate(_LETTERS)


def _arabic(found: list[str]) -> list[str]:
    """Write Roman numerals as databases disagree about them: 'type II' and 'type 2'."""
    return [
        _ROMAN_AFTER[word]
        if word in _ROMAN_AFTER and before in _NUMBERED
        else _ROMAN.get(word, word)
        for before, word in zip(["", *found], found, strict=False)
    ]
