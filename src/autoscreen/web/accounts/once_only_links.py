"""Links that work once: invitations to a review or a server, and links for a new password."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from autoscreen.errors import InputError
from autoscreen.store.database import stamp
from autoscreen.web.accounts.account_file import SERVER, AccountFile
from autoscreen.web.accounts.members import Invitation, Role
from autoscreen.web.accounts.new_account import insert_account, join, new_account
from autoscreen.web.accounts.passwords import check_password, hash_password

_INVITED = timedelta(days=14)
_RESET = timedelta(days=2)
_TEXT = 200
_COLUMNS = (
    "SELECT id, person, email, review, role, made_by, made, ends, used_by, withdrawn"
    " FROM invitation"
)


class OnceOnlyLinks:
    """The links of a server; those to invite are for one of its reviews."""

    def __init__(self, file: AccountFile, review: int) -> None:
        self._file = file
        self._review = review

    def invite(
        self, role: Role, *, by: str, person: str = "", email: str = ""
    ) -> tuple[Invitation, str]:
        """Create an invitation and return it with the token for its link, which is not stored."""
        token = secrets.token_urlsafe(24)
        person, email = " ".join(person.split())[:_TEXT], email.strip()[:_TEXT]
        with self._file.writing():
            number = self._file.value("SELECT coalesce(max(id), 0) + 1 FROM invitation")
            self._file.run(
                "INSERT INTO invitation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)",
                *(token_hash(token), number, person, email, self._review, role.name, by),
                *(self._file.time(), stamp(self._file.now() + _INVITED)),
            )
        made = next(one for one in self.invitations() if one.id == number)
        return made, token

    def invitations(self) -> list[Invitation]:
        """Return all invitations to this review, or of the server to any, newest first."""
        rows = self._file.rows(
            f"{_COLUMNS} WHERE ? IN (review, {SERVER}) ORDER BY id DESC", self._review
        )
        return [_invitation(*row) for row in rows]

    def pending(self) -> list[Invitation]:
        """Return the invitations that can still be used."""
        now = self._file.time()
        return [
            one
            for one in self.invitations()
            if not one.used_by and not one.withdrawn and one.ends > now
        ]

    def withdraw(self, number: int) -> None:
        """Withdraw an unused invitation to this review, or of the server to any."""
        self._file.run(
            "UPDATE invitation SET withdrawn = ? WHERE id = ? AND ? IN (review, 0)"
            " AND used_by IS NULL",
            *(self._file.time(), number, self._review),
        )

    def invited(self, token: str) -> Invitation | None:
        """Return the invitation of a link; None if it is not, or no more, valid."""
        row = self._file.row(
            f"{_COLUMNS} WHERE token = ? AND used_by IS NULL AND withdrawn IS NULL AND ends > ?",
            *(token_hash(token), self._file.time()),
        )
        return _invitation(*row) if row else None

    def accept(self, token: str, name: str, password: str) -> None:
        """Create an account with an invitation, which then becomes invalid."""
        name, kept = new_account(name, password)  # before the transaction, as it is slow
        with self._file.writing():
            invitation = self._valid(token)
            insert_account(self._file, name, kept, email=invitation.email)
            if invitation.review != SERVER:
                join(self._file, name, SERVER, Role.OBSERVER)
            self._use(token, invitation, name)

    def accept_as(self, token: str, name: str) -> None:
        """Set the role of an account to that of an invitation, which then becomes invalid."""
        with self._file.writing():
            self._use(token, self._valid(token), name)

    def _valid(self, token: str) -> Invitation:
        invitation = self.invited(token)
        if invitation is None:
            raise InputError("this invitation is no longer valid", hint="ask for a new one")
        return invitation

    def _use(self, token: str, invitation: Invitation, name: str) -> None:
        join(self._file, name, invitation.review, invitation.role)
        self._file.run("UPDATE invitation SET used_by = ? WHERE token = ?", name, token_hash(token))

    def make_reset(self, name: str, *, by: str) -> str:
        """Return the token of a link with which a member sets a new password; it is not stored."""
        token = secrets.token_urlsafe(24)
        if not self._file.row("SELECT 1 FROM account WHERE name = ?", name):
            raise InputError(f"there is no account {name!r}")
        self._file.run(
            "INSERT INTO reset VALUES (?, ?, ?, ?, ?, NULL)",
            *(token_hash(token), name, by, self._file.time()),
            stamp(self._file.now() + _RESET),
        )
        return token

    def reset_name(self, token: str) -> str | None:
        """Return whose password a link is for; None if it is not, or no more, valid."""
        row = self._file.row(
            "SELECT name FROM reset WHERE token = ? AND used IS NULL AND ends > ?",
            *(token_hash(token), self._file.time()),
        )
        return str(row[0]) if row else None

    def reset(self, token: str, password: str) -> str:
        """Set the new password of a link, end all sessions of the member, and return the name."""
        name = self.reset_name(token)
        if name is not None:
            check_password(password, name)
        kept = hash_password(password)
        with self._file.writing():
            if name is None or self.reset_name(token) is None:
                raise InputError("this link is no longer valid", hint="ask for a new one")
            self._file.run("UPDATE account SET password = ? WHERE name = ?", kept, name)
            self._file.run("DELETE FROM session WHERE name = ? AND account = 1", name)
            # One new password makes the other links for it invalid, too.
            self._file.run("UPDATE reset SET used = ? WHERE name = ?", self._file.time(), name)
        return name


def token_hash(token: str) -> str:
    """Return the fingerprint of a token; the token itself is never kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def _invitation(*row: object) -> Invitation:
    number, person, email, review, role, made_by, made, ends, used_by, withdrawn = row
    return Invitation(
        id=int(str(number)),
        person=str(person),
        email=str(email),
        review=int(str(review)),
        role=Role[str(role)],
        made_by=str(made_by),
        made=str(made),
        ends=str(ends),
        used_by=None if used_by is None else str(used_by),
        withdrawn=None if withdrawn is None else str(withdrawn),
    )
