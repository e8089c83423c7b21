"""
Watches the literature for a review: new, revised and retracted records, and their digests.

It decides which findings are new and how they are announced. Searching PubMed, importing and
ranking are left to the packages below.
"""

from __future__ import annotations

from autoscreen.monitor.alert_ranking import SENSITIVITY
from autoscreen.monitor.atom_feed import feed_with
from autoscreen.monitor.digest import (
    AlertReason,
    Coverage,
    Digest,
    DigestEntry,
    Kind,
    Threshold,
)
from autoscreen.monitor.digest_html import as_html
from autoscreen.monitor.digest_json import as_json, as_values
from autoscreen.monitor.digest_text import as_text
from autoscreen.monitor.digest_wording import expected, headline, link, marks
from autoscreen.monitor.mail import MailServer, mail_server, recipients_from
from autoscreen.monitor.timers import TIMERS, timer_text
from autoscreen.monitor.watch_run import (
    MailTarget,
    WatchOptions,
    WatchResult,
    digest_folder,
    watch,
    watch_updates,
)

__all__ = [
    "SENSITIVITY",
    "TIMERS",
    "AlertReason",
    "Coverage",
    "Digest",
    "DigestEntry",
    "Kind",
    "MailServer",
    "MailTarget",
    "Threshold",
    "WatchOptions",
    "WatchResult",
    "as_html",
    "as_json",
    "as_text",
    "as_values",
    "digest_folder",
    "expected",
    "feed_with",
    "headline",
    "link",
    "mail_server",
    "marks",
    "recipients_from",
    "timer_text",
    "watch",
    "watch_updates",
]
