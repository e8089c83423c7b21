"""Author names: one per value, as ``Family, Given`` or ``Family GN``."""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Iterable

from autoscreen.formats._clean import plain

_USUAL = re.compile(r"[^\W\d_][\w'-]*(?:, [^\W\d_][\w.-]*(?: [^\W\d_]\.?)?| [A-Z]{1,3})")
_IN_BRACKETS = re.compile(r"\s*(?:\((?:\d+|[^()]*@[^()]*)\)|\[[^\]]*\])(?=\s*$)")
_INITIALS_FIRST = re.compile(
    r"((?:[^\W\d_]\.[ -]{0,2})+)\s*((?:[a-z'\u2019]+ )*[^\W\d_a-z][^\d,.]+)"
)
_ENDS_IN_INITIALS = re.compile(r"\S.* (?:[^\W\d_a-z]\.?-?){1,4}\.?")
_INITIALS = re.compile(r"(?:[^\W\d_]\.[ -]?)+|[A-Z]{1,3}")
_SEPARATOR = re.compile("[;\uff1b\u3001\uff0c]")
_GROUP_STOP = re.compile(r"(?<=[^\W\d_]{4})\.$")
_FAMILY = re.compile(
    r"((?:\S+ )*?)((?:(?:[a-zß-öø-þ][\w'\u2019]*|Van|Von|De[rn]?|La) )*\S*[^\W\d_])"
)
_LAST_INITIALS = re.compile(r".* [A-Z]{1,3}")
# A comma parts names, but not before "Jr." and the like.
_NAME_ENDS = re.compile(r",(?!\s*(?:[JS]r|I{2,3}|IV)\b)")
_SUFFIX = re.compile(r",\s*(?:[JS]r\.?|I{2,3}|IV)")
_AFTER_INITIAL = re.compile(r"(?<=[A-Z]\.)(?=[^\W\d_a-z][a-zß-öø-ÿ'\u2019])")
# Family and given name written together; two of fewer characters may be one person.
_WHOLE_NAME = re.compile("[\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3]{3,6}")
_AND = re.compile(r",?\s+(?:and|&)\s+")


def person(text: str) -> str:
    """
    Return one author as ``Family, Given`` or ``Family GN``.

    Identifiers and addresses that databases add in brackets are removed, and initials before the
    family name move behind it.
    """
    name = plain(text)
    if _USUAL.fullmatch(name):
        return name
    name = name.strip(" ;,")
    if name.endswith((")", "]")):
        name = _IN_BRACKETS.sub("", name) or name
    if "," in name:
        return ", ".join(part for part in (part.strip() for part in name.split(",")) if part)
    if "." in name[:3] and (match := _INITIALS_FIRST.fullmatch(name)):
        return f"{match[2]}, {match[1].strip()}"
    return name


def family_first(text: str) -> str:
    """Return an author written given names first, unless a comma or initials show otherwise."""
    name = person(text)
    if "," in name or " " not in name or _LAST_INITIALS.fullmatch(name):
        return name
    match = _FAMILY.fullmatch(name)
    return f"{match[2]}, {match[1].strip()}" if match and match[1] else name


def people(text: str) -> tuple[str, ...]:
    """Return the authors of one field, split at whatever separates them."""
    text = text.strip()
    if not text:
        return ()
    if (values := python_list(text)) is not None:
        return _named(values)
    if _SEPARATOR.search(text):
        parts = [part.strip() for part in _SEPARATOR.split(text)]
        return _named([_GROUP_STOP.sub("", name) for part in parts for name in _initialled(part)])
    for separator in ("|", "\n"):
        if separator in text:
            return _named(text.split(separator))
    return _named(_parted_by_commas(text) if "," in text else _parted_by_stops(text))


def names(values: Iterable[str]) -> tuple[str, ...]:
    """Return the authors of a repeated field, of which one value may join several."""
    found: list[str] = []
    for value in values:
        if _USUAL.fullmatch(value):
            found.append(value)
        elif _SEPARATOR.search(value) or value.startswith("["):
            found += people(value)
        else:
            found += _named(_parted_by_commas(value) if value.count(",") else [value])
    return tuple(found)


def _initialled(text: str) -> list[str]:
    """Split ``Doe RR, Roe MW``; any other text is one name."""
    parts = [part.strip() for part in _NAME_ENDS.split(text)]
    return parts if all(map(_ENDS_IN_INITIALS.fullmatch, parts)) else [text]


def python_list(text: str) -> list[str] | None:
    """Return the values of a list in Python's notation (``['a', 'b']``); None if it is not one."""
    if not (text.startswith("[") and text.endswith("]")):
        return None
    try:
        values = literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return [str(value) for value in values]


def _named(texts: list[str]) -> tuple[str, ...]:
    return tuple(filter(None, map(person, texts)))


def _parted_by_stops(text: str) -> list[str]:
    """Split ``Sample A and Muster B`` (Rayyan) and ``Sample A.Muster B. C.`` (EndNote)."""
    for parts in (_AND.split(text), _AFTER_INITIAL.split(text)):
        if len(parts) > 1 and all(map(_ENDS_IN_INITIALS.fullmatch, parts)):
            return parts
    return [text]


def _parted_by_commas(text: str) -> list[str]:
    parts = _AND.split(text)
    if len(parts) > 1 and any("," in part for part in parts):
        return [name for part in parts for name in _parted_by_commas(part)]
    parts = [part.strip() for part in _NAME_ENDS.split(text.rstrip(" ,"))]
    if not any("." in part for part in parts[:-1]):  # then the last stop ends the list
        parts[-1] = parts[-1].removesuffix(".")
    if all(_ENDS_IN_INITIALS.fullmatch(_SUFFIX.sub("", part)) for part in parts):
        return parts
    if len(parts) == 2 and not all(map(_WHOLE_NAME.fullmatch, parts)):
        return [text]
    pairs = list(zip(parts[::2], parts[1::2], strict=False))
    if len(parts) % 2 == 0 and all(_INITIALS.fullmatch(given) for _, given in pairs):
        return [f"{family}, {given}" for family, given in pairs]
    if len(parts) > 1 and all(" " in part or _WHOLE_NAME.fullmatch(part) for part in parts):
        return parts
    return [text]
