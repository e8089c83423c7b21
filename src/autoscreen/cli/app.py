"""``autoscreen app``: all reviews of a person in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from autoscreen.cli.common.server_options import announce, no_browser_option, port_option
from autoscreen.cli.common.verb import reviewer_option, verb

FOLDER = "autoscreen"


@verb("app", "autoscreen app", "autoscreen app ~/reviews")
@click.argument(
    "folder",
    metavar="[FOLDER]",
    required=False,
    envvar="AUTOSCREEN_FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
)
@reviewer_option
@no_browser_option
@port_option
def command(folder: Path | None, *, no_browser: bool, **how: Any) -> None:
    """Open the home page: your reviews, a new review, an example.

    The reviews are the files in FOLDER, by default the folder autoscreen in your documents, which
    is created. The pages can be opened only on this computer; for a team use autoscreen serve.
    """
    from autoscreen.web.server import Options, serve_folder

    folder = folder or usual_folder()
    folder.mkdir(parents=True, exist_ok=True)
    options = Options(**how)
    serve_folder(folder, options, started=announce("autoscreen", options, browser=not no_browser))


def usual_folder() -> Path:
    """Return the folder of a person's reviews if no other is named."""
    documents = Path.home() / "Documents"
    return (documents if documents.is_dir() else Path.home()) / FOLDER
