"""PubMed alerts that a server runs by itself: when the next run is due, and starting it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from autoscreen.errors import AutoscreenError, ConflictError
from autoscreen.monitor.mail import recipients_from
from autoscreen.store.database import stamp
from autoscreen.web.account_settings import ncbi_settings, server_for_mail
from autoscreen.web.accounts.accounts import Accounts
from autoscreen.web.visit import ServerState

_LOG = logging.getLogger(__name__)

EVERY = {1: "day", 7: "week"}
"""Days between two runs, and how a page names them."""
_LOOK = 60.0
"""Seconds between two looks for what is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchSchedule:
    """When the alerts of a review are run by themselves."""

    days: int  # One of `EVERY`
    next: str  # When the next run is due, ISO 8601 in UTC
    by: str  # Whose settings for NCBI are used
    mail: str  # Addresses for the digest, separated by commas; empty for none
    sources: Sequence[str] = ()  # Databases to search beside PubMed


def watch_schedule(access: Accounts) -> WatchSchedule | None:
    """Return the schedule of a review; None if its alerts are run only by people."""
    text = access.setting("", _key(access))
    return WatchSchedule(**json.loads(text)) if text else None


def set_watch_schedule(
    access: Accounts, days: int, *, by: str, mail: str, sources: Sequence[str] = ()
) -> WatchSchedule | None:
    """Run the alerts of a review every so many days; 0 turns it off."""
    made = None
    if days:
        due = stamp(access.file.now() + timedelta(days=days))
        addresses = ", ".join(recipients_from([mail]))
        made = WatchSchedule(days=days, next=due, by=by, mail=addresses, sources=sources)
    _keep(access, made)
    return made


async def run_due_watch(state: ServerState) -> bool:
    """Start the alerts of a review if they are due; return whether they were started."""
    access = state.access
    schedule = await asyncio.to_thread(watch_schedule, access)
    if schedule is None or not is_due(schedule, access.file.now()):
        return False
    try:
        await start_watch(
            state, by=schedule.by, since="", mail=schedule.mail, sources=schedule.sources
        )
    except ConflictError:  # a person has started them; the next look is soon enough
        return False
    except AutoscreenError as error:
        access.note(schedule.by, "scheduled PubMed alerts could not be started", about=str(error))
    due = datetime.fromisoformat(schedule.next)
    while due <= access.file.now():  # runs that were missed are made up for by this one
        due += timedelta(days=schedule.days)
    _keep(access, replace(schedule, next=stamp(due)))
    return True


async def start_watch(
    state: ServerState, *, by: str, since: str, mail: str, sources: Sequence[str] = ()
) -> int:
    """Start a run of the alerts with a person's settings, and return the number of the task."""
    asked = await asyncio.to_thread(ncbi_settings, state.access, by)
    server = server_for_mail(state.access)
    return await state.jobs.start(
        "watch",
        "PubMed alerts: what is new",
        {
            "since": since,
            "sources": list(sources),
            "mail": ", ".join(recipients_from([mail])),
            "email_": asked.email,
            "key_": asked.key,
            "server_": asdict(server) if server else None,
        },
        reviewer=by,
    )


async def keep_running(run_due: Callable[[], Awaitable[object]]) -> None:
    """Start what is due, again and again, until the server stops."""
    while True:
        try:
            await run_due()
        except Exception as error:  # the next look may succeed
            _LOG.error("what is due could not be started", exc_info=error)
        await asyncio.sleep(_LOOK)


def is_due(schedule: WatchSchedule, now: datetime) -> bool:
    """Whether the time of the next run has come."""
    return datetime.fromisoformat(schedule.next) <= now


def _key(access: Accounts) -> str:
    return f"watch_schedule_{access.review}"


def _keep(access: Accounts, schedule: WatchSchedule | None) -> None:
    access.set_setting("", _key(access), json.dumps(asdict(schedule)) if schedule else "")
