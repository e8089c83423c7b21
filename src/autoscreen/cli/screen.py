"""``autoscreen screen``: reading and labelling in the browser, alone or as a team."""

from __future__ import annotations

import threading
import webbrowser
from pathlib import Path
from typing import Any

import click

from autoscreen.cli.common.verb import review_argument, reviewer_option, verb


@verb(
    "screen",
    "autoscreen screen rms",
    "autoscreen screen rms --no-browser --port 8123",
    "autoscreen screen rms --host 0.0.0.0",
    "autoscreen screen rms --proxy 127.0.0.1 --port 8400",
)
@review_argument
@reviewer_option
@click.option("--no-browser", is_flag=True, help="Print the address and open nothing.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    metavar="NUMBER",
    help="Listen on this port. [default: one that stays with the review]",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Listen on this address; 0.0.0.0 serves a team, with accounts.",
)
@click.option(
    "--allowed-host",
    "allowed_hosts",
    multiple=True,
    metavar="NAME",
    help="A further name by which browsers ask for this server, e.g. behind a proxy.",
)
@click.option(
    "--proxy",
    "proxies",
    multiple=True,
    metavar="ADDRESS",
    help="Serve a team behind the proxy at this address, and believe what it says of visitors: "
    "127.0.0.1, or a network such as 10.0.0.0/8.",
)
@click.option(
    "--certificate",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Certificate (PEM) for HTTPS.",
)
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Its private key (PEM).",
)
def command(review: str, *, no_browser: bool, **how: Any) -> None:
    """Screen in the browser.

    Opens the review on this machine alone, without an account. With --host it serves a team: the
    first visit, by the address that is printed, makes the owner's account, and owners invite the
    others.
    """
    from autoscreen.web import Options, serve

    options = Options(**how)

    def started(address: str) -> None:
        click.echo(f"{review} is open at {address}")
        if options.team and not (options.certificate or options.proxies):
            click.echo(
                "autoscreen: note: passwords travel unencrypted; use --certificate and --key, "
                "or a proxy with HTTPS and --proxy",
                err=True,
            )
        if options.proxies and "/start/" in address:
            link = address[address.index("/start/") :]
            click.echo(f"Or through the proxy: its address, with {link} at the end.")
        click.echo("To stop: Ctrl-C. Every decision is saved when it is made.")
        if not no_browser:  # not here: a browser that runs in the terminal would block the server
            threading.Timer(0.2, webbrowser.open, [address]).start()

    serve(review, options, started=started)
