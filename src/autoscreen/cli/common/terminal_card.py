"""One record as a reviewer reads it in the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.terminal_highlights import legend, wrapped
from autoscreen.presentation.marked_text import paragraphs, plain, segments
from autoscreen.presentation.reasons import likely_words, reason, similar_words, why_next
from autoscreen.presentation.score_parts import score_groups
from autoscreen.presentation.wording import citation

if TYPE_CHECKING:
    from autoscreen.ranking import Explanation
    from autoscreen.records import Record
    from autoscreen.review.priority_screening import Suggestion
    from autoscreen.text.highlights import Highlight

READING_WIDTH = 92
"""Longer lines are harder to read, however wide the terminal is."""


def card(
    ident: str, record: Record, highlights: Iterable[Highlight], *, width: int, paint: bool
) -> list[str]:
    """Lay out a record: identifiers, title, where it appeared, notices, abstract, legend."""
    width = min(width, READING_WIDTH)
    listed = list(highlights)
    title = segments(record.title or "(no title)", "title", listed)
    abstract = paragraphs(record.abstract, listed)
    lines = [_bold(_identifiers(ident, record), paint)]
    lines += wrapped(title, width, paint=paint)
    lines += wrapped([plain(citation(record))], width, paint=False)
    lines += [_bold(f"! {notice}", paint) for notice in _notices(record)]
    lines.append("")
    for one in abstract:
        heading = [plain(f"{one.heading} ")] if one.heading else []
        lines += wrapped([*heading, *one.segments], width, paint=paint)
    if not abstract:
        lines.append("(no abstract)")
    shown = [*title, *(segment for one in abstract for segment in one.segments)]
    if key := legend(shown, paint=paint):
        lines += ["", key]
    return lines


def why(explanation: Explanation | None, record: Record, *, width: int) -> list[str]:
    """Return why a record has its rank in one sentence, and the screened records it resembles."""
    if explanation is None:
        return []
    lines = [reason(explanation, record)]
    if alike := similar_words(explanation):
        lines.append(alike)
    return [line for text in lines for line in wrap(text, min(width, READING_WIDTH))]


def reason_to_read(found: Suggestion) -> str:
    """Return one line on why a record is next; for a draw, nothing that could sway a reader."""
    likely = "" if found.draw is not None else likely_words(found.ranked.probability)
    return "; ".join(filter(None, (why_next(found), likely)))


def explanation_row(explanation: Explanation, record: Record) -> dict[str, Any]:
    """Return the values of an explanation for JSON: the sentence, and all parts of the score."""
    return {
        "sentence": reason(explanation, record),
        "similar": [
            {"id": one.id, "included": one.included, "similarity": round(one.similarity, 4)}
            for one in explanation.similar
        ],
        "parts": part_rows(explanation),
    }


def part_rows(explanation: Explanation) -> list[dict[str, Any]]:
    """Return all parts of a score; their values add up to it."""
    return [
        {
            "group": group.name,
            "name": entry.name,
            "value": round(entry.value, 6),
            "words": list(entry.words),
        }
        for group in score_groups(explanation, everything=True)
        for entry in group.entries
    ]


def record_row(ident: str, record: Record) -> dict[str, Any]:
    """Return the values of a record for JSON and CSV."""
    return {
        "id": ident,
        "pmid": record.pmid,
        "doi": record.doi,
        "title": record.title,
        "abstract": record.abstract,
        "authors": list(record.authors),
        "year": record.year,
        "journal": record.journal,
    }


def _identifiers(ident: str, record: Record) -> str:
    known = [ident]
    if record.pmid:
        known.append(f"PMID {record.pmid}")
    if record.doi:
        known.append(f"doi {record.doi}")
    return "  ".join(known)


def _notices(record: Record) -> list[str]:
    return [": ".join(filter(None, (str(n.kind), n.reference))) for n in record.notices]


def _bold(text: str, paint: bool) -> str:
    return click.style(text, bold=True) if paint else text
