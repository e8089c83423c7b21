"""Sentence embeddings that a server computes by itself, for one review after another."""

from __future__ import annotations

from collections.abc import Iterable

from autoscreen.web.visit import ServerState


async def compute_missing(states: Iterable[ServerState]) -> bool:
    """Start to compute missing embeddings in a review whose records have not changed for a while.

    After a failure, or if a person stopped it, it starts again only when records were imported.
    """
    awake = [one for one in states if one.executor.awake]
    if any(one.jobs.running("embed") for one in awake):
        return False
    for state in awake:
        coverage = await state.executor.read(lambda review: review.embeddings.coverage())
        settled = coverage.epoch == state.pool_seen
        state.pool_seen = coverage.epoch
        to_do = coverage.installed and coverage.records and not coverage.complete
        if to_do and settled and coverage.epoch != state.pool_tried and not state.working:
            state.pool_tried = coverage.epoch
            await start_embeddings(state, by="")
            return True
    return False


async def start_embeddings(state: ServerState, *, by: str) -> int:
    """Start to compute what is missing, and return the number of the task."""
    return await state.jobs.start("embed", "Sentence embeddings", {}, reviewer=by)
