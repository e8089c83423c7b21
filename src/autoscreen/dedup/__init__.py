"""Finds records that are one and the same, says why, and merges them so that it can be undone.

Pure functions of records: no disk, no clock, no randomness. What a person has set apart stays
apart, and the same records give the same groups in whatever order they come.
"""

from __future__ import annotations

from autoscreen.dedup._clusters import Cluster, clusters
from autoscreen.dedup._combine import combine
from autoscreen.dedup._evidence import Evidence, EvidenceKind, Match
from autoscreen.dedup._fields import MatchFields, match_fields
from autoscreen.dedup._find import find_duplicates

__all__ = [
    "Cluster",
    "Evidence",
    "EvidenceKind",
    "Match",
    "MatchFields",
    "clusters",
    "combine",
    "find_duplicates",
    "match_fields",
]
