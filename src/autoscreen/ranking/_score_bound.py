"""Finds quickly the records whose score by a saved model can reach a minimum (the floor).

A record's score is bounded from above in two steps: by the concepts that its text may mention and
the most that any words could add, then by what its own words add. The bound is never below the
score, so that the remaining records, which are then scored in full, include every record that
reaches the floor.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from autoscreen.features import ConceptCoverage, TermCounts, count_terms
from autoscreen.ranking._concept_evidence import concept_evidence
from autoscreen.ranking._screening_features import MATCHES, ScoredText, Vocabulary
from autoscreen.ranking._screening_model import ScreeningModel
from autoscreen.text.term_screen import TermScreen

# Sums of 32-bit and of 64-bit numbers differ by less.
_TOLERANCE = 1e-3
_MOST = 255
Vector = NDArray[np.float64]


class ScorePass:
    """One pass over records for several models; drops early what cannot reach the floor."""

    def __init__(self, models: Sequence[ScreeningModel]) -> None:
        self.models = tuple(models)
        self._bounds = [_Bound(model) for model in self.models]
        concepts = dict.fromkeys(
            concept
            for model, bound in zip(self.models, self._bounds, strict=True)
            for concept, worth in zip(model.vocabulary.concepts, bound.worth, strict=True)
            if worth
        )
        self._screen = TermScreen(concepts)
        places = {concept: at for at, concept in enumerate(concepts)}
        self._columns = [
            np.array([places.get(one, -1) for one in model.vocabulary.concepts], np.int64)
            for model in self.models
        ]

    def candidates(
        self, texts: Sequence[ScoredText], floors: Sequence[float]
    ) -> list[NDArray[np.int64]]:
        """Return for each model, in its order, which texts may score its floor or more."""
        has_abstract = np.array([bool(one.abstract) for one in texts], np.int64)
        whole = [f"{one.title}\n{one.abstract}\n" + "\n".join(one.index_terms) for one in texts]
        possible = np.column_stack([self._screen.possible(whole), np.zeros(len(texts), bool)])
        most = [
            bound.most(possible[:, columns], has_abstract)
            for bound, columns in zip(self._bounds, self._columns, strict=True)
        ]
        rows = [
            np.flatnonzero(one >= floor - _TOLERANCE)
            for one, floor in zip(most, floors, strict=True)
        ]
        return self._by_words(texts, rows, most, floors)

    def _by_words(
        self,
        texts: Sequence[ScoredText],
        rows: list[NDArray[np.int64]],
        most: list[Vector],
        floors: Sequence[float],
    ) -> list[NDArray[np.int64]]:
        """Drop the records whose own words cannot reach the floor."""
        some = np.unique(np.concatenate([*rows, np.zeros(0, np.int64)]))
        words = _Words([texts[at] for at in some.tolist()])
        kept = []
        for model, bound, own, high, floor in zip(
            self.models, self._bounds, rows, most, floors, strict=True
        ):
            value = words.value(model, np.searchsorted(some, own))
            kept.append(own[high[own] - bound.words + value >= floor - _TOLERANCE])
        return kept


class _Bound:
    """The upper bound of the score of one model."""

    def __init__(self, model: ScreeningModel) -> None:
        vocabulary = model.vocabulary
        count = len(vocabulary.concepts)
        weights = model.features[:count]
        none, once, often = (
            weights * _evidence(vocabulary, mentions) for mentions in (0, 1, _MOST)
        )
        best = np.maximum(np.maximum(none, once), often)
        self._gain = best - none
        self.worth: NDArray[np.bool_] = np.any(self._gain > 0, axis=0)
        self._required = np.array([one.required for one in vocabulary.concepts], dtype=bool)
        self.worth |= self._required
        others = dict(zip(vocabulary.names[count:], model.features[count:].tolist(), strict=True))
        matches = [max(0.0, others.pop(name, 0.0)) for name in MATCHES]
        elements = {one.element for one in vocabulary.concepts if one.required}
        self._all_required = matches[0] + matches[1]
        self.words = sum(
            float(np.linalg.norm(np.maximum(weights, 0).astype(np.float64)))
            for weights in _fields(model)
        )
        self._base = (
            model.intercept
            + none.sum(axis=1)
            + matches[2] * len(elements)
            + sum(max(0.0, one) for one in others.values())
            + self.words
        )

    def most(self, possible: NDArray[np.bool_], has_abstract: NDArray[np.int64]) -> Vector:
        """Return the highest possible score of texts that may mention these concepts."""
        gain = np.where(
            has_abstract.astype(bool), possible @ self._gain[1], possible @ self._gain[0]
        )
        required = possible[:, self._required].all(axis=1)
        return np.asarray(self._base[has_abstract] + gain + required * self._all_required)


def _evidence(vocabulary: Vocabulary, mentions: int) -> Vector:
    """Return what each concept adds by that many mentions, without and with an abstract."""
    shape = (2, len(vocabulary.concepts))
    coverage = ConceptCoverage(
        vocabulary.concepts, np.zeros(shape, np.uint8), np.full(shape, mentions, np.uint8)
    )
    return concept_evidence(coverage, np.array([False, True]), usual=vocabulary.usual)


def _fields(model: ScreeningModel) -> list[NDArray[np.float32]]:
    """Return the weights of the words of title, abstract and index terms."""
    vocabulary = model.vocabulary
    sizes = [len(vocabulary.title), len(vocabulary.abstract)]
    return np.split(model.words, np.cumsum(sizes))


class _Words:
    """The words of some texts, counted once for all models."""

    def __init__(self, texts: Sequence[ScoredText]) -> None:
        self._texts = texts
        self._counts: dict[str, TermCounts] = {}

    def value(self, model: ScreeningModel, rows: NDArray[np.int64]) -> Vector:
        """Return what the words of texts add to their scores."""
        vocabulary = model.vocabulary
        total = np.zeros(len(rows))
        fields = (vocabulary.title, vocabulary.abstract, vocabulary.index)
        for name, field, weights in zip(
            ("title", "abstract", "index"), fields, _fields(model), strict=True
        ):
            if len(field) and len(rows):
                total += field.terms.rows(self._count(name).take(rows)) @ weights
        return total

    def _count(self, name: str) -> TermCounts:
        if name not in self._counts:
            self._counts[name] = count_terms(_text(one, name) for one in self._texts)
        return self._counts[name]


def _text(one: ScoredText, name: str) -> str:
    if name == "index":
        return "\n".join(one.index_terms)
    return one.title if name == "title" else one.abstract
