"""The evidence of a protocol's concepts for and against a record, as log odds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from autoscreen.features import ConceptCoverage

# How likely an eligible record is to mention a concept: with an abstract, and by its title alone.
REQUIRED = (0.95, 0.6)
HELPFUL = (0.5, 0.25)
# An exclusion concept is this many times rarer in eligible records than in others.
AGAINST = 6.0
# A mention in the title counts as two elsewhere, and each further mention half of the one before:
# the usual saturation of a term's frequency (Robertson and Zaragoza 2009, section 3.4).
TITLE_WORTH = 2
HALF = 0.5


def concept_evidence(
    coverage: ConceptCoverage,
    has_abstract: NDArray[np.bool_],
    *,
    usual: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """
    Return the log odds that each concept adds to each record; shape (records, concepts).

    A mention counts by how much more often it is expected in eligible records than in the pool. A
    missing concept counts against a record by the same rule, but less if there is no abstract that
    could mention it.

    References
    ----------
    Robertson, S. E., Spärck Jones, K. (1976). Relevance weighting of search terms. JASIS 27,
    section 4, with expected instead of counted frequencies among the relevant records.
    """
    strength = _strength(coverage)
    rates = np.broadcast_to(usual_rates(coverage) if usual is None else usual, strength.shape)
    evidence = np.empty_like(strength)
    for at, concept in enumerate(coverage.concepts):
        if concept.against:
            expected = rates[:, at] / AGAINST
        else:
            expected = np.where(has_abstract, *(REQUIRED if concept.required else HELPFUL))
        evidence[:, at] = np.where(
            strength[:, at] > 0,
            strength[:, at] * np.log(expected / rates[:, at]),
            np.log((1 - expected) / (1 - rates[:, at])),
        )
    return evidence


def usual_rates(coverage: ConceptCoverage) -> NDArray[np.float64]:
    """Share of records that mention each concept, never exactly 0 or 1; shape (concepts,)."""
    found = (_strength(coverage) > 0).sum(axis=0)
    return np.asarray((found + 0.5) / (len(coverage.titles) + 1), dtype=np.float64)


def _strength(coverage: ConceptCoverage) -> NDArray[np.float64]:
    titles, bodies = coverage.titles.astype(np.float64), coverage.bodies.astype(np.float64)
    return np.asarray(1 - HALF ** (TITLE_WORTH * titles + bodies), dtype=np.float64)
