"""The search fields of PubMed, each under one short name."""

from __future__ import annotations

import re

_NAMES = {
    "tiab": "title/abstract",
    "ti": "title",
    "ab": "abstract",
    "tw": "text word|text words",
    "all": "all fields",
    "mh": "mesh|mesh terms",
    "mh:noexp": "mesh:noexp|mesh terms:noexp",
    "majr": "mesh major topic",
    "majr:noexp": "mesh major topic:noexp",
    "sh": "mesh subheading|mesh subheadings|subheading|sh:noexp",
    "pt": "ptyp|publication type",
    "la": "lang|language",
    "dp": "pdat|publication date|date - publication",
    "au": "author",
    "1au": "author - first",
    "lastau": "author - last",
    "ta": "jour|journal",
    "pmid": "uid",
    "ot": "other term",
    "aid": "lid|location id",
    "vi": "volume",
    "ip": "issue",
    "pg": "pagination",
}
_SHORT = {name: short for short, names in _NAMES.items() for name in names.split("|")}
_NEAR = re.compile(r"(.+):~(\d+)")

TEXT = frozenset({"tiab", "ti", "ab", "tw", "all", "ot", ""})
"""Fields in which words of a text are searched; the empty one is a word without a tag."""
MESH = frozenset({"mh", "mh:noexp", "majr", "majr:noexp"})


def field_of(tag: str) -> tuple[str, int | None]:
    """
    Return the short name of a search field tag, and the distance of a proximity search.

    Examples
    --------
    >>> field_of("[Title/Abstract:~3]")
    ('tiab', 3)
    """
    name = " ".join(tag.strip("[]").lower().split())
    near = _NEAR.fullmatch(name)
    name, distance = (near[1], int(near[2])) if near else (name, None)
    return _SHORT.get(name, name), distance
