"""Data extraction: the form of each included study, with proposals that a person confirms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autoscreen.errors import InputError
from autoscreen.protocol import ExtractionField
from autoscreen.records import Label
from autoscreen.review.extraction_values import SEPARATOR, checked_value
from autoscreen.review.open_review import OpenReview
from autoscreen.review.reports import ReviewRecord, shown
from autoscreen.review.review_reporting import ReviewReporting
from autoscreen.review.user_input import clean_input
from autoscreen.store import show_id
from autoscreen.store.extracted_values import EntryKind, ExtractionEntry
from autoscreen.text.extraction import (
    Evidence,
    Passage,
    ProposedValue,
    propose_values,
    without_references,
)

_LONGEST_EVIDENCE = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldState:
    """A field of the form of one study."""

    field: ExtractionField
    entry: ExtractionEntry | None  # The value in force, or that it is not reported
    proposals: tuple[ProposedValue, ...]  # Without those that a person rejected
    rejected: tuple[ProposedValue, ...]
    history: tuple[ExtractionEntry, ...]  # All entries and withdrawals, oldest first


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyEntries:
    """An included study with the entries in force."""

    reports: tuple[str, ...]  # Ids of its reports
    entries: Mapping[str, ExtractionEntry]  # By the key of the field


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyForm:
    """The form of one study."""

    reports: tuple[ReviewRecord, ...]
    passages: tuple[Passage, ...]  # The texts that the proposals come from
    fields: tuple[FieldState, ...]


class ReviewExtraction:
    """Values of the fields in the protocol; entries are only ever added, and can be undone."""

    def __init__(self, opened: OpenReview) -> None:
        self._opened = opened
        self._store = opened.store
        self._reporting = ReviewReporting(opened)

    @property
    def fields(self) -> tuple[ExtractionField, ...]:
        """The fields of the form, in the order of the protocol."""
        return self._opened.protocol.extraction

    def studies(self) -> list[StudyEntries]:
        """
        Return the included studies with the entries in force, in the order of import.

        They are the reports whose full text is included; as long as no full text was assessed,
        those included by title and abstract.
        """
        pool = self._store.pool.full_texts()
        assessed = any(one.decision for one in pool)
        included = [
            show_id(one.number)
            for one in pool
            if not assessed or (one.decision and one.decision.label is Label.INCLUDE)
        ]
        grouped = {ident: study for study in self._reporting.studies() for ident in study}
        studies = {
            tuple(ident for ident in grouped.get(one, (one,)) if ident in included): None
            for one in included
        }
        log = self._store.extraction.all()
        return [StudyEntries(reports=one, entries=_in_force(_of(log, one))) for one in studies]

    def form(self, ident: str) -> StudyForm:
        """Return the form of the study that a record reports, with proposals for each field."""
        study = self._study(ident)
        reports = self._reports(study)
        passages = tuple(self._passages(reports))
        proposed = propose_values(self.fields, passages)
        log = _of(self._store.extraction.all(), study.reports)
        return StudyForm(
            reports=reports,
            passages=passages,
            fields=tuple(
                _state(field, proposed[field.key], study.entries.get(field.key), log)
                for field in self.fields
            ),
        )

    def enter(
        self,
        ident: str,
        field: str,
        value: str,
        *,
        evidence: str = "",
        source: str = "",
        reviewer: str = "",
    ) -> str:
        """Enter a value, or confirm a proposed one, and return it as it is stored.

        Several values have ``;`` between them. `evidence` is the sentence that a value comes from,
        and `source` where that is; without them the sentences that propose this value are noted, if
        any do.
        """
        study, wanted = self._study(ident), self._field(field)
        checked = checked_value(wanted, clean_input(value))
        if not evidence:
            found = _evidence(self._proposals(study, wanted), checked)
            evidence = " … ".join(dict.fromkeys(one.sentence for one in found))
            source = SEPARATOR.join(dict.fromkeys(one.source for one in found))
        said = (clean_input(evidence)[:_LONGEST_EVIDENCE], clean_input(source), reviewer)
        self._add(study, wanted, EntryKind.VALUE, checked, said)
        return checked

    def set_not_reported(self, ident: str, field: str, *, reviewer: str = "") -> None:
        """Enter that the reports do not state a field; raises what `enter` raises."""
        wanted, said = self._field(field), ("", "", reviewer)
        self._add(self._study(ident), wanted, EntryKind.NOT_REPORTED, "", said)

    def reject(self, ident: str, field: str, value: str, *, reviewer: str = "") -> None:
        """Note that a proposed value is wrong; it is shown apart from then on."""
        study, wanted = self._study(ident), self._field(field)
        if value not in [one.value for one in self._proposals(study, wanted)]:
            raise InputError(f"{value!r} is not proposed for {wanted.label}", hint="see the form")
        self._add(study, wanted, EntryKind.REJECTED, value, ("", "", reviewer))

    def undo(self, ident: str, *, reviewer: str = "") -> ExtractionEntry | None:
        """Withdraw a reviewer's newest entry for a study; None if there is none."""
        name = clean_input(reviewer)
        log = _standing(_of(self._store.extraction.all(), self._study(ident).reports))
        last = next((one for one in reversed(log) if one.reviewer == name), None)
        if last is not None:
            self._store.extraction.withdraw(last.id, name)
        return last

    def log(self) -> list[ExtractionEntry]:
        """Return all entries and withdrawals of all studies, oldest first."""
        return self._store.extraction.all()

    def _add(
        self,
        study: StudyEntries,
        field: ExtractionField,
        kind: EntryKind,
        value: str,
        said: tuple[str, str, str],
    ) -> None:
        evidence, source, reviewer = said
        self._store.extraction.add(
            self._store.pool.find(study.reports[0]),
            field.key,
            kind,
            value,
            said=(evidence, source, clean_input(reviewer)),
        )

    def _field(self, key: str) -> ExtractionField:
        for field in self.fields:
            if field.key == key:
                return field
        known = ", ".join(field.key for field in self.fields) or "none; add [extraction] to it"
        raise InputError(f"{key!r} is not a field of the protocol", hint=f"its fields: {known}")

    def _study(self, ident: str) -> StudyEntries:
        found = show_id(self._store.pool.find(ident))
        if not self.fields:
            raise InputError(
                "the protocol has no extraction fields", hint="add the section [extraction] to it"
            )
        for study in self.studies():
            if found in study.reports:
                return study
        raise InputError(f"{found} is not an included report", hint="include it first")

    def _proposals(self, study: StudyEntries, field: ExtractionField) -> tuple[ProposedValue, ...]:
        passages = tuple(self._passages(self._reports(study)))
        return propose_values(self.fields, passages)[field.key]

    def _reports(self, study: StudyEntries) -> tuple[ReviewRecord, ...]:
        found = map(self._store.pool.find, study.reports)
        return tuple(shown(self._store.pool.record(number)) for number in found)

    def _passages(self, reports: Sequence[ReviewRecord]) -> Iterator[Passage]:
        for report in reports:
            name = f"{report.id}, " if len(reports) > 1 else ""
            yield Passage(f"{name}title", report.record.title)
            yield Passage(f"{name}abstract", report.record.abstract)
            for pdf in self._store.attachments.of(int(report.id[1:])):
                pages = without_references(self._store.attachments.text(pdf.sha256))
                for number, text in enumerate(pages, 1):
                    yield Passage(f"{name}{pdf.name}, page {number}", text)


def _of(log: Sequence[ExtractionEntry], reports: Sequence[str]) -> list[ExtractionEntry]:
    return [one for one in log if one.record_id in reports]


def _standing(log: Sequence[ExtractionEntry]) -> list[ExtractionEntry]:
    """Return the entries that were not withdrawn."""
    withdrawn = {one.withdraws for one in log}
    return [one for one in log if one.withdraws is None and one.id not in withdrawn]


def _in_force(log: Sequence[ExtractionEntry]) -> dict[str, ExtractionEntry]:
    return {one.field: one for one in _standing(log) if one.kind is not EntryKind.REJECTED}


def _state(
    field: ExtractionField,
    proposed: Sequence[ProposedValue],
    entry: ExtractionEntry | None,
    log: Sequence[ExtractionEntry],
) -> FieldState:
    own = [one for one in log if one.field == field.key]
    wrong = {one.value for one in _standing(own) if one.kind is EntryKind.REJECTED}
    return FieldState(
        field=field,
        entry=entry,
        proposals=tuple(one for one in proposed if one.value not in wrong),
        rejected=tuple(one for one in proposed if one.value in wrong),
        history=tuple(own),
    )


def _evidence(proposals: Sequence[ProposedValue], value: str) -> list[Evidence]:
    """Return the first sentence of each part of a value that is proposed."""
    parts = value.split(SEPARATOR)
    return [one.evidence[0] for part in parts for one in proposals if one.value == part]
