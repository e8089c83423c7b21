"""The options of the commands that start a server, and what they print."""

from __future__ import annotations

import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from autoscreen.web.server import Options

F = TypeVar("F", bound=Callable[..., Any])


def no_browser_option(function: F) -> F:
    """Add ``--no-browser``."""
    text = "Print the address and open nothing."
    return click.option("--no-browser", is_flag=True, help=text)(function)


def port_option(function: F) -> F:
    """Add ``--port``."""
    return click.option(
        "--port",
        type=click.IntRange(1, 65535),
        metavar="NUMBER",
        help="Listen on this port. [default: one that stays with the review or the folder]",
    )(function)


def team_options(*, host: str) -> Callable[[F], F]:
    """Add the options of a server for a team, which by default listens on this address."""

    def add(function: F) -> F:
        pem = click.Path(exists=True, dir_okay=False, path_type=Path)
        for option in (
            click.option("--key", type=pem, metavar="FILE", help="Its private key (PEM)."),
            click.option(
                "--certificate", type=pem, metavar="FILE", help="Certificate (PEM) for HTTPS."
            ),
            click.option(
                "--proxy",
                "proxies",
                multiple=True,
                metavar="ADDRESS",
                help="Serve a team behind the proxy at this address, and trust its headers "
                "about visitors: 127.0.0.1, or a network such as 10.0.0.0/8.",
            ),
            click.option(
                "--allowed-host",
                "allowed_hosts",
                multiple=True,
                metavar="NAME",
                help="Another host name of this server, e.g. behind a proxy.",
            ),
            click.option(
                "--host",
                default=host,
                show_default=True,
                metavar="ADDRESS",
                help="Listen on this address; 0.0.0.0 serves a team, with accounts.",
            ),
        ):
            function = option(function)
        return function

    return add


def announce(
    what: str, options: Options, *, browser: bool, page: str = ""
) -> Callable[[str], None]:
    """Return what to do when the server has started: print its address and open the browser."""

    def started(address: str) -> None:
        # Who has to sign in first comes to the first page.
        address += page if address.endswith("/") else ""
        click.echo(f"{what} is open at {address}")
        if options.team and not (options.certificate or options.proxies):
            click.echo(
                "autoscreen: note: passwords are sent unencrypted; use --certificate and --key, "
                "or a proxy with HTTPS and --proxy",
                err=True,
            )
        if options.proxies and "/start/" in address:
            link = address[address.index("/start/") :]
            click.echo(f"Or through the proxy: its address, with {link} at the end.")
        click.echo("To stop: Ctrl-C. Every decision is saved as soon as it is made.")
        if browser:  # not here: a browser that runs in the terminal would block the server
            threading.Timer(0.2, webbrowser.open, [address]).start()

    return started
