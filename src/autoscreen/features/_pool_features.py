"""The term counts of a pool and their weights, for the rankers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from autoscreen.features._term_counts import TermCounts, count_terms, term_columns, words
from autoscreen.features._tfidf import TfidfTerms, fit_tfidf

# Words of a review's title that do not describe its topic.
_EMPTY = """
a about adults after among an and any are as at be been before between by can class common
conditions drug during for from has have how in into is it its literature may meta no nor not of
on or our people related review reviews study studies systematic than that the their there these
they this those to used using versus vs was we were what which who whose why with your
"""
_EMPTY_WORDS = frozenset(_EMPTY.split())
_PLURAL = 0.8
_SHORTEST_PLURAL = 5


@dataclass(frozen=True, slots=True)
class PoolFeatures:
    """A pool as numbers."""

    terms: TfidfTerms  # TF-IDF matrix of texts and index terms
    # Term counts of title and abstract, of the title alone, of MeSH headings and keywords
    texts: TermCounts
    titles: TermCounts
    index_terms: TermCounts
    has_abstract: NDArray[np.bool_]  # Which records have an abstract

    @classmethod
    def of(cls, records: Iterable[tuple[str, str, str]]) -> Self:
        """Count the terms of records and compute their weights."""
        rows = list(records)
        texts = count_terms(f"{title}\n{abstract}" for title, abstract, _ in rows)
        index_terms = count_terms(index_terms for _, _, index_terms in rows)
        return cls(
            fit_tfidf(texts, index_terms),
            texts,
            count_terms(title for title, _, _ in rows),
            index_terms,
            np.array([bool(abstract) for _, abstract, _ in rows], dtype=bool),
        )

    @property
    def matrix(self) -> csr_array:
        """TF-IDF matrix, shape (records, terms)."""
        return self.terms.matrix

    def __len__(self) -> int:
        return len(self.has_abstract)


def question_terms(question: str) -> dict[int, float]:
    """
    Return the weights of the words of a question by hash column.

    Of each noun, the singular or plural that the question does not use has a lower weight.

    Examples
    --------
    >>> sorted(question_terms("A review of triptans").values())
    [0.8, 1.0]
    """
    weights: dict[int, float] = {}
    for word, other in question_words(question).items():
        for form, weight in ((word, 1.0), (other, _PLURAL)):
            (column,) = term_columns(form, pairs=False) or (None,)
            if column is not None:
                weights[column] = max(weight, weights.get(column, 0.0))
    return weights


def question_words(question: str) -> dict[str, str]:
    """
    Return the words of a question that describe its topic, each with its plural or singular.

    Examples
    --------
    >>> question_words("A review of triptans for migraine")
    {'triptans': 'triptan', 'migraine': 'migraines'}
    """
    return {
        word: word[:-1] if word.endswith("s") and len(word) >= _SHORTEST_PLURAL else f"{word}s"
        for word in words(question)
        if word not in _EMPTY_WORDS
    }
