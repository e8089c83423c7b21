"""
Accounts, sessions, invitations and the activity log.

They are in a file of their own beside the review, ``NAME.autoscreen-access``, which only its owner
can read: a review is copied and mailed, and no password hash or session must go with it. A review
without this file is complete; who decided what is in the review itself.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from pathlib import Path

from autoscreen.errors import ConflictError, InputError
from autoscreen.store.database import Clock, stamp, system_clock
from autoscreen.web.accounts.account_file import AccountFile
from autoscreen.web.accounts.members import Account, Entry, Invitation, Role, Visitor
from autoscreen.web.accounts.passwords import check_password, hash_password, is_outdated, matches

__all__ = ["Account", "Accounts", "Entry", "Invitation", "Visitor", "accounts_path"]

_IDLE = timedelta(days=7)
_LONGEST = timedelta(days=30)
_INVITED = timedelta(days=14)
_TOUCH = timedelta(minutes=5)
_NAME = 80


def accounts_path(review: Path) -> Path:
    """Return the place of the access file of a review."""
    return review.with_name(f"{review.name}-access")


class Accounts:
    """Accounts, sessions, invitations and the log; for use from any thread."""

    def __init__(self, path: Path, *, team: bool, now: Clock = system_clock) -> None:
        self.path = path
        self.team = team
        self._now = now
        self._file = self.file = AccountFile(path, now=now)
        self._forget_old_sessions()

    def _forget_old_sessions(self) -> None:
        now = self._now()
        self._file.run(
            "DELETE FROM session WHERE seen < ? OR begun < ?",
            *(stamp(now - _IDLE), stamp(now - _LONGEST)),
        )

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    # ------------------------------------------------------------------ sessions

    def begin_session(self, name: str, *, account: bool) -> str:
        """Start a session and return its token."""
        token = secrets.token_urlsafe(32)
        now = stamp(self._now())
        self._file.run(
            "INSERT INTO session VALUES (?, ?, ?, ?, ?)", token_hash(token), name, account, now, now
        )
        return token

    def visitor(self, token: str, *, visits: bool = True) -> Visitor:
        """Return the visitor of a session; one without a role if it is invalid."""
        row = self._file.row(
            "SELECT session.name, account.name, role, begun, seen, left_at FROM session"
            " LEFT JOIN account ON account.name = session.name WHERE token = ? AND account = ?",
            *(token_hash(token), self.team),
        )
        if row is None:
            return Visitor()
        name, member, role, begun, seen, left_at = row
        now = self._now()
        if stamp(now - _LONGEST) > begun or stamp(now - _IDLE) > seen:
            return Visitor()
        if self.team and (member is None or left_at is not None):
            return Visitor()
        if visits and stamp(now - _TOUCH) > seen:
            self._file.run(
                "UPDATE session SET seen = ? WHERE token = ?", stamp(now), token_hash(token)
            )
        return Visitor(
            name=member if self.team else name,
            role=Role[role] if self.team else Role.OWNER,
            session=token_hash(token),
        )

    def end_session(self, fingerprint: str) -> None:
        """End one session, by the fingerprint in `Visitor.session`."""
        self._file.run("DELETE FROM session WHERE token = ?", fingerprint)

    def end_sessions_of(self, name: str) -> None:
        """End all sessions of a member."""
        self._file.run("DELETE FROM session WHERE name = ? AND account = 1", name)

    # ------------------------------------------------------------------ accounts

    def accounts(self) -> list[Account]:
        """Return all members, also those who have left, in alphabetical order."""
        rows = self._file.rows(
            "SELECT name, role, made, left_at, coalesce((SELECT max(seen) FROM session"
            " WHERE session.name = account.name AND account = 1), '') FROM account ORDER BY 1"
        )
        return [
            Account(name=name, role=Role[role], made=made, left_at=left_at, seen=seen)
            for name, role, made, left_at, seen in rows
        ]

    def add_account(self, name: str, password: str, role: Role) -> None:
        """Make an account."""
        name, kept = _new_account(name, password)
        with self._file.writing():
            self._insert_account(name, kept, role)

    def _insert_account(self, name: str, kept: str, role: Role) -> None:
        if self._file.row("SELECT 1 FROM account WHERE name = ?", name):
            raise ConflictError(f"the account {name!r} already exists", hint="choose another name")
        self._file.run(
            "INSERT INTO account VALUES (?, ?, ?, ?, NULL)",
            *(name, role.name, kept, self._time()),
        )

    def check(self, name: str, password: str) -> str | None:
        """Return the name of the account if this is its password; None otherwise."""
        row = self._file.row(
            "SELECT name, password FROM account WHERE name = ? AND left_at IS NULL", name.strip()
        )
        if not matches(password, row[1] if row else "") or row is None:
            return None
        name, kept = row
        if is_outdated(kept):
            self._file.run(
                "UPDATE account SET password = ? WHERE name = ? AND password = ?",
                *(hash_password(password), name, kept),
            )
        return str(name)

    def set_password(self, name: str, password: str) -> None:
        """Set a new password and end all sessions of the member."""
        check_password(password, name)
        self._changed(
            name, "UPDATE account SET password = ? WHERE name = ?", hash_password(password)
        )
        self.end_sessions_of(name)

    def set_role(self, name: str, role: Role) -> None:
        """Change the role of a member."""
        with self._file.writing():
            if role is not Role.OWNER:
                self._require_another_owner(name)
            self._changed(name, "UPDATE account SET role = ? WHERE name = ?", role.name)

    def leave(self, name: str) -> None:
        """Remove a member; their decisions stay."""
        with self._file.writing():
            self._require_another_owner(name)
            self._changed(name, "UPDATE account SET left_at = ? WHERE name = ?", self._time())
            self.end_sessions_of(name)

    def come_back(self, name: str) -> None:
        """Restore a removed member."""
        self._changed(name, "UPDATE account SET left_at = ? WHERE name = ?", None)

    # --------------------------------------------------------------- invitations

    def invite(self, role: Role, *, by: str) -> tuple[Invitation, str]:
        """Create an invitation and return it with the token for its link, which is not stored."""
        token = secrets.token_urlsafe(24)
        with self._file.writing():
            number = self._file.rows("SELECT coalesce(max(id), 0) + 1 FROM invitation")[0][0]
            self._file.run(
                "INSERT INTO invitation VALUES (?, ?, ?, ?, ?, ?, NULL, NULL)",
                *(token_hash(token), number, role.name, by, self._time()),
                stamp(self._now() + _INVITED),
            )
        made = next(one for one in self.invitations() if one.id == number)
        return made, token

    def invitations(self) -> list[Invitation]:
        """Return all invitations, newest first."""
        rows = self._file.rows(
            "SELECT id, role, made_by, made, ends, used_by, withdrawn FROM invitation"
            " ORDER BY id DESC"
        )
        return [
            Invitation(
                id=number,
                role=Role[role],
                made_by=made_by,
                made=made,
                ends=ends,
                used_by=used_by,
                withdrawn=withdrawn,
            )
            for number, role, made_by, made, ends, used_by, withdrawn in rows
        ]

    def withdraw_invitation(self, number: int) -> None:
        """Withdraw an unused invitation."""
        self._file.run(
            "UPDATE invitation SET withdrawn = ? WHERE id = ? AND used_by IS NULL",
            *(self._time(), number),
        )

    def invited(self, token: str) -> Role | None:
        """Return the role that an invitation is for; None if it is not, or no more, valid."""
        row = self._file.row(
            "SELECT role FROM invitation WHERE token = ? AND used_by IS NULL"
            " AND withdrawn IS NULL AND ends > ?",
            *(token_hash(token), self._time()),
        )
        return Role[row[0]] if row else None

    def accept(self, token: str, name: str, password: str) -> None:
        """Create an account with an invitation, which then becomes invalid."""
        name, kept = _new_account(name, password)  # before: nobody waits for the hash
        with self._file.writing():
            role = self.invited(token)
            if role is None:
                raise InputError("this invitation is no longer valid", hint="ask for a new one")
            self._insert_account(name, kept, role)
            self._file.run(
                "UPDATE invitation SET used_by = ? WHERE token = ?", name, token_hash(token)
            )

    # ----------------------------------------------------------------------- log

    def note(self, who: str, what: str, *, about: str = "", address: str = "") -> None:
        """Add a line to the log."""
        self._file.run(
            "INSERT INTO log (at, who, what, about, address) VALUES (?, ?, ?, ?, ?)",
            *(self._time(), who, what, about, address),
        )

    def log(self, *, most: int = 200) -> list[Entry]:
        """Return the newest lines of the log, newest first."""
        rows = self._file.rows(
            "SELECT at, who, what, about, address FROM log ORDER BY id DESC LIMIT ?", most
        )
        return [
            Entry(at=at, who=who, what=what, about=about, address=address)
            for at, who, what, about, address in rows
        ]

    # ------------------------------------------------------------------- private

    def _time(self) -> str:
        return stamp(self._now())

    def _require_another_owner(self, name: str) -> None:
        others = self._file.rows(
            "SELECT count(*) FROM account WHERE role = 'OWNER' AND left_at IS NULL AND name <> ?",
            name,
        )[0][0]
        if not others:
            raise InputError(
                "the team needs at least one owner", hint="make another member owner first"
            )

    def _changed(self, name: str, sql: str, value: str | None) -> None:
        if not self._file.row("SELECT 1 FROM account WHERE name = ?", name):
            raise InputError(f"there is no account {name!r}")
        self._file.run(sql, value, name)


def token_hash(token: str) -> str:
    """Return the fingerprint of a token; the token itself is never kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def _new_account(name: str, password: str) -> tuple[str, str]:
    """Return the checked name of a new account and the hash of its password."""
    name = _checked_name(name)
    check_password(password, name)
    return name, hash_password(password)


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > _NAME or not name.isprintable():
        raise InputError(f"{name!r} is not a valid name", hint=f"use 1 to {_NAME} characters")
    return name
