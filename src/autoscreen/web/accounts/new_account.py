"""Adds accounts and memberships to the file; inside a transaction of the caller."""

from __future__ import annotations

from autoscreen.errors import ConflictError, InputError
from autoscreen.web.accounts.account_file import AccountFile
from autoscreen.web.accounts.members import Role
from autoscreen.web.accounts.passwords import check_password, hash_password

_NAME = 80


def new_account(name: str, password: str) -> tuple[str, str]:
    """Return the checked name of a new account and the hash of its password, which is slow."""
    name = checked_name(name)
    check_password(password, name)
    return name, hash_password(password)


def checked_name(name: str) -> str:
    """Return the name of a person as one printable line."""
    name = " ".join(name.split())
    if not name or len(name) > _NAME or not name.isprintable():
        raise InputError(f"{name!r} is not a valid name", hint=f"use 1 to {_NAME} characters")
    return name


def insert_account(file: AccountFile, name: str, kept: str, *, email: str = "") -> None:
    """Add an account."""
    if file.row("SELECT 1 FROM account WHERE name = ?", name):
        raise ConflictError(f"the account {name!r} already exists", hint="choose another name")
    file.run(
        "INSERT INTO account (name, password, email, made, seen) VALUES (?, ?, ?, ?, '')",
        *(name, kept, email, file.time()),
    )


def join(file: AccountFile, name: str, review: int, role: Role) -> None:
    """Set the role of an account in a review, also of one that was removed from it."""
    file.run(
        "INSERT INTO membership VALUES (?, ?, ?, ?, NULL) ON CONFLICT (name, review)"
        " DO UPDATE SET role = excluded.role, left_at = NULL",
        *(name, review, role.name, file.time()),
    )
