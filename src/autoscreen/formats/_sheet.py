"""The columns of the tables that autoscreen writes, and their cells."""

from __future__ import annotations

import re
from dataclasses import replace

from autoscreen.formats._column_names import OWN
from autoscreen.formats._columns import Columns
from autoscreen.formats._decision_notes import native_note, surplus_notes
from autoscreen.records import Label, Record

HEADER = (
    "record_id",
    "pmid",
    "doi",
    "year",
    "title",
    "abstract",
    "authors",
    "journal",
    "volume",
    "issue",
    "pages",
    "publisher",
    "keywords",
    "mesh",
    "publication_types",
    "languages",
    "pmcid",
    "accession",
    "issns",
    "urls",
    "record_type",
    "entered",
    "note",
    "tags",
    "label",
    "label_included",
    "reason",
    "reason_text",
    "reviewer",
    "label_note",
    OWN,
)
_NOTHING = "autoscreen title:"  # an empty row would be no record
_INCLUDED = {Label.INCLUDE: "1", Label.EXCLUDE: "0", Label.UNSURE: ""}
# A spreadsheet takes what begins like this for a formula.
_RISKY = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def row_of(record: Record) -> list[str]:
    """Return the cells of a record, guarded, such that reading them gives the same record."""
    cells = _cells(record)
    reread = _COLUMNS.record([*map(guarded, cells), ""], "", "csv")
    if reread.verdicts == record.verdicts:
        record = replace(record, verdicts=())
        reread = replace(reread, verdicts=())
    notes = surplus_notes(record, reread)
    if not any(cells) and not notes:
        notes = [_NOTHING]
    return [*map(guarded, cells), " ".join(notes)]


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet runs as a formula: with an apostrophe before it."""
    return f"'{cell}" if _RISKY.match(cell) else cell


def unguarded(cell: str) -> str:
    """Undo `guarded`."""
    return cell[1:] if _GUARDED.match(cell) else cell


_COLUMNS = Columns(HEADER, unguard=unguarded)


def _cells(record: Record) -> list[str]:
    verdict = record.verdicts[-1] if record.verdicts else None
    return [
        record.source_key,
        record.pmid or "",
        record.doi or "",
        str(record.year) if record.year is not None else "",
        record.title,
        record.abstract,
        "; ".join(record.authors),
        record.journal,
        record.volume,
        record.issue,
        record.pages,
        record.publisher,
        "; ".join(record.keywords),
        "; ".join(record.mesh),
        "; ".join(record.publication_types),
        "; ".join(record.languages),
        record.pmcid or "",
        record.accession,
        "; ".join(record.issns),
        "; ".join(record.urls),
        record.record_type,
        record.entered,
        native_note(record),
        "; ".join(record.tags),
        str(verdict.label) if verdict else "",
        _INCLUDED[verdict.label] if verdict else "",
        verdict.reason if verdict else "",
        verdict.reason_text if verdict else "",
        verdict.reviewer if verdict else "",
        verdict.note if verdict else "",
    ]
