"""The settings that all HTML templates share."""

from __future__ import annotations

from jinja2 import BaseLoader, Environment, StrictUndefined

from autoscreen.presentation.wording import citation, counted, grouped, only_pmids, percent


def template_environment(loader: BaseLoader) -> Environment:
    """Return an environment that escapes all text and refuses undefined names."""
    made = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "citation": citation,
        "counted": counted,
        "grouped": grouped,
        "only_pmids": only_pmids,
        "percent": percent,
    }
    return made
