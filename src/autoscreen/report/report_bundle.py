"""The report for programs: JSON with a schema, and RO-Crate metadata of the folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from autoscreen.report.methods_text import methods_paragraphs
from autoscreen.report.report_facts import ReportFacts
from autoscreen.report.software_statement import citation, software_rows
from autoscreen.review.flow import Box, FlowColumn

FORMAT = 1
"""Number of the format of ``report.json``; it grows with each change of meaning."""


def report_bundle(facts: ReportFacts) -> dict[str, Any]:
    """Return the report as values that JSON can hold; `SCHEMA` describes them."""
    return {
        "format": FORMAT,
        "made": facts.made,
        "software": {"name": "autoscreen", "version": facts.version, "citation": citation(facts)},
        "review": facts.name,
        "until": facts.until,
        "since": facts.since,
        "flow": {
            "databases": _column(facts.flow.databases),
            "other": _column(facts.flow.other),
            "studies_included": facts.flow.studies(),
            "reports_included": facts.flow.reports(),
            "studies_awaiting": facts.flow.studies(Box.AWAITING),
            "studies_ongoing": facts.flow.studies(Box.ONGOING),
        },
        "inconsistencies": list(facts.flow.inconsistencies),
        "records": [
            {
                "id": one.id,
                "box": str(one.box),
                "by_search": one.by_search,
                "reason": one.reason,
                "study": one.study,
            }
            for one in facts.flow.records
        ],
        "changes": [
            {
                "id": one.id,
                "before": None if one.before is None else str(one.before),
                "now": None if one.now is None else str(one.now),
            }
            for one in facts.changes
        ],
        "searches": [
            {
                "database": run.database,
                "platform": run.platform,
                "query": run.query,
                "translation": run.translation,
                "started": run.started,
                "since": run.since,
                "until": run.until,
                "found": run.found,
            }
            for run in facts.searches
        ],
        "imports": [
            {
                "import": one.import_id,
                "kind": str(one.origin.kind),
                "name": one.origin.name,
                **asdict(one.origin.search),
                "at": one.at,
                "records": one.records,
                "duplicates": one.duplicates,
                "lost": one.lost,
            }
            for one in facts.imports
        ],
        "stopping": {
            "target": facts.stopping.target,
            "headline": facts.stopping.headline,
            "stopped": bool(facts.stops and facts.stops[-1].stopped),
        },
        "methods": list(methods_paragraphs(facts)),
        "software_statement": dict(software_rows(facts)),
        "protocol": facts.versions[-1].text,
    }


def _column(column: FlowColumn) -> dict[str, Any]:
    return {
        "identified": column.identified,
        "identified_by": [
            {"kind": kind, "name": name, "records": n} for (kind, name), n in column.by_name.items()
        ],
        "duplicates": column.duplicates,
        "automation": column.automation,
        "other_reasons": column.other_reasons,
        "not_screened_yet": column.count(Box.UNSCREENED),
        "screened": column.screened,
        "excluded": column.excluded,
        "screening_not_decided": column.count(Box.SCREENING),
        "sought": column.sought,
        "not_retrieved": column.not_retrieved,
        "not_assessed_yet": column.count(Box.UNASSESSED),
        "assessed": column.assessed,
        "excluded_reports": column.reasons,
        "assessment_not_decided": column.count(Box.ASSESSING),
        "awaiting_classification": column.count(Box.AWAITING),
        "ongoing": column.count(Box.ONGOING),
        "included": column.included,
    }


def _object(required: Mapping[str, Any], *, more: bool = False) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(required),
        "required": list(required),
        "additionalProperties": more,
    }


_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_FLAG = {"type": "boolean"}
_BOX = {"enum": [str(box) for box in Box]}
_MAYBE_BOX = {"enum": [*(str(box) for box in Box), None]}
_COLUMN = _object(
    {
        "identified": _COUNT,
        "identified_by": {
            "type": "array",
            "items": _object({"kind": _TEXT, "name": _TEXT, "records": _COUNT}),
        },
        **dict.fromkeys(
            (
                "duplicates",
                "automation",
                "other_reasons",
                "not_screened_yet",
                "screened",
                "excluded",
                "screening_not_decided",
                "sought",
                "not_retrieved",
                "not_assessed_yet",
                "assessed",
            ),
            _COUNT,
        ),
        "excluded_reports": {"type": "object", "additionalProperties": _COUNT},
        **dict.fromkeys(
            ("assessment_not_decided", "awaiting_classification", "ongoing", "included"), _COUNT
        ),
    }
)
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "The report of a systematic review made with autoscreen",
    **_object(
        {
            "format": {"const": FORMAT},
            "made": _TEXT,
            "software": _object({"name": _TEXT, "version": _TEXT, "citation": _TEXT}),
            "review": _TEXT,
            "until": _TEXT,
            "since": _TEXT,
            "flow": _object(
                {
                    "databases": _COLUMN,
                    "other": _COLUMN,
                    "studies_included": _COUNT,
                    "reports_included": _COUNT,
                    "studies_awaiting": _COUNT,
                    "studies_ongoing": _COUNT,
                }
            ),
            "inconsistencies": {"type": "array", "items": _TEXT},
            "records": {
                "type": "array",
                "items": _object(
                    {
                        "id": _TEXT,
                        "box": _BOX,
                        "by_search": _FLAG,
                        "reason": _TEXT,
                        "study": _TEXT,
                    }
                ),
            },
            "changes": {
                "type": "array",
                "items": _object({"id": _TEXT, "before": _MAYBE_BOX, "now": _MAYBE_BOX}),
            },
            "searches": {
                "type": "array",
                "items": _object(
                    {
                        **dict.fromkeys(
                            ("database", "platform", "query", "translation", "started"), _TEXT
                        ),
                        **dict.fromkeys(("since", "until"), _TEXT),
                        "found": _COUNT,
                    }
                ),
            },
            "imports": {
                "type": "array",
                "items": _object(
                    {
                        **dict.fromkeys(
                            ("kind", "name", "platform", "searched", "limits", "query", "at"), _TEXT
                        ),
                        **dict.fromkeys(("import", "records", "duplicates", "lost"), _COUNT),
                    }
                ),
            },
            "stopping": _object(
                {
                    "target": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
                    "headline": _TEXT,
                    "stopped": _FLAG,
                }
            ),
            "methods": {"type": "array", "items": _TEXT},
            "software_statement": {"type": "object", "additionalProperties": _TEXT},
            "protocol": _TEXT,
        }
    ),
}
"""The schema of ``report.json``."""


def crate_metadata(facts: ReportFacts, files: Mapping[str, str]) -> dict[str, Any]:
    """Return the RO-Crate metadata of the folder, which names each of its files."""
    return {
        "@context": "https://w3id.org/ro/crate/1.1/context",
        "@graph": [
            {
                "@id": "ro-crate-metadata.json",
                "@type": "CreativeWork",
                "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
                "about": {"@id": "./"},
            },
            {
                "@id": "./",
                "@type": "Dataset",
                "name": facts.protocol.title or facts.name,
                "description": "Report of a systematic review, derived from its screening log",
                "datePublished": facts.made[:10],
                "hasPart": [{"@id": name} for name in files],
                "mentions": {"@id": "#autoscreen"},
            },
            {
                "@id": "#autoscreen",
                "@type": "SoftwareApplication",
                "name": "autoscreen",
                "softwareVersion": facts.version,
            },
            *({"@id": name, "@type": "File", "description": text} for name, text in files.items()),
        ],
    }
