"""How well study designs are recognised from title and abstract alone, on real records.

    python benchmarks/designs.py

Compared with the publication types of export files, and with the MeSH headings of the screening
sets that have them; the indexing itself is hidden. A heading such as "Double-Blind Method" counts
as a randomised study, since these sets have no publication types: records without it may be
randomised too, so precision is a lower bound.
Needs the real data (AUTOSCREEN_DATA).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from _common import DATA, need_data, read_csv, table
from autoscreen.errors import AutoscreenError
from autoscreen.formats import read
from autoscreen.records import Record, StudyDesign
from autoscreen.text import study_designs

TRIALS = frozenset({"double-blind method", "random allocation", "single-blind method"})
COHORTS = frozenset(
    {"cohort studies", "prospective studies", "retrospective studies", "longitudinal studies"}
)


def main() -> None:
    need_data()
    _report("publication types of export files", [_typed(one) for one in _exports()])
    headed = list(_headed())
    _report("MeSH headings of screening sets", headed)


def _report(name: str, judged: list[tuple[Record, set[StudyDesign], set[StudyDesign]]]) -> None:
    """Compare designs by text with designs by indexing, where the indexing can name them."""
    both, by_text, known = Counter(), Counter(), Counter()
    askable: set[StudyDesign] = set()
    for record, truth, asked in judged:
        found = set(study_designs(_bare(record))) & asked
        askable |= asked
        by_text.update(found)
        known.update(truth)
        both.update(found & truth)
    print(f"\n{name}: {len(judged):,} records")
    rows = [
        [
            str(one),
            str(known[one]),
            str(by_text[one]),
            f"{both[one] / by_text[one]:.2f}" if by_text[one] else "-",
            f"{both[one] / known[one]:.2f}" if known[one] else "-",
        ]
        for one in StudyDesign
        if one in askable and known[one]
    ]
    table(["design", "indexed", "by text", "precision", "recall"], rows)


def _bare(record: Record) -> Record:
    return replace(record, publication_types=(), mesh=(), keywords=())


def _typed(record: Record) -> tuple[Record, set[StudyDesign], set[StudyDesign]]:
    nothing = replace(record, title="", abstract="")
    asked = {
        StudyDesign.RANDOMISED,
        StudyDesign.CASE_REPORT,
        StudyDesign.REVIEW,
        StudyDesign.PROTOCOL,
    }
    return record, set(study_designs(nothing)) & asked, asked


def _exports() -> Iterator[Record]:
    """Yield each record that PubMed has indexed, once; others have no study design yet."""
    seen: set[str] = set()
    for path in sorted((DATA / "exports").rglob("*")):
        if not path.is_file() or path.name == "manifest.csv":
            continue
        try:
            records = [one for one in read(path) if isinstance(one, Record)]
        except AutoscreenError:
            continue  # the readers are measured elsewhere
        for record in records:
            key = record.pmid or record.title.casefold()
            if key not in seen and record.title and _is_indexed(record):
                seen.add(key)
                yield record


def _is_indexed(record: Record) -> bool:
    """Return whether a missing publication type means that the record is not of that type."""
    return bool(record.pmid and record.publication_types and record.mesh)


def _headed() -> Iterator[tuple[Record, set[StudyDesign], set[StudyDesign]]]:
    asked = {StudyDesign.RANDOMISED, StudyDesign.COHORT, StudyDesign.ANIMAL}
    for path in sorted((DATA / "screening").glob("Cohen2006_*.csv.gz")):
        for row in read_csv(path):
            headings = {one.strip().casefold() for one in row["keywords"].split(";")}
            if not headings & {"humans", "animals"}:
                continue
            truth = set()
            if headings & TRIALS and "humans" in headings:
                truth.add(StudyDesign.RANDOMISED)
            if headings & COHORTS:
                truth.add(StudyDesign.COHORT)
            if "humans" not in headings:
                truth.add(StudyDesign.ANIMAL)
            yield Record(title=row["title"], abstract=row["abstract"]), truth, asked


if __name__ == "__main__":
    main()
