"""All of Medline: how fast PubMed's files are read and scored, beside other readers.

    python benchmarks/medline.py [--records 4000] [--files 4]

The texts are the abstracts of AUTOSCREEN_DATA/background, else made up; the markup around them is
that of PubMed, about as large as in its files. The readers are compared in processor seconds of one
core, in one run and each on the compressed file, since other programs may be running; one and two
processes in seconds on the clock. A reader that is not installed is "not measured".
"""

from __future__ import annotations

import argparse
import gzip
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np

from _common import DATA, read_csv, table
from _pools import made_up_records
from _pubmed_files import mean_size, write_files
from autoscreen.formats import open_source, read
from autoscreen.formats.pubmed_scan import ScannedRecord, scan
from autoscreen.ranking import ScorePass, ScreeningModel, load_model
from autoscreen.records import Record

MODEL = "rms-pnp"
MANY = 20
ALL = 39_000_000
BELOW = 2.0
BATCH = 1000
RUNS = 3
CORES = 2


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=4000)
    parser.add_argument("--files", type=int, default=4)
    asked = parser.parse_args(arguments)
    records = _records(asked.records)
    model = load_model(MODEL)
    many = [_variant(model, records, number) for number in range(MANY)]
    with tempfile.TemporaryDirectory() as folder:
        paths = write_files(records, Path(folder), asked.files)
        size = mean_size(records[:500])
        print(f"{len(records):,} records in a file, {size:,.0f} bytes each; one core")
        work: list[tuple[str, Callable[[Path], int]]] = [
            ("lxml.iterparse, three fields", _iterparse),
            ("pubmed_parser", _pubmed_parser),
            ("autoscreen, full reader", _full),
            ("autoscreen, scan", _scan),
            ("autoscreen, scan and score", partial(_score, ScorePass([model]))),
            (f"autoscreen, scan and score, {MANY} models", partial(_score, ScorePass(many))),
        ]
        _readers(work, paths[0], len(records))
        _processes(Path(folder), len(records) * asked.files)


def _records(count: int) -> list[Record]:
    source = DATA / "background" / "abstracts.csv.gz"
    if not source.exists():
        return list(made_up_records(count))
    rows = islice(read_csv(source), count)
    return [
        Record(title=row["title"], abstract=row["abstract"], pmid=str(at))
        for at, row in enumerate(rows, 1)
    ]


def _readers(work: Sequence[tuple[str, Callable[[Path], int]]], path: Path, expected: int) -> None:
    """Measure all readers in turn, some times over, so that each has its share of quiet moments."""
    best: dict[str, float] = {}
    missing: dict[str, str] = {}
    for _ in range(RUNS):
        for name, read_all in work:
            if name not in missing:
                try:
                    seconds = _seconds(read_all, path, expected)
                except ImportError as error:
                    missing[name] = str(error)
                else:
                    best[name] = min(seconds, best.get(name, seconds))
    first = best[work[0][0]]
    lines = [[name, "not measured", why, ""] for name, why in missing.items()]
    lines += [
        [
            name,
            f"{expected / seconds:,.0f}",
            f"{first / seconds:.2f}",
            f"{ALL * seconds / expected / 3600 / CORES:.1f}",
        ]
        for name, seconds in best.items()
    ]
    table(["reader", "records/s", "of iterparse", f"hours, {CORES} cores"], lines)
    print(f"The hours are those of {ALL:,} such records at that rate: PubMed's own were not read.")


def _seconds(read_all: Callable[[Path], int], path: Path, expected: int) -> float:
    start = time.process_time()
    found = read_all(path)
    seconds = time.process_time() - start
    if found != expected:
        raise SystemExit(f"{found} of {expected} records were read")
    return seconds


def _iterparse(path: Path) -> int:
    from lxml import etree

    count = 0
    with gzip.open(path) as stream:
        for _, article in etree.iterparse(stream, tag="PubmedArticle"):
            article.findtext("MedlineCitation/PMID")
            article.findtext("MedlineCitation/Article/ArticleTitle")
            for part in article.iterfind("MedlineCitation/Article/Abstract/AbstractText"):
                "".join(part.itertext())
            count += 1
            article.clear()
            while article.getprevious() is not None:
                del article.getparent()[0]
    return count


def _pubmed_parser(path: Path) -> int:
    import pubmed_parser

    return sum(1 for _ in pubmed_parser.parse_medline_xml(str(path)))


def _full(path: Path) -> int:
    return sum(isinstance(one, Record) for one in read(path, format="pubmed-xml"))


def _scan(path: Path) -> int:
    return sum(isinstance(one, ScannedRecord) for one in scan(open_source(path)))


def _score(fast: ScorePass, path: Path) -> int:
    """Score a file by models that are prepared once for all files."""
    floors = [one.threshold - BELOW for one in fast.models]
    found = (one for one in scan(open_source(path)) if isinstance(one, ScannedRecord))
    count = 0
    while batch := list(islice(found, BATCH)):
        count += len(batch)
        for own, rows in zip(fast.models, fast.candidates(batch, floors), strict=True):
            own.decision_function([batch[at] for at in rows.tolist()])
    return count


def _variant(model: ScreeningModel, records: Sequence[Record], number: int) -> ScreeningModel:
    """Make a model of another subject: as many terms, of rare words of titles; other weights."""
    dice = np.random.default_rng(number)
    titles = Counter(word for one in records for word in set(one.title.lower().split()))
    words = sorted(word for word, found in titles.items() if found == 1 and word.isalpha())
    concepts = tuple(
        replace(
            concept,
            terms=tuple(
                dict.fromkeys(
                    " ".join(dice.choice(words, len(term.replace("-", " ").split())).tolist())
                    for term in concept.terms
                )
            ),
        )
        for concept in model.vocabulary.concepts
    )
    return replace(
        model,
        name=f"{model.name}-{number}",
        vocabulary=replace(model.vocabulary, concepts=concepts),
        words=dice.permutation(model.words),
    )


def _processes(folder: Path, records: int) -> None:
    try:
        from autoscreen.medline.run import MedlineRun, score_files
        from autoscreen.pubmed import files_of_pubmed

        lines = []
        for jobs in (1, 2):
            run = MedlineRun(
                files=files_of_pubmed(folder),
                models=[MODEL],
                folder=folder / f"out{jobs}",
                jobs=jobs,
            )
            start = time.perf_counter()
            found = score_files(run)
            seconds = time.perf_counter() - start
            if found.records != records:
                raise SystemExit(f"{found.records} of {records} records were scored")
            rate = records / seconds
            lines.append([str(jobs), f"{rate:,.0f}"])
    except ImportError as error:
        print(f"medline score: not measured ({error})")
        return
    print(f"\nmedline score, {records:,} records, seconds on the clock with the start of processes")
    table(["processes", "records/s"], lines)


if __name__ == "__main__":
    sys.exit(main())
