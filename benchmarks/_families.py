"""The families of the benchmark's reviews, by how their names begin.

Reviews of one family resemble each other, so what is learnt from one of them must not be measured
on another.
"""

from __future__ import annotations

FAMILIES = {
    "Cohen2006": "drug class",
    "CLEF2017": "diagnostic",
    "Spiero_Int": "intervention",
    "Spiero_Prog": "prognosis",
    "RSM2025": "language models",
    "Hall2012_SE": "software",
    "Kitchenham2010_SE": "software",
    "SYNERGY_Radjenovic": "software",
}
OTHER = "other"
"""Reviews that belong to no family; they are left out together."""


def family_of(name: str) -> str:
    """Return the family of a review."""
    return next((FAMILIES[start] for start in FAMILIES if name.startswith(start)), OTHER)


def model_name(of: str) -> str:
    """Return the file name of the model that was trained without a family."""
    return f"{of.replace(' ', '-')}.json"
