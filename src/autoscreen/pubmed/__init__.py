"""
PubMed: searches and records by the E-utilities, and the yearly and daily files of NCBI.

It sends requests to NCBI at the permitted rate, repeats them if they fail, and reports every
missing record. It must not know of reviews.
"""

from __future__ import annotations

from autoscreen.pubmed._answers import Found
from autoscreen.pubmed._client import Eutils
from autoscreen.pubmed._eutils_settings import Settings, load_settings, remember_email
from autoscreen.pubmed._search_results import Page, SearchResult, YearCount, article_set
from autoscreen.pubmed._update_files import (
    UpdateFile,
    expected_md5,
    files_of_pubmed,
    read_update_files,
)

__all__ = [
    "Eutils",
    "Found",
    "Page",
    "SearchResult",
    "Settings",
    "UpdateFile",
    "YearCount",
    "article_set",
    "expected_md5",
    "files_of_pubmed",
    "load_settings",
    "read_update_files",
    "remember_email",
]
