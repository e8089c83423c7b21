"""The pages, one module each; `ALL_ROUTES` is every address that the server knows."""

from __future__ import annotations

from autoscreen.web._routes import Route
from autoscreen.web.pages import (
    audits,
    conflicts,
    door,
    overview,
    protocol,
    record,
    records,
    screen,
    team,
)

__all__ = ["ALL_ROUTES"]

ALL_ROUTES: tuple[Route, ...] = (
    *door.ROUTES,
    *screen.ROUTES,
    *records.ROUTES,
    *record.ROUTES,
    *overview.ROUTES,
    *audits.ROUTES,
    *team.ROUTES,
    *conflicts.ROUTES,
    *protocol.ROUTES,
)
"""Tests walk over it: each route refuses whoever has less than its role."""
