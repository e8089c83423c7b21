"""
Watches the literature for a review: new, revised and retracted records, and the digest of them.

It decides which findings are new and how they are announced. Searching PubMed, importing and
ranking are left to the packages below.
"""

from __future__ import annotations

from autoscreen.monitor.digest_text import as_text
from autoscreen.monitor.watch_run import WatchOptions, watch

__all__ = ["WatchOptions", "as_text", "watch"]
