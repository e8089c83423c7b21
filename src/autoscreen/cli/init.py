"""``autoscreen init``: a new review file."""

from __future__ import annotations

import shlex

import click

from autoscreen.cli.common.verb import review_argument, verb

BUILT_IN = "rms-pnp"


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
    help="A built-in protocol (autoscreen protocol list) or a TOML file of your own. "
    f"[default: {BUILT_IN}]",
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
    from autoscreen.protocol import Protocol
    from autoscreen.review import Review

    if protocol and title:
        raise click.UsageError("give --protocol or --title, not both", click.get_current_context())
    chosen = Protocol.from_title(title) if title else protocol or BUILT_IN
    with Review.create(review, protocol=chosen, name=name) as made:
        click.echo(f"created {made.path} with the protocol {made.protocol.name}:")
        click.echo(made.protocol.title)
        if not made.protocol.concepts:
            click.echo("a protocol with concepts makes the first order better:", err=True)
            click.echo(
                f"autoscreen protocol new FILE.toml, then protocol use {shlex.quote(review)}",
                err=True,
            )
    click.echo(f"next: autoscreen import {shlex.quote(review)} FILE...", err=True)
