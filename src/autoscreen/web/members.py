"""Who comes and who belongs to the team; frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from autoscreen.web.routes import Role

__all__ = ["Account", "Entry", "Invitation", "Visitor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who is at the page."""

    name: str = ""
    role: Role = Role.ANYONE
    session: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One member of the team."""

    name: str
    role: Role
    made: str
    left_at: str | None
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A link by which somebody may make an account."""

    id: int
    role: Role
    made_by: str
    made: str
    ends: str
    used_by: str | None
    withdrawn: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the log."""

    at: str
    who: str
    what: str
    about: str
    address: str
