"""One record as a reviewer reads it in the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.terminal_highlights import legend, wrapped
from autoscreen.presentation.marked_text import paragraphs, plain, segments
from autoscreen.presentation.wording import citation, counted, percent

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


def why(explanation: Explanation | None, *, width: int, most: int = 4) -> list[str]:
    """Name what moved a record most, up and down, strongest first."""
    if explanation is None:
        return []
    values: dict[str, float] = {}
    for part in explanation.parts:
        if part.source not in {"base", "rest"}:
            values[part.name] = values.get(part.name, 0.0) + part.value
    named = sorted(values.items(), key=lambda one: (-abs(one[1]), one[0]))
    up = [f"{name} {value:+.2f}" for name, value in named if value > 0][:most]
    down = [f"{name} {value:+.2f}" for name, value in named if value < 0][:most]
    return [
        line
        for word, shown in (("up", up), ("down", down))
        if shown
        for line in wrap(f"{word}: {', '.join(shown)}", min(width, READING_WIDTH))
    ]


def reason_to_read(found: Suggestion) -> str:
    """Return one line on why a record is next; for a draw, nothing that could sway a reader."""
    if found.draw is not None:
        return f"{found.strategy}, draw {found.draw}: drawn at random, whatever the ranking says"
    parts = [f"{found.strategy}, rank {found.ranked.rank}, score {found.ranked.score:.3f}"]
    if (probability := found.ranked.probability) is not None:
        parts.append(f"relevant with a probability of {percent(probability)}")
    if not found.ranked.has_abstract:
        parts.append("ranked without an abstract")
    if found.behind:
        parts.append(f"the ranking is updating ({counted(found.behind, 'decision')} behind)")
    return "; ".join(parts)


def highlight_rows(highlights: Iterable[Highlight]) -> list[dict[str, Any]]:
    """Return the values of highlights for JSON and CSV."""
    return [
        {
            "field": h.field,
            "start": h.start,
            "end": h.end,
            "element": str(h.element),
            "term": h.term,
            "negated": h.negated,
            "against": h.against,
        }
        for h in highlights
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
