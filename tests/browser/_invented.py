"""Invented records on training after stroke, in files as Embase and Rayyan export them."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

_TREATMENTS = (
    ("Treadmill training", "stroke"),
    ("Treadmill training", "Parkinson disease"),
    ("Treadmill training", "mice with ischaemia"),
    ("Mirror therapy", "stroke"),
    ("Overground gait training", "stroke"),
    ("Speech therapy", "aphasia after stroke"),
)
_DESIGNS = ("a randomised controlled trial", "a retrospective cohort", "a systematic review")
_OUTCOMES = ("walking speed", "gait endurance", "balance")
_IN_EMBASE = 36
_VOTES = (
    '"Anna"=>"Included", "Ben"=>"Excluded"',
    '"Anna"=>"Included", "Ben"=>"Included"',
    '"Anna"=>"Excluded", "Ben"=>"Excluded"',
    '"Anna"=>"Maybe"',
)
_RAYYAN = ("key", "title", "authors", "journal", "volume", "issue", "year")
_RAYYAN_MORE = ("abstract", "notes", "doi")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Invented:
    number: int
    title: str
    abstract: str
    authors: tuple[str, str]
    year: int
    doi: str


def _records() -> list[_Invented]:
    kinds = product(_OUTCOMES, _DESIGNS, _TREATMENTS)
    return [
        _Invented(
            number=at,
            title=f"{what} and {outcome} in {whom}: {design}",
            abstract=f"Background: Many studies of {whom} are small. Methods: {20 + 7 * at} "
            f"participants had {what.lower()} or usual care in {design}. Results: {outcome} "
            f"changed by {at} percent. Conclusion: {what} may help {outcome} in {whom}.",
            authors=(f"Okafor{'abcdefghi'[at % 9]} B", f"Lindqvist{'abcdefg'[at % 7]} A"),
            year=2000 + at % 23,
            doi=f"10.5555/invented.{at}",
        )
        for at, (outcome, design, (what, whom)) in enumerate(kinds, 1)
    ]


def embase_ris(path: Path) -> Path:
    """Write 36 records as Embase numbers and tags them."""
    lines: list[str] = []
    for one in _records()[:_IN_EMBASE]:
        lines += [
            f"{one.number}.",
            "TY  - JOUR",
            "M3  - Article",
            f"T1  - {one.title}",
            *(f"A1  - {author}" for author in one.authors),
            f"Y1  - {one.year}//",
            f"N2  - {one.abstract}",
            "KW  - cerebrovascular accident",
            "JF  - Journal of Invented Rehabilitation",
            f"VL  - {one.number}",
            f"SP  - {3 * one.number}",
            f"DO  - {one.doi}",
            f"U2  - L{600_000_000 + one.number}",
            "DB  - Embase",
            "ER  - ",
            "",
        ]
    path.write_text("\ufeff" + "\r\n".join(lines), encoding="utf-8")
    return path


def rayyan_csv(path: Path) -> Path:
    """Write 12 more records, one of the others and one much like another, with votes of two."""
    records = _records()
    some = [*records[_IN_EMBASE : _IN_EMBASE + 12], records[3]]
    like = replace(records[0], title=f"{records[0].title} (abstract)", year=2022, doi="")
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(_RAYYAN + _RAYYAN_MORE)
        for at, one in enumerate([*some, like]):
            notes = f"RAYYAN-INCLUSION: {{{_VOTES[at % len(_VOTES)]}}}"
            if "Excluded" in notes:
                notes += " | RAYYAN-EXCLUSION-REASONS: wrong population"
            authors, journal = " and ".join(one.authors), "Journal of Invented Rehabilitation"
            volume = one.number if one.doi else 70
            place = (journal, volume, "", one.year)
            rows.writerow(
                (f"rayyan-{at}", one.title, authors, *place, one.abstract, notes, one.doi)
            )
    return path
