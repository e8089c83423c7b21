"""How well duplicates are found, how fast, and in how much memory.

    python benchmarks/dedup.py [--sizes 10000 80000]

1. Time on one core and peak memory for made-up pools, and for pools that are hard on purpose.
2. The labelled diabetes set of ASySD (Hair et al. 2023, BMC Biol 21:189): as it is, and with
   fields withheld. Its column `source` says which records are duplicates of one that is kept.
3. Real records that several screening sets share, with their PMIDs hidden; the PMIDs are the
   truth. They have title, year and abstract only.
4. Duplicates and near misses planted in real titles and abstracts (see _planted.py).

Sensitivity is the share of the duplicates that are removed; specificity is the share of the
records to keep that are kept. Parts 2 to 4 need the real data (AUTOSCREEN_DATA).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import random
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from _common import DATA, peak_memory, read_csv, table
from _planted import NEAR_MISSES, plant, with_sources
from _pools import made_up_records
from autoscreen.dedup import clusters, find_duplicates, match_fields
from autoscreen.formats import Problem, read
from autoscreen.records import Record

BLANK = {"abstract": "", "authors": (), "year": None, "journal": "", "issns": (), "volume": "",
         "pages": "", "doi": None}  # fmt: skip
WITHHELD = (
    ("doi",), ("abstract",), ("authors",), ("year",), ("journal", "issns"), ("volume", "pages"),
    ("doi", "abstract"), ("doi", "authors"), ("doi", "abstract", "volume", "pages", "issns"),
    ("doi", "authors", "journal", "issns", "volume", "pages"),
    ("doi", "abstract", "journal", "issns", "volume", "pages"),
)  # fmt: skip
UPDATE = "100 new among 40,000"
HARD = ("one title, 5,000 pages", "5,000 copies", "5,000 with one PMID", "20,000 alike")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 80_000])
    parser.add_argument("--only", choices=("labelled", "shared", "planted", "speed"))
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print("\t".join(_measured(options.one)))
        return
    parts = {
        # First, because a child process inherits the peak memory of its parent.
        "speed": lambda: _speed(options.sizes),
        "labelled": _labelled,
        "shared": _shared,
        "planted": _planted,
    }
    for name, part in parts.items():
        if options.only in (None, name):
            if name != "speed" and not DATA.exists():
                print(f"{name}: skipped, no real data at {DATA} (set AUTOSCREEN_DATA)")
                continue
            part()


def _groups(records: Sequence[Record]) -> list[tuple[int, ...]]:
    keys = [match_fields(record) for record in records]
    return [group.members for group in clusters(len(keys), find_duplicates(keys), keys)]


# --- the labelled set -------------------------------------------------------------------------


def _labelled() -> None:
    path = DATA / "dedup" / "asysd_labelled.csv.gz"
    records = [found for found in read(path) if not isinstance(found, Problem)]
    with gzip.open(path, "rt", encoding="utf-8", errors="replace", newline="") as stream:
        duplicate = [row["source"] == "duplicate" for row in csv.DictReader(stream)]
    if len(duplicate) != len(records):
        sys.exit(f"{path.name}: {len(duplicate)} rows, but {len(records)} records were read")
    rows = [_scored("as it is", records, duplicate)]
    for names in WITHHELD:
        bare = [replace(record, **{name: BLANK[name] for name in names}) for record in records]
        rows.append(_scored(f"without {', '.join(names)}", bare, duplicate))
    _show(f"labelled: {len(records):,} records, {sum(duplicate):,} duplicates", rows)


def _scored(name: str, records: Sequence[Record], duplicate: Sequence[bool]) -> list[str]:
    """Score a pool as if each group kept the record that is labelled to be kept."""
    removed = lost = 0
    for members in _groups(records):
        extra = sum(duplicate[i] for i in members)
        kept = len(members) - extra
        removed += extra if kept else extra - 1
        lost += max(0, kept - 1)
    total = sum(duplicate)
    unique = len(duplicate) - total
    return [name, _share(removed, total), _share(unique - lost, unique), str(lost)]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.4f} ({part:,} of {whole:,})"


def _show(title: str, rows: Iterable[Sequence[str]]) -> None:
    print(f"\n{title}")
    table(["", "sensitivity", "specificity", "wrongly merged"], list(rows))


# --- records that several sets share ------------------------------------------------------------


def _rows() -> Iterator[dict[str, str]]:
    paths = [DATA / "background" / "abstracts.csv.gz", *sorted((DATA / "screening").glob("*.gz"))]
    for path in paths:
        yield from read_csv(path)


def _record(row: dict[str, str]) -> Record:
    year = row["year"][:4]
    return Record(
        title=row["title"],
        abstract=row["abstract"],
        year=int(year) if year.isdigit() and 1900 < int(year) < 2030 else None,
    )


def _shared() -> None:
    rows = [row for row in _rows() if row["pmid"].isdigit() and row["title"].strip()]
    records, pmids = [_record(row) for row in rows], [row["pmid"].lstrip("0") for row in rows]
    group_of = {i: n for n, members in enumerate(_groups(records)) for i in members}
    same: defaultdict[str, list[int]] = defaultdict(list)
    for i, pmid in enumerate(pmids):
        same[pmid].append(i)
    pairs = [(places[0], i) for places in same.values() for i in places[1:]]
    hits = [group_of.get(a, -1) == group_of.get(b, -2) for a, b in pairs]
    full = [all(match_fields(records[i]).has_abstract for i in pair) for pair in pairs]
    groups = defaultdict(set)
    for i, group in group_of.items():
        groups[group].add(pmids[i])
    wrong = sum(len(found) - 1 for found in groups.values())
    right = _share(len(same) - wrong, len(same))
    with_abstract = [hit for hit, abstract in zip(hits, full, strict=True) if abstract]
    _show(
        f"shared: {len(rows):,} real records of {len(same):,} PMIDs, PMIDs hidden",
        [
            ["all", _share(sum(hits), len(hits)), right, str(wrong)],
            ["with abstracts", _share(sum(with_abstract), len(with_abstract)), "", ""],
        ],
    )


# --- planted duplicates ------------------------------------------------------------------------


def _pool() -> list[Record]:
    """Real titles and abstracts, each title and each PMID once."""
    found: dict[str, Record] = {}
    pmids: set[str] = set()
    for row in _rows():
        key = "".join(filter(str.isalnum, row["title"].lower()))
        if len(key) < 15 or key in found or row["pmid"] in pmids:
            continue
        pmid = row["pmid"] if row["pmid"].isdigit() else None
        pmids.update([pmid] if pmid else [])
        found[key] = replace(_record(row), pmid=pmid)
    return list(found.values())


def _planted() -> None:
    dice = random.Random(20260101)
    pool = _pool()
    dice.shuffle(pool)
    made = list(plant(with_sources(pool[:20_000], dice), dice, duplicates=0.3, near_misses=0.3))
    groups = _groups([planted.record for planted in made])
    wrong = sum(len({made[i].group for i in members}) - 1 for members in groups)
    group_of = {i: n for n, members in enumerate(groups) for i in members}
    original = {p.group: i for i, p in enumerate(made) if p.made == "original"}
    total, hits, near, merged = Counter(), Counter(), Counter(), Counter()
    for i, planted in enumerate(made):
        if planted.made == "original":
            continue
        if planted.made in NEAR_MISSES:
            near[planted.made] += 1
            others = [j for j in (i - 1, i + 1) if j in group_of]
            merged[planted.made] += i in group_of and any(
                group_of[j] == group_of[i] for j in others
            )
            continue
        hit = i in group_of and group_of[i] == group_of.get(original[planted.group])
        for kind in ("all", *planted.made.split("+")):
            total[kind] += 1
            hits[kind] += hit
    works = len({planted.group for planted in made})
    rows = [["all", _share(hits["all"], total["all"]), _share(works - wrong, works), str(wrong)]]
    rows += [[f"damage: {k}", _share(hits[k], total[k]), "", ""] for k in sorted(total - hits)
             if k != "all"]  # fmt: skip
    rows += [[f"near miss: {k}", "", _share(near[k] - merged[k], near[k]), str(merged[k])]
             for k in sorted(near)]  # fmt: skip
    _show(f"planted: {len(made):,} records (damage without a miss is not listed)", rows)


# --- speed -------------------------------------------------------------------------------------


def _speed(sizes: Iterable[int]) -> None:
    print("\nspeed: seconds of one core, a process each")
    names = [*map(str, sizes), UPDATE, *HARD]
    # A process each, so that peak memory is that of one pool.
    rows = [
        subprocess.run(
            [sys.executable, __file__, "--one", name], check=True, capture_output=True, text=True
        ).stdout.rstrip("\n").split("\t")
        for name in names
    ]  # fmt: skip
    head = ["pool", "records", "keys s", "search s", "groups s", "all s", "matches"]
    table([*head, "MB before", "peak MB"], rows)


def _measured(name: str) -> list[str]:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    size = 40_000 if name == UPDATE else int(name) if name.isdigit() else 0
    records = _made_up(size) if size else _hard(name)
    new_from = size - 100 if name == UPDATE else 0
    before = peak_memory()
    moments = [time.process_time()]
    keys = [match_fields(record) for record in records]
    moments.append(time.process_time())
    matches = find_duplicates(keys, new_from=new_from)
    moments.append(time.process_time())
    clusters(len(keys), matches, keys)
    moments.append(time.process_time())
    spent = [f"{b - a:.1f}" for a, b in pairwise(moments)]
    total = f"{moments[-1] - moments[0]:.1f}"
    memory = [f"{before:,.0f}", f"{peak_memory():,.0f}"]
    return [name, f"{len(keys):,}", *spent, total, f"{len(matches):,}", *memory]


def _made_up(size: int) -> list[Record]:
    """Return a pool of which a fifth are damaged copies, and a tenth near misses."""
    dice = random.Random(1)
    made = plant(list(made_up_records(size)), dice, duplicates=0.3, near_misses=0.15)
    return [planted.record for planted in made][:size]


def _hard(name: str) -> list[Record]:
    title = "Coil pose and phantom limb pain: a randomised trial in forty amputees"
    words = title.replace(":", "").split()
    dice = random.Random(1)
    if name == HARD[0]:
        return [
            Record(title="Editorial comment", journal="J Urol", year=2005, pages=str(3 * i + 2))
            for i in range(5000)
        ]
    if name == HARD[1]:
        return [Record(title=title, authors=("Smith J",), year=2001)] * 5000
    if name == HARD[2]:
        return [
            Record(title=" ".join(dice.choices(words, k=12)), pmid="1", pages=str(i))
            for i in range(5000)
        ]
    return [
        Record(title=" ".join(dice.choices(words, k=10)), year=2000 + i % 20, volume="1", pages="2")
        for i in range(20_000)
    ]


if __name__ == "__main__":
    main()
