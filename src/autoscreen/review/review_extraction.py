"""
Data extraction: the form of each included study, with proposals that a person confirms.

In double extraction two people fill in the form of a study. Neither sees the other's entries before
both have filled in every field; what they then differ on has no value until it is resolved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from autoscreen.errors import InputError
from autoscreen.protocol import ExtractionField
from autoscreen.records import Label
from autoscreen.review.double_extraction import (
    Entries,
    ExtractionState,
    independent_agreement,
    settle_extraction,
    standing,
)
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
    """A field of the form of one study, as one reviewer may see it."""

    field: ExtractionField
    # The value in force, or that it is not reported; in double extraction the reviewer's own, until
    # both have filled in the form
    entry: ExtractionEntry | None
    said: tuple[ExtractionEntry, ...]  # In double extraction those of both, once both are done
    proposals: tuple[ProposedValue, ...]  # Without those that a person rejected
    rejected: tuple[ProposedValue, ...]
    history: tuple[ExtractionEntry, ...]  # Entries and withdrawals, oldest first

    @property
    def differs(self) -> bool:
        """Whether the two entered different values, and nobody has resolved that."""
        return bool(self.said) and self.entry is None


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyEntries:
    """An included study with its entries."""

    reports: tuple[str, ...]  # Ids of its reports
    state: ExtractionState
    log: Sequence[ExtractionEntry]  # All entries and withdrawals, oldest first

    @property
    def entries(self) -> Entries:
        """The entries in force by the key of their field."""
        return self.state.in_force

    def left_for(self, reviewer: str, fields: Collection[str]) -> int:
        """Return how many fields are left for a reviewer to fill in."""
        if not self.state.double:
            return len(set(fields) - self.entries.keys())
        if reviewer not in self.state.own and len(self.state.own) == 2:
            return 0
        return len(set(fields) - self.state.own.get(reviewer, {}).keys())


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldAgreement:
    """How often two people entered the same value of a field before they saw each other's."""

    field: ExtractionField
    same: int
    studies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyForm:
    """The form of one study."""

    reports: tuple[ReviewRecord, ...]
    state: ExtractionState
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

    @property
    def double(self) -> bool:
        """Whether two people extract the data of each study."""
        return self._store.extraction.double()

    def set_double(self, double: bool, *, reviewer: str = "") -> None:
        """
        Let two people, or one, extract the data of each study.

        This holds for all studies at once. Without double extraction the newest entry is in force.
        """
        self._store.extraction.set_double(double, clean_input(reviewer))

    def studies(self) -> list[StudyEntries]:
        """
        Return the included studies with their entries, in the order of import.

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
        log, double = self._store.extraction.all(), self.double
        keys = [field.key for field in self.fields]
        found = []
        for one in studies:
            own = [entry for entry in log if entry.record_id in one]
            state = settle_extraction(own, keys, double=double)
            found.append(StudyEntries(reports=one, state=state, log=own))
        return found

    def agreement(self) -> list[FieldAgreement]:
        """Return how far two people agree on each field, by their independent entries."""
        keys = [field.key for field in self.fields]
        found = [independent_agreement(study.log, keys) for study in self.studies()]
        both = [one for one in found if one is not None]
        return [
            FieldAgreement(field=field, same=sum(one[field.key] for one in both), studies=len(both))
            for field in self.fields
            if both
        ]

    def form(self, ident: str, reviewer: str = "") -> StudyForm:
        """Return the form of a record's study as a reviewer may see it, with proposals."""
        study, name = self._study(ident), clean_input(reviewer)
        reports = self._reports(study)
        passages = tuple(self._passages(reports))
        proposed = propose_values(self.fields, passages)
        log = [one for one in study.log if study.state.may_see(one, name)]
        return StudyForm(
            reports=reports,
            state=study.state,
            passages=passages,
            fields=tuple(
                _field_state(field, proposed[field.key], (study.state, name), log)
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
        resolve: bool = False,
    ) -> str:
        """Enter a value, or confirm a proposed one, and return it as it is stored.

        Several values have ``;`` between them. `evidence` is the sentence that a value comes from,
        and `source` where that is; without them the sentences that propose this value are noted, if
        any do. `resolve` settles a difference in double extraction, as does what a third person
        enters.
        """
        study, wanted = self._study(ident), self._field(field)
        checked = checked_value(wanted, clean_input(value))
        if not evidence:
            found = _evidence(self._proposals(study, wanted), checked)
            evidence = " … ".join(dict.fromkeys(one.sentence for one in found))
            source = SEPARATOR.join(dict.fromkeys(one.source for one in found))
        said = (clean_input(evidence)[:_LONGEST_EVIDENCE], clean_input(source), reviewer)
        self._add(study, wanted, (EntryKind.VALUE, checked), said, resolve=resolve)
        return checked

    def set_not_reported(
        self, ident: str, field: str, *, reviewer: str = "", resolve: bool = False
    ) -> None:
        """Enter that the reports do not state a field; raises what `enter` raises."""
        wanted, said = self._field(field), ("", "", reviewer)
        study = self._study(ident)
        self._add(study, wanted, (EntryKind.NOT_REPORTED, ""), said, resolve=resolve)

    def resolve(self, ident: str, field: str, use: str, *, reviewer: str = "") -> str:
        """Resolve a difference by what one of the two entered; return that value."""
        study, wanted = self._study(ident), self._field(field)
        own = study.state.own
        if not study.state.both_done or use not in own:
            two = ", ".join(one or "unnamed" for one in own) or "nobody"
            raise InputError(
                f"{study.reports[0]}: {use!r} has no form to use",
                hint=f"after two people filled it in; so far: {two}",
            )
        one = own[use][wanted.key]
        said = (one.evidence, one.source, reviewer)
        self._add(study, wanted, (one.kind, one.value), said, resolve=True)
        return one.value or str(one.kind)

    def reject(self, ident: str, field: str, value: str, *, reviewer: str = "") -> None:
        """Note that a proposed value is wrong; it is shown apart from then on."""
        study, wanted = self._study(ident), self._field(field)
        if value not in [one.value for one in self._proposals(study, wanted)]:
            raise InputError(f"{value!r} is not proposed for {wanted.label}", hint="see the form")
        self._add(study, wanted, (EntryKind.REJECTED, value), ("", "", reviewer))

    def undo(self, ident: str, *, reviewer: str = "") -> ExtractionEntry | None:
        """Withdraw a reviewer's newest entry for a study; None if there is none."""
        name = clean_input(reviewer)
        log = standing(self._study(ident).log)
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
        value: tuple[EntryKind, str],
        said: tuple[str, str, str],
        *,
        resolve: bool = False,
    ) -> None:
        evidence, source, name = *said[:2], clean_input(said[2])
        state = study.state
        third = state.double and len(state.own) == 2 and name not in state.own
        if (third or resolve) and not state.both_done:
            raise InputError(
                f"{study.reports[0]}: there is no difference to resolve yet",
                hint="two people fill in the whole form first: " + " and ".join(state.own),
            )
        self._store.extraction.add(
            self._store.pool.find(study.reports[0]),
            field.key,
            *value,
            said=(evidence, source, name),
            resolves=third or resolve,
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


def _field_state(
    field: ExtractionField,
    proposed: Sequence[ProposedValue],
    seen_by: tuple[ExtractionState, str],
    log: Sequence[ExtractionEntry],
) -> FieldState:
    state, reviewer = seen_by
    history = [one for one in log if one.field == field.key]
    wrong = {one.value for one in standing(history) if one.kind is EntryKind.REJECTED}
    blind = state.double and not state.both_done
    return FieldState(
        field=field,
        entry=(state.own.get(reviewer, {}) if blind else state.in_force).get(field.key),
        said=tuple(own[field.key] for own in state.own.values()) if state.both_done else (),
        proposals=tuple(one for one in proposed if one.value not in wrong),
        rejected=tuple(one for one in proposed if one.value in wrong),
        history=tuple(history),
    )


def _evidence(proposals: Sequence[ProposedValue], value: str) -> list[Evidence]:
    """Return the first sentence of each part of a value that is proposed."""
    parts = value.split(SEPARATOR)
    return [one.evidence[0] for part in parts for one in proposals if one.value == part]
