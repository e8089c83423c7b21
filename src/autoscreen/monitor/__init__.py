"""
Watches the literature for a review: new, revised and retracted records, and their digests.

It owns what was seen and told, and in which form it is told. How PubMed is asked, how records are
brought in and how they are ranked is known to the rooms below.
"""

from __future__ import annotations

from autoscreen.monitor._feed import feed_with
from autoscreen.monitor._html import as_html
from autoscreen.monitor._json import as_json, as_values
from autoscreen.monitor._mail import MailServer, mail_server, recipients_from
from autoscreen.monitor._ranking import SENSITIVITY
from autoscreen.monitor._text import as_text
from autoscreen.monitor._timer import TIMERS, timer_text
from autoscreen.monitor._values import (
    Coverage,
    Digest,
    DigestEntry,
    Kind,
    Reason,
    Threshold,
)
from autoscreen.monitor._watch import Outcome, Post, Telling, digest_folder, watch, watch_updates
from autoscreen.monitor._words import expected, headline, link, marks

__all__ = [
    "SENSITIVITY",
    "TIMERS",
    "Coverage",
    "Digest",
    "DigestEntry",
    "Kind",
    "MailServer",
    "Outcome",
    "Post",
    "Reason",
    "Telling",
    "Threshold",
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
