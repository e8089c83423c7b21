"""Whether a classifier trained on MeSH headings would tag randomised trials better than the rules.

    python benchmarks/designs_trained.py

Trained on records of the drug class reviews with the heading "Humans"; randomised are those that
also have "Double-Blind Method", "Single-Blind Method" or "Random Allocation". Words and pairs of
words of title and abstract, logistic regression, tested in four parts with whole reviews held out.
Then on another topic by other indexers: the records of a review on stress disorder that Embase has
indexed, where "randomized controlled trial" is a term of its own.
Needs the real data (AUTOSCREEN_DATA).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline, make_pipeline

from _common import DATA, need_data, read_csv, table
from autoscreen.records import Record, StudyDesign
from autoscreen.text import study_designs
from designs import TRIALS

RECALLS = (0.69, 0.8, 0.9, 0.95, 0.99)
EMBASE = "vandeSchoot2017_PTSD.csv.gz"
Mask = NDArray[np.bool_]


def main() -> None:
    need_data()
    records: list[Record] = []
    randomised, reviews = [], []
    for path in sorted((DATA / "screening").glob("Cohen2006_*.csv.gz")):
        for row in read_csv(path):
            headings = {one.strip().casefold() for one in row["keywords"].split(";")}
            if "humans" in headings:
                records.append(Record(title=row["title"], abstract=row["abstract"]))
                randomised.append(bool(headings & TRIALS))
                reviews.append(path.name)
    truth = np.array(randomised)
    texts = [one.text for one in records]
    scores = np.zeros(len(texts))
    for train, test in GroupKFold(4).split(texts, truth, reviews):
        model = _classifier().fit([texts[one] for one in train], truth[train])
        scores[test] = model.decision_function([texts[one] for one in test])
    rules = _report("reviews held out", records, truth, scores)
    false = [one for one, wrong in zip(texts, rules & ~truth, strict=True) if wrong]
    random = sum("random" in one.casefold() for one in false)
    print(f"tagged by the rules without such a heading: {len(false)}, {random} with 'random'")
    others, known = _embase()
    model = _classifier().fit(texts, truth)
    scores = model.decision_function([one.text for one in others])
    _report("another topic, indexed by Embase", others, known, scores)


def _embase() -> tuple[list[Record], Mask]:
    """Return the records with terms of Embase, and which of them it calls a randomised trial."""
    found = []
    for row in read_csv(DATA / "screening" / EMBASE):
        terms = {one.strip().casefold() for one in row["keywords"].split(",")}
        if "human" in terms and terms & {"article", "priority journal", "conference paper"}:
            record = Record(title=row["title"], abstract=row["abstract"])
            found.append((record, "randomized controlled trial" in terms))
    return [one for one, _ in found], np.array([trial for _, trial in found])


def _classifier() -> Pipeline:
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=10, sublinear_tf=True, max_features=40_000)
    return make_pipeline(words, LogisticRegression(C=5, max_iter=150, solver="liblinear", tol=1e-3))


def _report(name: str, records: Sequence[Record], truth: Mask, scores: NDArray[np.float64]) -> Mask:
    """Print how well both do, and return what the rules tag."""
    rules = np.array([StudyDesign.RANDOMISED in study_designs(one) for one in records])
    both = (rules & truth).sum()
    print(f"\n{name}: {len(records):,} records, {truth.sum():,} randomised by their indexing")
    print(f"rules: precision {both / rules.sum():.2f}, recall {both / truth.sum():.2f}")
    found = np.cumsum(truth[np.argsort(-scores, kind="stable")])
    same = found[rules.sum() - 1]
    print(
        f"classifier, as many tags: precision {same / rules.sum():.2f}, "
        f"recall {same / truth.sum():.2f}"
    )
    rows = []
    for recall in RECALLS:
        count = int(np.searchsorted(found, np.ceil(recall * truth.sum()))) + 1
        share = f"{count / len(records):.2f}"
        rows.append([f"{recall:.2f}", f"{found[count - 1] / count:.2f}", share])
    table(["recall", "precision", "share tagged"], rows)
    return rules


if __name__ == "__main__":
    main()
