"""
PubMed: searches and records through the E-utilities, and the yearly and daily files of NCBI.

It owns what is asked of NCBI and how: politely, patiently, and so that nothing is lost unnoticed.
It must not know of reviews.
"""

from __future__ import annotations

from autoscreen.pubmed._answers import Found
from autoscreen.pubmed._client import Eutils
from autoscreen.pubmed._efetch import PAGE
from autoscreen.pubmed._esearch import LIMIT
from autoscreen.pubmed._eutils_settings import (
    NCBI,
    Settings,
    config_file,
    load_settings,
    remember_email,
    state_folder,
)
from autoscreen.pubmed._search_results import Page, SearchResult, Slice, YearCount, article_set
from autoscreen.pubmed._update_files import Changes, UpdateFile, changes_in, read_update_files

__all__ = [
    "LIMIT",
    "NCBI",
    "PAGE",
    "Changes",
    "Eutils",
    "Found",
    "Page",
    "SearchResult",
    "Settings",
    "Slice",
    "UpdateFile",
    "YearCount",
    "article_set",
    "changes_in",
    "config_file",
    "load_settings",
    "read_update_files",
    "remember_email",
    "state_folder",
]
