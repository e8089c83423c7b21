"""The time of a replay, and the effect of sparser refits and of records read at random.

    python benchmarks/replay.py FOLDER [MOST]

FOLDER holds the priors of `benchmarks/prior.py FOLDER`, each trained without one family of reviews.
Every screening set of up to MOST records (1,500) is replayed from one relevant and one irrelevant
record (seed 1): as `autoscreen simulate` does, with sparser refits, with a refit after every label,
and without random records. Prints the seconds of one core, and the paired differences with their
95% intervals over the reviews. Needs the real data (AUTOSCREEN_DATA).
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from _common import DATA, need_data, skip, table
from _replays import labelled_sets, without_family
from _summary import Result, compare
from autoscreen.active import replay
from autoscreen.active._replay import Refits
from autoscreen.evaluation import measure_all
from autoscreen.evaluation._measures import LOSS, NDCG, TNR95
from autoscreen.protocol import Protocol
from autoscreen.ranking._transfer_model import load_transfer_model
from autoscreen.review.finished_review import draw_start, pool_of, read_finished_review

SEED = 1
VARIANTS: dict[str, dict[str, Any]] = {
    "as simulate does": {},
    "every label to 150, then 2%": {"refits": Refits(every=150, growth=0.02)},
    "after every label": {"refits": Refits(growth=0.0)},
    "no random records": {"exploration": 0.0},
}


def main() -> None:
    need_data()
    if len(sys.argv) < 2:
        skip("give the folder of priors that benchmarks/prior.py FOLDER makes")
    most = int(sys.argv[2]) if len(sys.argv) > 2 else 1500
    results: list[Result] = []
    rows = []
    for of in without_family(labelled_sets(DATA / "screening", (), most=most), Path(sys.argv[1])):
        past = read_finished_review(of.path)
        model = load_transfer_model(Path(of.model))
        pool = pool_of(past, Protocol.from_title(of.title), model=model)
        known = draw_start(past.relevant, random_state=SEED)
        seconds = []
        for name, options in VARIANTS.items():
            began = time.process_time()
            order = replay(
                pool.matrix, pool.prior, past.relevant, known=known, random_state=SEED, **options
            )
            seconds.append(f"{time.process_time() - began:.1f}")
            results.append(
                Result(
                    review=of.name,
                    family=of.family,
                    start="1+1",
                    random_state=SEED,
                    tool=name,
                    measures=measure_all(past.relevant[order]),
                )
            )
        rows.append([of.name, f"{of.records:,}", *seconds])
    table(["seconds of one core", "records", *VARIANTS], rows)
    print()
    table(["difference", *(one.name for one in SHOWN)], list(_differences(results)))


SHOWN = (LOSS, TNR95, NDCG)


def _differences(results: list[Result]) -> list[list[str]]:
    rows = []
    for name in VARIANTS:
        if name == "after every label":
            continue
        against = "as simulate does" if name == "no random records" else "after every label"
        found = {one.measure: one.difference for one in compare(results, name, against)}
        cells = [
            f"{found[one].mean:+.4f} [{found[one].low:+.4f}, {found[one].high:+.4f}]"
            for one in SHOWN
        ]
        rows.append([f"{name} (beside: {against})", *cells])
    return rows


if __name__ == "__main__":
    main()
