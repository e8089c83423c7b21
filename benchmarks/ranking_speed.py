"""First order, refit and label -> next at 2k, 25k and 250k records, beside ASReview's own code.

    python benchmarks/ranking_speed.py [--sizes 2000 25000 250000]

Everything runs on one core. "label -> next" is what a reviewer waits for: the decision is on the
disk and the next record is there. "refit" is the time until the order knows the label; it runs
behind the reviewer. ASReview is measured where it is installed (`make bench` sees to that).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _pools import is_relevant, made_up_records, peak_memory, table, timed

LABELS = (50, 500, 2000)
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[2000, 25_000, 250_000])
    parser.add_argument("--one", choices=("autoscreen", "asreview"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    if options.one:
        rows = (
            _autoscreen(options.sizes[0])
            if options.one == "autoscreen"
            else _asreview(options.sizes[0])
        )
        table(rows[0], rows[1:])
        return
    for size in options.sizes:
        for tool in ("autoscreen", "asreview"):
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
        rows.append(["peak memory, MB", f"{peak_memory():,.0f}", f"of which before: {made:,.0f}"])
        return rows


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


def _asreview(size: int) -> list[list[str]]:
    try:
        import numpy as np
        from asreview.learner import ActiveLearningCycle
        from asreview.models.balancers import Balanced
        from asreview.models.classifiers import SVM
        from asreview.models.feature_extractors import Tfidf
        from asreview.models.queriers import Max
    except ImportError as error:
        return [["not measured", str(error), "pip install asreview"]]
    import pandas as pd

    records = list(made_up_records(size))
    frame = pd.DataFrame(
        {"title": [r.title for r in records], "abstract": [r.abstract for r in records]}
    )
    labels = np.array([int(is_relevant(number)) for number in range(1, size + 1)])
    made = peak_memory()
    cycle = ActiveLearningCycle(
        querier=Max(),
        classifier=SVM(C=0.11, loss="squared_hinge"),
        balancer=Balanced(ratio=9.8),
        feature_extractor=Tfidf(ngram_range=(1, 2), sublinear_tf=True, min_df=1, max_df=0.95),
    )
    start = time.perf_counter()
    features = cycle.transform(frame)
    rows = [["step", "ms", ""], ["features", f"{1000 * (time.perf_counter() - start):,.0f}", ""]]
    order = np.random.default_rng(0).permutation(size)
    order = np.concatenate((np.flatnonzero(labels)[:5], order[labels[order] == 0]))
    for mark in (at for at in LABELS if at < size // 2):
        labelled, pool = order[:mark], np.setdiff1d(np.arange(size), order[:mark])

        def refit(labelled: object = labelled, pool: object = pool) -> None:
            cycle.fit(features[labelled], labels[labelled])
            cycle.rank(features[pool])

        rows.append([f"refit and rank at {mark} labels", f"{timed(refit):.1f}", ""])
    rows.append(["peak memory, MB", f"{peak_memory():,.0f}", f"of which before: {made:,.0f}"])
    return rows


if __name__ == "__main__":
    main()
