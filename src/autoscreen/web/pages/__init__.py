"""The pages, one module each; `ALL_ROUTES` is every address of a server with one review."""

from __future__ import annotations

from autoscreen.web.pages import (
    assignments,
    audits,
    backups,
    bulk_actions,
    citations,
    comments,
    conflicts,
    duplicates,
    embeddings,
    every_page,
    extraction,
    full_text,
    full_text_pdfs,
    jobs,
    models,
    overview,
    prior_knowledge,
    protocol,
    record,
    records,
    report,
    screen,
    search,
    search_sources,
    second_look,
    sign_in,
    simulate,
    tags,
    team,
    tools,
    watch,
)
from autoscreen.web.routes import Route
from autoscreen.web.visit import SiteVisit, Visit

__all__ = ["ALL_ROUTES", "REVIEW_ROUTES", "WAY_IN"]

WAY_IN: tuple[Route[SiteVisit], ...] = sign_in.ROUTES
"""Sign-in and invitations: once for a server, however many reviews it has."""
REVIEW_ROUTES: tuple[Route[Visit], ...] = (
    *every_page.ROUTES,
    *screen.ROUTES,
    *full_text_pdfs.ROUTES,
    *full_text.ROUTES,
    *extraction.ROUTES,
    *records.ROUTES,
    *bulk_actions.ROUTES,
    *tags.ROUTES,
    *assignments.ROUTES,
    *comments.ROUTES,
    *record.ROUTES,
    *overview.ROUTES,
    *report.ROUTES,
    *prior_knowledge.ROUTES,
    *audits.ROUTES,
    *team.ROUTES,
    *conflicts.ROUTES,
    *duplicates.ROUTES,
    *embeddings.ROUTES,
    *protocol.ROUTES,
    *tools.ROUTES,
    *jobs.ROUTES,
    *search.ROUTES,
    *search_sources.ROUTES,
    *citations.ROUTES,
    *watch.ROUTES,
    *second_look.ROUTES,
    *simulate.ROUTES,
    *models.ROUTES,
    *backups.ROUTES,
)
"""The pages of a review."""
ALL_ROUTES: tuple[Route[Visit], ...] = (*WAY_IN, *REVIEW_ROUTES)
"""Tests walk over it: each route refuses whoever has less than its role."""
