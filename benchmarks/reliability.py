"""How well calibrated the probabilities of unread records are.

    python benchmarks/reliability.py PRIORS [--embeddings FOLDER] [--keep FOLDER] [--svg FILE]
        [--write] [--max-records N]

PRIORS holds the priors of `benchmarks/prior.py PRIORS`, each trained without one family of reviews.

1. Every screening set is replayed from one relevant and one irrelevant record, and from no label
   (seed 1). At 20, 50, 100, 200, 500, 1,000 and 2,000 records read, as long as a fifth is unread,
   every unread record gets a probability: from past reviews of other families
   (`autoscreen.active.Likelihood`), and, for comparison in sets of up to 1,500 records, from a
   sigmoid fitted to held-out scores of the labelled records (Platt), which the ranking has chosen.
2. `ScreeningClassifier.predict_proba` on sets of up to 1,500 records: on a random half after
   fitting to the other half, and on the unread records after fitting to what was read.

Each review, start and stage weighs the same in the results; in the fit, as the root of its number
of unread records. --keep stores the stages, so that a second run does
not replay; --embeddings ranks with sentence embeddings, which FOLDER keeps, and leaves Platt and
part 2 out; --write stores the model of all reviews as data/stopping/likelihood.json.
Needs the real data (AUTOSCREEN_DATA).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from _common import DATA, ROOT, need_data, skip, table
from _reliability import (
    Bin,
    brier_score,
    calibration_error,
    reliability,
    reliability_svg,
)
from _replays import LabelledSet, labelled_sets, with_embeddings, without_family
from _summary import bootstrap_interval
from autoscreen.active import replay
from autoscreen.active._likelihood import Likelihood, likelihood_features
from autoscreen.active._replay import Refits
from autoscreen.protocol import Protocol
from autoscreen.ranking import KernelRanker, ScreeningClassifier, held_out_scores, order
from autoscreen.ranking._transfer_model import load_transfer_model
from autoscreen.review.finished_review import (
    SimulationPool,
    draw_start,
    pool_of,
    read_finished_review,
)

STAGES = (20, 50, 100, 200, 500, 1000, 2000)
FEWEST_UNREAD = 0.2
TOP = 100
SMALL = 1500
_REFITS = Refits(every=60, growth=0.06)
Values = NDArray[np.float64]
Labels = NDArray[np.bool_]


@dataclass
class Stage:
    """A review at a stage of its reading."""

    name: str
    family: str
    start: str
    read: int
    relevant: Labels
    scores: Values
    truth: Labels
    held_out: Values | None
    """Held-out score and label of each labelled record, in two columns; None for large sets."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("priors", type=Path, nargs="?")
    parser.add_argument("--embeddings", type=Path)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--svg", type=Path)
    parser.add_argument("--max-records", type=int, help="leave out larger reviews")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    need_data()
    if asked.priors is None:
        skip("give the folder of priors that benchmarks/prior.py FOLDER makes")
    sets = labelled_sets(DATA / "screening", (), most=asked.max_records)
    sets = without_family(sets, asked.priors)
    if asked.embeddings:
        sets = [with_embeddings(of, asked.embeddings) for of in sets]
    stages = [stage for of in sets for stage in _stages(of, asked.keep)]
    stages = [one for one in stages if one.relevant.any()]
    said = _left_out(stages)
    curves = _unread(stages, said, "past reviews, family left out")
    small = [one for one in stages if one.held_out is not None]
    if small:
        curves |= _unread(
            small, [_platt(one) for one in small], "held-out scores of the labelled, small reviews"
        )
    _by_family(stages, said)
    if not asked.embeddings:
        _classifier([of for of in sets if of.records <= SMALL])
    if asked.svg:
        asked.svg.write_text(reliability_svg("unread records of finished reviews", curves), "utf-8")
    if asked.write:
        _store(stages)


def _stages(of: LabelledSet, keep: Path | None) -> Iterator[Stage]:
    kept = keep / f"{of.name}.npz" if keep else None
    if kept is None or not kept.exists():
        arrays = dict(_made(of))
        if kept is None:
            yield from _loaded(of, arrays)
            return
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(kept, **arrays)
        print(f"{of.name}: replayed", flush=True)
    with np.load(kept) as stored:
        yield from _loaded(of, dict(stored))


def _loaded(of: LabelledSet, arrays: dict[str, NDArray[Any]]) -> Iterator[Stage]:
    for key in sorted({name.rpartition("/")[0] for name in arrays}):
        start, read = key.split("/")
        yield Stage(
            of.name,
            of.family,
            start,
            int(read),
            arrays[f"{key}/relevant"],
            arrays[f"{key}/scores"].astype(np.float64),
            arrays[f"{key}/truth"],
            arrays[f"{key}/held_out"].astype(np.float64) if f"{key}/held_out" in arrays else None,
        )


def _made(of: LabelledSet) -> Iterator[tuple[str, NDArray[Any]]]:
    past = read_finished_review(of.path)
    model = load_transfer_model(Path(of.model))
    embeddings = np.load(of.embeddings) if of.embeddings else None
    pool = pool_of(past, Protocol.from_title(of.title), model=model, embeddings=embeddings)
    for start in ("1+1", "cold"):
        known = dict(draw_start(past.relevant, random_state=1)) if start == "1+1" else {}
        for rows, unread, scores in _read_to_the_stages(pool, past.relevant, known):
            key = f"{start}/{len(rows)}"
            yield f"{key}/relevant", past.relevant[rows]
            yield f"{key}/scores", scores.astype(np.float32)
            yield f"{key}/truth", past.relevant[unread]
            labels = known | {row: bool(past.relevant[row]) for row in rows}
            if of.records <= SMALL and not of.embeddings and len(set(labels.values())) == 2:
                held = held_out_scores(pool.matrix, pool.prior, labels, folds=5)
                pairs = [(score, labels[row]) for row, score in held.items()]
                yield f"{key}/held_out", np.array(pairs, dtype=np.float32)


def _read_to_the_stages(
    pool: SimulationPool, relevant: Labels, known: Mapping[int, bool]
) -> Iterator[tuple[list[int], NDArray[np.int64], Values]]:
    """Yield at each stage what was read, what is unread, and the scores of the latter."""
    most = (1 - FEWEST_UNREAD) * len(relevant) - len(known)
    stages = [stage for stage in STAGES if stage <= most]
    ranker = KernelRanker(pool.matrix, pool.prior, known, size=len(relevant))
    unread = np.ones(len(relevant), dtype=bool)
    unread[list(known)] = False
    rows: list[int] = []
    due, ordered = 0, np.zeros(0, np.int64)
    while stages:
        at_a_stage = len(rows) == stages[0]
        if at_a_stage or len(rows) >= due:
            scores = ranker.scores()
            ordered = order(scores)
            due = _REFITS.next_after(len(rows))
        if at_a_stage:
            left = np.flatnonzero(unread)
            yield list(rows), left, scores[left]
            stages.pop(0)
        row = int(ordered[unread[ordered]][0])
        ranker.learn(row, relevant=bool(relevant[row]))
        unread[row] = False
        rows.append(row)


def _fit(stages: Sequence[Stage]) -> Likelihood:
    """Learn from all unread records; a stage weighs as the root of how many it has."""
    signs, truth, weights = [], [], []
    for one in stages:
        z, stage = likelihood_features(one.scores, one.relevant)
        signs.append(np.column_stack([z, np.tile(stage, (len(z), 1))]))
        truth.append(one.truth)
        weights.append(np.full(len(z), len(z) ** -0.5))
    weight = np.concatenate(weights)
    model = LogisticRegression(C=1e4, max_iter=1000, tol=1e-8)
    model.fit(np.vstack(signs), np.concatenate(truth), sample_weight=weight / weight.mean())
    score, recent, found, read = model.coef_[0].tolist()
    return Likelihood(
        intercept=float(model.intercept_[0]),
        score=score,
        recent=recent,
        found=found,
        read=read,
    )


def _left_out(stages: Sequence[Stage]) -> list[Values]:
    fitted = {
        family: _fit([one for one in stages if one.family != family])
        for family in {one.family for one in stages}
    }
    found = []
    for one in stages:
        said = fitted[one.family].probabilities(one.scores, one.relevant)
        assert said is not None
        found.append(said)
    return found


def _platt(one: Stage) -> Values:
    assert one.held_out is not None
    scores, labels = one.held_out[:, :1], one.held_out[:, 1] > 0
    model = LogisticRegression(C=100.0).fit(scores, labels)
    # Held-out scores are standardised over the pool, as `held_out_scores` says.
    scaled = (one.scores - one.scores.mean()) / (one.scores.std() + 1e-12)
    return np.asarray(expit(model.coef_[0, 0] * scaled + model.intercept_[0]))


def _unread(stages: Sequence[Stage], said: list[Values], method: str) -> dict[str, list[Bin]]:
    truth = [one.truth for one in stages]
    names = len({one.name for one in stages})
    print(f"\n1. Unread records of {names} reviews, {len(stages)} stages")
    bins = _bins(said, truth)
    first = [np.argsort(-one)[:TOP] for one in said]
    print(f"\n{method}: all unread records, and the {TOP} most likely of each stage")
    near = _bins(
        [one[rows] for one, rows in zip(said, first, strict=True)],
        [one[rows] for one, rows in zip(truth, first, strict=True)],
    )
    _print_bins(bins, near)
    print(f"\nby the number of records read: all unread / the {TOP} most likely")
    rows = []
    for read in (*STAGES, 0):
        at = [i for i, one in enumerate(stages) if read in (0, one.read)]
        if not at:
            continue
        rows.append([f"{read:,}" if read else "all", str(len(at)), *_quality(
            [said[i] for i in at], [truth[i] for i in at]
        )])  # fmt: skip
    head = ["read", "stages", "Brier", "error", "Brier, top", "error, top", "said : was"]
    table(head, rows)
    return {method: bins}


def _quality(said: Sequence[Values], truth: Sequence[Labels]) -> list[str]:
    first = [np.argsort(-one)[:TOP] for one in said]
    top_said = [one[rows] for one, rows in zip(said, first, strict=True)]
    top_truth = [one[rows] for one, rows in zip(truth, first, strict=True)]
    cells = []
    for p, y in ((said, truth), (top_said, top_truth)):
        weights = np.concatenate([np.full(len(one), 1 / len(one)) for one in p])
        cells.append(f"{brier_score(np.concatenate(p), np.concatenate(y), weights):.4f}")
        cells.append(f"{calibration_error(_bins(p, y)):.4f}")
    sums = [(one.sum(), other.sum()) for one, other in zip(said, truth, strict=True)]
    cells.append(f"{sum(a for a, _ in sums) / max(sum(b for _, b in sums), 1):.2f}")
    return cells


def _bins(said: Sequence[Values], truth: Sequence[Labels]) -> list[Bin]:
    weights = np.concatenate([np.full(len(one), 1 / len(one)) for one in said])
    return reliability(np.concatenate(said), np.concatenate(truth), weights)


def _print_bins(every: Sequence[Bin], near: Sequence[Bin]) -> None:
    rows = []
    for one in every:
        other = next((bin for bin in near if bin.low == one.low), None)
        row = [f"{one.low:.0%} to {one.high:.0%}", f"{one.records:,}", f"{one.said:.3f}"]
        row += [f"{one.was:.3f}"]
        row += (
            [f"{other.records:,}", f"{other.said:.3f}", f"{other.was:.3f}"] if other else [""] * 3
        )
        rows.append(row)
    table(["probability", "records", "said", "was", "among the top", "said", "was"], rows)


def _by_family(stages: Sequence[Stage], said: Sequence[Values]) -> None:
    """Print how far a single review may be off: relevant records expected over those found."""
    rows = []
    for family in [*sorted({one.family for one in stages}), ""]:
        at = [i for i, one in enumerate(stages) if family in ("", one.family)]
        ratio = np.array([np.log2((said[i].sum() + 1) / (stages[i].truth.sum() + 1)) for i in at])
        names = np.array([stages[i].name for i in at])
        means = np.array([ratio[names == name].mean() for name in np.unique(names)])
        spread = bootstrap_interval(means)
        within = np.mean(np.abs(ratio) <= 1)
        rows.append(
            [
                f"{family or 'all'} ({len(means)})",
                f"{2**spread.mean:.2f} [{2**spread.low:.2f}, {2**spread.high:.2f}]",
                f"{within:.0%}",
                *(f"{2 ** np.quantile(ratio, q):.2f}" for q in (0.1, 0.9)),
            ]
        )
    print("\nrelevant unread records said / was (geometric mean), by family, each left out")
    table(["family", "said / was", "within a factor of 2", "10th percentile", "90th"], rows)


def _classifier(sets: Sequence[LabelledSet]) -> None:
    outcomes: dict[str, tuple[list[Values], list[Labels]]] = {}
    for of in sets:
        past = read_finished_review(of.path)
        texts = [f"{one.title}\n{one.abstract}" for one in past.records]
        half = np.random.default_rng(1).permutation(len(texts))
        _judge(outcomes, "a random half", texts, past.relevant, half[: len(half) // 2], half)
        pool = pool_of(
            past, Protocol.from_title(of.title), model=load_transfer_model(Path(of.model))
        )
        rows = replay(pool.matrix, pool.prior, past.relevant, known={}, random_state=1)
        for read in (100, 300):
            if read < (1 - FEWEST_UNREAD) * len(rows):
                _judge(outcomes, f"{read} read", texts, past.relevant, rows[:read], rows)
    print(f"\n2. ScreeningClassifier.predict_proba, {len(sets)} reviews of up to {SMALL:,} records")
    rows_ = [
        [name, str(len(said)), *_quality(said, truth)] for name, (said, truth) in outcomes.items()
    ]
    head = ["fitted to", "reviews", "Brier", "error", "Brier, top", "error, top", "said : was"]
    table(head, rows_)


def _judge(
    outcomes: dict[str, tuple[list[Values], list[Labels]]],
    name: str,
    texts: Sequence[str],
    relevant: Labels,
    rows: NDArray[np.int64],
    every: NDArray[np.int64],
) -> None:
    if relevant[rows].all() or not relevant[rows].any():
        return
    model = ScreeningClassifier().fit([texts[row] for row in rows], relevant[rows])
    others = every[~np.isin(every, rows)]
    said = model.predict_proba([texts[row] for row in others])[:, 1]
    found = outcomes.setdefault(name, ([], []))
    found[0].append(said)
    found[1].append(relevant[others])


def _store(stages: Sequence[Stage]) -> None:
    learnt = _fit(stages)
    stored = {
        "what": "log odds of an unread record, see autoscreen.active.Likelihood",
        "reviews": sorted({one.name for one in stages}),
        "stages": len(stages),
        "log_odds": {
            "base": round(learnt.intercept, 6),
            **{
                name: round(getattr(learnt, name), 6)
                for name in ("score", "recent", "found", "read")
            },
        },
    }
    path = ROOT / "data" / "stopping" / "likelihood.json"
    path.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")
    print(f"\nwritten: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
