"""Members of the team and reviewers without an account in one list, each with their work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from autoscreen.store.double_screening import Workload
from autoscreen.web.accounts.members import Account

DAYS = 14
"""Days that the page looks back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member of the team, or somebody who decided without an account."""

    name: str
    role: str
    fixed: bool
    """Whether the role is that of an owner of the server, which is not changed in a review."""
    since: str
    left: str
    seen: str
    decided: int
    waiting: int
    days: tuple[int, ...]

    @property
    def recent(self) -> int:
        """Decisions in the last `DAYS` days."""
        return sum(self.days)


def people(
    accounts: Iterable[Account], work: Iterable[Workload], waiting: Mapping[str, int], today: date
) -> list[Person]:
    """List members first, then those who left, then reviewers without an account."""
    done = {one.reviewer: one for one in work}
    known = list(accounts)
    members = [_person(one.name, one, done.pop(one.name, None), waiting, today) for one in known]
    members.sort(key=lambda one: bool(one.left))
    return members + [_person(name, None, one, waiting, today) for name, one in done.items()]


def _person(
    name: str,
    account: Account | None,
    work: Workload | None,
    waiting: Mapping[str, int],
    today: date,
) -> Person:
    counts = dict(work.days) if work else {}
    first = today - timedelta(days=DAYS - 1)
    return Person(
        name=name,
        role=account.role.word if account else "",
        fixed=bool(account and account.of_server),
        since=account.made if account else "",
        left=(account.left_at or "") if account else "",
        seen=account.seen if account else "",
        decided=work.decided if work else 0,
        waiting=waiting.get(name, 0),
        days=tuple(counts.get((first + timedelta(days=at)).isoformat(), 0) for at in range(DAYS)),
    )
