"""Members and reviewers in one list."""

from __future__ import annotations

from datetime import date

from autoscreen.store.double_screening import Workload
from autoscreen.web.accounts.members import Account, Role
from autoscreen.web.contributors import DAYS, people

TODAY = date(2026, 3, 20)


def _account(name: str, role: Role, left: str | None = None):
    return Account(name=name, role=role, made="2026-03-01", left_at=left, seen="")


def test_members_come_first_then_who_left_then_who_has_no_account():
    """Nobody who decided is missing, whether they have an account or not."""
    accounts = [
        _account("Ann", Role.REVIEWER, left="2026-03-10"),
        _account("Ben", Role.REVIEWER),
        _account("Dora", Role.OBSERVER),
    ]
    work = [
        Workload(reviewer="Ann", decided=7, days=(("2026-03-07", 7),)),
        Workload(reviewer="Zoe", decided=2, days=(("2026-03-20", 2),)),
    ]
    listed = people(accounts, work, {"Ben": 3}, TODAY)
    assert [(one.name, one.role, one.decided, one.waiting) for one in listed] == [
        ("Ben", "reviewer", 0, 3),
        ("Dora", "observer", 0, 0),
        ("Ann", "reviewer", 7, 0),
        ("Zoe", "", 2, 0),
    ]


def test_the_last_days_end_today():
    """Days without a decision count as none; what is older is not shown."""
    days = (("2026-03-06", 9), ("2026-03-07", 4), ("2026-03-20", 5))
    (ann,) = people([], [Workload(reviewer="Ann", decided=18, days=days)], {}, TODAY)
    assert len(ann.days) == DAYS
    assert (ann.days[0], ann.days[-1], ann.recent) == (4, 5, 9)
