"""
Watches the literature for a review: new, revised and retracted records, and their digests.

It decides which findings are new and how they are announced. Searching PubMed, importing and
ranking are left to the packages below.
"""

from __future__ import annotations

from autoscreen.monitor.digest_text import as_text
from autoscreen.monitor.mail import mail_server, recipients_from
from autoscreen.monitor.timers import timer_text
from autoscreen.monitor.watch_run import (
    MailTarget,
    WatchOptions,
    WatchResult,
    digest_folder,
    watch,
    watch_updates,
)

__all__ = [
    "MailTarget",
    "WatchOptions",
    "WatchResult",
    "as_text",
    "digest_folder",
    "mail_server",
    "recipients_from",
    "timer_text",
    "watch",
    "watch_updates",
]
