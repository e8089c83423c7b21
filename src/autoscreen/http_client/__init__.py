"""
Asks servers on the web: politely, patiently, and so that a damaged answer is never taken as whole.

It owns retries, pauses, the rate and time limits, and the files with the user's settings. It must
not know what is asked.
"""

from __future__ import annotations

from autoscreen.http_client._failures import (
    MalformedAnswer,
    Refused,
    Transient,
    one_line,
    shown,
)
from autoscreen.http_client._http_client import TRIES, HttpClient, Say, Service
from autoscreen.http_client._rate_limiter import RateLimiter
from autoscreen.http_client._user_settings import (
    checked_address,
    checked_seconds,
    config_file,
    given_settings,
    settings_table,
    state_folder,
)

__all__ = [
    "TRIES",
    "HttpClient",
    "MalformedAnswer",
    "RateLimiter",
    "Refused",
    "Say",
    "Service",
    "Transient",
    "checked_address",
    "checked_seconds",
    "config_file",
    "given_settings",
    "one_line",
    "settings_table",
    "shown",
    "state_folder",
]
