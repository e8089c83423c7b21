"""Records reserved for reviewers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

_MINUTES = 20 * 60.0


class Leases:
    """Records reserved for a reviewer; kept in memory only.

    A reserved record that was not decided is free again after a while. If two reviewers still
    decide one record, the second sees a message.
    """

    def __init__(
        self, *, seconds: float = _MINUTES, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._clock = clock
        self._until: dict[str, tuple[str, float]] = {}

    def take(self, ident: str, reviewer: str) -> None:
        """Reserve a record for a reviewer."""
        self._until[ident] = (reviewer, self._clock() + self._seconds)

    def free(self, idents: Iterable[str]) -> None:
        """Release records."""
        for ident in idents:
            self._until.pop(ident, None)

    def with_others(self, reviewer: str) -> set[str]:
        """Return the records reserved for somebody else."""
        now = self._clock()
        self._until = {ident: one for ident, one in self._until.items() if one[1] > now}
        return {ident for ident, (holder, _) in self._until.items() if holder != reviewer}
