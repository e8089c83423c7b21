"""
PubMed queries read offline: whether a record is found, and what a query cannot find.

PubMed itself is asked by `autoscreen.pubmed`. Here a query is parsed and evaluated on records that
are already here, by PubMed's documented rules; what these leave open is reported as undecided.
"""

from __future__ import annotations

from autoscreen.search_strategy._check import ConceptCoverage, QueryCheck, check_query
from autoscreen.search_strategy._evaluate import QueryMatch, Undecided, match_query
from autoscreen.search_strategy._from_concepts import (
    pubmed_query,
    query_block,
    recall_first_query,
)
from autoscreen.search_strategy._headings import HeadingProblem, heading_problems
from autoscreen.search_strategy._mesh_tree import mesh_lines
from autoscreen.search_strategy._missed import Missed, missed_records
from autoscreen.search_strategy._other_databases import (
    clinicaltrials_query,
    europe_pmc_query,
    unsearched_terms,
)
from autoscreen.search_strategy._term_coverage import Coverage, TermCoverage, term_coverage
from autoscreen.search_strategy._tree import parse_query

__all__ = [
    "ConceptCoverage",
    "Coverage",
    "HeadingProblem",
    "Missed",
    "QueryCheck",
    "QueryMatch",
    "TermCoverage",
    "Undecided",
    "check_query",
    "clinicaltrials_query",
    "europe_pmc_query",
    "heading_problems",
    "match_query",
    "mesh_lines",
    "missed_records",
    "parse_query",
    "pubmed_query",
    "query_block",
    "recall_first_query",
    "term_coverage",
    "unsearched_terms",
]
