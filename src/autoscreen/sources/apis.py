"""The databases that can be searched like PubMed."""

from __future__ import annotations

from autoscreen.errors import ConfigError
from autoscreen.sources.clinicaltrials_client import CLINICALTRIALS
from autoscreen.sources.europe_pmc_client import EUROPE_PMC
from autoscreen.sources.result_page import Api

APIS = {one.key: one for one in (EUROPE_PMC, CLINICALTRIALS)}
"""By their names on the command line."""


def api_named(key: str) -> Api:
    """Return the API with a name."""
    if key not in APIS:
        raise ConfigError(f"{key!r} is not a source", hint=f"choose one of: {', '.join(APIS)}")
    return APIS[key]
