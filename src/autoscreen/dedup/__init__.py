"""Finds records that are one and the same, says why, and merges them so that it can be undone.

Pure functions of records: no disk, no clock, no randomness. What a person has set apart stays
apart, and the same records form the same groups in any order.
"""

from __future__ import annotations

from autoscreen.dedup._clusters import clusters, possible_duplicates
from autoscreen.dedup._combine import combine
from autoscreen.dedup._find import find_duplicates
from autoscreen.dedup._match_evidence import DuplicateMatch, EvidenceKind, MatchEvidence
from autoscreen.dedup._match_fields import MatchFields, match_fields

__all__ = [
    "DuplicateMatch",
    "EvidenceKind",
    "MatchEvidence",
    "MatchFields",
    "clusters",
    "combine",
    "find_duplicates",
    "match_fields",
    "possible_duplicates",
]
