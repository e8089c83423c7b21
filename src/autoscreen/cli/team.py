"""``autoscreen team``: accounts for the reviewers' room, and records that two people read."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

import click

from autoscreen.cli.common.output import Column, emit
from autoscreen.cli.common.verb import VerbGroup, format_option, open_review, review_argument, verb
from autoscreen.cli.team_screening import agreement, conflicts, double, resolve
from autoscreen.presentation.wording import minute

if TYPE_CHECKING:
    from pathlib import Path

    from autoscreen.web.accounts.accounts import Accounts

COLUMNS = (
    Column("name", "name"),
    Column("role", "role"),
    Column("left", "left"),
    Column("seen", "last active (UTC)"),
    Column("decided", "decided", right=True),
    Column("waiting", "to do", right=True),
)
ROLE = click.Choice(["owner", "reviewer", "observer"])
NOTE = "autoscreen team"
"""Who did it, in the log: whoever can write the files may do anything to them."""


password_option = click.option(
    "--password-file",
    type=click.File(),
    help="Read the password from the first line of this file; '-' is standard input. "
    "[default: ask for it]",
)


@click.group("team", cls=VerbGroup, subcommand_metavar="COMMAND [ARGUMENTS]...")
def command() -> None:
    """Work as a team: accounts, double screening, conflicts, agreement.

    Accounts are for 'autoscreen screen REVIEW --host'. They are in a file beside the review, so
    that a review can be sent without passwords. The first visitor by the printed link becomes the
    owner; these commands do the same on the server.
    """


@verb("list", "autoscreen team list rms", "autoscreen team list rms --format json")
@review_argument
@format_option
def list_(review: str, how: str) -> None:
    """List members and reviewers, with the progress of each."""
    with open_review(review) as opened, _access(opened.path) as access:
        work = {one.reviewer: one for one in opened.team.work()}
        accounts = {one.name: one for one in access.accounts()}
        rows = [
            {
                "name": name,
                "role": accounts[name].role.word if name in accounts else "",
                "left": (accounts[name].left_at or "")[:10] if name in accounts else "",
                "seen": minute(accounts[name].seen) if name in accounts else "",
                "decided": work[name].decided if name in work else 0,
                "waiting": opened.team.waiting_for(name),
            }
            for name in [*accounts, *(name for name in work if name not in accounts)]
        ]
    emit(rows, COLUMNS, how, empty="no accounts and no decisions yet")


@verb(
    "add",
    "autoscreen team add rms 'Ben Okafor' --role reviewer",
    "autoscreen team add rms 'Olga Olsen' --role owner",
)
@review_argument
@click.argument("name")
@click.option("--role", type=ROLE, default="reviewer", show_default=True, help="What they may do.")
@password_option
def add(review: str, name: str, role: str, password_file: IO[str] | None) -> None:
    """Make an account."""
    from autoscreen.web.accounts.members import Role

    password = _password(password_file)
    with _opened(review) as access:
        access.add_account(name, password, Role[role.upper()])
        access.note(NOTE, "made an account", about=f"{name}: {role}")
    click.echo(f"{name} can sign in as {role}")


@verb(
    "invite",
    "autoscreen team invite rms --role reviewer",
    "autoscreen team invite rms --role observer --address https://screening.example.org",
)
@review_argument
@click.option("--role", type=ROLE, default="reviewer", show_default=True, help="What they may do.")
@click.option(
    "--address",
    metavar="URL",
    help="Where browsers find the server. [default: this machine, the review's usual port]",
)
@click.option("--person", metavar="NAME", default="", help="Whom it is for.")
def invite(review: str, role: str, address: str | None, person: str) -> None:
    """Print a link by which one person can make an account, once, within two weeks."""
    from autoscreen.web.accounts.members import Role
    from autoscreen.web.server import usual_port

    with open_review(review) as opened, _access(opened.path) as access:
        made, token = access.links.invite(Role[role.upper()], by=NOTE, person=person)
        access.note(NOTE, "invited", about=f"{role}, invitation {made.id} {person}".rstrip())
        address = address or f"http://{socket.gethostname()}:{usual_port(opened.path)}"
    click.echo(f"{address.rstrip('/')}/invitation/{token}")


@verb("remove", "autoscreen team remove rms 'Ben Okafor'")
@review_argument
@click.argument("name")
def remove(review: str, name: str) -> None:
    """Remove a member: they are signed out at once; their decisions stay."""
    with _opened(review) as access:
        access.leave(name)
        access.note(NOTE, "removed a member", about=name)
    click.echo(f"{name} has left the team; their decisions are kept")


@verb(
    "password",
    "autoscreen team password rms 'Ben Okafor'",
    "autoscreen team password rms 'Ben Okafor' --password-file - < secret.txt",
)
@review_argument
@click.argument("name")
@password_option
def password(review: str, name: str, password_file: IO[str] | None) -> None:
    """Set a new password for a member, who is signed out everywhere."""
    chosen = _password(password_file)
    with _opened(review) as access:
        access.set_password(name, chosen)
        access.note(NOTE, "set a password", about=name)
    click.echo(f"{name} has a new password")


for _verb in (list_, add, invite, remove, password, double, conflicts, resolve, agreement):
    command.add_command(_verb)


def _password(file: IO[str] | None) -> str:
    if file is not None:
        return file.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="Once more"))


@contextmanager
def _opened(review: str) -> Iterator[Accounts]:
    with open_review(review) as opened, _access(opened.path) as access:
        yield access


@contextmanager
def _access(review: Path) -> Iterator[Accounts]:
    from autoscreen.web.accounts.accounts import Accounts, accounts_path

    access = Accounts(accounts_path(review), team=True)
    try:
        yield access
    finally:
        access.close()
