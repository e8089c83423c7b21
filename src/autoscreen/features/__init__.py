"""From text to numbers: n-gram counts, TF-IDF matrices and concept coverage.

TermCounts are a pure function of a record's text (hashed n-grams, no vocabulary), so that records
can be added without changing those of other records; weights are computed again from the counts of
the pool. This package must not know of labels, files or reviewers.
"""

from autoscreen.features._concept_coverage import ConceptCoverage, concept_coverage
from autoscreen.features._pool_features import PoolFeatures, question_terms, question_words
from autoscreen.features._term_counts import TERM_SPACE, TermCounts, count_terms, term_columns
from autoscreen.features._tfidf import TermWeights, TfidfTerms, fit_tfidf

__all__ = [
    "TERM_SPACE",
    "ConceptCoverage",
    "PoolFeatures",
    "TermCounts",
    "TermWeights",
    "TfidfTerms",
    "concept_coverage",
    "count_terms",
    "fit_tfidf",
    "question_terms",
    "question_words",
    "term_columns",
]
