"""How many wrong exclusions a second look finds, on real reviews.

    python benchmarks/second_look.py

1. In each screening set of up to 3,000 records with 20 or more relevant ones, a tenth of the
   relevant records is excluded by mistake (three draws). The exclusions are then offered in the
   order of `autoscreen second-look`: how many of the mistakes are among the first 5% and 10%?
2. In the sets with two label levels: of the records that were included on the abstract and
   excluded on the full text, how many are among the first 10% of the final exclusions? They are
   no mistakes, but they are those that a second reader would have wanted to see.

Needs the real data (AUTOSCREEN_DATA).
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from _pools import DATA, skip, table
from autoscreen.features import PoolFeatures, concept_coverage
from autoscreen.ranking import held_out_scores, protocol_prior

csv.field_size_limit(1 << 30)
Row = dict[str, str]
LARGEST, FEWEST, SHARE, DRAWS = 3000, 20, 0.1, 3


def main() -> None:
    if not DATA.exists():
        skip(f"no real data at {DATA} (set AUTOSCREEN_DATA)")
    planted, levels = [], []
    for review in _rows(DATA / "screening" / "reviews.csv"):
        if int(review["records"]) > LARGEST or int(review["included"]) < FEWEST:
            continue
        pool = list(_rows(DATA / "screening" / f"{review['name']}.csv.gz"))
        model = _model(pool, review["title"])
        relevant = np.array([row["label_included"] == "1" for row in pool])
        found = np.mean([_planted(model, relevant, seed) for seed in range(DRAWS)], axis=0)
        planted.append((review["name"], int(relevant.sum()), found))
        other = np.array([row.get("label_abstract", "") == "1" for row in pool]) & ~relevant
        if other.sum() >= FEWEST:
            first = _first(model, relevant, 0.1)
            levels.append((review["name"], int(other.sum()), [other[first].sum() / other.sum()]))
    print("\n1. One in ten relevant records excluded by mistake: share of the mistakes found")
    _print(("review", "relevant", "first 5%", "first 10%"), planted)
    print("\n2. Included on the abstract, excluded on the full text: share among the first 10%")
    _print(("review", "records", "first 10%"), levels)


def _model(pool: list[Row], title: str) -> tuple:
    """Give the matrix and the prior of a pool."""
    rows = [(row["title"], row["abstract"], row["keywords"]) for row in pool]
    features = PoolFeatures.of(rows)
    return features.matrix, protocol_prior(features, title, concept_coverage(rows, ()))


def _planted(model: tuple, relevant: np.ndarray, seed: int) -> list[float]:
    generator = np.random.default_rng(seed)
    count = max(1, round(SHARE * relevant.sum()))
    wrong = generator.choice(np.flatnonzero(relevant), count, replace=False)
    labels = relevant.copy()
    labels[wrong] = False
    return [np.isin(wrong, _first(model, labels, share)).mean() for share in (0.05, 0.1)]


def _first(model: tuple, labels: np.ndarray, share: float) -> list[int]:
    """Give the first exclusions of a second look."""
    scores = held_out_scores(*model, dict(enumerate(labels.tolist())))
    excluded = [row for row in scores if not labels[row]]
    return sorted(excluded, key=lambda row: -scores[row])[: round(share * len(excluded))]


def _print(head: tuple[str, ...], rows: list[tuple[str, int, np.ndarray]]) -> None:
    cells = [[name, str(count), *(f"{one:.2f}" for one in found)] for name, count, found in rows]
    means = np.mean([found for _, _, found in rows], axis=0)
    table(head, [*cells, ["mean", "", *(f"{one:.2f}" for one in means)]])


def _rows(path: Path) -> Iterator[Row]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


if __name__ == "__main__":
    main()
