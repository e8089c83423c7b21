"""How good the first ranking is with the concepts that are proposed from a title.

    python benchmarks/proposal.py [NAME...]

Each review is ranked before any label from its title alone, and from the proposed protocol with
nothing struck or added. The words that the shipped model learnt from these reviews are left out of
both. Prints the recall after a tenth of the pool and the NDCG of both.
Needs the real data (AUTOSCREEN_DATA).
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np

from _common import DATA, need_data, read_csv, table
from autoscreen.features import PoolFeatures, concept_coverage
from autoscreen.proposal.draft import draft_protocol
from autoscreen.proposal.propose import propose
from autoscreen.protocol import Concept
from autoscreen.ranking import TransferModel, order, protocol_prior, shipped_model
from autoscreen.ranking._transfer_features import WordWeights

SETS = (
    *("CLEF2017_CD010705", "SYNERGY_Donners_2021", "Cohen2006_UrinaryIncontinence"),
    *("RSM2025_genAIhealth_Scopus", "Cohen2006_Triptans", "Cohen2006_ADHD", "SYNERGY_Oud_2018"),
    *("CLEF2017_CD009944", "Cohen2006_NSAIDS", "CLEF2017_CD010632"),
)
"""Reviews of several fields with 100 to 1,500 records."""
_HEAD = ["review", "records", "title: recall@10%", "NDCG", "proposal: recall@10%", "NDCG"]


def main() -> None:
    need_data()
    titles = {row["name"]: row["title"] for row in read_csv(DATA / "screening" / "reviews.csv")}
    model, lines, all_figures = _without_words(), [], []
    for name in sys.argv[1:] or SETS:
        rows = list(read_csv(DATA / "screening" / f"{name}.csv.gz"))
        figures = _figures(rows, titles[name], model)
        all_figures.append(figures)
        lines.append([name, f"{len(rows):,}", *(f"{one:.3f}" for one in figures)])
    mean = np.mean(all_figures, axis=0)
    table(_HEAD, [*lines, ["mean", "", *(f"{one:.3f}" for one in mean)]])


def _without_words() -> TransferModel:
    empty = WordWeights(np.zeros(0, np.int32), np.zeros(0, np.float32))
    model = shipped_model()
    return replace(model, words=dict.fromkeys(model.words, empty))


def _figures(rows: list[dict[str, str]], title: str, model: TransferModel) -> list[float]:
    texts = [(row["title"], row["abstract"], row["keywords"]) for row in rows]
    relevant = np.array([float(row["label_included"]) == 1 for row in rows])
    pool = PoolFeatures.of(texts)

    def measured(concepts: tuple[Concept, ...]) -> list[float]:
        prior = protocol_prior(pool, title, concept_coverage(texts, concepts), model=model)
        return _measures(relevant[order(prior.scores)])

    return measured(()) + measured(draft_protocol(title, propose(title)).concepts)


def _measures(relevant: np.ndarray) -> list[float]:
    found, gain = relevant.sum(), 1 / np.log2(np.arange(len(relevant)) + 2)
    recall = relevant[: int(np.ceil(len(relevant) / 10))].sum() / found
    return [float(recall), float(relevant @ gain / gain[:found].sum())]


if __name__ == "__main__":
    main()
