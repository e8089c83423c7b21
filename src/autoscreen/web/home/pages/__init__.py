"""The pages of the home, one module each; `HOME_ROUTES` is every address of the home."""

from __future__ import annotations

from autoscreen.web.home.home_visit import HomeVisit
from autoscreen.web.home.pages import manage, new_review, people, review_list, settings_page
from autoscreen.web.pages import WAY_IN, every_page
from autoscreen.web.routes import Route

__all__ = ["HOME_ROUTES"]

HOME_ROUTES: tuple[Route[HomeVisit], ...] = (
    *WAY_IN,
    *every_page.SITE_ROUTES,
    *review_list.ROUTES,
    *new_review.ROUTES,
    *manage.ROUTES,
    *people.ROUTES,
    *settings_page.ROUTES,
)
"""Tests walk over it: each route refuses whoever has less than its role."""
