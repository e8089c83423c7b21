"""Reviews labelled at two levels: by title and abstract, and by the full text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from _common import DATA, read_csv
from _families import family_of, model_name
from autoscreen.features import PoolFeatures, concept_coverage
from autoscreen.ranking import Prior, protocol_prior
from autoscreen.ranking._transfer_model import load_transfer_model

Row = dict[str, str]
Labels = NDArray[np.bool_]


def reviews() -> Iterator[tuple[Row, list[Row]]]:
    """Yield the screening sets with their records, the smallest first."""
    listed = read_csv(DATA / "screening" / "reviews.csv")
    for review in sorted(listed, key=lambda one: int(one["records"])):
        yield review, list(read_csv(DATA / "screening" / f"{review['name']}.csv.gz"))


def labels(pool: list[Row], column: str) -> Labels:
    """Return which records a column includes."""
    return np.array([row[column] in {"1", "1.0"} for row in pool])


def two_levels(pool: list[Row]) -> tuple[Labels, Labels] | None:
    """Return what was included in the end, and what by title and abstract; None without both."""
    if "label_fulltext" in pool[0]:
        return labels(pool, "label_fulltext"), labels(pool, "label_included")
    if "label_abstract" in pool[0]:
        return labels(pool, "label_included"), labels(pool, "label_abstract")
    return None


def texts(pool: list[Row]) -> list[tuple[str, str, str]]:
    """Return what the ranking reads of each record."""
    return [(row["title"], row["abstract"], row["keywords"]) for row in pool]


def model(pool: list[Row], review: Row, priors: Path | None) -> tuple[csr_array, Prior]:
    """Return the matrix and the prior of a pool, the latter learnt without its family."""
    rows = texts(pool)
    features = PoolFeatures.of(rows)
    learnt = None
    if priors is not None:
        learnt = load_transfer_model(priors / model_name(family_of(review["name"])))
    coverage = concept_coverage(rows, ())
    return features.matrix, protocol_prior(features, review["title"], coverage, model=learnt)
