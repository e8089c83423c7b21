"""Stopping rules measured on the reading orders of finished reviews.

    python benchmarks/stopping.py --orders FOLDER [--audits 20] [--write]

FOLDER holds one file for each reading order, TAG__REVIEW__SEED.npz, with an array "order" of row
numbers of screening/REVIEW.csv.gz up to the last relevant record; the rest is read last. Tags: L is
the shipped ranker, S the same with sentence embeddings, u4 is ELAS u4; orders of _11 lack the one
relevant and one irrelevant record known from the start, those of _cold begin without a label.
Prints, for each tag and target, coverage, recall at the stop and work saved of the exact and the
calibrated rule, of naive rules, of buscarpy (its own code if it is installed, at 200 looks) and of
the best possible stop. Calibrated rules are scored on families that they were not calibrated on;
they are calibrated on orders of the shipped ranker only. --write stores the calibration on all
reviews as data/stopping/calibration.json. Needs the real data (AUTOSCREEN_DATA).
"""

from __future__ import annotations

import argparse
import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from _common import DATA, ROOT, need_data, read_csv, skip, table
from _critical_chances import critical_chances, critical_odds
from _families import family_of
from autoscreen.active._past_reviews import (
    Calibration,
    PastReview,
    chance_of_missing,
    missed_odds,
)
from autoscreen.active._stopping_replay import replay_audit

TARGETS = (0.95, 0.9, 0.8)
STORED = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97, 0.99, 1.0)
TAGS = ("L_11", "L_cold", "S_11", "S_cold", "u4_11")
CONFIDENCE = 0.95
OTHER_RANKERS = ("u4",)
MARGINS = tuple(round(1 - 0.05 * step, 2) for step in range(20))
LARGE_FAMILY = 10  # Reviews from which on a threshold must hold for the family by itself
Labels = NDArray[np.bool_]
Stop = Callable[["Reading", float], list[int]]


@dataclass(eq=False)
class Reading:
    """One reading order of a finished review."""

    tag: str
    name: str
    seed: int
    relevant: Labels

    def __post_init__(self) -> None:
        self.pool = len(self.relevant)
        self.found = np.cumsum(self.relevant)
        self.total = int(self.found[-1])
        self.odds = missed_odds(self.relevant, self.pool)
        self._chances: dict[float, NDArray[np.float64]] = {}

    def chance(self, target: float) -> NDArray[np.float64]:
        """Return the chance of missing a target after every record."""
        if target not in self._chances:
            self._chances[target] = chance_of_missing(self.odds, self.found, target)
        return self._chances[target]

    @property
    def family(self) -> str:
        """Return the family of the review."""
        return family_of(self.name)


def main() -> None:
    asked = _arguments()
    need_data()
    if asked.orders is None or not asked.orders.exists():
        skip("no reading orders (give their folder with --orders)")
    readings = list(_readings(asked.orders, asked.tags))
    print(f"{len(readings)} reading orders of {len({one.name for one in readings})} reviews")
    own = [one for one in readings if not one.tag.startswith(OTHER_RANKERS)]
    past = _with_margins(_calibration(own), own)
    for tag in asked.tags:
        mine = [one for one in readings if one.tag == tag]
        for target in TARGETS:
            _compare(tag, target, mine, past, asked)
    _by_family(readings, past)
    if asked.write:
        _store(past, sorted({one.tag for one in own}))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=Path)
    parser.add_argument("--tags", nargs="+", default=list(TAGS))
    parser.add_argument("--audits", type=int, default=20, help="audits simulated for each order")
    parser.add_argument("--write", action="store_true", help="store the calibration")
    return parser.parse_args()


def _readings(folder: Path, tags: Iterable[str]) -> Iterable[Reading]:
    labels: dict[str, Labels] = {}
    for path in sorted(folder.glob("*__*__*.npz")):
        tag, name, seed = path.stem.split("__")
        if tag not in tags:
            continue
        if name not in labels:
            labels[name] = _labels(DATA / "screening" / f"{name}.csv.gz")
        order = np.load(path)["order"]
        relevant = np.zeros(len(labels[name]) - 2 * tag.endswith("_11"), dtype=bool)
        relevant[: len(order)] = labels[name][order]
        yield Reading(tag, name, int(seed), relevant)


def _labels(path: Path) -> Labels:
    return np.array([row["label_included"] in {"1", "1.0"} for row in read_csv(path)])


def _calibration(readings: list[Reading]) -> Calibration:
    by_name: dict[str, list[Reading]] = defaultdict(list)
    for one in readings:
        by_name[one.name].append(one)
    chances = {one: critical_chances(one.relevant, STORED) for one in readings}
    odds = {one: critical_odds(one.relevant, STORED) for one in readings}
    return Calibration(
        tuple(
            PastReview(
                name=name,
                family=many[0].family,
                records=max(one.pool for one in many),
                relevant=max(one.total for one in many),
                critical={aim: tuple(chances[one][aim] for one in many) for aim in STORED},
                odds={aim: tuple(odds[one][aim] for one in many) for aim in STORED},
            )
            for name, many in sorted(by_name.items())
        )
    )


def _with_margins(past: Calibration, readings: list[Reading]) -> Calibration:
    """Lower each threshold until it holds in each set of orders and in each large family."""
    groups: dict[str, list[Reading]] = defaultdict(list)
    for one in readings:
        groups[one.tag].append(one)
        groups[one.family].append(one)
    large = [
        many
        for name, many in groups.items()
        if name in TAGS or len({one.name for one in many}) >= LARGE_FAMILY
    ]
    margins: dict[float, float] = {}
    for target in TARGETS:
        for margin in MARGINS:
            margins[target] = margin
            tried = replace(past, margins=dict(margins))
            if min(_share_reached(mine, target, tried) for mine in large) >= CONFIDENCE:
                break
    return replace(past, margins=margins)


def _share_reached(readings: list[Reading], target: float, past: Calibration) -> float:
    by_name: dict[str, list[bool]] = defaultdict(list)
    for one in readings:
        (at,) = _calibrated(one, target, past=past)
        by_name[one.name].append(bool(one.found[at - 1] >= target * one.total - 1e-9))
    return float(np.mean([np.mean(many) for many in by_name.values()]))


def _compare(
    tag: str, target: float, readings: list[Reading], past: Calibration, asked: argparse.Namespace
) -> None:
    rules: dict[str, Stop] = {
        "exact: random audit": partial(_audited, audits=asked.audits),
        "calibrated, families left out": partial(_calibrated, past=past),
        "50 irrelevant in a row": partial(_in_a_row, gap=50),
        "100 in a row": partial(_in_a_row, gap=100),
        "200 in a row": partial(_in_a_row, gap=200),
        "knee (6)": _knee,
        "read half": lambda one, _target: [one.pool // 2],
        "random relevant sample (QBCB)": partial(_qbcb, audits=asked.audits),
        "best possible": _best,
    }
    for level in (0.05, 0.2):
        if _buscarpy() is not None:
            rules[f"buscarpy p < {level}"] = partial(_buscar, level=level)
    rows = [[name, *_summary(readings, rule, target)] for name, rule in rules.items()]
    print(f"\n{tag}, target {target:.0%}, {len({one.name for one in readings})} reviews")
    table(["rule", "reaches it", "recall mean", "p5", "lowest", "work saved"], rows)


def _summary(readings: list[Reading], rule: Stop, target: float) -> list[str]:
    by_name: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    every: list[float] = []
    for one in readings:
        for at in rule(one, target):
            recall = float(one.found[at - 1] / one.total) if isinstance(at, int) else at[0]
            saved = 1 - at / one.pool if isinstance(at, int) else at[1]
            every.append(recall)
            by_name[one.name].append((recall >= target - 1e-9, recall, saved))
    means = np.array([np.mean(many, axis=0) for many in by_name.values()]).mean(axis=0)
    return [
        f"{means[0]:.1%}", f"{means[1]:.3f}", f"{np.quantile(every, 0.05):.3f}",
        f"{min(every):.3f}", f"{means[2]:.1%}",
    ]  # fmt: skip


def _calibrated(one: Reading, target: float, *, past: Calibration) -> list[int]:
    return [_first(one.chance(target) < _threshold(past, one.family, target), one.pool)]


_THRESHOLDS: dict[tuple[float, str, float], float] = {}


def _threshold(past: Calibration, family: str, target: float) -> float:
    key = (past.margins.get(target, 1.0), family, target)
    if key not in _THRESHOLDS:
        _THRESHOLDS[key] = past.without({family}).stop_below(target)
    return _THRESHOLDS[key]


def _audited(one: Reading, target: float, *, audits: int) -> list[tuple[float, float]]:
    """Read in order until few seem left, then draw; return (recall, work saved)."""
    dice = np.random.default_rng((crc32(one.name.encode()), one.seed))
    ends = [replay_audit(one.relevant, target, dice) for _ in range(audits)]
    return [(found / one.total, 1 - read / one.pool) for read, found in ends]


def _qbcb(one: Reading, target: float, *, audits: int) -> list[tuple[float, float]]:
    """Draw until 59 relevant are found (45 or so for other targets), then read until all are."""
    need = math.ceil(math.log(0.05) / math.log(target))
    dice = np.random.default_rng((crc32(one.name.encode()), one.seed, 1))
    ends = []
    for _ in range(audits):
        drawn = dice.permutation(one.pool)
        hits = np.flatnonzero(one.relevant[drawn])
        if len(hits) < need:
            ends.append((1.0, 0.0))
            continue
        sample = drawn[: hits[need - 1] + 1]
        depth = int(sample[one.relevant[sample]].max()) + 1
        read = depth + int(np.count_nonzero(sample >= depth))
        ends.append((float(one.found[depth - 1] / one.total), 1 - read / one.pool))
    return ends


def _in_a_row(one: Reading, _target: float, *, gap: int) -> list[int]:
    last = np.maximum.accumulate(np.where(one.relevant, np.arange(one.pool), -1))
    return [_first(np.arange(one.pool) - last >= gap, one.pool)]


def _knee(one: Reading, _target: float) -> list[int]:
    """Cormack & Lynam 2016 (doi:10.1145/2911451.2911510): slope ratio 156 - min(found, 150)."""
    for at in np.unique(np.linspace(1, one.pool, 200).astype(int)):
        height = one.found[:at] - one.found[at - 1] * np.arange(1, at + 1) / at
        knee = int(np.argmax(height))
        before = one.found[knee] / (knee + 1)
        after = (1 + one.found[at - 1] - one.found[knee]) / max(at - knee - 1, 1)
        if (at >= 1000 and before / after >= 6) or before / after >= 156 - min(
            one.found[at - 1], 150
        ):
            return [int(at)]
    return [one.pool]


def _best(one: Reading, target: float) -> list[int]:
    return [_first(one.found >= target * one.total - 1e-9, one.pool)]


def _first(held: Labels, pool: int) -> int:
    return int(np.argmax(held)) + 1 if held.any() else pool


def _buscarpy() -> Callable[..., float] | None:
    try:
        from buscarpy import calculate_h0
    except ImportError:
        return None
    return calculate_h0  # type: ignore[no-any-return]


_BUSCAR: dict[tuple[Reading, float], list[tuple[int, float]]] = {}


def _buscar(one: Reading, target: float, *, level: float) -> list[int]:
    """Run buscarpy's own calculate_h0 after every two-hundredth of the pool."""
    calculate = _buscarpy()
    assert calculate is not None
    if (one, target) not in _BUSCAR:
        looks = np.unique(np.linspace(1, one.pool - 1, 200).astype(int)).tolist()
        labels = one.relevant.astype(np.int8)
        values = []
        for at in looks:
            values.append((at, float(calculate(labels[:at], one.pool, target))))
            if values[-1][1] < 0.05:
                break
        _BUSCAR[one, target] = values
    return [next((at for at, p in _BUSCAR[one, target] if p < level), one.pool)]


def _by_family(readings: list[Reading], past: Calibration) -> None:
    rows = []
    for family in sorted({one.family for one in readings}):
        mine = [one for one in readings if one.family == family]
        row = [family, str(len({one.name for one in mine}))]
        for target in TARGETS:
            reached, _, _, lowest, saved = _summary(mine, partial(_calibrated, past=past), target)
            row += [reached, lowest, saved]
        rows.append(row)
    print("\ncalibrated rule, all orders, each family left out of its calibration")
    heads = [f"{what} {aim:.0%}" for aim in TARGETS for what in ("reaches", "lowest", "saved")]
    table(["family", "reviews", *heads], rows)


def _store(past: Calibration, tags: list[str]) -> None:
    stored = {
        "statistic": "chance of missing a target, see chance_of_missing in autoscreen.active",
        "reading_orders": tags,
        "margins": {f"{target:g}": margin for target, margin in past.margins.items()},
        "reviews": [
            {
                "name": one.name,
                "family": one.family,
                "records": one.records,
                "relevant": one.relevant,
                "critical": _rounded(one.critical),
                "odds": _rounded(one.odds),
            }
            for one in past.reviews
        ],
    }
    path = ROOT / "data" / "stopping" / "calibration.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")
    print(f"\nwritten: {path.relative_to(ROOT)}")


def _rounded(critical: dict[float, tuple[float, ...]]) -> dict[str, list[float | None]]:
    return {
        f"{target:g}": [float(f"{one:.6g}") if math.isfinite(one) else None for one in many]
        for target, many in critical.items()
    }


if __name__ == "__main__":
    main()
