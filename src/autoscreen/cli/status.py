"""``autoscreen status``: where a review stands."""

from __future__ import annotations

from autoscreen.cli._output import emit_one
from autoscreen.cli._verb import format_option, open_review, review_argument, verb

__all__ = ["command"]


@verb("status", "autoscreen status rms", "autoscreen status rms --format json")
@review_argument
@format_option
def command(review: str, how: str) -> None:
    """Show counts, labels, imports, merges, and what the order was worth so far."""
    with open_review(review) as opened:
        status = opened.status()
    emit_one({"name": status.name}, [status.name], how)
