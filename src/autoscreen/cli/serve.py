"""``autoscreen serve``: many reviews for a team, on one server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from autoscreen.cli.common.server_options import announce, port_option, team_options
from autoscreen.cli.common.verb import verb


@verb(
    "serve",
    "autoscreen serve reviews/",
    "autoscreen serve reviews/ --certificate server.pem --key server.key",
    "autoscreen serve reviews/ --proxy 127.0.0.1 --host 127.0.0.1",
)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@port_option
@team_options(host="0.0.0.0")  # noqa: S104 (a team comes from other machines, with accounts)
def command(folder: Path, **how: Any) -> None:
    """Serve all reviews of a folder to a team.

    Each person has one account for the server, and a role in each review. The first visit, by the
    address that is printed, makes the account of the server's owner, who invites the others.
    """
    from autoscreen.web.server import Options, serve_folder

    options = Options(**how, accounts=True)
    serve_folder(folder, options, started=announce(str(folder), options, browser=False))
