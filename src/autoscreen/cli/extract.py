"""``autoscreen extract``: the extraction form of a study, with proposals to confirm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.output import Column, emit
from autoscreen.cli.common.verb import (
    format_option,
    open_review,
    review_argument,
    reviewer_option,
    verb,
)
from autoscreen.errors import InputError

if TYPE_CHECKING:
    from autoscreen.review import Review
    from autoscreen.review.review_extraction import StudyForm
    from autoscreen.store.extracted_values import ExtractionEntry

_STUDIES = (
    Column("study", "study"),
    Column("entered", "entered", right=True),
    Column("fields", "fields", right=True),
    Column("differences", "to resolve", right=True),
    Column("title", "title", shrinks=True),
)
_FORM = (
    Column("field", "field"),
    Column("state", "state"),
    Column("number", "no.", right=True),
    Column("value", "value"),
    Column("source", "source"),
    Column("sentence", "sentence", shrinks=True),
)


@verb(
    "extract",
    "autoscreen extract rms",
    "autoscreen extract rms r17",
    "autoscreen extract rms r17 --accept frequency --accept n=2",
    "autoscreen extract rms r17 --set n=24 --not-reported navigation",
    "autoscreen extract rms r17 --use n=Ben",
    "autoscreen extract rms r17 --undo",
)
@review_argument
@click.argument("record", default="", metavar="[RECORD]")
@click.option(
    "--accept",
    "accepted",
    multiple=True,
    metavar="FIELD[=NO]",
    help="Confirm the proposal of a field, or that with this number; several as in n=1,2.",
)
@click.option(
    "--set", "entered", multiple=True, metavar="FIELD=VALUE", help="Enter a value of a field."
)
@click.option(
    "--not-reported", "absent", multiple=True, metavar="FIELD", help="No report states this field."
)
@click.option(
    "--reject",
    "rejected",
    multiple=True,
    metavar="FIELD=NO",
    help="A proposal of a field is wrong.",
)
@click.option(
    "--use",
    "used",
    multiple=True,
    metavar="FIELD=REVIEWER",
    help="Resolve a difference by the entry of one of the two people.",
)
@click.option("--undo", is_flag=True, help="Withdraw your newest entry for this study.")
@reviewer_option
@format_option
def command(  # noqa: PLR0913  (each is an option)
    review: str,
    record: str,
    *,
    accepted: Sequence[str],
    entered: Sequence[str],
    absent: Sequence[str],
    rejected: Sequence[str],
    used: Sequence[str],
    undo: bool,
    reviewer: str,
    how: str,
) -> None:
    """List the included studies, or show the extraction form of one and fill it in.

    The fields are defined in the section [extraction] of the protocol. Rules propose values from
    title, abstract and attached PDFs, each with its sentence; a value counts only after a person
    entered or accepted it. In double extraction ('autoscreen team double --stage extraction') two
    people fill in each form, and see each other's entries when both are done.
    RECORD is an id (r17), a PMID or a DOI of any report of the study.
    """
    acts = [*accepted, *entered, *absent, *rejected, *used]
    if (acts or undo) and not record:
        raise click.UsageError("name the RECORD")
    with open_review(review) as opened:
        if not record:
            emit(list(_studies(opened, reviewer)), _STUDIES, how, empty="no study is included yet")
            return
        extraction = opened.extraction
        if accepted or rejected:
            form = extraction.form(record, reviewer)
        for one in accepted:
            field, _, numbers = one.partition("=")
            values = _proposed(form, field, numbers)
            extraction.enter(record, field, "; ".join(values), reviewer=reviewer)
        for one in rejected:
            field, number = _pair(one, "--reject", "n=2")
            for value in _proposed(form, field, number):
                extraction.reject(record, field, value, reviewer=reviewer)
        for one in entered:
            field, value = _pair(one, "--set", "n=24")
            extraction.enter(record, field, value, reviewer=reviewer)
        for field in absent:
            extraction.set_not_reported(record, field, reviewer=reviewer)
        for one in used:
            field, name = _pair(one, "--use", "n=Ben")
            extraction.resolve(record, field, name.strip(), reviewer=reviewer)
        if undo:
            done = extraction.undo(record, reviewer=reviewer)
            click.echo(f"withdrawn: {done.field}" if done else "nothing to undo", err=True)
        emit(list(_rows(extraction.form(record, reviewer))), _FORM, how)


def _pair(text: str, option: str, example: str) -> tuple[str, str]:
    field, equals, value = text.partition("=")
    if not (field and equals and value.strip()):
        raise click.UsageError(f"{option} {text}: expected FIELD=..., such as {example}")
    return field.strip(), value


def _proposed(form: StudyForm, key: str, numbers: str) -> list[str]:
    """Return the proposals of a field with these numbers; without a number, the only one."""
    state = next((one for one in form.fields if one.field.key == key), None)
    if state is None:
        known = ", ".join(one.field.key for one in form.fields)
        raise InputError(f"{key!r} is not a field of the protocol", hint=f"its fields: {known}")
    values = [one.value for one in state.proposals]
    if not numbers and len(values) != 1:
        raise InputError(
            f"{key} has {len(values)} proposals",
            hint=f"choose by number, such as {key}=1" if values else f"enter it: --set {key}=...",
        )
    try:
        places = [int(one) for one in (numbers or "1").split(",")]
        if min(places) < 1:
            raise IndexError
        return [values[place - 1] for place in places]
    except (ValueError, IndexError):
        raise InputError(
            f"{key} has no proposal {numbers}", hint=f"choose from 1 to {len(values)}"
        ) from None


def _studies(opened: Review, reviewer: str) -> Iterator[dict[str, Any]]:
    fields = {one.key for one in opened.extraction.fields}
    for study in opened.extraction.studies():
        yield {
            "study": ", ".join(study.reports),
            "entered": len(fields) - study.left_for(reviewer, fields),
            "fields": len(fields),
            "differences": len(study.state.conflicts),
            "title": opened.record(study.reports[0]).record.title,
        }


def _rows(form: StudyForm) -> Iterator[dict[str, Any]]:
    for state in form.fields:
        entries = [state.entry] if state.entry else state.said
        found = [_entry(one) for one in entries]
        found += [
            {
                "state": "proposed",
                "number": number,
                "value": one.value,
                "source": said.source,
                "sentence": said.sentence,
            }
            for number, one in enumerate(state.proposals, 1)
            for said in one.evidence[:1]
        ]
        for row in found or [{"state": "empty"}]:
            blank = {"number": None, "value": "", "source": "", "sentence": ""}
            yield {"field": state.field.key, **blank, **row}


def _entry(said: ExtractionEntry) -> dict[str, Any]:
    return {
        "state": f"entered by {said.reviewer}" if said.reviewer else "entered",
        "value": said.value or str(said.kind),
        "source": said.source,
        "sentence": said.evidence,
    }
