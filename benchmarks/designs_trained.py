"""Whether a classifier trained on MeSH headings would tag randomised trials better than the rules.

    python benchmarks/designs_trained.py

Records of the drug class reviews with the heading "Humans"; randomised are those that also have
"Double-Blind Method", "Single-Blind Method" or "Random Allocation". Words and pairs of words of
title and abstract, logistic regression, in four parts with whole reviews held out.
Needs the real data (AUTOSCREEN_DATA).
"""

from __future__ import annotations

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from _common import DATA, need_data, read_csv, table
from autoscreen.records import Record
from autoscreen.text import StudyDesign, study_designs
from designs import TRIALS

RECALLS = (0.69, 0.8, 0.9, 0.95, 0.99)


def main() -> None:
    need_data()
    texts: list[str] = []
    randomised, by_rules, reviews = [], [], []
    for path in sorted((DATA / "screening").glob("Cohen2006_*.csv.gz")):
        for row in read_csv(path):
            headings = {one.strip().casefold() for one in row["keywords"].split(";")}
            if "humans" in headings:
                record = Record(title=row["title"], abstract=row["abstract"])
                texts.append(record.text)
                randomised.append(bool(headings & TRIALS))
                by_rules.append(StudyDesign.RANDOMISED in study_designs(record))
                reviews.append(path.name)
    truth, rules = np.array(randomised), np.array(by_rules)
    false = [text for text, wrong in zip(texts, rules & ~truth, strict=True) if wrong]
    both = (rules & truth).sum()
    print(f"{len(texts):,} records, {truth.sum():,} with such a heading")
    print(f"rules: precision {both / rules.sum():.2f}, recall {both / truth.sum():.2f}")
    random = sum("random" in text.casefold() for text in false)
    print(f"tagged by the rules without such a heading: {len(false)}, {random} with 'random'")
    order = np.argsort(-_scores(texts, truth, reviews), kind="stable")
    found = np.cumsum(truth[order])
    rows = []
    for recall in RECALLS:
        count = int(np.searchsorted(found, np.ceil(recall * truth.sum()))) + 1
        share = count / len(texts)
        rows.append([f"{recall:.2f}", f"{found[count - 1] / count:.2f}", f"{share:.2f}"])
    table(["recall", "precision", "share tagged"], rows)


def _scores(texts: list[str], truth: np.ndarray, reviews: list[str]) -> np.ndarray:
    """Score each record by a classifier that has seen nothing of its review."""
    scores = np.zeros(len(texts))
    for train, test in GroupKFold(4).split(texts, truth, reviews):
        words = TfidfVectorizer(
            ngram_range=(1, 2), min_df=10, sublinear_tf=True, max_features=40_000
        )
        seen = words.fit_transform([texts[one] for one in train])
        model = LogisticRegression(C=5, max_iter=150, solver="liblinear", tol=1e-3)
        model.fit(seen, truth[train])
        scores[test] = model.decision_function(words.transform([texts[one] for one in test]))
    return scores


if __name__ == "__main__":
    main()
