"""Finds the files that ship with autoscreen: protocols, demo records, models."""

from __future__ import annotations

from pathlib import Path

from autoscreen.errors import ConfigError

__all__ = ["resource"]

_PACKAGE = Path(__file__).parent


def resource(kind: str, *parts: str) -> Path:
    """
    Path of a shipped file or folder.

    Parameters
    ----------
    kind
        ``"data"`` or ``"models"``.
    *parts
        The way from there.

    Returns
    -------
    Path
        In a wheel below the package, in a checkout below the project's root.

    Raises
    ------
    ConfigError
        If this installation lacks it.
    """
    for root in (_PACKAGE / f"_{kind}", _PACKAGE.parents[1] / kind):
        if (path := root.joinpath(*parts)).exists():
            return path
    raise ConfigError(
        f"this installation lacks {kind}/{'/'.join(parts)}", hint="install autoscreen again"
    )
