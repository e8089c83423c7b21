"""``autoscreen protocol``: the question, criteria and terms of a review."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.output import Column, emit, emit_one
from autoscreen.cli.common.terminal import colour
from autoscreen.cli.common.verb import (
    VerbGroup,
    format_option,
    open_review,
    review_argument,
    verb,
)
from autoscreen.cli.protocol_check import check
from autoscreen.errors import InputError

if TYPE_CHECKING:
    from autoscreen.protocol import Protocol

COLUMNS = (
    Column("name", "name"),
    Column("title", "title", shrinks=True),
    Column("concepts", "concepts", right=True),
    Column("terms", "terms", right=True),
    Column("reasons", "reasons", right=True),
)


@click.group("protocol", cls=VerbGroup, subcommand_metavar="COMMAND [ARGUMENTS]...")
def command() -> None:
    """Write, check and show protocols.

    A protocol is one TOML file with the question, the criteria, the concepts and their terms, the
    reasons to exclude and the PubMed query. It determines the first ranking, the highlights and the
    reasons.
    """


@verb("new", "autoscreen protocol new headache.toml", "autoscreen protocol new - > headache.toml")
@click.argument("file", metavar="FILE")
def new(file: str) -> None:
    """Write a commented protocol to fill in; '-' is standard output."""
    from autoscreen.protocol import Protocol, protocol_template

    if file == "-":
        click.echo(protocol_template("my-review"), nl=False)
        return
    path = Path(file)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(protocol_template(Protocol.from_title(path.stem).name))
    except FileExistsError:
        raise InputError("already exists", path=file, hint="choose another name") from None
    click.echo(f"wrote {file}")
    quoted = shlex.quote(file)
    click.echo(f"next: fill it in, then: autoscreen protocol check {quoted}", err=True)


@verb(
    "show",
    "autoscreen protocol show rms-pnp",
    "autoscreen protocol show rms-pnp --source > my.toml",
)
@click.argument("protocol", metavar="NAME|FILE")
@click.option("--source", is_flag=True, help="Print the TOML text, as a start for your own.")
@format_option
def show(protocol: str, source: bool, how: str) -> None:
    """Show a protocol.

    Shows the question, the criteria, the concepts with their terms, the reasons and the PubMed
    query of a built-in protocol, of a TOML file, or of a review file (rms.autoscreen).
    """
    loaded = _load(protocol)
    if source:
        click.echo(loaded.source, nl=False)
        return
    emit_one(_whole(loaded), _lines(loaded, bold=colour()), how)


@verb("list", "autoscreen protocol list")
@format_option
def list_(how: str) -> None:
    """List the protocols that are built in."""
    from autoscreen.protocol import builtin_protocols, load_protocol

    emit([_row(load_protocol(name)) for name in builtin_protocols()], COLUMNS, how)


@verb("use", "autoscreen protocol use rms mine.toml")
@review_argument
@click.argument("protocol", metavar="NAME|FILE")
def use(review: str, protocol: str) -> None:
    """Apply another protocol to a review.

    The earlier one stays in the review file. Labels stay as they are; the records are ranked again.
    """
    with open_review(review) as opened:
        opened.protocols.set(protocol)
        click.echo(f"{opened.path} now uses the protocol {opened.protocol.name}")


for _verb in (new, show, check, list_, use):
    command.add_command(_verb)


def _load(name: str) -> Protocol:
    from autoscreen.protocol import builtin_protocols, load_protocol
    from autoscreen.store import review_path

    own = name in builtin_protocols() or not review_path(name).exists()
    if own or Path(name).suffix not in ("", ".autoscreen"):
        return load_protocol(name)
    with open_review(name) as opened:
        return opened.protocol


def _row(protocol: Protocol) -> dict[str, Any]:
    return {
        "name": protocol.name,
        "title": protocol.title,
        "concepts": len(protocol.concepts),
        "terms": sum(len(concept.terms) for concept in protocol.concepts),
        "reasons": len(protocol.reasons),
    }


def _whole(protocol: Protocol) -> dict[str, Any]:
    return {
        "name": protocol.name,
        "title": protocol.title,
        "question": protocol.question,
        "registration": protocol.registration,
        "include": list(protocol.criteria.include),
        "exclude": list(protocol.criteria.exclude),
        "unsure": list(protocol.criteria.unsure),
        "concepts": [
            {
                "key": concept.key,
                "element": str(concept.element),
                "label": concept.label,
                "required": concept.required,
                "against": concept.against,
                "terms": list(concept.terms),
            }
            for concept in protocol.concepts
        ],
        "reasons": [asdict(reason) for reason in protocol.reasons],
        "pubmed": protocol.pubmed,
    }


def _lines(protocol: Protocol, *, bold: bool) -> list[str]:
    def head(text: str) -> str:
        return click.style(text, bold=True) if bold else text

    lines = [head(protocol.title), *filter(None, [protocol.question, protocol.registration])]
    criteria = protocol.criteria
    for title, listed in (
        ("Include if all apply", criteria.include),
        ("Exclude", criteria.exclude),
        ("Unsure", criteria.unsure),
    ):
        if listed:
            lines += ["", head(title), *(f"  - {one}" for one in listed)]
    lines += ["", head("Concepts")]
    for concept in protocol.concepts:
        marks = [str(concept.element).replace("_", " ")]
        marks += ["required"] * concept.required + ["against"] * concept.against
        lines += [f"  {concept.label} ({', '.join(marks)})", f"    {', '.join(concept.terms)}"]
    lines += ["", head("Reasons to exclude")]
    lines += [f"  {reason.key}  {reason.code}: {reason.text}" for reason in protocol.reasons]
    if protocol.pubmed:
        lines += ["", head("PubMed query"), protocol.pubmed]
    return lines
