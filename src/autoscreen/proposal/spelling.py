"""Normal forms of terms, and the spellings and endings in which abstracts write them."""

from __future__ import annotations

import re

from autoscreen.protocol import fold

_IZE = (
    *("catheter", "character", "colon", "fertil", "hospital", "immun", "institutional", "minim"),
    *("mobil", "normal", "optim", "organ", "random", "revascular", "standard", "steril"),
    *("util", "visual"),
)
# American and British beginnings of words.
_BEGINNINGS = {
    "anemi": "anaemi",
    "anesthe": "anaesthe",
    "apnea": "apnoea",
    "behavior": "behaviour",
    "celiac": "coeliac",
    "center": "centre",
    "cesarean": "caesarean",
    "counseling": "counselling",
    "diarrhea": "diarrhoea",
    "dyspnea": "dyspnoea",
    "edema": "oedema",
    "esophag": "oesophag",
    "estradiol": "oestradiol",
    "estrogen": "oestrogen",
    "fecal": "faecal",
    "fiber": "fibre",
    "gynecolog": "gynaecolog",
    "hemato": "haemato",
    "hemo": "haemo",
    "ischemi": "ischaemi",
    "leukemi": "leukaemi",
    "leukocyt": "leucocyt",
    "orthopedic": "orthopaedic",
    "pediatric": "paediatric",
    "sulfate": "sulphate",
    "tumor": "tumour",
    **{f"{stem}iz": f"{stem}is" for stem in _IZE},
}
# Those that occur inside of words too.
_INSIDE = {
    "anesthe": "anaesthe",
    "apnea": "apnoea",
    "edema": "oedema",
    "glycemi": "glycaemi",
    "ischemi": "ischaemi",
    "lipidemi": "lipidaemi",
    "uricemi": "uricaemi",
    "volemi": "volaemi",
}
_TO_BRITISH = {**_BEGINNINGS, **_INSIDE}
_TO_AMERICAN = {british: american for american, british in _TO_BRITISH.items()}
_SHORTEST_SINGULAR = 4
_SHORTEST_STEM = 4
_ALWAYS_S = ("ss", "us", "is", "ics")
# Greek plurals, and what they are made of.
_GREEK = {"itides": "itis", "oses": "osis", "stases": "stasis", "lyses": "lysis"}


def _either(beginnings: list[str], inside: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(beginnings)})|{'|'.join(inside)}")


_AMERICAN = _either([*_BEGINNINGS], [*_INSIDE])
_BRITISH = _either([*_BEGINNINGS.values()], [*_INSIDE.values()])


def american(text: str) -> str:
    """Return a text in lower case with American spellings."""
    return _BRITISH.sub(lambda match: _TO_AMERICAN[match[0]], text)


def british(text: str) -> str:
    """Return a text in lower case with British spellings."""
    return _AMERICAN.sub(lambda match: _TO_BRITISH[match[0]], text)


def singular(word: str) -> str:
    """Return the singular of a word in lower case, for comparison."""
    if len(word) < _SHORTEST_SINGULAR or not word.endswith("s") or word.endswith(_ALWAYS_S):
        return word
    for plural, ending in _GREEK.items():
        if word.endswith(plural) and len(word) > len(plural) + 2:
            return word.removesuffix(plural) + ending
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "sses", "xes")) and not word.endswith("aches"):
        return word[:-2]
    return word[:-1]


def normal(text: str) -> tuple[str, ...]:
    """
    Return the words of a text in the form in which terms are compared.

    Examples
    --------
    >>> normal("Tension-type headaches") == normal("tension type headache")
    True
    >>> normal("paediatric tumours")
    ('pediatric', 'tumor')
    """
    return tuple(singular(word) for word in american(fold(text)).split())


def spellings(term: str) -> list[str]:
    """
    Return a term as protocols write it: with other endings, American and British.

    Examples
    --------
    >>> spellings("brain tumour")
    ['brain tumor*', 'brain tumour*']
    >>> spellings("polyneuropathy")
    ['polyneuropathy', 'polyneuropathies']
    """
    words = term.split()
    if not words:
        return []
    *before, last = words
    plain = last.isascii() and last.isalpha() and last == last.lower()
    forms = [" ".join([*before, ending]) for ending in (_endings(last) if plain else [last])]
    if term != term.lower():
        return forms
    return list(dict.fromkeys(write(one) for one in forms for write in (american, british)))


def _endings(word: str) -> list[str]:
    stem = singular(word)
    if len(stem) < _SHORTEST_STEM:
        return [word]
    if stem.endswith("y") and stem[-2] not in "aeioul":
        return [stem, f"{stem[:-1]}ies"]
    return [stem] if stem.endswith((*_ALWAYS_S, "ly")) else [f"{stem}*"]
