"""
Databases other than PubMed: Europe PMC, ClinicalTrials.gov and OpenAlex, through their APIs.

It owns what they are asked and how their answers are read, page by page. It must not know of
reviews.
"""

from __future__ import annotations

from autoscreen.sources.apis import api_named
from autoscreen.sources.result_page import Question
from autoscreen.sources.search_client import SearchClient

__all__ = ["Question", "SearchClient", "api_named"]
