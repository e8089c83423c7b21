"""Drafts of a protocol and their effect on the ranking."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autoscreen.errors import AutoscreenError
from autoscreen.protocol import Protocol
from autoscreen.web.event_stream import Hub
from autoscreen.web.executor import ReviewExecutor

if TYPE_CHECKING:
    from autoscreen.review.protocol_preview import ProtocolEffect

_LOG = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Draft:
    """A protocol that has not been applied."""

    protocol: Protocol
    what: str = ""
    done: int = 0
    effect: ProtocolEffect | None = None
    error: str = ""


class Drafts:
    """The drafts of a running server, one for each visitor; a restart forgets them."""

    def __init__(self, executor: ReviewExecutor, hub: Hub) -> None:
        self._executor = executor
        self._hub = hub
        self._drafts: dict[str, Draft] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def of(self, session: str) -> Draft | None:
        """Return the draft of a visitor."""
        return self._drafts.get(session)

    def begin(self, session: str, protocol: Protocol) -> Draft:
        """Replace the visitor's draft and compute its effect."""
        draft = self._drafts[session] = Draft(protocol=protocol)
        task = asyncio.create_task(self._compute_effect(draft))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return draft

    def drop(self, session: str) -> None:
        """Discard a visitor's draft."""
        self._drafts.pop(session, None)

    async def _compute_effect(self, draft: Draft) -> None:
        def progress(what: str, count: int) -> None:
            draft.done = draft.done + count if what == draft.what else count
            draft.what = what
            self._hub.publish("protocol")

        try:
            draft.effect = await self._executor.run_long(
                lambda review: review.protocols.effect(draft.protocol, progress=progress)
            )
        except AutoscreenError as problem:
            draft.error = str(problem)
        except Exception as problem:  # the page must not wait for ever
            _LOG.error("the effect of a protocol could not be worked out", exc_info=problem)
            draft.error = (
                f"unexpected {type(problem).__name__}; see the window where autoscreen runs"
            )
        self._hub.publish("protocol")
