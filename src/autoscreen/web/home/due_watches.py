"""The PubMed alerts of all reviews of a folder that are run automatically."""

from __future__ import annotations

import logging

from autoscreen.web.home.home_visit import HomeState
from autoscreen.web.watch_schedule import is_due, run_due_watch, watch_schedule

_LOG = logging.getLogger(__name__)


async def run_due_watches(state: HomeState) -> int:
    """Start the alerts of each review that are due, and return how many were started."""
    started = 0
    for review in state.folder.reviews():
        schedule = watch_schedule(state.access.within(review.id))
        if schedule is None or not is_due(schedule, state.access.file.now()):
            continue
        try:
            await state.opened.app(review, state.folder.file_of(review))
            opened = state.opened.state(review.id)
            started += opened is not None and await run_due_watch(opened)
        except Exception as error:  # a damaged review must not stop the alerts of the others
            _LOG.error("the alerts of %s could not be started: %s", review.name, error)
    return started
