"""Visitors and members of the team; frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Role(IntEnum):
    """The permissions of a visitor; each role includes those before it."""

    ANYONE = 0
    """Not signed in: the way in, and files without content."""
    OBSERVER = 1
    """Can view everything and change nothing."""
    REVIEWER = 2
    """Screens and imports records."""
    OWNER = 3
    """Changes the protocol and the team."""

    @property
    def word(self) -> str:
        """The name of the role."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """The visitor of a page."""

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
    email: str = ""
    of_server: bool = True
    """Whether the role is that on the server, not in one of its reviews."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A link with which somebody can create an account."""

    id: int
    person: str
    email: str
    review: int
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
    review: str = ""
    """Name of the review; empty for what concerns the server."""
