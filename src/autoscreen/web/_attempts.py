"""Failed sign-ins: after a few, the next one has to wait, longer each time."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["Attempts"]

_FREE = 5
_LONGEST = 900.0
_MOST = 10_000


class Attempts:
    """
    Counts failures for a name and for an address.

    Parameters
    ----------
    clock
        Seconds that only ever grow.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed: dict[str, tuple[int, float]] = {}

    def wait(self, *keys: str) -> float:
        """Give the seconds until these may try again; 0 if they may now."""
        return max((self._wait(key) for key in keys), default=0.0)

    def failed(self, *keys: str) -> None:
        """Count a failure."""
        if len(self._failed) > _MOST:
            self._failed = {k: v for k, v in self._failed.items() if self._wait(k) > 0}
        for key in keys:
            self._failed[key] = (self._failed.get(key, (0, 0.0))[0] + 1, self._clock())

    def succeeded(self, *keys: str) -> None:
        """Forget the failures of these."""
        for key in keys:
            self._failed.pop(key, None)

    def _wait(self, key: str) -> float:
        count, last = self._failed.get(key, (0, 0.0))
        if count < _FREE:
            return 0.0
        pause = min(_LONGEST, 2.0 ** (count - _FREE + 1))
        return max(0.0, last + pause - self._clock())
