"""Label, refit and ranking at 2k, 10k, 50k and 1 M records, compared with ASReview's code.

    python benchmarks/ranking_speed.py [--sizes 2000 10000 50000 1000000] [--embeddings]

Everything runs on one core. "label -> next" is the time that a reviewer waits until the decision is
saved and the next record is shown. "refit and rank" is the time until the order uses the label; it
runs in the background. ASReview is measured if it is installed (`make bench` installs it); it also
refits in the background.

Up to 250,000 records they are made-up texts, imported as usual. With more, that would take an hour,
so two things are measured separately: label -> next in a review of short titles, imported without
deduplication; and refit and rank, of both tools, on a random matrix with the size and density of
abstracts. With --embeddings only this is measured, without and with random sentence embeddings.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from _common import peak_memory, table, timed
from _pools import is_relevant, made_up_records, made_up_titles

LABELS = (50, 500, 2000)
LARGEST_TEXTS = 250_000
TERMS_OF_AN_ABSTRACT, TERMS, TOPIC = 300, 3_000_000, 8
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[2000, 10_000, 50_000, 1_000_000])
    parser.add_argument(
        "--embeddings", action="store_true", help="refit with and without sentence embeddings"
    )
    parser.add_argument("--one", choices=sorted(MEASURED), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    if options.one:
        rows = MEASURED[options.one](options.sizes[0])
        table(rows[0], rows[1:])
        return
    for size in options.sizes:
        tools = TEXTS if size <= LARGEST_TEXTS else MATRICES
        for tool in EMBEDDINGS if options.embeddings else tools:
            # A process each, so that peak memory is that of one tool at one size.
            command = [sys.executable, __file__, "--one", tool, "--sizes", str(size)]
            print(f"\n{tool}, {size:,} records, one core", flush=True)
            subprocess.run(command, check=False, env=os.environ | ONE_THREAD)


def _autoscreen(size: int) -> list[list[str]]:
    from autoscreen.formats import write
    from autoscreen.review import Review

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "pool.nbib")
        write(made_up_records(size), source)
        made = peak_memory()
        rows = [["step", "ms", ""]]
        with Review.create(Path(folder, "bench"), protocol="rms-pnp") as review:
            start = time.perf_counter()
            review.import_files([source])
            imported = time.perf_counter()
            review.rank(top=20)
            ranked = time.perf_counter()
            rows += [
                ["import with deduplication", f"{1000 * (imported - start):,.0f}", ""],
                ["first order", f"{1000 * (ranked - imported):,.0f}", ""],
            ]
            rows += _labelling(review, [at for at in LABELS if at < size // 2])
        return [*rows, _memory(made)]


def _labelling(review: object, marks: list[int]) -> list[list[str]]:
    """Label the proposed records; at each mark measure what a reviewer waits for, and a refit."""
    rows, waits = [], []
    done = 0
    for mark in marks:
        while done < mark:
            found = review.next(wait=False)
            start = time.perf_counter()
            number = int(found.ranked.record.pmid) - 50_000_000
            review.label(found.ranked.id, "include" if is_relevant(number) else "exclude")
            review.next(wait=False)
            waits.append(time.perf_counter() - start)
            done += 1
        last = sorted(waits[-40:])
        rows.append(
            [
                f"label -> next at {mark} labels",
                f"{1000 * last[len(last) // 2]:.1f}",
                f"95% within {1000 * last[int(0.95 * len(last))]:.1f}",
            ]
        )
        review.rank(top=1)
        behind = []
        for _ in range(7):
            found = review.next(wait=True)
            review.label(found.ranked.id, "exclude")
            start = time.perf_counter()
            review.rank(top=1)
            behind.append(time.perf_counter() - start)
            done += 1
        rows.append([f"refit behind at {mark} labels", f"{1000 * sorted(behind)[3]:.1f}", ""])
    return rows


def _cycle() -> Any:
    """Make ASReview's default model, ELAS u4."""
    from asreview.learner import ActiveLearningCycle
    from asreview.models.balancers import Balanced
    from asreview.models.classifiers import SVM
    from asreview.models.feature_extractors import Tfidf
    from asreview.models.queriers import Max

    return ActiveLearningCycle(
        querier=Max(),
        classifier=SVM(C=0.11, loss="squared_hinge"),
        balancer=Balanced(ratio=9.8),
        feature_extractor=Tfidf(ngram_range=(1, 2), sublinear_tf=True, min_df=1, max_df=0.95),
    )


def _not_installed() -> list[list[str]] | None:
    try:
        import asreview  # noqa: F401
    except ImportError as error:
        return [["not measured", str(error), "pip install asreview"]]
    return None


def _asreview(size: int) -> list[list[str]]:
    if (missing := _not_installed()) is not None:
        return missing
    import pandas as pd

    records = list(made_up_records(size))
    frame = pd.DataFrame(
        {"title": [r.title for r in records], "abstract": [r.abstract for r in records]}
    )
    labels = np.array([int(is_relevant(number)) for number in range(1, size + 1)])
    made = peak_memory()
    cycle = _cycle()
    start = time.perf_counter()
    features = cycle.transform(frame)
    rows = [["step", "ms", ""], ["features", f"{1000 * (time.perf_counter() - start):,.0f}", ""]]
    rows += _asreview_refits(cycle, features, labels)
    return [*rows, _memory(made)]


def _asreview_refits(cycle: Any, features: Any, labels: NDArray[np.int64]) -> list[list[str]]:
    rows = []
    order = _order_of_labels(labels)
    for mark in (at for at in LABELS if at < len(labels) // 2):
        labelled, pool = order[:mark], np.setdiff1d(np.arange(len(labels)), order[:mark])

        def refit(labelled: Any = labelled, pool: Any = pool) -> None:
            cycle.fit(features[labelled], labels[labelled])
            cycle.rank(features[pool])

        runs = 5 if len(labels) <= LARGEST_TEXTS else 3
        rows.append([f"refit and rank at {mark} labels", f"{timed(refit, runs=runs):.1f}", ""])
    return rows


def _order_of_labels(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    order = np.random.default_rng(0).permutation(len(labels))
    return np.concatenate((np.flatnonzero(labels)[:5], order[labels[order] == 0]))


def _asreview_matrix(size: int) -> list[list[str]]:
    if (missing := _not_installed()) is not None:
        return missing
    matrix = _matrix(size, np.float64)
    made = peak_memory()
    labels = _labels(size)
    rows = [["step", "ms", ""], *_asreview_refits(_cycle(), matrix, labels)]
    return [*rows, _memory(made)]


def _autoscreen_matrix(size: int, *, sentences: bool = False) -> list[list[str]]:
    """Refit as the review does after each label, from the fit before it."""
    from autoscreen.ranking import Prior, fuse, order, with_sentences

    matrix = _matrix(size, np.float32)
    labels = _labels(size)
    prior_scores = np.random.default_rng(1).standard_normal(size)
    prior = Prior(prior_scores, (), np.zeros((size, 0)), (), 0.0, 1.0)
    made = peak_memory()
    if sentences:
        prior = with_sentences(prior, _unit_rows(size))
    listed = _order_of_labels(labels).tolist()
    rows = [["step", "ms", ""]]
    for mark in (at for at in LABELS if at < size // 2):
        known = {row: bool(labels[row]) for row in listed[:mark]}
        last = fuse(matrix, prior, known)
        times = []
        for row in listed[mark : mark + 5]:
            known[row] = bool(labels[row])
            start = time.perf_counter()
            last = fuse(matrix, prior, known, last=last)
            order(last.scores)
            times.append(1000 * (time.perf_counter() - start))
        rows.append([f"refit and rank at {mark} labels", f"{sorted(times)[2]:.1f}", ""])
    return [*rows, _memory(made)]


def _unit_rows(size: int) -> NDArray[np.float32]:
    rows = np.random.default_rng(2).standard_normal((size, 384), dtype=np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def _labels(size: int) -> NDArray[np.int64]:
    return np.array([int(is_relevant(number)) for number in range(1, size + 1)])


def _matrix(size: int, kind: Any) -> Any:
    """
    Draw a matrix with as many terms a row as an abstract has, their columns by Zipf's law.

    Rows are of length 1. Relevant ones end in the same few columns.
    """
    from scipy.sparse import csr_array

    dice = np.random.default_rng(0)
    wide = TERMS_OF_AN_ABSTRACT
    columns = np.empty((size, wide), dtype=np.int32)
    values = np.empty((size, wide), dtype=kind)
    for first in range(0, size, 20_000):
        block = columns[first : first + 20_000]
        drawn = np.sort(TERMS ** dice.random(block.shape), axis=1).astype(np.int32)
        block[:] = drawn + np.arange(wide, dtype=np.int32)  # so that none comes twice in a row
        some = dice.random(block.shape, dtype=np.float32) + np.float32(0.2)
        values[first : first + 20_000] = some / np.linalg.norm(some, axis=1, keepdims=True)
    columns[_labels(size) == 1, -TOPIC:] = TERMS + wide + np.arange(TOPIC)
    starts = np.arange(0, size * wide + 1, wide, dtype=np.int32)
    return csr_array((values.ravel(), columns.ravel(), starts), shape=(size, TERMS + wide + TOPIC))


def _titles(size: int) -> list[list[str]]:
    """Label in a review of short titles, which were taken in without looking for duplicates."""
    from autoscreen.dedup import match_fields
    from autoscreen.protocol import Protocol
    from autoscreen.review import Review
    from autoscreen.store import Store

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bench")
        Review.create(path, protocol=Protocol.from_title("A topic of made-up words")).close()
        with Store.open(path) as store:
            incoming = store.incoming()
            for number, record in enumerate(made_up_titles(size), 1):
                incoming.add(record, number, match_fields(record))
            with store.writing():
                run = store.imports.open(
                    path="made up", format="medline", sha256="", started=store.time(), starts=size
                )
                store.imports.take(run, incoming)
                store.imports.close(run, labels=0)
            incoming.discard()
        made = peak_memory()
        with Review.open(path) as review:
            start = time.perf_counter()
            review.rank(top=20)
            rows = [["step", "ms", ""]]
            rows.append(["first order", f"{1000 * (time.perf_counter() - start):,.0f}", ""])
            rows += _labelling(review, [at for at in LABELS if at < 1000])
        return [*rows, _memory(made)]


def _memory(made: float) -> list[str]:
    return ["peak memory, MB", f"{peak_memory():,.0f}", f"of which before: {made:,.0f}"]


TEXTS = {"autoscreen": _autoscreen, "asreview": _asreview}
MATRICES = {
    "autoscreen, short titles": _titles,
    "autoscreen, drawn matrix": _autoscreen_matrix,
    "asreview, drawn matrix": _asreview_matrix,
}
EMBEDDINGS = {
    "autoscreen, drawn matrix": _autoscreen_matrix,
    "autoscreen, drawn matrix and embeddings": partial(_autoscreen_matrix, sentences=True),
}
MEASURED = TEXTS | MATRICES | EMBEDDINGS

if __name__ == "__main__":
    main()
