"""Duplicates and near misses planted in real titles and abstracts, like those of databases.

The real sets have titles, abstracts, years and identifiers; authors and source are invented here.
The damage is what exports of PubMed, Embase, Web of Science, Scopus and Ovid do to the same
article; near misses must not be merged.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from autoscreen.records import Record

__all__ = ["DAMAGE", "NEAR_MISSES", "Planted", "plant", "with_sources"]

JOURNALS = [
    ("Journal of Clinical Oncology", "J Clin Oncol"),
    ("New England Journal of Medicine", "N Engl J Med"),
    ("BMJ (Clinical research ed.)", "BMJ"),
    ("Lancet (London, England)", "Lancet"),
    ("Journal of the American Medical Association", "JAMA"),
    ("Annals of the New York Academy of Sciences", "Ann N Y Acad Sci"),
    (
        "Proceedings of the National Academy of Sciences of the United States of America",
        "Proc Natl Acad Sci U S A",
    ),
    ("European Journal of Pain", "Eur J Pain"),
    ("Pain Medicine (Malden, Mass.)", "Pain Med"),
    ("Clinical Neurophysiology", "Clin Neurophysiol"),
    ("Neurophysiologie Clinique = Clinical Neurophysiology", "Neurophysiol Clin"),
    ("The Journal of Neuroscience", "J Neurosci"),
    ("Acta Psychiatrica Scandinavica", "Acta Psychiatr Scand"),
    ("Deutsche Medizinische Wochenschrift", "Dtsch Med Wochenschr"),
    ("Diabetes, Obesity and Metabolism", "Diabetes Obes Metab"),
    ("American Journal of Respiratory and Critical Care Medicine", "Am J Respir Crit Care Med"),
    ("International Journal of Cardiology", "Int J Cardiol"),
    ("Archives of Physical Medicine and Rehabilitation", "Arch Phys Med Rehabil"),
    ("Brain Stimulation", "Brain Stimul"),
    ("Cochrane Database of Systematic Reviews", "Cochrane Database Syst Rev"),
    ("PLoS ONE", "PLoS One"),
    ("Zeitschrift fur Gastroenterologie", "Z Gastroenterol"),
    ("Health Technology Assessment (Winchester, England)", "Health Technol Assess"),
    ("Journal of Advanced Nursing", "J Adv Nurs"),
]
_NAMES = """
Smith Jones Müller García Lefèvre Nielsen Kowalski Nguyen Chen Wang Zhang Li Kim Park Tanaka Suzuki
Rossi Ferrari Silva Santos Ivanov Petrov Johansson Andersson Öztürk Novák O'Brien MacDonald
Hernández-López Khan Singh Patel Cohen Levy Haddad Okafor Mensah Dubois Moreau Schmidt Weber Fischer
Becker Hoffmann Jansen Bakker Visser Brown Wilson Taylor Evans Thomas Roberts Walker Wright Robinson
Thompson White Hughes Edwards Green Hall Wood Harris Lewis Martin Jackson Clarke Clark Turner Hill
Scott Cooper Morris Ward Moore King Watson Baker Harrison Morgan Allen James Phillips Carter Lee
Shaw Bennett Young Mitchell Cox
"""
FAMILIES = _NAMES.split()
PARTICLED = ["van der Berg", "de Groot", "von Hagen", "El Amrani", "Dos Reis"]
_GIVEN_NAMES = "Anna Bela Carl Dora Emil Fay Georg Hanna Ivo Jane Karl Lena Mara Nils Olga Paul"
GIVEN = _GIVEN_NAMES.split()


@dataclass(frozen=True)
class Planted:
    """A record, the number of its true group, and how it was made."""

    record: Record
    group: int
    made: str


def with_sources(records: Sequence[Record], rng: random.Random) -> list[Record]:
    """Return the records with invented authors, journal, volume and pages."""
    return [_with_source(record, rng) for record in records]


def _with_source(record: Record, rng: random.Random) -> Record:
    year = record.year or rng.randint(1985, 2024)
    first = rng.randint(1, 2400)
    return replace(
        record,
        authors=tuple(_author(rng) for _ in range(rng.choice([1, 2, 3, 4, 5, 6, 8, 12]))),
        year=year,
        journal=rng.choice(JOURNALS)[0],
        volume=str(rng.randint(1, 40) + max(0, year - 1985)),
        issue=str(rng.randint(1, 12)),
        pages=f"{first}-{first + rng.randint(0, 15)}",
        doi=record.doi or f"10.{rng.randint(1000, 9999)}/j.{year}.{rng.randint(10**5, 10**6)}",
    )


def _author(rng: random.Random) -> str:
    family = rng.choice(PARTICLED) if rng.random() < 0.05 else rng.choice(FAMILIES)
    return f"{family}, {rng.choice(GIVEN)} {rng.choice('ABCDEFGHJKLMP')}."


# --- damage ---------------------------------------------------------------------------------


def _html(r: Record, rng: random.Random) -> Record:
    found = r.title.split()
    i = rng.randrange(len(found))
    found[i] = f"<i>{found[i]}</i>"
    return replace(r, title=" ".join(found).replace("&", "&amp;").replace("<", "&lt;", 0))


def _cut_title(r: Record, rng: random.Random) -> Record:
    stem = re.split(r"[:.?] ", r.title)[0]
    return replace(r, title=stem if len(stem) > 40 else r.title)


def _typing_error(r: Record, rng: random.Random) -> Record:
    i = rng.randrange(max(1, len(r.title) - 1))
    return replace(r, title=r.title[:i] + r.title[i + 1 :])


def _punctuation(r: Record, rng: random.Random) -> Record:
    return replace(r, title=re.sub(r"[-,:'()]", " ", r.title) + ".")


def _case(r: Record, rng: random.Random) -> Record:
    return replace(r, title=r.title.upper(), journal=r.journal.upper())


def _spelling(r: Record, rng: random.Random) -> Record:
    title = r.title
    for a, b in (
        ("tumor", "tumour"),
        ("edema", "oedema"),
        ("ization", "isation"),
        ("pediatric", "paediatric"),
        ("hem", "haem"),
        ("alpha", "\N{GREEK SMALL LETTER ALPHA}"),
        ("beta", "β"),
    ):
        title = title.replace(a, b)
    return replace(r, title=title)


def _lost_letters(r: Record, rng: random.Random) -> Record:
    def spoil(text: str) -> str:
        return text.encode("ascii", "replace").decode().replace("?", "\N{REPLACEMENT CHARACTER}")

    return replace(r, title=spoil(r.title), authors=tuple(map(spoil, r.authors)))


def _added(r: Record, rng: random.Random) -> Record:
    extra = rng.choice(
        [" [Review] [34 refs]", ". [German]", " [Conference abstract]", " (English)"]
    )
    return replace(r, title=r.title.rstrip(".") + extra)


def _bracketed(r: Record, rng: random.Random) -> Record:
    return replace(r, title=f"[{r.title.rstrip('.')}].")


def _no_doi(r: Record, rng: random.Random) -> Record:
    return replace(r, doi=None)


def _abbreviated(r: Record, rng: random.Random) -> Record:
    return replace(r, journal=dict(JOURNALS).get(r.journal, r.journal))


def _initials(r: Record, rng: random.Random) -> Record:
    def short(author: str) -> str:
        family, given = author.split(", ")
        return f"{family} {''.join(part[0] for part in given.split())}"

    return replace(r, authors=tuple(map(short, r.authors)))


def _natural_names(r: Record, rng: random.Random) -> Record:
    return replace(r, authors=tuple(" ".join(reversed(a.split(", "))) for a in r.authors))


def _one_string(r: Record, rng: random.Random) -> Record:
    return replace(r, authors=(" and ".join(r.authors),))


def _first_author(r: Record, rng: random.Random) -> Record:
    return replace(r, authors=r.authors[:1])


def _short_pages(r: Record, rng: random.Random) -> Record:
    first, last = r.pages.split("-")
    same = sum(1 for a, b in zip(first, last, strict=False) if a == b)
    return replace(r, pages=f"{first}-{last[same:]}" if same < len(last) else first)


def _first_page(r: Record, rng: random.Random) -> Record:
    return replace(r, pages="pp. " + r.pages.split("-")[0])


def _no_place(r: Record, rng: random.Random) -> Record:
    return replace(r, volume="", issue="", pages="")


def _ahead_of_print(r: Record, rng: random.Random) -> Record:
    return replace(r, volume="", issue="", pages="", year=(r.year or 0) - 1)


def _year_off(r: Record, rng: random.Random) -> Record:
    return replace(r, year=(r.year or 0) + rng.choice([-1, 1]))


def _volume_and_issue(r: Record, rng: random.Random) -> Record:
    return replace(r, volume=f"{r.volume} ({r.issue})", issue="")


def _no_abstract(r: Record, rng: random.Random) -> Record:
    return replace(r, abstract="")


def _cut_abstract(r: Record, rng: random.Random) -> Record:
    return replace(r, abstract=r.abstract[: max(400, len(r.abstract) // 2)])


def _relabelled(r: Record, rng: random.Random) -> Record:
    text = re.sub(r"\b([A-Z]{4,}): ", lambda m: m[1].title() + " ", r.abstract)
    return replace(r, abstract=f"{text} (C) {r.year} Elsevier B.V. All rights reserved.")


DAMAGE: dict[str, Callable[[Record, random.Random], Record]] = {
    f.__name__.strip("_"): f
    for f in (
        _html,
        _cut_title,
        _typing_error,
        _punctuation,
        _case,
        _spelling,
        _lost_letters,
        _added,
        _bracketed,
        _no_doi,
        _abbreviated,
        _initials,
        _natural_names,
        _one_string,
        _first_author,
        _short_pages,
        _first_page,
        _no_place,
        _ahead_of_print,
        _year_off,
        _volume_and_issue,
        _no_abstract,
        _cut_abstract,
        _relabelled,
    )
}

# --- near misses ----------------------------------------------------------------------------


def _other(r: Record, rng: random.Random, **changes: object) -> Record:
    """Return a record of the same authors in the same journal, with other identifiers and pages."""
    first = rng.randint(2401, 4000)
    changed = {"pages": f"{first}-{first + 7}", "doi": _doi(rng), "pmid": None} | changes
    return replace(r, **changed)  # type: ignore[arg-type]


def _doi(rng: random.Random) -> str:
    return f"10.{rng.randint(1000, 9999)}/n.{rng.randint(10**6, 10**7)}"


def _partly(abstract: str, rng: random.Random) -> str:
    """Return an abstract with half of the sentences."""
    sentences = abstract.split(". ")
    rng.shuffle(sentences)
    return ". ".join(sentences[: len(sentences) // 2])


def _paper_of_abstract(r: Record, rng: random.Random) -> Record:
    journal = rng.choice([name for name, _ in JOURNALS if name != r.journal])
    return _other(
        r,
        rng,
        journal=journal,
        year=(r.year or 0) + rng.randint(0, 2),
        volume=str(rng.randint(1, 90)),
        abstract=_partly(r.abstract, rng),
    )


def _preprint(r: Record, rng: random.Random) -> Record:
    return _other(r, rng, journal="medRxiv", volume="", issue="", pages="")


def _series(r: Record, rng: random.Random) -> Record:
    return _other(
        r, rng, title=f"{r.title.rstrip('.')}: part II", abstract=_partly(r.abstract, rng)
    )


def _erratum(r: Record, rng: random.Random) -> Record:
    title = rng.choice(
        [
            f"Erratum: {r.title}",
            f"Correction to: {r.title}",
            f"Corrigendum to '{r.title}'",
            f"{r.title} (vol {r.volume}, pg {r.pages.split('-')[0]}, {r.year})",
        ]
    )
    return _other(r, rng, title=title, abstract="")


def _erratum_bare(r: Record, rng: random.Random) -> Record:
    return _other(r, rng, title=f"Erratum: {r.title}", abstract="", doi=None, pages="")


def _reply(r: Record, rng: random.Random) -> Record:
    title = rng.choice(["Re: {}", "Reply to: {}", "Comment on: {}", "Authors' reply: {}"])
    return _other(r, rng, title=title.format(r.title), abstract="", doi=None)


def _standing(r: Record, rng: random.Random) -> Record:
    title = rng.choice(
        [
            "Editorial comment",
            "Reply to the letter",
            "Letter to the editor",
            "Authors' reply",
            "Case report",
            "Book review",
            "Introduction",
        ]
    )
    return _other(
        r,
        rng,
        title=title,
        abstract="",
        doi=None,
        journal="Journal of Urology",
        year=2005,
        volume="174",
        authors=r.authors[:1],
        pages=str(rng.randint(1, 2400)),
    )


def _title_only(r: Record, rng: random.Random) -> Record:
    return Record(title=r.title)


def _cochrane(r: Record, rng: random.Random) -> Record:
    return _other(
        r,
        rng,
        year=(r.year or 0) + 2,
        doi=f"10.1002/14651858.cd00{r.pages[:3]}.pub3",
        pages=r.pages,
    )


def _update(r: Record, rng: random.Random) -> Record:
    return _other(r, rng, year=(r.year or 0) + rng.randint(2, 6), doi=None, volume="", pages="")


def _supplement(r: Record, rng: random.Random) -> Record:
    title = " ".join(reversed(r.title.split()))
    return _other(r, rng, doi=r.doi, title=title, abstract="")


def _other_word(r: Record, rng: random.Random) -> Record:
    found = r.title.split()
    longest = max(range(len(found)), key=lambda i: len(found[i]))
    found[longest] = rng.choice(["rats", "children", "metformin", "amputees", "depression"])
    return _other(r, rng, title=" ".join(found), doi=None, abstract=_partly(r.abstract, rng))


NEAR_MISSES: dict[str, Callable[[Record, random.Random], Record]] = {
    f.__name__.strip("_"): f
    for f in (
        _paper_of_abstract,
        _preprint,
        _series,
        _erratum,
        _erratum_bare,
        _reply,
        _standing,
        _title_only,
        _cochrane,
        _update,
        _supplement,
        _other_word,
    )
}


def plant(
    records: Sequence[Record], rng: random.Random, *, duplicates: float, near_misses: float
) -> Iterator[Planted]:
    """
    Yield the records, and after a share of them a damaged copy or a near miss.

    A copy carries two to five kinds of damage and keeps its PMID in one case of four.
    """
    group = len(records)
    for number, record in enumerate(records):
        yield Planted(record, number, "original")
        draw = rng.random()
        if draw < duplicates:
            kinds = rng.sample(sorted(DAMAGE), rng.randint(2, 5))
            if {"one_string", "natural_names", "initials"} & set(kinds):
                kinds.sort(key=lambda kind: kind in ("one_string", "natural_names", "initials"))
            copy = replace(record, pmid=record.pmid if rng.random() < 0.25 else None)
            if rng.random() < 0.6:
                copy = replace(copy, doi=None)
            for kind in _compatible(kinds):
                copy = DAMAGE[kind](copy, rng)
            yield Planted(copy, number, "+".join(kinds))
        elif draw < duplicates + near_misses and len(record.title.split()) > 4:
            kind = rng.choice(sorted(NEAR_MISSES))
            yield Planted(NEAR_MISSES[kind](record, rng), group, kind)
            group += 1


def _compatible(kinds: list[str]) -> list[str]:
    """Keep one of the kinds that rewrite the same field in the same way."""
    for rivals in (
        {"initials", "natural_names", "one_string"},
        {"no_place", "ahead_of_print", "first_page", "short_pages"},
        {"year_off", "ahead_of_print"},
        {"no_place", "ahead_of_print", "volume_and_issue"},
    ):
        several = [kind for kind in kinds if kind in rivals]
        kinds = [kind for kind in kinds if kind not in several[1:]]
    return kinds
