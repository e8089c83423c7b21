"""How much sentence embeddings improve the order, with the weights chosen on other reviews.

    python benchmarks/prior.py PRIORS
    python benchmarks/sentences.py PRIORS OUT [MOST]

Every labelled set of up to MOST records is replayed with each of a few weights, from one relevant
and one irrelevant record and from none, with its title and without. Each family of reviews is then
measured with the weights that are best on the others, beside the ranker without embeddings and,
if ASReview is installed, its model ELAS u4 on the same start. OUT keeps embeddings and replays, so
that a run that was interrupted continues. The last choice, on all reviews, is the one that ships.
Needs the real data (AUTOSCREEN_DATA) and the extra [semantic].
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from _common import DATA, need_data, skip, table
from _nested import NESTED, chosen, nested
from _peer import ASREVIEW, is_installed, peer_order
from _replays import LabelledSet, labelled_sets, with_embeddings, without_family
from _summary import Comparison, Result, compare
from autoscreen.active import replay
from autoscreen.active._replay import Refits
from autoscreen.evaluation import measure_all
from autoscreen.evaluation._measures import LAST_RELEVANT, LOSS, RECALL10, TNR95, Measure
from autoscreen.protocol import Protocol
from autoscreen.ranking import with_sentences
from autoscreen.ranking._sentences import SENTENCE_WEIGHTS, SentenceWeights
from autoscreen.ranking._transfer_model import load_transfer_model
from autoscreen.review.finished_review import (
    FinishedReview,
    draw_start,
    pool_of,
    read_finished_review,
)
from autoscreen.sentence_encoder.encoder import is_installed as encoder_is_installed

SEED = 1
STARTS = ("1+1, title", "1+1, no title", "cold, title", "cold, no title")
WITHOUT = "without embeddings"
CHOICES = {
    "plane .5, nearest .3": SentenceWeights(plane=0.5, nearest=0.3),
    "plane 1, nearest .6": SentenceWeights(plane=1.0, nearest=0.6),
    "plane 1, nearest .6, prior": SENTENCE_WEIGHTS,
}
# Every label at first, when each changes much; the later refits change little.
REFITS = Refits(every=30, growth=0.1)
SHOWN = (LOSS, TNR95, RECALL10, LAST_RELEVANT)


def main() -> None:
    need_data()
    if len(sys.argv) < 3:
        skip("give the folder of priors that benchmarks/prior.py makes, and one for results")
    if not encoder_is_installed():
        skip("the extra [semantic] is not installed")
    priors, out = Path(sys.argv[1]), Path(sys.argv[2])
    most = int(sys.argv[3]) if len(sys.argv) > 3 else None
    sets = without_family(labelled_sets(DATA / "screening", (), most=most), priors)
    report([one for of in sets for one in _results(of, out)])


def report(results: list[Result]) -> None:
    """Print the choices, and what they change on the families that they were not made on."""
    tools = [WITHOUT, *CHOICES]
    outer, choices = nested(results, tools, WITHOUT)
    choices["none"] = chosen(results, tools, WITHOUT)
    table(
        ["left out", "chosen on the others", "loss there"],
        [[family, name, f"{ratio - 1:+.1%}"] for family, (name, ratio) in choices.items()],
    )
    pairs = [(NESTED, WITHOUT), (NESTED, ASREVIEW), (WITHOUT, ASREVIEW)]
    pairs += [(name, WITHOUT) for name in CHOICES]
    for start in STARTS:
        some = [one for one in [*results, *outer] if one.start == start]
        found = [(f"{ours} / {theirs}", compare(some, ours, theirs)) for ours, theirs in pairs]
        print()
        table(
            [start, "better-worse", *(one.name for one in SHOWN)],
            [_row(name, {one.measure: one for one in ones}) for name, ones in found if ones],
        )


def _row(name: str, found: Mapping[Measure, Comparison]) -> list[str]:
    loss = found[LOSS]
    shown = (found[measure] for measure in SHOWN)
    return [
        name,
        f"{loss.better}-{loss.worse}",
        *(
            f"{one.ours:.4f} {one.change:+.1%} "
            f"[{one.difference.low:+.4f}, {one.difference.high:+.4f}]"
            for one in shown
        ),
    ]


def _results(of: LabelledSet, out: Path) -> list[Result]:
    path = out / "replays" / f"{of.name}.json"
    if path.exists():
        return [Result(**values) for values in json.loads(path.read_text(encoding="utf-8"))]
    past = read_finished_review(of.path)
    embeddings = np.load(with_embeddings(of, out).embeddings)
    found = [one for start in STARTS for one in _replays(of, past, start, embeddings)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(one) for one in found]), encoding="utf-8")
    print(f"{of.name}: {of.records:,} records", file=sys.stderr, flush=True)
    return found


def _replays(
    of: LabelledSet, past: FinishedReview, start: str, embeddings: NDArray[np.float32]
) -> Iterator[Result]:
    titled = not start.endswith("no title")
    known = draw_start(past.relevant, random_state=SEED) if start.startswith("1+1") else {}
    protocol = Protocol.from_title(of.title) if titled else None
    pool = pool_of(past, protocol, model=load_transfer_model(Path(of.model)))
    priors = {WITHOUT: pool.prior} | {
        name: with_sentences(pool.prior, embeddings, weights=weights)
        for name, weights in CHOICES.items()
    }
    orders = {
        name: replay(
            pool.matrix, prior, past.relevant, known=known, random_state=SEED, refits=REFITS
        )
        for name, prior in priors.items()
    }
    if is_installed():
        orders[ASREVIEW] = peer_order(past, known, seed=SEED)
    for name, order in orders.items():
        yield Result(
            review=of.name,
            family=of.family,
            start=start,
            seed=SEED,
            tool=name,
            measures=measure_all(past.relevant[order]),
        )


if __name__ == "__main__":
    main()
