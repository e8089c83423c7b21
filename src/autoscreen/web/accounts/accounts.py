"""
Accounts, sessions, roles and the activity log.

They are in a file of their own beside the review, ``NAME.autoscreen-access``, or in a folder of
reviews, which only its owner can read: a review is copied and mailed, and no password hash or
session must go with it. A review without this file is complete; who decided what is in the review
itself.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path
from typing import Self

from autoscreen.errors import InputError
from autoscreen.store.database import Clock, stamp, system_clock
from autoscreen.web.accounts.account_file import SERVER, AccountFile
from autoscreen.web.accounts.members import Account, Entry, Role, Visitor
from autoscreen.web.accounts.new_account import insert_account, join, new_account
from autoscreen.web.accounts.once_only_links import OnceOnlyLinks, token_hash
from autoscreen.web.accounts.passwords import check_password, hash_password, is_outdated, matches

__all__ = ["Accounts", "accounts_path"]

_IDLE = timedelta(days=7)
_LONGEST = timedelta(days=30)
_TOUCH = timedelta(minutes=5)


def accounts_path(review: Path) -> Path:
    """Return the place of the access file of a review."""
    return review.with_name(f"{review.name}-access")


class Accounts:
    """Accounts, sessions, roles and the log; for use from any thread.

    Roles, invitations and the log are those of one review: on a server with many reviews, the one
    that `within` names. Names, passwords and sessions are those of the server.
    """

    def __init__(self, path: Path, *, team: bool, now: Clock = system_clock) -> None:
        self.path = path
        self.team = team
        self._share(AccountFile(path, now=now), SERVER)
        self._forget_old_sessions()

    def _share(self, file: AccountFile, review: int) -> None:
        self._file = self.file = file
        self.review = review
        self.links = OnceOnlyLinks(file, review)

    def within(self, review: int) -> Self:
        """Return the same accounts, with the roles that they have in a review."""
        made = type(self).__new__(type(self))
        made.path, made.team = self.path, self.team
        made._share(self._file, review)
        return made

    def _forget_old_sessions(self) -> None:
        now = self._file.now()
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
        now = self._file.time()
        self._file.run(
            "INSERT INTO session VALUES (?, ?, ?, ?, ?)", token_hash(token), name, account, now, now
        )
        if account:
            self._saw(name, now)
        return token

    def visitor(self, token: str, *, visits: bool = True) -> Visitor:
        """Return the visitor of a session, with the role here; nobody if it is invalid."""
        row = self._file.row(
            "SELECT session.name, account.name, begun, session.seen FROM session"
            " LEFT JOIN account ON account.name = session.name WHERE token = ? AND account = ?",
            *(token_hash(token), self.team),
        )
        if row is None:
            return Visitor()
        name, member, begun, seen = row
        now = self._file.now()
        if stamp(now - _LONGEST) > begun or stamp(now - _IDLE) > seen:
            return Visitor()
        role = self._role_of(member) if self.team else Role.OWNER
        if role is None:
            return Visitor()
        if visits and stamp(now - _TOUCH) > seen:
            self._file.run(
                "UPDATE session SET seen = ? WHERE token = ?", stamp(now), token_hash(token)
            )
            self._saw(member or "", stamp(now))
        shown = member if self.team else name
        return Visitor(name=shown, role=role, session=token_hash(token))

    def _role_of(self, name: str | None) -> Role | None:
        """Return the role of an account here; None if it may not sign in to the server."""
        rows = self._file.rows(
            "SELECT review, role FROM membership"
            " WHERE name = ? AND review IN (?, ?) AND left_at IS NULL",
            *(name, SERVER, self.review),
        )
        roles = {review: Role[role] for review, role in rows}
        if SERVER not in roles or roles[SERVER] is Role.OWNER:
            return roles.get(SERVER)
        return roles.get(self.review, Role.ANYONE)

    def _saw(self, name: str, at: str) -> None:
        """Save when a member was last active, also for after their sessions."""
        self._file.run("UPDATE account SET seen = ? WHERE name = ?", at, name)

    def end_session(self, fingerprint: str) -> None:
        """End one session, by the fingerprint in `Visitor.session`."""
        self._file.run("DELETE FROM session WHERE token = ?", fingerprint)

    def end_sessions_of(self, name: str) -> None:
        """End all sessions of a member."""
        self._file.run("DELETE FROM session WHERE name = ? AND account = 1", name)

    # ------------------------------------------------------------------ accounts

    def accounts(self) -> list[Account]:
        """
        Return all members, also those who have left, in alphabetical order.

        The owners of a server are members of all its reviews.
        """
        rows = self._file.rows(
            "SELECT account.name, email, here.role, here.made,"
            " coalesce(here.left_at, home.left_at), here.review, seen"
            " FROM account JOIN membership AS here ON here.name = account.name"
            " JOIN membership AS home ON home.name = account.name AND home.review = 0"
            " WHERE here.review = ? OR (here.review = 0 AND here.role = 'OWNER'"
            " AND here.left_at IS NULL) ORDER BY account.name, here.review DESC",
            self.review,
        )
        found: dict[str, Account] = {}
        for name, email, role, made, left_at, review, seen in rows:
            one = Account(
                name=name,
                email=email,
                role=Role[role],
                made=made,
                left_at=left_at,
                seen=seen,
                of_server=review == SERVER,
            )
            found.setdefault(name, one)
        return list(found.values())

    def names(self) -> list[str]:
        """Return all who can sign in to the server, in alphabetical order."""
        rows = self._file.rows(
            "SELECT name FROM membership WHERE review = ? AND left_at IS NULL ORDER BY name", SERVER
        )
        return [row[0] for row in rows]

    def roles(self, name: str) -> dict[int, Role]:
        """Return the roles of an account, by review."""
        rows = self._file.rows(
            "SELECT review, role FROM membership WHERE name = ? AND left_at IS NULL", name
        )
        return {review: Role[role] for review, role in rows}

    def add_account(self, name: str, password: str, role: Role) -> None:
        """Make an account."""
        name, kept = new_account(name, password)
        with self._file.writing():
            insert_account(self._file, name, kept)
            join(self._file, name, SERVER, role)

    def join(self, name: str, role: Role) -> None:
        """Set the role of an account in this review."""
        with self._file.writing():
            row = self._file.row("SELECT name FROM account WHERE name = ?", name)
            if row is None:
                raise InputError(f"there is no account {name!r}")
            join(self._file, row[0], self.review, role)

    def check(self, name: str, password: str) -> str | None:
        """Return the name of the account if this is its password; None otherwise."""
        row = self._file.row(
            "SELECT account.name, password FROM account JOIN membership"
            " ON membership.name = account.name WHERE account.name = ? AND review = ?"
            " AND left_at IS NULL",
            *(name.strip(), SERVER),
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
        self._require_account(name)
        self._file.run(
            "UPDATE account SET password = ? WHERE name = ?", hash_password(password), name
        )
        self.end_sessions_of(name)

    def set_email(self, name: str, email: str) -> None:
        """Keep the e-mail address of an account."""
        self._file.run("UPDATE account SET email = ? WHERE name = ?", email.strip(), name)

    def set_role(self, name: str, role: Role) -> None:
        """Change the role of a member."""
        with self._file.writing():
            if role is not Role.OWNER:
                self._require_another_owner(name)
            self._changed(name, "role", role.name)

    def leave(self, name: str) -> None:
        """Remove a member; their decisions stay."""
        with self._file.writing():
            self._require_another_owner(name)
            self._changed(name, "left_at", self._file.time())
            if self.review == SERVER:
                self.end_sessions_of(name)

    def come_back(self, name: str) -> None:
        """Restore a removed member."""
        self._changed(name, "left_at", None)

    # ------------------------------------------------------------------ settings

    def setting(self, name: str, key: str) -> str:
        """Return a setting of an account, or of the server if the name is empty."""
        row = self._file.row("SELECT value FROM setting WHERE name = ? AND key = ?", name, key)
        return str(row[0]) if row else ""

    def settings_of_all(self, key: str) -> dict[str, str]:
        """Return a setting of each account that has it."""
        rows = self._file.rows(
            "SELECT name, value FROM setting WHERE key = ? AND name <> '' ORDER BY name", key
        )
        return dict(rows)

    def set_setting(self, name: str, key: str, value: str) -> None:
        """Keep a setting; an empty value removes it."""
        if value:
            self._file.run("INSERT OR REPLACE INTO setting VALUES (?, ?, ?)", name, key, value)
        else:
            self._file.run("DELETE FROM setting WHERE name = ? AND key = ?", name, key)

    # ----------------------------------------------------------------------- log

    def note(self, who: str, what: str, *, about: str = "", address: str = "") -> None:
        """Add a line to the log."""
        self._file.run(
            "INSERT INTO log (at, who, what, about, address, review) VALUES (?, ?, ?, ?, ?, ?)",
            *(self._file.time(), who, what, about, address, self.review),
        )

    def log(self, *, most: int = 200) -> list[Entry]:
        """Return the newest lines of the log, newest first; of a server those of all reviews."""
        rows = self._file.rows(
            "SELECT at, who, what, about, address, coalesce(file, '') FROM log"
            " LEFT JOIN review ON review.id = log.review WHERE ? IN (log.review, 0)"
            " ORDER BY log.id DESC LIMIT ?",
            *(self.review, most),
        )
        return [
            Entry(at=at, who=who, what=what, about=about, address=address, review=Path(file).stem)
            for at, who, what, about, address, file in rows
        ]

    # ------------------------------------------------------------------- private

    def _require_another_owner(self, name: str) -> None:
        if self.review != SERVER:  # the owners of the server own it as well
            return
        others = self._file.value(
            "SELECT count(*) FROM membership"
            " WHERE review = ? AND role = 'OWNER' AND left_at IS NULL AND name <> ?",
            *(SERVER, name),
        )
        if not others:
            raise InputError(
                "the team needs at least one owner", hint="make another member owner first"
            )

    def _require_account(self, name: str) -> None:
        if not self._file.row("SELECT 1 FROM account WHERE name = ?", name):
            raise InputError(f"there is no account {name!r}")

    def _changed(self, name: str, column: str, value: str | None) -> None:
        member = name, self.review
        if not self._file.row("SELECT 1 FROM membership WHERE name = ? AND review = ?", *member):
            raise InputError(
                f"there is no account {name!r} here",
                hint="the role of an owner of the server is changed on the page People",
            )
        sql = {
            "role": "UPDATE membership SET role = ? WHERE name = ? AND review = ?",
            "left_at": "UPDATE membership SET left_at = ? WHERE name = ? AND review = ?",
        }[column]
        self._file.run(sql, value, *member)
