"""``autoscreen demo``: the main job on invented records, from the first order to the curve."""

from __future__ import annotations

import shlex
import shutil
import sys
import tempfile
from pathlib import Path

import click

from autoscreen.cli.common.terminal import colour, terminal_width
from autoscreen.cli.common.verb import verb
from autoscreen.cli.demo_steps import Replay, first_order, outcome, replay, report, start

SUFFIXES = (".nbib", ".ris", ".bib", ".enw", ".ciw", ".xml", ".csv", ".tsv", ".xlsx", ".gz")
MOST = 4


@verb(
    "demo",
    "autoscreen demo",
    "autoscreen demo --keep tour",
    "autoscreen demo --report tour-report",
)
@click.option(
    "--keep", metavar="PATH", help="Keep the demo review under this name, to look around in it."
)
@click.option(
    "--report",
    "folder",
    metavar="FOLDER",
    help="Include full-text decisions, and write the report of the demo review.",
)
def command(keep: str | None, folder: str | None) -> None:
    """Show how autoscreen works, on about 200 invented abstracts, offline.

    Imports them, ranks them by the protocol alone, replays a reviewer's labels in the ranked order,
    and shows how soon the relevant records are found.
    """
    with tempfile.TemporaryDirectory(prefix="autoscreen-demo-") as made:
        done = _tour(keep or str(Path(made) / "demo"))
        if folder:
            _head(
                "4. The full texts of the relevant records are included, and the report is written"
            )
            click.echo(f"read {report(done.path, folder)}")
    click.echo()
    _head("With your own files")
    for line in _next_steps():
        click.echo(f"  {line}")
    if keep:
        click.echo(f"The demo review stays in {done.path}: {_program()} status {shlex.quote(keep)}")


def _tour(path: str) -> Replay:
    with start(path) as review:
        _head("1. Import")
        click.echo(f"{review.status().records} invented abstracts, protocol {review.protocol.name}")
        click.echo()
        _head("2. The first ranking, from the protocol alone (no label yet)")
        for line in first_order(review, width=terminal_width(), paint=colour()):
            click.echo(line, color=True)
        click.echo()
        _head("3. A reviewer screens; each label improves the ranking")
        done = replay(review)
    for line in outcome(done, width=terminal_width()):
        click.echo(line)
    return done


def _head(text: str) -> None:
    click.echo(click.style(text, bold=True) if colour() else text, color=True)


def _next_steps() -> list[str]:
    here = sorted(p.name for p in Path.cwd().iterdir() if p.suffix.lower() in SUFFIXES)[:MOST]
    files = " ".join(map(shlex.quote, here)) or "pubmed.nbib embase.ris"
    program = _program()
    return [
        f"{program} app                      # a new review, in the browser",
        "or in the terminal:",
        f"{program} protocol new mine.toml   # question, criteria and terms, to fill in",
        f"{program} init mine --protocol mine.toml",
        f"{program} import mine {files}",
        f"{program} screen mine              # read and label in the browser",
        f"{program} report mine              # flow diagram, methods, exclusions",
        f"{program} export mine included.ris --label include",
    ]


def _program() -> str:
    """Name the program as it can be called from here."""
    called = Path(sys.argv[0])
    if called.stem != "autoscreen" or shutil.which("autoscreen"):
        return "autoscreen"
    here = Path.cwd()
    return shlex.quote(str(called.relative_to(here) if called.is_relative_to(here) else called))
