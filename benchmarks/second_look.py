"""How many mistaken exclusions `autoscreen second-look` finds, on real reviews.

    python benchmarks/second_look.py [FOLDER]

FOLDER holds the priors of `benchmarks/prior.py FOLDER`, each trained without one family of reviews;
without FOLDER the shipped prior is used, which was trained on these reviews.

1. In each screening set with 20 or more relevant records a tenth of them is excluded by mistake
   (three draws; one in sets of more than 3,000 records). The exclusions are then offered in the
   order of `autoscreen second-look`: how many mistakes are among the first 5% and 10%, and how
   many exclusions have to be read again to find half of them?
2. In the sets with two label levels and 10 or more records included in the end: of the records
   that were included on the abstract and excluded on the full text, how many are among the first
   5% and 10% of the final exclusions? These are no mistakes, but worth a second reading.

A random order would find 5% and 10%. Needs the real data (AUTOSCREEN_DATA).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from _common import need_data, table
from _summary import bootstrap_interval
from _two_levels import Labels, Row, labels, model, reviews, two_levels
from autoscreen.ranking import held_out_scores

FEWEST, FEWEST_IN_THE_END, SHARE = 20, 10, 0.1
DRAWS, LARGE = 3, 3000
SHARES = (0.05, 0.1)
Line = tuple[str, int, int, list[float]]


def main() -> None:
    need_data()
    priors = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    planted: list[Line] = []
    levels: list[Line] = []
    for review, pool in reviews():
        ranker = model(pool, review, priors)
        relevant = labels(pool, "label_included")
        if relevant.sum() >= FEWEST:
            draws = DRAWS if len(pool) <= LARGE else 1
            found = np.mean([_planted(ranker, relevant, seed) for seed in range(draws)], axis=0)
            planted.append((review["name"], len(pool), int(relevant.sum()), found.tolist()))
        if (both := _two_levels(pool)) is not None:
            final, other = both
            levels.append(
                (review["name"], len(pool), int(other.sum()), _seen(ranker, final, other))
            )
        print(f"{review['name']}: done", file=sys.stderr, flush=True)
    print("\n1. One in ten relevant records excluded by mistake: share of the mistakes found")
    _print(("review", "records", "relevant", "first 5%", "first 10%", "half of them in"), planted)
    print("\n2. Included on the abstract, excluded on the full text: share of them found")
    _print(("review", "records", "of these", "first 5%", "first 10%", "half of them in"), levels)


def _two_levels(pool: list[Row]) -> tuple[Labels, Labels] | None:
    """Return what was included in the end, and what on the abstract alone; None if too few."""
    if (levels := two_levels(pool)) is None:
        return None
    final, wider = levels
    other = wider & ~final
    return (final, other) if final.sum() >= FEWEST_IN_THE_END and other.sum() >= FEWEST else None


def _planted(ranker: tuple, relevant: np.ndarray, seed: int) -> list[float]:
    generator = np.random.default_rng(seed)
    count = max(1, round(SHARE * relevant.sum()))
    wrong = np.zeros(len(relevant), dtype=bool)
    wrong[generator.choice(np.flatnonzero(relevant), count, replace=False)] = True
    return _seen(ranker, relevant & ~wrong, wrong)


def _seen(ranker: tuple, given: np.ndarray, wanted: np.ndarray) -> list[float]:
    """Return the share of the wanted exclusions in the first ones, and where half are found."""
    scores = held_out_scores(*ranker, dict(enumerate(given.tolist())))
    excluded = sorted((row for row in scores if not given[row]), key=lambda row: -scores[row])
    found = np.cumsum(wanted[excluded]) / wanted.sum()
    half = int(np.argmax(found >= 0.5)) + 1
    return [*(float(found[round(one * len(found)) - 1]) for one in SHARES), half / len(found)]


def _print(head: tuple[str, ...], rows: list[Line]) -> None:
    cells = [
        [name, f"{records:,}", f"{count:,}", f"{five:.2f}", f"{ten:.2f}", f"{half:.1%}"]
        for name, records, count, (five, ten, half) in rows
    ]
    spans = [
        bootstrap_interval(np.array(column))
        for column in zip(*(one[3] for one in rows), strict=True)
    ]
    means = [f"{one.mean:.2f} [{one.low:.2f}, {one.high:.2f}]" for one in spans[:2]]
    table(head, [*cells, [f"mean ({len(rows)})", "", "", *means, f"{spans[2].mean:.1%}"]])


if __name__ == "__main__":
    main()
