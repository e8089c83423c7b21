"""Failed sign-ins: after a few, the next one has to wait, longer each time."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["SignInLimit"]

_FREE = 5
_FREE_FROM = 30
"""A whole office may come from one address."""
_LONGEST = 900.0
_MOST = 10_000


class SignInLimit:
    """Counts failures for a name and for an address."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed: dict[tuple[int, str], tuple[int, float]] = {}

    def wait(self, name: str, address: str) -> float:
        """Return the seconds until somebody may try again; 0 if they may now."""
        return max(map(self._wait, _keys(name, address)))

    def failed(self, name: str, address: str) -> None:
        """Count a failure."""
        if len(self._failed) > _MOST:
            self._failed = {k: v for k, v in self._failed.items() if self._wait(k) > 0}
        for key in _keys(name, address):
            self._failed[key] = (self._failed.get(key, (0, 0.0))[0] + 1, self._clock())

    def succeeded(self, name: str, address: str) -> None:
        """Forget the failures of this name from this address."""
        for key in _keys(name, address):
            self._failed.pop(key, None)

    def _wait(self, key: tuple[int, str]) -> float:
        count, last = self._failed.get(key, (0, 0.0))
        free, _ = key
        if count < free:
            return 0.0
        pause = min(_LONGEST, 2.0 ** (count - free + 1))
        return max(0.0, last + pause - self._clock())


def _keys(name: str, address: str) -> tuple[tuple[int, str], ...]:
    """Return under what a failure counts, each with how many are free."""
    return (_FREE, f"name {name.strip().casefold()}"), (_FREE_FROM, f"address {address}")
