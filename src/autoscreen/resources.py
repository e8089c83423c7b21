"""Files that ship with autoscreen: protocols, demo records, models."""

from __future__ import annotations

from pathlib import Path

from autoscreen.errors import ConfigError

__all__ = ["resource"]

_PACKAGE = Path(__file__).parent


def resource(kind: str, *parts: str) -> Path:
    """Return the path of a shipped file or folder."""
    for root in (_PACKAGE / f"_{kind}", _PACKAGE.parents[1] / kind):
        if (path := root.joinpath(*parts)).exists():
            return path
    raise ConfigError(
        f"{kind}/{'/'.join(parts)} is missing from this installation",
        hint="install autoscreen again",
    )
