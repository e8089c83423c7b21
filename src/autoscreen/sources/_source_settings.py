"""Where the databases are asked, and how long is waited; from the environment or one file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autoscreen.errors import ConfigError
from autoscreen.http_client import checked_address, checked_seconds, given_settings

_TIMEOUT = "timeout"
_VARIABLES = {
    "europe_pmc_url": "EUROPE_PMC_URL",
    "clinicaltrials_url": "CLINICALTRIALS_URL",
    _TIMEOUT: "SOURCES_TIMEOUT",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """How one database is asked."""

    base: str  # Address below which it answers, with a slash at its end
    # Seconds to wait for a sign of life; an answer may take ten times as long as a whole
    timeout: float = 30.0


def load_source_settings(
    setting: str, default: str, environ: Mapping[str, str] | None = None
) -> SourceSettings:
    """Return the settings of one database: its address is a setting with a default."""
    given = given_settings("sources", _VARIABLES, environ)
    base, place = given.get(setting, (default, ""))
    if not isinstance(base, str):
        raise ConfigError(f"{setting} must be one line of text", path=place)
    seconds = given.get(_TIMEOUT)
    return SourceSettings(
        base=checked_address(base.strip(), place, what="of a server", example=default),
        timeout=checked_seconds(*seconds) if seconds else 30.0,
    )
