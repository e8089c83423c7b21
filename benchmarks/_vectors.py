"""Word vectors learnt from texts without labels, for the semantic view of the ranker.

Words with similar neighbours get similar vectors: positive pointwise mutual information of words
up to six places apart, and its largest singular vectors (Levy, Goldberg and Dagan 2015, with
contexts smoothed by the power 3/4 and the singular values at the power 1/2).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from sklearn.utils.extmath import randomized_svd

from _common import DATA, read_csv
from autoscreen.features import term_columns
from autoscreen.features._term_counts import words
from autoscreen.ranking._word_embeddings import WordVectors

GENERAL = "general"
"""Name of the texts that belong to no family of reviews."""

_GENERAL = ("background/abstracts", "rms_pnp/topic_pool_medline", "rms_pnp/topic_pool_ctgov")
_NEAR = 6
_FEWEST = 20
_DIMENSIONS = 150
_SMOOTHING = 0.75
# Pairs whose nearness sums to less are left out: they are most of all pairs and say least.
_LEAST = 0.6
# Frequent words count less (Arora, Liang and Ma 2017, equation 3).
_FREQUENT = 1e-3
_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Nearness:
    """
    How near words stood to each other, family by family.

    Parameters
    ----------
    columns
        Hash column of each word.
    pairs
        For each family of texts, the sum of 1 / distance over all pairs of words.
    uses
        For each family, how often each word stands in its texts.
    """

    columns: NDArray[np.int32]
    pairs: Mapping[str, csr_array]
    uses: Mapping[str, NDArray[np.int64]]


def count_nearness(texts: Mapping[str, Iterable[Iterable[str]]]) -> Nearness:
    """
    Count which words stand near each other.

    Parameters
    ----------
    texts
        The texts of each family; one iterable of texts a file.
    """
    numbers: dict[str, int] = {}
    read: dict[str, NDArray[np.int32]] = {}
    frequency = np.zeros(0, np.int64)
    for family, files in texts.items():
        found = [
            np.array([numbers.setdefault(word, len(numbers)) for word in words(text)], np.int32)
            for file in files
            for text in file
        ]
        frequency = np.pad(frequency, (0, len(numbers) - len(frequency)))
        for one in found:
            frequency[np.unique(one)] += 1
        gap = np.full(_NEAR, -1, np.int32)
        read[family] = np.concatenate([part for one in found for part in (one, gap)])
    known = frequency >= _FEWEST
    names = [word for word, number in numbers.items() if known[number]]
    place = np.full(len(numbers) + 1, -1, np.int64)
    place[:-1][known] = np.arange(len(names))
    placed = {family: place[stream] for family, stream in read.items()}
    return Nearness(
        _columns(names),
        {family: _pairs(stream, len(names)) for family, stream in placed.items()},
        {
            family: np.bincount(stream[stream >= 0], minlength=len(names))
            for family, stream in placed.items()
        },
    )


def learn_vectors(nearness: Nearness, families: Collection[str]) -> WordVectors:
    """
    Learn the vectors of words.

    Parameters
    ----------
    nearness
        What was counted.
    families
        Whose texts to learn from, besides the general ones.
    """
    kept = sorted({*families, GENERAL})
    pairs, uses = nearness.pairs[kept[0]], nearness.uses[kept[0]] + 1.0
    for family in kept[1:]:
        pairs, uses = pairs + nearness.pairs[family], uses + nearness.uses[family]
    matrix = _information(pairs)
    left, values, _ = randomized_svd(
        matrix, _DIMENSIONS, n_oversamples=20, n_iter=2, random_state=0
    )
    rarity = _FREQUENT / (_FREQUENT + uses / uses.sum())
    vectors = (left * np.sqrt(values) * rarity[:, None]).astype(np.float16)
    rising, first = np.unique(nearness.columns, return_index=True)
    return WordVectors(rising.astype(np.int32), vectors[first])


def general_texts() -> Iterator[Iterator[str]]:
    """Read the texts that belong to no family of reviews."""
    for name in _GENERAL:
        yield texts_of(name)


def texts_of(name: str) -> Iterator[str]:
    """Read title and abstract of each record of a file."""
    for row in read_csv(DATA / f"{name}.csv.gz"):
        yield f"{row['title']}\n{row['abstract']}"


def _columns(names: list[str]) -> NDArray[np.int32]:
    return np.array([next(iter(term_columns(name, pairs=False))) for name in names], np.int32)


def _pairs(stream: NDArray[np.int64], size: int) -> csr_array:
    """Sum 1 / distance of all pairs, each both ways."""
    total = csr_array((size, size), dtype=np.float32)
    for first in range(0, len(stream), _AT_ONCE):
        part = stream[first : first + _AT_ONCE + _NEAR]
        rows, columns, weights = [], [], []
        for distance in range(1, _NEAR + 1):
            one = part[:_AT_ONCE][: len(part) - distance]
            other = part[distance : distance + len(one)]
            both = (one >= 0) & (other >= 0)
            rows.append(one[both])
            columns.append(other[both])
            weights.append(np.full(int(both.sum()), 1 / distance, np.float32))
        where = (np.concatenate(rows), np.concatenate(columns))
        total = total + coo_array((np.concatenate(weights), where), shape=(size, size)).tocsr()
    return csr_array(total + total.T)


def _information(pairs: csr_array) -> csr_array:
    """Positive pointwise mutual information."""
    kept = csr_array(pairs, copy=True)
    kept.data[kept.data < _LEAST] = 0
    kept.eliminate_zeros()
    sums = np.asarray(kept.sum(axis=1), dtype=np.float64).ravel()
    smooth = sums**_SMOOTHING / (sums**_SMOOTHING).sum()
    rows = np.repeat(np.arange(kept.shape[0]), np.diff(kept.indptr))
    information = np.log(kept.data / (sums[rows] * smooth[kept.indices]))
    kept.data = np.maximum(information, 0).astype(np.float32)
    kept.eliminate_zeros()
    return kept
