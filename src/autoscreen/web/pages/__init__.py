"""The pages, one module each; `ALL_ROUTES` is every address that the server knows."""

from __future__ import annotations

from autoscreen.web.pages import (
    audits,
    conflicts,
    duplicates,
    jobs,
    overview,
    protocol,
    record,
    records,
    screen,
    search,
    sign_in,
    team,
    tools,
)
from autoscreen.web.routes import Route

__all__ = ["ALL_ROUTES"]

ALL_ROUTES: tuple[Route, ...] = (
    *sign_in.ROUTES,
    *screen.ROUTES,
    *records.ROUTES,
    *record.ROUTES,
    *overview.ROUTES,
    *audits.ROUTES,
    *team.ROUTES,
    *conflicts.ROUTES,
    *duplicates.ROUTES,
    *protocol.ROUTES,
    *tools.ROUTES,
    *jobs.ROUTES,
    *search.ROUTES,
)
"""Tests walk over it: each route refuses whoever has less than its role."""
