"""Whether the alert threshold of the watch keeps its sensitivity, on finished reviews.

    python benchmarks/watch_threshold.py [--largest 4000]

Each screening set with 40 or more relevant records is cut by year of publication: the older part,
with half of the relevant records, is the labelled review; the newer part is what the watch finds
later. The threshold is set on the older part alone, for 95% sensitivity, as `autoscreen watch` does
it. How many of the newer relevant records reach it, how many records have to be read for each, and
how many were expected to be relevant? Needs the real data (AUTOSCREEN_DATA).
"""

from __future__ import annotations

import argparse

import numpy as np

from _common import DATA, need_data, read_csv, table
from autoscreen.evaluation import fit_sigmoid
from autoscreen.features import PoolFeatures, concept_coverage
from autoscreen.monitor.alert_threshold import ENOUGH, choose
from autoscreen.ranking import fuse, held_out_scores, protocol_prior

Row = dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--largest", type=int, default=4000)
    largest = parser.parse_args().largest
    need_data()
    results = []
    for review in read_csv(DATA / "screening" / "reviews.csv"):
        if int(review["records"]) > largest or int(review["included"]) < 2 * ENOUGH:
            continue
        pool = list(read_csv(DATA / "screening" / f"{review['name']}.csv.gz"))
        if found := _one(pool, review["title"]):
            results.append((review["name"], *found))
            print(f"{review['name']} done", flush=True)
    _print(results)


def _one(pool: list[Row], title: str) -> tuple[float, ...] | None:
    """Return the counts, recall, reads for each relevant record, expected and found."""
    relevant = np.array([row["label_included"] == "1" for row in pool])
    years = np.array([int(row["year"][:4]) if row["year"][:4].isdecimal() else 0 for row in pool])
    cut = sorted(years[relevant])[relevant.sum() // 2]
    old = years < cut
    if min(relevant[old].sum(), (~relevant[old]).sum()) < ENOUGH or not relevant[~old].any():
        return None
    rows = [(row["title"], row["abstract"], row["keywords"]) for row in pool]
    features = PoolFeatures.of(rows)
    prior = protocol_prior(features, title, concept_coverage(rows, ()))
    labels = {int(row): bool(relevant[row]) for row in np.flatnonzero(old)}
    held_out = held_out_scores(features.matrix, prior, labels)
    labelled = sorted((score, labels[row]) for row, score in held_out.items())
    good = [score for score, included in labelled if included]
    others = [score for score, included in labelled if not included]
    threshold = choose(good, others, sensitivity=0.95, ground="")
    assert threshold is not None
    scores = fuse(features.matrix, prior, labels).scores
    scores = (scores - scores.mean()) / scores.std()
    above = ~old & (scores >= threshold.score)
    sigmoid = fit_sigmoid(*zip(*labelled, strict=True))
    expected = float(sigmoid.probability(scores[above]).sum())
    hits = int((above & relevant).sum())
    newer = int((relevant & ~old).sum())
    return (
        *(len(labels), len(good), int((~old).sum()), newer),
        *(hits / newer, above.sum() / max(hits, 1), above.sum() / (~old).sum(), expected, hits),
    )


def _print(results: list[tuple]) -> None:
    head = ("review", "labelled", "include", "new", "relevant", "recall", "reads", "share read")
    rows = [
        (name, *map(str, counts), f"{recall:.3f}", f"{reads:.1f}", f"{share:.2f}", f"{e:.0f} / {f}")
        for name, *counts, recall, reads, share, e, f in results
    ]
    table((*head, "expected / found"), rows)
    recalls = np.array([row[5] for row in results])
    share = np.array([row[7] for row in results])
    print(
        f"\n{len(results)} reviews: mean recall above the threshold {recalls.mean():.3f}, "
        f"median {np.median(recalls):.3f}, 90% or more in {(recalls >= 0.9).sum()}, "
        f"95% or more in {(recalls >= 0.95).sum()}; mean share of the new records to read "
        f"{share.mean():.2f}; relevant ones expected {sum(r[8] for r in results):.0f}, "
        f"found {sum(r[9] for r in results)}"
    )


if __name__ == "__main__":
    main()
