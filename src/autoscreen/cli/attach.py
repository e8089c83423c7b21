"""``autoscreen attach``: PDFs of full texts, for one record or matched from a folder."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autoscreen.cli.common.output import Column, emit
from autoscreen.cli.common.verb import open_review, review_argument, reviewer_option, verb
from autoscreen.errors import AutoscreenError, InputError, MissingExtraError

if TYPE_CHECKING:
    from autoscreen.review import Review
    from autoscreen.review.pdf_matching import PossibleMatch

_COLUMNS = (
    Column("record", "record"),
    Column("pages", "pages", right=True),
    Column("by", "by"),
    Column("at", "at"),
    Column("name", "PDF", shrinks=True),
)


@verb(
    "attach",
    "autoscreen attach rms r17 paper.pdf",
    "autoscreen attach rms papers/",
    "autoscreen attach rms papers/ --match smith.pdf=r17",
    "autoscreen attach rms r17 --remove paper.pdf",
    "autoscreen attach rms",
)
@review_argument
@click.argument("what", nargs=-1, metavar="[RECORD] [PDF|FOLDER]...")
@click.option(
    "--match",
    "matches",
    multiple=True,
    metavar="PDF=RECORD",
    help="The record of a PDF, by the name of its file. Can be given several times.",
)
@click.option("--remove", "removed", metavar="NAME", help="Remove this PDF from the record.")
@reviewer_option
def command(
    review: str, what: tuple[str, ...], *, matches: tuple[str, ...], removed: str, reviewer: str
) -> None:
    """Attach PDFs to records; they are copied to a folder beside the review.

    PDFs without a RECORD are matched by DOI, PMID and title, in their name or on their first
    pages. A certain match is attached; possible matches are listed, to be confirmed with
    --match, and so are PDFs without a match. Without arguments, the attached PDFs are listed.

    Needs the extra [fulltext].
    """
    answers = dict(_answer(one) for one in matches)
    with open_review(review) as opened:
        if removed:
            _remove(opened, what, removed, reviewer)
        elif what or answers:
            failed = _attach(opened, review, what, answers, reviewer)
            if failed:
                raise click.exceptions.Exit(1)
        else:
            _list(opened)


def _answer(text: str) -> tuple[str, str]:
    name, equals, record = text.rpartition("=")
    if not (name and equals and record):
        raise click.UsageError(f"--match {text}: expected PDF=RECORD, such as smith.pdf=r17")
    return Path(name).name, record


def _attach(
    opened: Review, review: str, what: Sequence[str], answers: Mapping[str, str], reviewer: str
) -> bool:
    """Attach files one after another; return whether one of them could not be read."""
    from autoscreen.review.full_text_files import pdfs_in

    record = what[0] if what and not Path(what[0]).exists() and len(what) > 1 else ""
    given = what[1:] if record else what
    if record and any(Path(one).is_dir() for one in given):
        raise InputError("is a folder", path=given[0], hint="name the PDFs of the record")
    files = list(pdfs_in(given))
    if not files:
        raise InputError("no PDF was found", path=" ".join(given), hint="name a PDF or a folder")
    unused = answers.keys() - {one.name for one in files}
    if unused:
        raise InputError("is not among the PDFs", path=min(unused), hint="give its folder as well")
    attached, questions, unmatched, failed = 0, 0, 0, 0
    for file in files:
        target = record or answers.get(file.name, "")
        try:
            said, done, asks = _one(opened, review, file, target, reviewer)
        except MissingExtraError:
            raise
        except AutoscreenError as error:
            failed += 1
            click.echo(str(error), err=True)
            continue
        attached += done
        questions += asks and not done
        unmatched += not (asks or done)
        for line in said:
            click.echo(line)
    click.echo(
        f"{attached} attached, {questions} to answer, {unmatched} not matched,"
        f" {failed} could not be read"
    )
    return failed > 0


def _one(
    opened: Review, review: str, file: Path, record: str, reviewer: str
) -> tuple[list[str], bool, bool]:
    """Attach one PDF; return what to say, whether it was attached, and whether that is asked."""
    files = opened.full_text.files
    if record:
        done = files.attach(record, file, reviewer=reviewer)
        return [f"{file.name}: attached to {done.record_id}"], True, False
    found, match = files.attach_if_sure(file, reviewer=reviewer)
    if found is not None:
        return [f"{file.name}: attached to {found.record_id} ({match.evidence})"], True, False
    if not match.possible:
        how = f"autoscreen attach {shlex.quote(review)} RECORD {shlex.quote(str(file))}"
        return [f"{file.name}: no record matches; attach it with: {how}"], False, False
    return list(_question(opened, file, match.possible)), False, True


def _question(opened: Review, file: Path, possible: Sequence[PossibleMatch]) -> Iterator[str]:
    yield f"{file.name}: which record is it?"
    for one in possible:
        record = opened.record(one.id).record
        yield f"  --match {shlex.quote(f'{file.name}={one.id}')}   {one.evidence}"
        yield f"      {record.title[:90]}{f' ({record.year})' if record.year else ''}"


def _remove(opened: Review, what: Sequence[str], name: str, reviewer: str) -> None:
    if len(what) != 1:
        raise click.UsageError("--remove NAME needs one record, such as r17")
    attached = opened.full_text.files.of(what[0])
    for one in attached:
        if one.name == name:
            opened.full_text.files.remove(one.id, reviewer=reviewer)
            click.echo(f"{name} removed from {one.record_id}; attach it again to undo")
            return
    names = ", ".join(one.name for one in attached) or "none"
    raise InputError(f"{what[0]} has no PDF {name!r}", hint=f"its PDFs: {names}")


def _list(opened: Review) -> None:
    rows = [
        {
            "record": one.record_id,
            "pages": one.pages,
            "by": one.reviewer,
            "at": one.at[:10],
            "name": one.name,
        }
        for one in opened.full_text.files.all()
    ]
    emit(rows, _COLUMNS, "table", empty="no PDF is attached")
    missing = len(opened.full_text.files.missing())
    click.echo(f"{missing} records included by title and abstract have no PDF")
