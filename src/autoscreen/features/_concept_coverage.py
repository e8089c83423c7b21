"""How well each record covers the concepts of the protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from autoscreen.protocol import Concept
from autoscreen.text.terms import ConceptMatcher

_REPORT_EVERY = 250
# A matcher takes longer to build than to match 20 records, so it is cached.
_matcher = lru_cache(maxsize=32)(ConceptMatcher)


@dataclass(frozen=True, slots=True)
class ConceptCoverage:
    """Mentions of each concept in each record, without negated ones."""

    concepts: tuple[Concept, ...]  # The concepts, one per column
    # Mentions in the title, and in abstract and index terms; shape (records, concepts), 0-255
    titles: NDArray[np.uint8]
    bodies: NDArray[np.uint8]


def concept_coverage(
    records: Iterable[tuple[str, str, str]],
    concepts: Sequence[Concept],
    *,
    progress: Callable[[int], None] | None = None,
) -> ConceptCoverage:
    """
    Count the mentions of concepts in each record.

    A comparator ("rTMS versus tDCS") does not count against a record, since it does not make a
    study ineligible.
    """
    matcher = _matcher(tuple(concepts))
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
