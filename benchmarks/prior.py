"""How good the prior is in families of reviews that it was not trained on.

    python benchmarks/prior.py [FOLDER]

Each family is left out of the training once, and its reviews are then ranked from their titles,
and without them. Prints the area under the ROC curve and the recall after a tenth of the pool for
each review and family, compared with the similarity to the pool alone. FOLDER gets the model
without each family, for replays that must not know the answers.
Needs the real data (AUTOSCREEN_DATA).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from _common import table
from _families import model_name
from _training import LabelledReview, read_nearness, read_reviews, sign_values, train
from autoscreen.ranking import TransferModel, order
from autoscreen.ranking._transfer_features import TRANSFER_FEATURES
from autoscreen.ranking._transfer_model import save_transfer_model

HEAD = [
    "review", "records", "relevant", "AUROC", "recall@10%", "no title: AUROC", "recall@10%",
    "pool: AUROC", "recall@10%",
]  # fmt: skip
_POOL = list(TRANSFER_FEATURES).index("like the pool")


def main() -> None:
    reviews = list(read_reviews())
    nearness = read_nearness(reviews)
    scored, rows = [], []
    for left_out in sorted({review.family for review in reviews}):
        model = train([review for review in reviews if review.family != left_out], nearness)
        if len(sys.argv) > 1:
            folder = Path(sys.argv[1])
            folder.mkdir(parents=True, exist_ok=True)
            save_transfer_model(model, folder / model_name(left_out))
        mine = [review for review in reviews if review.family == left_out]
        figures = [_figures(review, model) for review in mine]
        scored += figures
        for review, row in zip(mine, figures, strict=True):
            counts = [f"{len(review.relevant):,}", f"{review.relevant.sum():,}"]
            rows.append([f"  {review.name}", *counts, *_printed(row)])
        rows.append([f"{left_out} ({len(mine)})", "", "", *_printed(np.mean(figures, axis=0))])
    rows.append([f"mean ({len(reviews)})", "", "", *_printed(np.mean(scored, axis=0))])
    table(HEAD, rows)


def _figures(review: LabelledReview, model: TransferModel) -> list[float]:
    words = dict(model.words)
    values = sign_values(review, words, review.title)
    untitled = sign_values(review, words, "") @ model.without_question
    return [
        measure(review.relevant, scores)
        for scores in (values @ model.coefficients, untitled, values[:, _POOL])
        for measure in (roc_auc_score, _recall)
    ]


def _recall(relevant: np.ndarray, scores: np.ndarray) -> float:
    first = order(scores)[: int(np.ceil(len(scores) / 10))]
    return float(relevant[first].sum() / relevant.sum())


def _printed(figures: list[float] | np.ndarray) -> list[str]:
    return [f"{figure:.3f}" for figure in figures]


if __name__ == "__main__":
    main()
