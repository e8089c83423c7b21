"""What an import costs: many small files one by one, and one record into a large review.

    python benchmarks/import_cost.py [--files 306] [--records 41000] [--large 250000] [--made-up]

1. RIS files with so many records in all, imported one by one into one review: as one command does
   it (the review stays open), and as one command for each file does it (opened and closed each
   time). The cost of a file must not grow with what is in the review already.
2. One record into a review of so many made-up records, from a file and as the watch does it; the
   page does what a command does. That review is written at once, without a search for duplicates.
   `--large 0` leaves this out, as it takes minutes all the same.

The records are those of the screening sets of AUTOSCREEN_DATA, which overlap as searches of several
databases do; where there are none, or with `--made-up`, made-up ones with planted duplicates.
Seconds are of this process (CPU) and of the clock (wall); the clock also counts other processes.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path

from _common import DATA, peak_memory, read_csv, table
from _planted import plant
from _pools import made_up_records
from autoscreen import Review
from autoscreen.dedup import match_fields
from autoscreen.formats import Source, write
from autoscreen.records import Record
from autoscreen.store import Store

PART = 10
"""The first and the last files are compared by so many."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of one piece of work."""

    cpu: float
    wall: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=306)
    parser.add_argument("--records", type=int, default=41_000)
    parser.add_argument("--large", type=int, default=250_000)
    parser.add_argument("--made-up", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.files:
            paths = _files(Path(folder), options)
            _report("one command", _in_one(paths, Path(folder, "one")))
            _report("a command for each file", _one_each(paths, Path(folder, "each")))
        if options.large:
            _large(Path(folder), options.large)
    print(f"\npeak memory {peak_memory():,.0f} MB")


def _files(folder: Path, options: argparse.Namespace) -> list[Path]:
    real = not options.made_up and (DATA / "screening").exists()
    records = list(islice(_real() if real else _made_up(options.records), options.records))
    size = -(-len(records) // options.files)
    paths = []
    for number, start in enumerate(range(0, len(records), size)):
        paths.append(folder / f"{number:03d}.ris")
        write(records[start : start + size], paths[-1])
    kind = "real" if real else "made-up"
    print(f"{len(records):,} {kind} records in {len(paths)} RIS files of {size}")
    return paths


def _real() -> Iterator[Record]:
    rows = [row for path in sorted((DATA / "screening").glob("*.csv.gz")) for row in read_csv(path)]
    random.Random(1).shuffle(rows)
    for row in rows:
        year = row["year"][:4]
        yield Record(
            title=row["title"],
            abstract=row["abstract"],
            keywords=tuple(filter(None, row["keywords"].split(";"))),
            doi=row["doi"] or None,
            pmid=row["pmid"] if row["pmid"].isdigit() else None,
            year=int(year) if year.isdigit() else None,
        )


def _made_up(count: int) -> Iterator[Record]:
    dice = random.Random(1)
    planted = plant(list(made_up_records(count)), dice, duplicates=0.3, near_misses=0.15)
    made = [one.record for one in planted]
    dice.shuffle(made)
    yield from made


def _in_one(paths: list[Path], where: Path) -> list[Spent]:
    with Review.create(where, protocol="rms-pnp") as review:
        return [_measured(lambda path=path: review.import_files([path])) for path in paths]


def _one_each(paths: list[Path], where: Path) -> list[Spent]:
    Review.create(where, protocol="rms-pnp").close()

    def again(path: Path) -> None:
        with Review.open(where) as review:
            review.import_files([path])

    return [_measured(lambda path=path: again(path)) for path in paths]


def _measured(work: Callable[[], object]) -> Spent:
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return Spent(time.process_time() - cpu, time.perf_counter() - wall)


def _report(name: str, spent: list[Spent]) -> None:
    parts = {
        f"all {len(spent)}": spent,
        f"first {PART}": spent[:PART],
        f"last {PART}": spent[-PART:],
    }
    print(f"\n{name}")
    table(
        ["files", "CPU s", "wall s", "CPU s a file"],
        [
            [
                part,
                f"{sum(one.cpu for one in some):.1f}",
                f"{sum(one.wall for one in some):.1f}",
                f"{sum(one.cpu for one in some) / len(some):.3f}",
            ]
            for part, some in parts.items()
        ],
    )


def _large(folder: Path, size: int) -> None:
    first, second = folder / "first.ris", folder / "second.ris"
    known = next(islice(made_up_records(size), size // 2, None))
    write([known], first)
    write([Record(title="A record that nothing resembles", year=2020)], second)
    Review.create(folder / "large", protocol="rms-pnp").close()
    filled = _measured(lambda: _fill(folder / "large", size))
    with Review.open(folder / "large") as review:
        rows = [
            _row(f"{size:,} records, written at once", filled),
            _row("then one that is there already", _measured(lambda: review.import_files([first]))),
            _row("then one that is new", _measured(lambda: review.import_files([second]))),
            _row("then one that the watch read", _measured(lambda: _as_the_watch(review))),
        ]
    opened = _measured(lambda: Review.open(folder / "large").close())
    print()
    table(["import", "CPU s", "wall s"], [*rows, _row("opening and closing it", opened)])


def _fill(review: Path, size: int) -> None:
    with Store.open(review) as store:
        incoming = store.incoming()
        for number, record in enumerate(made_up_records(size), 1):
            incoming.add(record, number, match_fields(record))
        with store.writing():
            run = store.imports.open("pool", "ris", sha256="", started=store.time(), starts=size)
            store.imports.take(run, incoming)
            store.imports.close(run, labels=0)


def _as_the_watch(review: Review) -> None:
    """Import a record that was read already, if its PMID is new."""
    record = Record(title="Another one that nothing resembles", year=2021, pmid="99999999")
    if not review.watch.known_pmids(["99999999"]):
        source = Source("PubMed, watch 1", BytesIO, read=[record])
        review.import_files([source], format="pubmed-xml", labels=False)


def _row(name: str, spent: Spent) -> list[str]:
    return [name, f"{spent.cpu:.2f}", f"{spent.wall:.2f}"]


if __name__ == "__main__":
    main()
