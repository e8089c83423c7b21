"""A digest as JSON; docs/how-to/watch.md lists the fields."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from autoscreen.monitor.digest import Digest, DigestEntry
from autoscreen.monitor.digest_wording import expected, headline, link, marks
from autoscreen.presentation.marked_text import highlight_rows

FORMAT = 1
"""Number of the layout; a field that is taken away or changes its meaning makes it grow."""


def as_json(digest: Digest) -> str:
    """Write a digest as one JSON object."""
    return json.dumps(as_values(digest), ensure_ascii=False, indent=1) + "\n"


def as_values(digest: Digest) -> dict[str, Any]:
    """Return a digest as plain values."""
    line = digest.threshold
    return {
        "format": FORMAT,
        "review": digest.review,
        "protocol": digest.protocol,
        "run": digest.run,
        "at": digest.at,
        "headline": headline(digest),
        "coverage": asdict(digest.coverage) | {"not_checked": list(digest.coverage.not_checked)},
        "ranker": digest.ranker,
        "threshold": None if line is None else asdict(line) | {"missed": round(line.missed, 4)},
        "labels_since": digest.labels_since,
        "entries": [_entry(one) for one in digest.entries],
        "notes": list(digest.notes),
    }


def _entry(entry: DigestEntry) -> dict[str, Any]:
    record, notice = entry.record, entry.notice
    return {
        "kind": str(entry.kind),
        "guid": entry.guid,
        "id": entry.id or None,
        "pmid": record.pmid,
        "doi": record.doi,
        "link": link(record) or None,
        "title": record.title,
        "abstract": record.abstract,
        "authors": list(record.authors),
        "journal": record.journal,
        "year": record.year,
        "entered": record.entered or None,
        "label": None if entry.label is None else str(entry.label),
        "alert": entry.alert,
        "score": None if entry.score is None else round(entry.score, 6),
        "chance": None if entry.chance is None else round(entry.chance, 4),
        "expected": expected(entry),
        "in_query": entry.in_query,
        "marks": marks(entry),
        "designs": list(entry.designs),
        "why": [{"name": one.name, "value": round(one.value, 6)} for one in entry.reasons],
        "highlights": highlight_rows(entry.highlights),
        "notice": None
        if notice is None
        else {"kind": str(notice.kind), "reference": notice.reference, "pmid": notice.pmid},
    }
