"""Trains the prior that ships with autoscreen, from every labelled review.

    python benchmarks/train_prior.py

Writes models/prior.json and models/prior.npz, the same bytes from the same data and library
versions. Needs the real data (AUTOSCREEN_DATA); `benchmarks/prior.py` tests the method.
"""

from __future__ import annotations

from _common import ROOT
from _training import read_nearness, read_reviews, train
from autoscreen.ranking._transfer_features import TRANSFER_FEATURES
from autoscreen.ranking._transfer_model import save_transfer_model


def main() -> None:
    reviews = list(read_reviews())
    model = train(reviews, read_nearness(reviews))
    path = ROOT / "models" / "prior.json"
    save_transfer_model(model, path)
    records = sum(len(review.relevant) for review in reviews)
    relevant = sum(int(review.relevant.sum()) for review in reviews)
    print(f"{len(reviews)} reviews, {records:,} records, {relevant:,} relevant")
    for name, coefficient in zip(TRANSFER_FEATURES, model.coefficients, strict=True):
        print(f"{coefficient:+.3f}  {name}")
    for kind, words in model.words.items():
        print(f"{len(words.columns):,} words of {kind}")
    print("{:,} words in {} dimensions".format(*model.vectors.vectors.shape))


if __name__ == "__main__":
    main()
