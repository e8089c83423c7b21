"""
Databases other than PubMed: Europe PMC, ClinicalTrials.gov and OpenAlex, through their APIs.

It owns what they are asked and how their answers are read, page by page. It must not know of
reviews.
"""

from __future__ import annotations

from autoscreen.sources._apis import APIS, api_named
from autoscreen.sources._openalex_client import Citations, OpenAlex
from autoscreen.sources._result_page import Api, Question, ResultPage
from autoscreen.sources._search_client import SearchClient
from autoscreen.sources._source_settings import (
    OpenAlexSettings,
    SourceSettings,
    load_openalex_settings,
    load_source_settings,
)

__all__ = [
    "APIS",
    "Api",
    "Citations",
    "OpenAlex",
    "OpenAlexSettings",
    "Question",
    "ResultPage",
    "SearchClient",
    "SourceSettings",
    "api_named",
    "load_openalex_settings",
    "load_source_settings",
]
