"""``autoscreen init``: a new review file."""

from __future__ import annotations

import click

from autoscreen.cli._verb import review_argument, verb

__all__ = ["command"]


@verb(
    "init",
    "autoscreen init rms --protocol rms-pnp",
    "autoscreen init ~/reviews/headache --protocol headache.toml",
)
@review_argument
@click.option(
    "--protocol",
    "protocol",
    default="rms-pnp",
    show_default=True,
    metavar="NAME|FILE",
    help="A built-in protocol (autoscreen protocol list) or a TOML file of your own.",
)
@click.option("--name", metavar="TEXT", help="Name of the review. [default: the file's name]")
def command(review: str, protocol: str, name: str | None) -> None:
    """Start a review: one file that holds everything.

    The file holds the protocol, the records, every import, merge and decision. It can be copied,
    backed up and sent like any other file.
    """
    from autoscreen.review import Review

    with Review.create(review, protocol=protocol, name=name) as made:
        click.echo(f"created {made.path} with the protocol {made.protocol.name}")
        click.echo(f"next: autoscreen import {review} FILE...", err=True)
