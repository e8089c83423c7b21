"""What other installed packages add to autoscreen, by entry points.

The groups are ``autoscreen.readers``, ``autoscreen.rankers`` and ``autoscreen.stopping_rules``;
docs/how-to/use-from-python.md describes what each entry point has to be.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from autoscreen.errors import ConfigError

__all__ = ["extension", "extension_names"]


def extension_names(group: str) -> tuple[str, ...]:
    """Return the names that installed packages offer in a group, sorted."""
    return tuple(sorted(_found(group, tuple(sys.path))))


def extension(group: str, name: str) -> Any:
    """Load what an installed package offers in a group by this name."""
    found = _found(group, tuple(sys.path))
    if name not in found:
        known = ", ".join(sorted(found)) or "none is installed"
        raise ConfigError(
            f"no installed package offers {name!r} in {group}", hint=f"available: {known}"
        )
    try:
        return found[name].load()
    except Exception as error:
        raise ConfigError(
            f"{name!r} in {group} cannot be loaded from {found[name].value}: {error}",
            hint="update or uninstall the package that offers it",
        ) from error


# Reading all installed packages takes a while, and the search path hardly ever changes.
@cache
def _found(group: str, _path: tuple[str, ...]) -> dict[str, EntryPoint]:
    found: dict[str, EntryPoint] = {}
    for entry in entry_points(group=group):
        if found.setdefault(entry.name, entry).value != entry.value:
            raise ConfigError(
                f"two installed packages offer {entry.name!r} in {group}", hint="uninstall one"
            )
    return found
