"""Show that a change of the code has not changed any reading order.

    python benchmarks/orders.py before.json
    python benchmarks/orders.py after.json --compare before.json

Each labelled set of the real data is replayed with the shipped prior: from one relevant and one
irrelevant record with seeds 1 and 2, and from no label with seed 1. The file gets the SHA-256 of
each order; sets that it already holds are not replayed again. --compare lists the orders that
differ from those of another file, and then exits with 1. Needs the real data (AUTOSCREEN_DATA).
"""

from __future__ import annotations

import argparse
import json
import sys
from hashlib import sha256
from pathlib import Path

from _common import DATA, need_data
from _replays import (
    COLD,
    ONE_AND_ONE,
    OURS,
    LabelledSet,
    Task,
    labelled_sets,
    reading_order,
    start_labels,
)

RUNS = ((ONE_AND_ONE, 1), (COLD, 1), (ONE_AND_ONE, 2))
Orders = dict[str, dict[str, str]]
"""The hash of each order, by the name of the set and then by start and seed."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", nargs="?", type=Path, help="JSON file to write (or continue)")
    parser.add_argument("--compare", type=Path, metavar="FILE", help="orders of another version")
    parser.add_argument("--max-records", type=int, metavar="N", help="leave out larger sets")
    asked = parser.parse_args()
    need_data()
    found = _orders(asked.file, asked.max_records)
    if asked.compare is not None:
        differing = list(_differences(found, json.loads(asked.compare.read_text("utf-8"))))
        print("\n".join(differing) or f"all orders of {len(found)} sets are the same")
        sys.exit(bool(differing))


def _orders(file: Path | None, most: int | None) -> Orders:
    orders: Orders = {}
    if file is not None and file.exists():
        orders = json.loads(file.read_text("utf-8"))
    for of in labelled_sets(DATA / "screening", most=most):
        if of.name not in orders:
            orders[of.name] = {f"{start} {seed}": _hash(of, start, seed) for start, seed in RUNS}
            for run, value in orders[of.name].items():
                print(f"{of.name}  {run}  {value}", flush=True)
            if file is not None:
                file.write_text(json.dumps(orders, indent=1), "utf-8")
    return orders


def _hash(of: LabelledSet, start: str, seed: int) -> str:
    task = Task(of=of, start=start, seed=seed, tool=OURS)
    rows = reading_order(task, start_labels(of, start, seed))
    return sha256(rows.astype("int64").tobytes()).hexdigest()


def _differences(found: Orders, others: Orders) -> list[str]:
    lines = []
    for name, orders in found.items():
        if name not in others:
            lines.append(f"{name}: not in the other file")
        else:
            lines += [
                f"{name}  {run}: differs"
                for run, value in orders.items()
                if others[name].get(run) != value
            ]
    return lines


if __name__ == "__main__":
    main()
