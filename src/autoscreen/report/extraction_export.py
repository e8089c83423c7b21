"""Extracted values as a table: one row for each study, and the evidence of each value."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autoscreen.errors import InputError, MissingExtraError
from autoscreen.evaluation import clopper_pearson
from autoscreen.presentation.wording import citation
from autoscreen.report.report_blocks import Table, spreadsheet_cells
from autoscreen.store.extracted_values import EntryKind, ExtractionEntry

if TYPE_CHECKING:
    from autoscreen.review import Review
    from autoscreen.review.review_extraction import FieldAgreement

_FORMATS = ("csv", "xlsx")
_ENTRY = ("entered by", "at (UTC)", "sentence", "source of the sentence")


def extracted_values(review: Review) -> dict[str, dict[str, str]]:
    """Return the current value of each field, by its key and the id of each report."""
    return {
        ident: {key: _shown(entry) for key, entry in study.entries.items()}
        for study in review.extraction.studies()
        for ident in study.reports
    }


def export_extraction(review: Review, path: str, *, format: str | None = None) -> int:
    """Write the extracted values, one row for each study, and return how many studies there are.

    CSV has the evidence in further columns, XLSX in a second sheet, and how far two people agreed
    on each field in a third. A value that no person has entered is empty, even if one is proposed.
    XLSX needs openpyxl.
    """
    how = format or Path(path).suffix[1:].lower()
    if how not in _FORMATS:
        raise InputError(
            "extracted values are written as csv or xlsx", path=path, hint="add --as csv"
        )
    if not review.extraction.fields:
        raise InputError(
            "the protocol has no extraction fields", hint="add the section [extraction] to it"
        )
    values, evidence = _tables(review)
    if how == "xlsx":
        sheets = {"studies": values, "evidence": evidence}
        if found := review.extraction.agreement():
            sheets["agreement"] = agreement_table(found)
        _write_xlsx(path, sheets)
    else:
        _write_csv(path, _wide(review, values))
    return len(values.rows)


def agreement_table(found: Sequence[FieldAgreement]) -> Table:
    """Return how far two people agreed on each field, with exact 95% intervals."""
    rows = []
    for one in found:
        low, high = clopper_pearson(one.same, one.studies)
        numbers = (round(one.same / one.studies, 3), round(low, 3), round(high, 3))
        rows.append((one.field.label, one.studies, one.same, *numbers))
    header = ("field", "studies", "same value", "agreement", "95% low", "95% high")
    return Table(header, tuple(rows), "extraction-agreement.csv")


def _tables(review: Review) -> tuple[Table, Table]:
    fields, studies = review.extraction.fields, review.extraction.studies()
    rows = []
    for study in studies:
        first = review.record(study.reports[0]).record
        known = (study.reports[0], ", ".join(study.reports), citation(first), first.year)
        values = (_shown(study.entries.get(field.key)) for field in fields)
        rows.append((*known, first.title, *values))
    head = ("study", "reports", "citation", "year", "title")
    labels = {field.key: field.label for field in fields}
    evidence = tuple(
        (study.reports[0], labels.get(key, f"{key} (not in the protocol)"), *_said(entry))
        for study in studies
        for key, entry in study.entries.items()
    )
    return (
        Table((*head, *labels.values()), tuple(rows)),
        Table(("study", "field", "value", *_ENTRY), evidence),
    )


def _wide(review: Review, values: Table) -> Table:
    """Return the table with four columns of evidence for each field after all values."""
    fields, studies = review.extraction.fields, review.extraction.studies()
    names = tuple(f"{field.label}: {name}" for field in fields for name in _ENTRY)
    rows = (
        (*row, *(cell for field in fields for cell in _said(study.entries.get(field.key))[1:]))
        for row, study in zip(values.rows, studies, strict=True)
    )
    return Table((*values.header, *names), tuple(rows))


def _shown(entry: ExtractionEntry | None) -> str:
    if entry is None:
        return ""
    return str(entry.kind) if entry.kind is EntryKind.NOT_REPORTED else entry.value


def _said(entry: ExtractionEntry | None) -> tuple[str, ...]:
    if entry is None:
        return ("",) * (1 + len(_ENTRY))
    return (_shown(entry), entry.reviewer, entry.at, entry.evidence, entry.source)


def _write_csv(path: str, table: Table) -> None:
    rows = [table.header, *table.rows]
    if path == "-":
        csv.writer(sys.stdout, lineterminator="\n").writerows(map(spreadsheet_cells, rows))
        return
    try:
        with Path(path).open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows(map(spreadsheet_cells, rows))
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", path=path) from error


def _write_xlsx(path: str, tables: dict[str, Table]) -> None:
    try:
        import openpyxl  # noqa: PLC0415  (an extra)
    except ImportError as error:
        raise MissingExtraError("writing .xlsx files", extra="excel") from error
    if path == "-":
        raise InputError("a workbook cannot be written to standard output", hint="name a file")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, table in tables.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for row in (table.header, *table.rows):
            sheet.append(spreadsheet_cells(row))
    try:
        book.save(path)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", path=path) from error
