"""What the learner knows of a pool before any label: its terms and the protocol's prior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autoscreen.features import (
    ConceptCoverage,
    PoolFeatures,
    TfidfTerms,
    concept_coverage,
    count_terms,
    fit_tfidf,
    term_columns,
)
from autoscreen.progress_callback import Progress, no_progress
from autoscreen.protocol import Concept, Protocol, parse_protocol
from autoscreen.ranking import Prior, TrainingRows, protocol_prior, with_sentences
from autoscreen.records import Label, Record
from autoscreen.review.sentence_embeddings import StoredSentences, load_sentences
from autoscreen.review.term_count_cache import (
    CachedCounts,
    PoolText,
    cache_path,
    update_counts,
)
from autoscreen.store import Store

_REPORT_EVERY = 500


@dataclass(frozen=True, slots=True)
class PoolModel:
    """The pool as the rankers see it."""

    epoch: int
    numbers: NDArray[np.int64]
    rows: dict[int, int]
    text: PoolText
    terms: TfidfTerms
    prior: Prior
    known: TrainingRows | None  # Prior knowledge; None if there is none
    # Name of the encoder whose sentence embeddings are used, empty if none are; how many there are
    encoder: str
    embedded: int

    def names(self, number: int) -> dict[int, str]:
        """Return the terms of a record in words, by matrix column."""
        row = self.rows[number]
        text, index_terms = self.text.text(row), self.text.index_terms[row]
        return self.terms.names(row, term_columns(text), term_columns(index_terms))


@dataclass(frozen=True, slots=True)
class PoolBasis:
    """What does not depend on the protocol, and what was counted for one."""

    epoch: int
    text: PoolText
    counts: CachedCounts
    features: PoolFeatures
    known: list[tuple[Label, Record]]  # Prior knowledge
    sentences: StoredSentences | None  # None if the ranking uses none

    def model(
        self, protocol: Protocol, coverage: ConceptCoverage, *, progress: Progress | None = None
    ) -> PoolModel:
        """Make the pool's model for a protocol."""
        prior = protocol_prior(
            self.features, protocol.wording, coverage, progress=progress or no_progress
        )
        if self.sentences is not None:
            prior = with_sentences(prior, self.sentences.rows)
        numbers = self.text.numbers
        rows = {number: row for row, number in enumerate(numbers.tolist())}
        terms, known = self.features.terms, self._known(prior)
        used = (self.sentences.encoder, self.sentences.embedded) if self.sentences else ("", 0)
        return PoolModel(self.epoch, numbers, rows, self.text, terms, prior, known, *used)

    def _known(self, prior: Prior) -> TrainingRows | None:
        if not self.known or not len(self.text.numbers):
            return None
        return TrainingRows.of(
            np.array([label is Label.INCLUDE for label, _ in self.known], dtype=bool),
            (
                count_terms(f"{record.title}\n{record.abstract}" for _, record in self.known),
                count_terms(index_text(record.index_terms) for _, record in self.known),
            ),
            self.features.terms,
            prior.embeddings,
        )

    def coverage(
        self, concepts: Sequence[Concept], *, progress: Progress | None = None
    ) -> ConceptCoverage:
        """Count the mentions of other concepts than those of the current protocol."""
        text = self.text
        return concept_coverage(
            zip(text.titles, text.abstracts, text.index_terms, strict=True),
            concepts,
            progress=None if progress is None else lambda done: progress("matching concepts", done),
        )


def load_pool(store: Store, *, progress: Progress | None = None) -> PoolModel:
    """Make the pool's model from the review file, with the cache beside it."""
    protocol, basis = load_basis(store, progress=progress)
    return basis.model(protocol, basis.counts.coverage(protocol.concepts), progress=progress)


def load_basis(store: Store, *, progress: Progress | None = None) -> tuple[Protocol, PoolBasis]:
    """Return the current protocol, and what is known of the pool before its model."""
    # The epoch first: a record that comes in meanwhile makes this model old, never incomplete.
    epoch = store.pool.epoch()
    text, origin = store.protocol()
    protocol = parse_protocol(text, origin=origin)
    pool = _read(store, progress or no_progress)
    counts = update_counts(pool, protocol.concepts, cache_path(store.path), progress=progress)
    if progress is not None:
        progress("weighing words", 0)
    terms = fit_tfidf(counts.texts, counts.index_terms)
    has_abstract = np.array([bool(abstract) for abstract in pool.abstracts], dtype=bool)
    features = PoolFeatures(terms, counts.texts, counts.titles, counts.index_terms, has_abstract)
    known = list(store.prior_knowledge.records())
    sentences = load_sentences(store, pool.numbers)
    return protocol, PoolBasis(epoch, pool, counts, features, known, sentences)


def _read(store: Store, progress: Progress) -> PoolText:
    numbers: list[int] = []
    titles, abstracts, index_terms = [], [], []
    progress("reading records", 0)
    for number, record in store.pool.contents():
        if len(numbers) % _REPORT_EVERY == _REPORT_EVERY - 1:
            progress("reading records", _REPORT_EVERY)
        numbers.append(number)
        titles.append(record.title)
        abstracts.append(record.abstract)
        index_terms.append(index_text(record.index_terms))
    return PoolText(np.array(numbers, dtype=np.int64), titles, abstracts, index_terms)


def index_text(index_terms: tuple[str, ...]) -> str:
    """Return the index terms of a record as the rankers read them."""
    return "\n".join(index_terms)
