"""``autoscreen protocol check``: errors of a protocol, and what its query cannot find."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.output import write_json
from autoscreen.cli.common.progress import note, progress
from autoscreen.cli.common.record_files import read_files
from autoscreen.cli.common.verb import open_review, verb
from autoscreen.errors import InputError

if TYPE_CHECKING:
    from autoscreen.protocol import Protocol
    from autoscreen.records import Record
    from autoscreen.search_strategy.check import QueryCheck


@verb(
    "check",
    "autoscreen protocol check headache.toml",
    "autoscreen protocol check headache.toml --records known.nbib",
    "autoscreen protocol check rms",
    "autoscreen protocol check headache.toml --broader --count",
    "autoscreen protocol check - < headache.toml",
)
@click.argument("files", nargs=-1, required=True, metavar="NAME|FILE...")
@click.option(
    "--records",
    "known",
    multiple=True,
    metavar="FILE",
    help="Records that the PubMed query should find, such as known studies; repeatable.",
)
@click.option(
    "--query", default="", metavar="TEXT", help="Check this query instead of that of the protocol."
)
@click.option("--broader", is_flag=True, help="Print a broader query, built from the concepts.")
@click.option("--count", is_flag=True, help="Ask PubMed how many records each query finds.")
@click.option(
    "--format",
    "how",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="Sentences to read, or JSON to work with.",
)
def check(
    files: tuple[str, ...],
    known: tuple[str, ...],
    query: str,
    broader: bool,
    count: bool,
    how: str,
) -> None:
    """Check protocols and their PubMed queries.

    An error of the protocol is listed with its key and line, and the exit code is 1. Then the
    PubMed query is compared with the concepts: terms that it does not search, MeSH headings that
    are unknown or not needed, and known records that it does not find, with the part that fails.
    Only --count contacts PubMed. The known records of a review (rms.autoscreen) are those included.
    """
    wrong, rows = False, []
    for file in files:
        protocol, records, errors = _read(file)
        wrong = wrong or bool(errors)
        for error in errors:
            click.echo(error, err=True)
        if protocol is not None and not errors:
            protocol = replace(protocol, pubmed=query or protocol.pubmed)
            tried = [*records, *_records(known)]
            rows.append(_checked(file, protocol, tried, broader=broader, count=count))
    if how == "json":
        write_json([{name: one[name] for name in one if name != "lines"} for one in rows])
    else:
        for row in rows:
            click.echo("\n".join(row["lines"]))
    if wrong:
        click.get_current_context().exit(1)


def _read(file: str) -> tuple[Protocol | None, list[Record], list[str]]:
    """Return a protocol, the included records if it is that of a review, and its errors."""
    from autoscreen.protocol import (
        builtin_protocols,
        is_untouched_template,
        parse_protocol,
        protocol_faults,
        protocol_text,
    )
    from autoscreen.store import review_path

    own = file not in builtin_protocols() and Path(file).suffix in ("", ".autoscreen")
    if own and file != "-" and review_path(file).exists():
        with open_review(file) as opened:
            included = [one.record for one in opened.records("include")]
            return opened.protocol, included, []
    text, origin = (sys.stdin.read(), "-") if file == "-" else protocol_text(file)
    if faults := protocol_faults(text, origin=origin):
        return None, [], [str(one) for one in faults]
    found = parse_protocol(text, origin=origin)
    if is_untouched_template(found):
        return (
            None,
            [],
            [
                f"{origin}: this is still the example; replace its title, question, criteria, "
                "concepts and reasons by your own"
            ],
        )
    return found, [], []


def _records(files: Sequence[str]) -> list[Record]:
    with progress() as tick:
        found = read_files(files, None, tick)
    if found.failed or found.lost:
        lost = f"{found.failed} files and {found.lost} records"
        note(f"note: {lost} could not be read and are not among the known records")
    if files and not found.records:
        raise InputError("no known record could be read", path=files[0], hint="see the notes above")
    return [one.record for one in found.records]


def _checked(
    file: str, protocol: Protocol, known: list[Record], *, broader: bool, count: bool
) -> dict[str, Any]:
    from autoscreen.presentation.query_check_wording import query_check_lines
    from autoscreen.search_strategy.check import check_query
    from autoscreen.search_strategy.from_concepts import recall_first_query

    terms = sum(len(concept.terms) for concept in protocol.concepts)
    lines = [
        f"{file}: good; {len(protocol.concepts)} concepts with {terms} terms, "
        f"{len(protocol.reasons)} reasons"
    ]
    found = check_query(protocol, known)
    if found is None:
        lines.append("no PubMed query, and no concept to build one from")
    else:
        lines += [f"  {line}" for line in query_check_lines(found)]
    row = {"file": file, "name": protocol.name, "terms": terms, **_row(found), "lines": lines}
    queries = {"query": found.query if found else ""}
    if broader:
        queries["broader"] = row["broader"] = recall_first_query(protocol)
        nothing = "no broader query: it needs a required intervention and another required concept"
        lines += ["", row["broader"] or nothing]
    if count:
        counts = row["counts"] = _count({name: one for name, one in queries.items() if one})
        lines += [f"{number:,} records in PubMed: {name}" for name, number in counts.items()]
    return row


def _row(found: QueryCheck | None) -> dict[str, Any]:
    if found is None:
        return {"query": ""}
    return {
        "query": found.query,
        "built_from_concepts": not found.own,
        "terms_not_searched": {one.concept.key: list(one.not_found) for one in found.concepts},
        "terms_in_part": {one.concept.key: list(one.some_endings) for one in found.concepts},
        "headings": [asdict(one) for one in found.headings],
        "known_records": found.records,
        "missed": [
            {
                "pmid": one.record.pmid,
                "title": one.record.title,
                "because": list(one.parts),
                "undecided": [reason._asdict() for reason in one.undecided],
            }
            for one in found.missed
        ],
    }


def _count(queries: dict[str, str]) -> dict[str, int]:
    """Ask PubMed how many records each query finds."""
    from autoscreen.pubmed import Eutils

    client = Eutils(say=note)
    return {name: client.count(" ".join(one.split())).count for name, one in queries.items()}
