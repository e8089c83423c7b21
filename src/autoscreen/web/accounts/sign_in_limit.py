"""Failed sign-ins: after a few, the next attempt must wait, longer each time."""

from __future__ import annotations

import time
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

_FREE = 5
_FREE_FROM = 30
"""A whole office may come from one address."""
_LONGEST = 900.0
_DOUBLINGS = 10
"""After which the pause is the longest; also keeps the power within what a float can hold."""
_MOST = 10_000
_NAME = 80
_NETWORK = 64
"""Bits of an IPv6 address that a household has; the others it may choose at will."""


class SignInLimit:
    """Counts failures for a name and for an address."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed: dict[tuple[int, str], tuple[int, float]] = {}

    def start(self, name: str, address: str) -> float:
        """Return the seconds until somebody may try again, or 0 and count this attempt as failed.

        It is counted before the password is checked, so that simultaneous guesses count too.
        """
        keys = _keys(name, address)
        if (pause := max(map(self._wait, keys))) > 0:
            return pause
        if len(self._failed) > _MOST:
            self._failed = {k: v for k, v in self._failed.items() if self._wait(k) > 0}
        for key in keys:
            self._failed[key] = (self._failed.get(key, (0, 0.0))[0] + 1, self._clock())
        return 0.0

    def succeeded(self, name: str, address: str) -> None:
        """Forget the failures of this name from this address."""
        for key in _keys(name, address):
            self._failed.pop(key, None)

    def _wait(self, key: tuple[int, str]) -> float:
        count, last = self._failed.get(key, (0, 0.0))
        free, _ = key
        if count < free:
            return 0.0
        pause = min(_LONGEST, 2.0 ** min(count - free + 1, _DOUBLINGS))
        return max(0.0, last + pause - self._clock())


def _keys(name: str, address: str) -> tuple[tuple[int, str], ...]:
    """Return the names and addresses that a failure counts for, each with its free failures."""
    name = name.strip()[:_NAME].casefold()
    return (_FREE, f"name {name}"), (_FREE_FROM, f"address {_network(address)}")


def _network(address: str) -> str:
    """Return an address, or for IPv6 the network of one household or office."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return f"{int(parsed) >> (128 - _NETWORK):x}"
