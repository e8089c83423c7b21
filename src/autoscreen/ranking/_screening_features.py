"""The features of one record for a saved model, independent of all other records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from autoscreen.features import (
    TermCounts,
    TermWeights,
    concept_coverage,
    count_terms,
    term_columns,
)
from autoscreen.protocol import Concept
from autoscreen.ranking._concept_evidence import concept_evidence, usual_rates
from autoscreen.records import Record, StudyDesign
from autoscreen.text.designs import IndexedText, study_designs


class ScoredText(IndexedText, Protocol):
    """The fields of a record that a saved model uses."""

    @property
    def index_terms(self) -> tuple[str, ...]:
        """MeSH headings and keywords."""


MATCHES = (
    "all required concepts",
    "all required concepts in the title",
    "title on another subject",
)
"""Counted in addition to each concept: whether a record has all required ones, and whether a title
names an exclusion concept but not the required one, such as direct current instead of magnetic
stimulation."""

_DESIGNS = tuple(StudyDesign)
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class WordField:
    """The words of one part of a record, with the weights of the training records."""

    terms: TermWeights

    @classmethod
    def of(cls, counts: TermCounts) -> Self:
        """Fit the rarity of the words that occur in two or more records."""
        terms = TermWeights.of(counts)
        ceiling = np.log((1 + len(counts)) / (1 + _FEWEST)) + 1
        kept = np.flatnonzero(terms.rarity <= np.float32(ceiling) + np.float32(1e-6))
        kept = kept[np.argsort(terms.columns[kept])]
        return cls(TermWeights(terms.columns[kept], terms.rarity[kept]))

    def __len__(self) -> int:
        return len(self.terms.columns)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features of a saved model."""

    # Words of title, abstract, and of MeSH headings and keywords; a field has no
    # words if too few training records had it
    title: WordField
    abstract: WordField
    index: WordField
    concepts: tuple[Concept, ...]  # The concepts of the protocol
    # Share of records that mention each concept: in titles alone, and in records with an abstract;
    # shape (2, concepts)
    usual: NDArray[np.float64]

    @classmethod
    def of(cls, records: Sequence[Record], concepts: Sequence[Concept], *, abstracts: bool) -> Self:
        """Fit the words and the frequencies of concepts to the records of a pool."""
        titles = count_terms(record.title for record in records)
        bodies = count_terms(record.abstract if abstracts else "" for record in records)
        index = count_terms("\n".join(record.index_terms) for record in records)
        alone = concept_coverage(((one.title, "", "") for one in records), concepts)
        whole = concept_coverage((_parts(one) for one in records if one.abstract), concepts)
        rates = usual_rates(alone)
        return cls(
            WordField.of(titles),
            WordField.of(bodies),
            WordField.of(index),
            tuple(concepts),
            np.stack([rates, usual_rates(whole) if len(whole.titles) else rates]),
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The features that are not words, in the order of their columns."""
        designs = tuple(f"design: {design}" for design in _DESIGNS)
        matches = MATCHES if any(concept.required for concept in self.concepts) else ()
        return tuple(concept.label for concept in self.concepts) + matches + designs

    def read(self, records: Iterable[ScoredText]) -> RecordFeatures:
        """Return the features of records, each computed independently."""
        rows = list(records)
        fields = (
            (self.title, (record.title for record in rows)),
            (self.abstract, (record.abstract for record in rows)),
            (self.index, ("\n".join(record.index_terms) for record in rows)),
        )
        words = [
            field.terms.rows(count_terms(texts))
            if len(field)
            else csr_array((len(rows), 0), dtype=np.float32)
            for field, texts in fields
        ]
        return RecordFeatures(csr_array(hstack(words, format="csr")), self._features(rows))

    def word_names(self, record: Record) -> dict[int, str]:
        """Return the words of a record as text, by column of the word matrix."""
        names: dict[int, str] = {}
        start = 0
        for field, text in (
            (self.title, record.title),
            (self.abstract, record.abstract),
            (self.index, "\n".join(record.index_terms)),
        ):
            known = field.terms.columns
            for column, name in term_columns(text).items():
                at = int(np.searchsorted(known, column))
                if at < len(known) and known[at] == column:
                    names[start + at] = name
            start += len(known)
        return names

    def _features(self, records: Sequence[ScoredText]) -> NDArray[np.float64]:
        coverage = concept_coverage(map(_parts, records), self.concepts)
        has_abstract = np.array([bool(record.abstract) for record in records], dtype=bool)
        usual = self.usual[has_abstract.astype(np.int64)]
        required = [at for at, concept in enumerate(self.concepts) if concept.required]
        parts = [concept_evidence(coverage, has_abstract, usual=usual)]
        if required:
            titles = coverage.titles[:, required] > 0
            anywhere = titles | (coverage.bodies[:, required] > 0)
            elsewhere = self._elsewhere(coverage.titles > 0)
            parts.append(np.column_stack([anywhere.all(axis=1), titles.all(axis=1), elsewhere]))
        designs = [study_designs(record) for record in records]
        parts.append(
            np.array(
                [[design in found for design in _DESIGNS] for found in designs], dtype=np.float64
            ).reshape(len(records), len(_DESIGNS))
        )
        return np.asarray(np.hstack(parts), dtype=np.float64)

    def _elsewhere(self, titles: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Count the elements of the question for which a title names something else."""
        found = np.zeros(len(titles), dtype=np.int64)
        for element in {concept.element for concept in self.concepts if concept.required}:
            wanted = [at for at, one in enumerate(self.concepts) if one.element is element]
            required = [at for at in wanted if not self.concepts[at].against]
            against = [at for at in wanted if self.concepts[at].against]
            found += titles[:, against].any(axis=1) & ~titles[:, required].any(axis=1)
        return found


@dataclass(frozen=True, slots=True)
class RecordFeatures:
    """The features of some records."""

    # Shape (records, words); each field of a record has length 1, or 0 if it is missing
    words: csr_array
    # Concepts, matches and designs; shape (records, `Vocabulary.names`)
    features: NDArray[np.float64]


def _parts(record: ScoredText) -> tuple[str, str, str]:
    return record.title, record.abstract, "\n".join(record.index_terms)
