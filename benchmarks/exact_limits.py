"""How much work a stopping rule can save at most if it assumes nothing about the ranking.

    python benchmarks/exact_limits.py RESULTS [--start 1+1] [--audits 30]

RESULTS is the output folder of `benchmarks/evaluate.py`. On the reading orders of autoscreen in it,
for recalls of 95, 90 and 80% at a confidence of 95%:

- the most that any rule can save, in hindsight (see `_any_rule`);
- the random audit as it ships, and begun at the moment that was best in hindsight;
- random draws mixed with reading in ranked order, from the first record on;
- buscarpy, its own code, if it is installed; it assumes a ranking that is no worse than chance.

Prints the mean work saved, the share of replays that reached the target, and on how many reviews
each saved more than buscarpy.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from _common import skip, table
from autoscreen.active._exact_audit import audit_boundary, relevant_allowed_to_miss
from autoscreen.active._past_reviews import missed_odds
from autoscreen.active._stopping_replay import replay_audit

TARGETS = (0.95, 0.9, 0.8)
ERROR = 0.05
STARTS = 24
Labels = NDArray[np.bool_]
Ends = list[tuple[float, float]]
"""Recall and work saved, one for each run."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path, nargs="?")
    parser.add_argument("--start", default="1+1")
    parser.add_argument("--audits", type=int, default=30, help="runs for each order")
    asked = parser.parse_args()
    if asked.results is None or not (asked.results / "replays").is_dir():
        skip("no replays (give the output folder of benchmarks/evaluate.py)")
    orders = dict(_orders(asked.results, asked.start))
    for target in TARGETS:
        _compare(orders, target, asked.audits)


def _orders(folder: Path, start: str) -> Iterator[tuple[str, Labels]]:
    for path in sorted((folder / "replays").glob(f"*__{start}__1__autoscreen.json")):
        values = json.loads(path.read_text("utf-8"))
        relevant = np.zeros(values["records"], dtype=bool)
        relevant[np.array(values["relevant_at"]) - 1] = True
        yield values["name"], relevant


def _compare(orders: dict[str, Labels], target: float, audits: int) -> None:
    rules: dict[str, Callable[[Labels, np.random.Generator], Ends]] = {
        "any rule, at most": lambda one, dice: [(1.0, _any_rule(one, target))],
        "random audit": lambda one, dice: [_audit(one, target, dice) for _ in range(audits)],
        "random audit, best start in hindsight": lambda one, dice: _best_start(
            one, target, dice, audits
        ),
    }
    for share in (0.3, 0.6):
        rules[f"draws mixed in from the start, {share:.0%}"] = lambda one, dice, share=share: [
            _mixed(one, target, dice, share) for _ in range(audits)
        ]
    rules["draws mixed in, all once few seem left"] = lambda one, dice: [
        _mixed(one, target, dice, None) for _ in range(audits)
    ]
    if (calculate := _buscarpy()) is not None:
        rules["buscarpy, p < .05"] = lambda one, dice: [_buscar(one, target, calculate)]
    saved: dict[str, list[float]] = {}
    rows = []
    for name, rule in rules.items():
        ends = [
            np.mean(
                [
                    (recall >= target - 1e-9, work)
                    for recall, work in rule(one, np.random.default_rng(crc32(review.encode())))
                ],
                axis=0,
            )
            for review, one in orders.items()
        ]
        saved[name] = [float(work) for _, work in ends]
        reached, work = np.mean(ends, axis=0)
        rows.append([name, f"{reached:.1%}", f"{work:.1%}"])
    peer = saved.get("buscarpy, p < .05")
    for row in rows:
        beats = sum(a > b for a, b in zip(saved[row[0]], peer, strict=True)) if peer else ""
        row.append(str(beats))
    print(f"\ntarget {target:.0%}, {len(orders)} reviews")
    table(["rule", "reaches it", "work saved", "more than buscarpy in"], rows)


def _any_rule(one: Labels, target: float) -> float:
    """
    Bound the expected work saved by any rule, random or not, that keeps its promise always.

    Let R records be relevant, and let k = ⌊R (1 - t) / t⌋ + 1 further ones be made relevant,
    drawn at random from the N - R irrelevant ones. A rule that reads none of the k behaves as
    before and ends below the target. If it reads I irrelevant records where the labels are as
    they are, it reads none of the k with probability C(N - R - I, k) / C(N - R, k), which is
    convex in I: to keep that below the error it has to read, in the mean, at least the I at which
    it equals the error. Besides it reads the relevant ones that the target asks for, in all but
    the error's share of its runs.
    """
    pool, relevant = len(one), int(one.sum())
    wanted = math.ceil(target * relevant - 1e-9)
    hidden = relevant_allowed_to_miss(relevant, target) + 1
    read = _draws_that_hit(pool - relevant, hidden)
    return max(0.0, 1 - (read + (1 - ERROR) * wanted) / pool)


def _draws_that_hit(among: int, hidden: int) -> int:
    """Return the fewest draws that miss all hidden records with at most the error."""
    if hidden > among:
        return 0
    draws = np.arange(among - hidden + 1)
    missed = _log_choose(among - draws, hidden) - _log_choose(np.array(among), hidden)
    rare = missed <= math.log(ERROR)
    return int(draws[np.argmax(rare)]) if rare.any() else among - hidden + 1


def _log_choose(of: NDArray[np.int64], take: int) -> NDArray[np.float64]:
    return np.asarray(gammaln(of + 1.0) - gammaln(take + 1.0) - gammaln(of - take + 1.0))


def _audit(one: Labels, target: float, dice: np.random.Generator) -> tuple[float, float]:
    read, found = replay_audit(one, target, dice)
    return found / one.sum(), 1 - read / len(one)


def _best_start(one: Labels, target: float, dice: np.random.Generator, audits: int) -> Ends:
    """
    Begin the audit at each of some depths, and keep the depth that saved most in the mean.

    Depths at which fewer than six in ten are found are left out: an audit then finds so many that
    it hardly ends before all is read.
    """
    finds = np.flatnonzero(one) + 1
    finds = finds[int(0.6 * len(finds)) :]
    depths = np.unique(np.linspace(finds[0], len(one) - 1, STARTS // 2).astype(int))
    after = finds[np.unique(np.linspace(0, len(finds) - 1, STARTS // 2).astype(int))]
    runs = [
        [_audit_from(one, target, dice, int(depth)) for _ in range(audits)]
        for depth in np.union1d(depths, after)
    ]
    return max(runs, key=lambda ends: float(np.mean([work for _, work in ends])))


def _audit_from(
    one: Labels, target: float, dice: np.random.Generator, start: int
) -> tuple[float, float]:
    found, rest, finds = int(one[:start].sum()), len(one) - start, 0
    places = np.flatnonzero(dice.permutation(one[start:])) + 1
    while True:
        draws = audit_boundary(rest, found, finds, target=target)
        if finds == len(places) or places[finds] > draws:
            return (found + finds) / one.sum(), 1 - (start + draws) / len(one)
        finds += 1


def _mixed(
    one: Labels, target: float, dice: np.random.Generator, share: float | None
) -> tuple[float, float]:
    """
    Draw at random now and then while reading, and stop when the draws rule all larger totals out.

    If R records are relevant in all and r were found, a draw from u unread ones finds one with
    probability p = (R - r) / u, whatever was read before and why. For each R the product of
    q(x) / p(x) over the draws, with q predicted from what was seen before, is a test martingale: by
    Ville's inequality it ever exceeds 1 / error with probability at most the error if R is the
    truth. Reading stops when it has for the smallest R that the target forbids and all above.
    q predicts a tenth of what the missed odds say is left, between a tenth of R - r and all of it,
    the best of the few ways that were tried. Without a share every record is a draw once few seem
    left, as in the audit.
    """
    pool, total = len(one), int(one.sum())
    totals = np.arange(1, min(pool, 4 * total + 40) + 1)
    wealth = np.zeros(len(totals))
    odds = _odds(one)
    unread = np.ones(pool, dtype=bool)
    found, top, read = 0, 0, 0
    while read < pool:
        left = float(odds[max(top - 1, 0)]) * max(found, 1)
        draw = dice.random() < share if share is not None else left <= 2 * (1 - target) * found
        if draw:
            row = _random_unread(unread, dice)
            _bet(wealth, totals - found, pool - read, left, hit=bool(one[row]))
        else:
            while not unread[top]:
                top += 1
            row = top
        unread[row] = False
        read += 1
        found += int(one[row])
        forbidden = found + relevant_allowed_to_miss(found, target) + 1
        if found and draw and (wealth[forbidden - 1 :] >= -math.log(ERROR)).all():
            break
    return found / total, 1 - read / pool


_ODDS: dict[int, NDArray[np.float64]] = {}


def _odds(one: Labels) -> NDArray[np.float64]:
    if id(one) not in _ODDS:
        _ODDS[id(one)] = missed_odds(one, len(one))
    return _ODDS[id(one)]


def _bet(
    wealth: NDArray[np.float64], hidden: NDArray[np.int64], unread: int, left: float, *, hit: bool
) -> None:
    possible = hidden > 0
    chance = np.clip(hidden / unread, 1e-12, 1 - 1e-12)
    predicted = np.clip(np.clip(left / 10, hidden / 10, hidden) / unread, 1e-12, chance)
    gain = np.log(predicted / chance) if hit else np.log((1 - predicted) / (1 - chance))
    wealth[possible] += gain[possible]
    # A total that is below what was found is ruled out.
    wealth[~possible] = np.inf


def _random_unread(unread: NDArray[np.bool_], dice: np.random.Generator) -> int:
    while True:
        row = int(dice.integers(len(unread)))
        if unread[row]:
            return row


def _buscarpy() -> Callable[..., float] | None:
    try:
        from buscarpy import calculate_h0
    except ImportError:
        return None
    return calculate_h0  # type: ignore[no-any-return]


def _buscar(one: Labels, target: float, calculate: Callable[..., float]) -> tuple[float, float]:
    labels = one.astype(np.int8)
    for at in np.unique(np.linspace(1, len(one) - 1, 200).astype(int)).tolist():
        if float(calculate(labels[:at], len(one), target)) < ERROR:
            return float(one[:at].sum() / one.sum()), 1 - at / len(one)
    return 1.0, 0.0


if __name__ == "__main__":
    main()
