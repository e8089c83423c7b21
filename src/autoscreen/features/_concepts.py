"""How well each record covers the concepts of the protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autoscreen.protocol import Concept
from autoscreen.text.terms import ConceptMatcher

__all__ = ["ConceptCoverage", "concept_coverage"]

# A mention in the title is worth two elsewhere, and each further mention half of the one before:
# the usual saturation of a term's frequency (Robertson and Zaragoza 2009, section 3.4).
_TITLE_WORTH = 2
_HALF = 0.5
_REPORT_EVERY = 1000


@dataclass(frozen=True, slots=True)
class ConceptCoverage:
    """
    Mentions of each concept in each record, denied ones left out.

    Parameters
    ----------
    concepts
        The concepts, one a column.
    titles, bodies
        Mentions in the title, and in abstract and index terms; shape (records, concepts), 0-255.
    """

    concepts: tuple[Concept, ...]
    titles: NDArray[np.uint8]
    bodies: NDArray[np.uint8]

    def saturation(self) -> NDArray[np.float64]:
        """Coverage from 0 (no mention) towards 1 (title and several mentions)."""
        worth = _TITLE_WORTH * self.titles.astype(np.float64) + self.bodies
        return np.asarray(1 - _HALF**worth)

    def signs(self) -> NDArray[np.float64]:
        """1 for a concept that speaks for a record, -1 for one against it; shape (concepts,)."""
        return np.array([-1.0 if concept.against else 1.0 for concept in self.concepts])


def concept_coverage(
    records: Iterable[tuple[str, str, str]],
    concepts: Sequence[Concept],
    *,
    progress: Callable[[int], None] | None = None,
) -> ConceptCoverage:
    """
    Count the mentions of concepts in each record.

    A mention on the far side of a comparison ("rTMS versus tDCS") does not count against a
    record, since the comparator does not make a study ineligible.

    Parameters
    ----------
    records
        Title, abstract and index terms (separated by line breaks) of each record.
    concepts
        The concepts of the protocol.
    progress
        Called with the number of records just done.
    """
    matcher = ConceptMatcher(concepts)
    columns = {concept.key: at for at, concept in enumerate(concepts)}
    against = {concept.key for concept in concepts if concept.against}
    titles: list[list[int]] = []
    bodies: list[list[int]] = []
    for done, (title, abstract, index_terms) in enumerate(records, start=1):
        in_title, in_body = [0] * len(concepts), [0] * len(concepts)
        for hit in matcher.find(f"{title}\n{abstract}\n{index_terms}"):
            if hit.negated or (hit.compared and hit.concept in against):
                continue
            counts = in_title if hit.start < len(title) else in_body
            counts[columns[hit.concept]] += 1
        titles.append(in_title)
        bodies.append(in_body)
        if progress is not None and done % _REPORT_EVERY == 0:
            progress(_REPORT_EVERY)
    shape = (len(titles), len(concepts))
    return ConceptCoverage(tuple(concepts), _capped(titles, shape), _capped(bodies, shape))


def _capped(counts: list[list[int]], shape: tuple[int, int]) -> NDArray[np.uint8]:
    return np.minimum(np.array(counts, dtype=np.int64).reshape(shape), 255).astype(np.uint8)
