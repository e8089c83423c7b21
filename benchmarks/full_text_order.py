"""How soon the full texts that will be included are shown, on real reviews.

    python benchmarks/full_text_order.py [FOLDER]

FOLDER holds the priors of `benchmarks/prior.py FOLDER`, each trained without one family of reviews;
without FOLDER the shipped prior is used, which was trained on these reviews.

In each screening set with two levels, and 5 or more full texts included and excluded, the full
texts are read in the order of title and abstract, and in the learned order, which is fitted again
after each full text. The loss is the chance that a full text that is excluded is read before one
that is included; 0.5 in random order. The weight of title and abstract is also chosen anew for each
family, on the other families. Needs the real data (AUTOSCREEN_DATA).
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from _common import need_data, table
from _families import family_of
from _nested import nested
from _summary import Result, bootstrap_interval
from _two_levels import Labels, Row, model, reviews, texts, two_levels
from autoscreen.evaluation._measures import LOSS
from autoscreen.features import PoolFeatures
from autoscreen.ranking import full_text_scores, fuse, order
from autoscreen.ranking._full_texts import FADE, FIRST_WEIGHT

FEWEST = 5
FIRST, LEARNED = "title and abstract", f"weight {FIRST_WEIGHT:g}, fade {FADE:g}"
WEIGHTS = {
    f"weight {weight:g}, fade {fade:g}": (weight, fade)
    for weight, fade in product((0.5, 1.0, 2.0), (5, 10, 30))
}
HALF = "in the first half"


def main() -> None:
    need_data()
    priors = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    results: list[Result] = []
    lines = []
    for review, pool in reviews():
        if (levels := two_levels(pool)) is None:
            continue
        wider, final = levels[1], levels[0] & levels[1]
        if min(final.sum(), wider.sum() - final.sum()) < FEWEST:
            continue
        found = _measured(review, pool, wider, final[wider], priors)
        results += found.values()
        first, learned = found[FIRST].measures, found[LEARNED].measures
        lines.append(
            [review["name"], str(wider.sum()), str(final.sum())]
            + [f"{one[LOSS.name]:.3f}" for one in (first, learned)]
            + [f"{one[HALF]:.0%}" for one in (first, learned)]
        )
        print(f"{review['name']}: done", file=sys.stderr, flush=True)
    _print(lines, results)


def _measured(
    review: Row, pool: list[Row], wider: Labels, relevant: Labels, priors: Path | None
) -> dict[str, Result]:
    """Read the full texts of a review in each order; return the measures by the order's name."""
    matrix, prior = model(pool, review, priors)
    first = fuse(matrix, prior, dict(enumerate(wider.tolist()))).scores[wider]
    own = PoolFeatures.of([one for one, in_it in zip(texts(pool), wider, strict=True) if in_it])
    orders = {FIRST: order(first)} | {
        name: _replay(own.matrix, first, relevant, *weight) for name, weight in WEIGHTS.items()
    }
    return {
        name: Result(
            review=review["name"],
            family=family_of(review["name"]),
            start="",
            seed=0,
            tool=name,
            measures={
                LOSS.name: LOSS.of(relevant[rows]),
                HALF: float(relevant[rows][: len(rows) // 2].sum() / relevant.sum()),
            },
        )
        for name, rows in orders.items()
    }


def _replay(
    matrix: csr_array, first: np.ndarray, relevant: Labels, weight: float, fade: float
) -> np.ndarray:
    """Return the rows in the order in which they are read."""
    labels: dict[int, bool] = {}
    for _ in relevant:
        scores = full_text_scores(matrix, first, labels, weight=weight, fade=fade)
        row = next(row for row in order(scores).tolist() if row not in labels)
        labels[row] = bool(relevant[row])
    return np.array([*labels])


def _print(lines: list[list[str]], results: list[Result]) -> None:
    head = ["review", "full texts", "included", "loss: first", "learned", f"{HALF}: first"]
    of = {
        name: np.array(
            [(r.measures[LOSS.name], r.measures[HALF]) for r in results if r.tool == name]
        )
        for name in (FIRST, *WEIGHTS)
    }
    first, learned = of[FIRST].mean(axis=0), of[LEARNED].mean(axis=0)
    means = [f"{first[0]:.3f}", f"{learned[0]:.3f}", f"{first[1]:.0%}", f"{learned[1]:.0%}"]
    print("\nFull texts: in the order of title and abstract, and in the learned order")
    table([*head, "learned"], [*lines, [f"mean ({len(lines)})", "", "", *means]])
    change = of[LEARNED][:, 0] - of[FIRST][:, 0]
    _line(LEARNED, change)
    outer, choices = nested(results, [*WEIGHTS], FIRST)
    losses = {one.review: one.measures[LOSS.name] for one in results if one.tool == FIRST}
    _line(
        "chosen on the other families",
        np.array([one.measures[LOSS.name] - losses[one.review] for one in outer]),
    )
    for family, (name, _) in choices.items():
        print(f"  for {family}: {name}")
    print("Mean loss with other weights:")
    for name, measured in of.items():
        print(f"  {name}: {measured[:, 0].mean():.4f}")


def _line(name: str, change: np.ndarray) -> None:
    span = bootstrap_interval(change)
    print(
        f"{name}: loss {span.mean:+.3f} [{span.low:+.3f}, {span.high:+.3f}], "
        f"better in {(change < 0).sum()} of {len(change)}"
    )


if __name__ == "__main__":
    main()
