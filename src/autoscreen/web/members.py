"""Who comes and who belongs to the team; frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from autoscreen.web.routes import Role

__all__ = ["Account", "Entry", "Invitation", "Visitor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """
    Who is at the page.

    Parameters
    ----------
    name
        The reviewer, as decisions bear it.
    role
        What the visitor may do.
    session
        Fingerprint of the session; empty for somebody who is not signed in.
    """

    name: str = ""
    role: Role = Role.ANYONE
    session: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """
    One member of the team.

    Parameters
    ----------
    name, role
        Who, and what they may do.
    made
        Since when, ISO 8601 in UTC.
    left_at
        When they left the team; None for members. Their decisions stay.
    seen
        When they were last here; empty if never.
    """

    name: str
    role: Role
    made: str
    left_at: str | None
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """
    A link by which somebody may make an account.

    Parameters
    ----------
    id
        Its number.
    role
        What the account may do.
    made_by, made, ends
        Who made it, when, and when it ends.
    used_by
        The account that was made with it; None if none was.
    withdrawn
        When it was withdrawn; None if it was not.
    """

    id: int
    role: Role
    made_by: str
    made: str
    ends: str
    used_by: str | None
    withdrawn: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """
    One line of the log.

    Parameters
    ----------
    at, who, what, about, address
        When, who, what was done, to whom or what, and from which address.
    """

    at: str
    who: str
    what: str
    about: str
    address: str
