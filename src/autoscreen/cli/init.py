"""``autoscreen init``: a new review file."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from autoscreen.cli.common.verb import review_argument, verb


@verb(
    "init",
    "autoscreen init rms --protocol rms-pnp",
    "autoscreen init ~/reviews/headache --protocol headache.toml",
    "autoscreen init headache --title 'Aspirin for tension-type headache in adults'",
)
@review_argument
@click.option(
    "--protocol",
    metavar="NAME|FILE",
    help="A built-in protocol (autoscreen protocol list) or a TOML file of your own.",
)
@click.option(
    "--title", metavar="TEXT", help="Title of the review, instead of a protocol: it can come later."
)
@click.option("--name", metavar="TEXT", help="Name of the review. [default: the file's name]")
def command(review: str, *, protocol: str | None, title: str | None, name: str | None) -> None:
    """Start a review: one file that holds everything.

    The file holds the protocol, the records, every import, merge and decision. It can be copied,
    backed up and sent like any other file.
    """
    from autoscreen.errors import InputError
    from autoscreen.protocol import is_untouched_template, load_protocol
    from autoscreen.review import Review

    if protocol and title:
        raise click.UsageError("give --protocol or --title, not both", click.get_current_context())
    if not protocol and not title:
        title = _asked(review)
    if protocol and is_untouched_template(load_protocol(protocol)):
        raise InputError(
            "this is still the example of protocol new",
            path=protocol,
            hint="replace its title, question, criteria, concepts and reasons by your own",
        )
    with Review.create(review, protocol=protocol, title=title, name=name) as made:
        click.echo(f"created {made.path} with the protocol {made.protocol.name}:")
        click.echo(made.protocol.title)
        if not made.protocol.concepts:
            click.echo(
                "concepts make the first ranking better; add them on the Protocol page: "
                f"autoscreen screen {shlex.quote(review)}",
                err=True,
            )
    click.echo(f"next: autoscreen import {shlex.quote(review)} FILE...", err=True)


def _asked(review: str) -> str:
    """Ask for the title in a terminal; elsewhere say how to give it."""
    quoted, own = shlex.quote(review), Path(f"{review.removesuffix('.autoscreen')}.toml")
    if sys.stdin.isatty() and not own.exists():
        return str(click.prompt("Title of the review, for example Aspirin for headache in adults"))
    file = shlex.quote(str(own)) if own.exists() else "FILE.toml"
    ways = [
        f"autoscreen init {quoted} --protocol {file}",
        f"autoscreen init {quoted} --title 'Title of the review'",
    ]
    raise click.UsageError(
        "say what the review is about: " + ", or ".join(ways if own.exists() else ways[::-1]),
        click.get_current_context(),
    )
