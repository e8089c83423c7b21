"""A digest as one page that needs nothing else: no script, no picture, no font from elsewhere."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jinja2 import FileSystemLoader, Template

from autoscreen.monitor import digest_wording
from autoscreen.monitor.digest import IN_FULL, Digest, DigestEntry
from autoscreen.presentation.marked_text import paragraphs, segments
from autoscreen.presentation.template_environment import template_environment

_ELEMENTS = {
    "population": "population",
    "intervention": "intervention",
    "comparison": "comparison",
    "outcome": "outcome",
    "study_type": "study type",
    "other": "other",
    "against": "suggests exclusion",
}


def as_html(digest: Digest) -> str:
    """Write a digest as a page; whatever a record says is text, never markup."""
    shown = (*digest.warnings, *digest.alerts[:IN_FULL])
    return _template().render(
        digest=digest,
        in_full=IN_FULL,
        legend=[(name, words) for name, words in _ELEMENTS.items() if _occurs(name, shown)],
    )


def _occurs(element: str, entries: tuple[DigestEntry, ...]) -> bool:
    return any(
        element == ("against" if one.against else one.element)
        for entry in entries
        for one in entry.highlights
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = template_environment(FileSystemLoader(Path(__file__).parent))
    environment.globals |= {"segments": segments, "paragraphs": paragraphs}
    environment.globals |= {name: getattr(digest_wording, name) for name in digest_wording.__all__}
    return environment.get_template("digest.html.jinja")
