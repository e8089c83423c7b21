"""Where the databases are asked, and how long is waited; from the environment or one file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autoscreen.errors import ConfigError
from autoscreen.http_client.user_settings import checked_address, checked_seconds, given_settings

Given = Mapping[str, tuple[Any, str]]
_TIMEOUT = "timeout"
_VARIABLES = {
    "europe_pmc_url": "EUROPE_PMC_URL",
    "clinicaltrials_url": "CLINICALTRIALS_URL",
    "openalex_url": "OPENALEX_URL",
    "openalex_api_key": "OPENALEX_API_KEY",
    "openalex_email": "OPENALEX_EMAIL",
    _TIMEOUT: "SOURCES_TIMEOUT",
}
_OPENALEX = "https://api.openalex.org/"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """How one database is asked."""

    base: str  # Address below which it answers, with a slash at its end
    # Seconds to wait for a sign of life; an answer may take ten times as long as a whole
    timeout: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAlexSettings(SourceSettings):
    """How OpenAlex is asked."""

    key: str = field(default="", repr=False)  # API key; empty if there is none. It is never shown
    email: str = ""  # Sent with each request if it is set


def load_source_settings(
    setting: str, default: str, environ: Mapping[str, str] | None = None
) -> SourceSettings:
    """Return the settings of one database: its address is a setting with a default."""
    given = given_settings("sources", _VARIABLES, environ)
    return SourceSettings(base=_base(given, setting, default), timeout=_timeout(given))


def load_openalex_settings(environ: Mapping[str, str] | None = None) -> OpenAlexSettings:
    """Return the settings of OpenAlex."""
    given = given_settings("sources", _VARIABLES, environ)
    return OpenAlexSettings(
        base=_base(given, "openalex_url", _OPENALEX),
        timeout=_timeout(given),
        key=_line(given, "openalex_api_key"),
        email=_line(given, "openalex_email"),
    )


def _base(given: Given, setting: str, default: str) -> str:
    address = _line(given, setting) or default
    place = given.get(setting, ("", ""))[1]
    return checked_address(address, place, what="of a server", example=default)


def _timeout(given: Given) -> float:
    seconds = given.get(_TIMEOUT)
    return checked_seconds(*seconds) if seconds else 30.0


def _line(given: Given, setting: str) -> str:
    """Return one line of text; it is not shown, as it may be a key."""
    value, place = given.get(setting, ("", ""))
    if not isinstance(value, str) or not value.isprintable():
        raise ConfigError(f"{setting} must be one line of text", path=place)
    return value.strip()
