"""
The review file: records, merges, decisions and imports in one SQLite database.

What a report needs later is only ever added to; what was acknowledged survives a power cut. This
room knows nothing of rankers and of how records are read from files.
"""

from __future__ import annotations

from autoscreen.store.imports import ImportBuffer, digest
from autoscreen.store.review_file import review_path
from autoscreen.store.store import Store
from autoscreen.store.stored_values import show_id

__all__ = [
    "ImportBuffer",
    "Store",
    "digest",
    "review_path",
    "show_id",
]
