"""How much reading the decisions of an earlier review save in its update.

    python benchmarks/prior.py PRIORS
    python benchmarks/update.py PRIORS OUT [MOST]

Every labelled set of up to MOST records is cut by date: the first 60% by year of publication, or by
PMID where years are missing, are an earlier review with its decisions, the others its update.
The update is replayed from its title with no label, from one relevant and one irrelevant
record of its own, and with the earlier decisions as prior knowledge; with sentence embeddings too
if the extra [semantic] is installed. Sets with fewer than ten relevant records before or five
after the cut are left out. The prior is trained without the family. OUT keeps embeddings and
replays, so that a run that was interrupted continues. Needs the real data (AUTOSCREEN_DATA).
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from _common import DATA, need_data, skip, table
from _replays import LabelledSet, labelled_sets, with_embeddings, without_family
from _summary import bootstrap_interval
from autoscreen.active import replay
from autoscreen.active._replay import Refits
from autoscreen.evaluation import measure_all
from autoscreen.evaluation._measures import LAST_RELEVANT, LOSS, RECALL10, TNR95
from autoscreen.features import TermCounts, count_terms, fit_tfidf
from autoscreen.protocol import Protocol
from autoscreen.ranking import FusedScores, Prior, TrainingRows, fuse, with_sentences
from autoscreen.ranking._transfer_model import load_transfer_model
from autoscreen.review.finished_review import (
    FinishedReview,
    SimulationPool,
    draw_start,
    pool_of,
    read_finished_review,
)
from autoscreen.sentence_encoder.encoder import is_installed as encoder_is_installed

EARLIER_SHARE = 0.6
RELEVANT_BEFORE, RELEVANT_AFTER = 10, 5
STARTS = ("no label", "1+1", "earlier review")
REFITS = Refits(every=30, growth=0.1)
SHOWN = (LOSS.name, RECALL10.name, TNR95.name, LAST_RELEVANT.name)
READ95 = "read for 95%"


@dataclass(frozen=True, slots=True)
class Replay:
    """One replay of an update."""

    review: str
    family: str
    tool: str
    start: str
    records: int
    relevant: int
    measures: dict[str, float]


@dataclass(frozen=True, slots=True)
class Cut:
    """A finished review as an earlier review and its update."""

    earlier: FinishedReview
    update: FinishedReview
    rows: tuple[NDArray[np.int64], NDArray[np.int64]]


def main() -> None:
    need_data()
    if len(sys.argv) < 3:
        skip("give the folder of priors that benchmarks/prior.py makes, and one for results")
    priors, out = Path(sys.argv[1]), Path(sys.argv[2])
    most = int(sys.argv[3]) if len(sys.argv) > 3 else None
    sets = without_family(labelled_sets(DATA / "screening", (), most=most), priors)
    report([one for of in sets for one in _results(of, out)])


def report(results: list[Replay]) -> None:
    """Print the measures of each start, and the differences from a start without labels."""
    for tool in sorted({one.tool for one in results}):
        some = {(one.review, one.start): one for one in results if one.tool == tool}
        reviews = sorted({review for review, _ in some})
        records = sum(some[review, STARTS[0]].records for review in reviews)
        print(f"\n{tool}: {len(reviews)} updates, {records:,} records")
        rows = []
        for start in STARTS:
            row = [start]
            for name in (*SHOWN, READ95):
                values = [some[review, start].measures[name] for review in reviews]
                base = [some[review, STARTS[0]].measures[name] for review in reviews]
                cell = f"{np.mean(values):.3f}"
                if start != STARTS[0]:
                    change = bootstrap_interval(np.subtract(values, base))
                    cell += f" {change.mean:+.3f} [{change.low:+.3f}, {change.high:+.3f}]"
                row.append(cell)
            rows.append(row)
        table(["start", *SHOWN, READ95], rows)


def _results(of: LabelledSet, out: Path) -> list[Replay]:
    path = out / "updates" / f"{of.name}.json"
    if path.exists():
        return [Replay(**values) for values in json.loads(path.read_text(encoding="utf-8"))]
    cut = cut_by_date(read_finished_review(of.path))
    found = [] if cut is None else list(_replays(of, cut, out))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(one) for one in found]), encoding="utf-8")
    print(f"{of.name}: {len(found)} replays", file=sys.stderr, flush=True)
    return found


def cut_by_date(past: FinishedReview) -> Cut | None:
    """Cut a review in two, by year or else by PMID, whose numbers grow with time."""
    for dates in ([one.year for one in past.records], [one.pmid for one in past.records]):
        known = np.array([int(str(date)) if str(date).isdecimal() else 0 for date in dates])
        dated = np.flatnonzero(known)
        if len(dated) < len(known) / 2:
            continue
        last = np.sort(known[dated])[math.ceil(EARLIER_SHARE * len(dated)) - 1]
        rows = dated[known[dated] <= last], dated[known[dated] > last]
        earlier, update = (_part(past, some) for some in rows)
        enough = earlier.relevant.sum() >= RELEVANT_BEFORE
        if enough and update.relevant.sum() >= RELEVANT_AFTER:
            return Cut(earlier, update, rows)
    return None


def _part(past: FinishedReview, rows: NDArray[np.int64]) -> FinishedReview:
    return replace(
        past,
        ids=tuple(past.ids[row] for row in rows),
        records=tuple(past.records[row] for row in rows),
        relevant=past.relevant[rows],
    )


def _replays(of: LabelledSet, cut: Cut, out: Path) -> Iterator[Replay]:
    pool = pool_of(
        cut.update, Protocol.from_title(of.title), model=load_transfer_model(Path(of.model))
    )
    known = _training_rows(cut.earlier, cut.update, pool.prior)
    tools = {"words and meaning": (pool.prior, known)}
    if encoder_is_installed():
        rows = np.load(with_embeddings(of, out).embeddings)
        before, after = (rows[some] for some in cut.rows)
        tools["with sentence embeddings"] = (
            with_sentences(pool.prior, after),
            replace(known, sentences=before),
        )
    for tool, (prior, also) in tools.items():
        for start in STARTS:
            order = _order(cut.update.relevant, pool, prior, start, also)
            relevant = cut.update.relevant[order]
            found = np.flatnonzero(relevant) + 1
            read = found[math.ceil(0.95 * len(found)) - 1] / len(relevant)
            yield Replay(
                of.name, of.family, tool, start, len(relevant), len(found),
                {**measure_all(relevant), READ95: float(read)},
            )  # fmt: skip


def _order(
    relevant: NDArray[np.bool_],
    pool: SimulationPool,
    prior: Prior,
    start: str,
    also: TrainingRows,
) -> NDArray[np.int64]:
    labels = draw_start(relevant, random_state=1) if start == "1+1" else {}
    ranker = _WithEarlier(pool, prior, also) if start == "earlier review" else None
    return replay(pool.matrix, prior, relevant, known=labels, ranker=ranker, refits=REFITS)


def _training_rows(earlier: FinishedReview, update: FinishedReview, prior: Prior) -> TrainingRows:
    """Return the earlier decisions in the feature space of the update, as an open review does."""
    after, before = (_counts(part) for part in (update, earlier))
    return TrainingRows.of(earlier.relevant, before, fit_tfidf(*after), prior.embeddings)


def _counts(part: FinishedReview) -> tuple[TermCounts, TermCounts]:
    return (
        count_terms(f"{one.title}\n{one.abstract}" for one in part.records),
        count_terms("\n".join(one.index_terms) for one in part.records),
    )


class _WithEarlier:
    """The ranker of an open review that has prior knowledge."""

    def __init__(self, pool: SimulationPool, prior: Prior, also: TrainingRows) -> None:
        self._pool, self._prior, self._also = pool, prior, also
        self._labels: dict[int, bool] = {}
        self._last: FusedScores | None = None

    def learn(self, row: int, *, relevant: bool) -> None:
        """Add a label."""
        self._labels[row] = relevant

    def scores(self) -> NDArray[np.float64]:
        """Score every record from the labels so far."""
        self._last = fuse(
            self._pool.matrix, self._prior, self._labels, last=self._last, also=self._also
        )
        return self._last.scores


if __name__ == "__main__":
    main()
