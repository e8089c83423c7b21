"""How many records have a sentence embedding, in words for the pages and the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autoscreen.presentation.wording import grouped, time_left

if TYPE_CHECKING:
    from autoscreen.review.review_embeddings import EmbeddingCoverage

INSTALL = "pip install 'autoscreen[semantic]'"
_SECONDS_EACH = 0.05


def embedding_words(coverage: EmbeddingCoverage, seconds_left: float | None = None) -> str:
    """Return how many records have one, and what is to be done; without a full stop."""
    some = f"{grouped(coverage.embedded)} of {grouped(coverage.records)} records"
    if coverage.complete:
        return f"all {grouped(coverage.records)} records; {_used(coverage)}"
    if not coverage.installed:
        had = f"{some}; the rest needs an extra that is " if coverage.embedded else ""
        return f"{had}not installed: {INSTALL} improves the ranking"
    if coverage.outdated:
        some += ", by an earlier version"
        seconds_left = coverage.records * _SECONDS_EACH
    return f"{some}, {time_left(seconds_left or coverage.missing * _SECONDS_EACH)}"


def _used(coverage: EmbeddingCoverage) -> str:
    if coverage.use is None:
        return "the next ranking uses them"
    if not coverage.use.decision:
        return "the ranking has used them since before the first decision"
    return f"the ranking has used them since decision {grouped(coverage.use.decision)}"
