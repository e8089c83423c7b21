"""Jinja templates; all values are escaped."""

from __future__ import annotations

import hashlib
import re
import shlex
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader

from autoscreen._version import __version__
from autoscreen.presentation.embedding_words import embedding_words
from autoscreen.presentation.prior_words import prior_words
from autoscreen.presentation.reason_words import reason_label, reason_text
from autoscreen.presentation.stopping_report import EVIDENCE
from autoscreen.presentation.stopping_words import TARGET_CHOICES, variant_words
from autoscreen.presentation.template_environment import template_environment
from autoscreen.presentation.wording import format_name, minute, time_left

Navigation = tuple[tuple[str, str], ...]

NAVIGATION: Navigation = (
    ("/screen", "Screen"),
    ("/full-text", "Full text"),
    ("/records", "Records"),
    ("/overview", "Overview"),
    ("/report", "Report"),
    ("/team", "Team"),
    ("/protocol", "Protocol"),
    ("/tools", "Tools"),
)
"""Path and name of each page that the head of every page of a review links to, in this order."""

STATIC = Path(__file__).parent / "static"


@cache
def static_version() -> str:
    """Return a fingerprint of all static files, for caching."""
    total = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:12]


def static_url(name: str) -> str:
    """Return the address of a static file."""
    return f"/static/{static_version()}/{name}"


@cache
def environment() -> Environment:
    """Return the templates with their filters."""
    made = template_environment(PackageLoader("autoscreen.web"))
    made.globals |= {"static": static_url, "version": __version__, "links": navigation_links}
    made.filters |= {"size": _size, "time_left": time_left, "format_name": format_name}
    made.filters |= {"day": _day, "moment": _moment, "file": _file, "quoted": shlex.quote}
    made.filters |= {"variant": variant_words, "prior_words": prior_words}
    made.filters |= {"embedding_words": embedding_words}
    made.globals |= {"evidence": EVIDENCE, "target_choices": TARGET_CHOICES}
    made.filters |= {"reason_text": reason_text, "reason_label": reason_label, "signed": _signed}
    return made


def navigation_links(
    pages: Navigation, path: str, to_do: Navigation
) -> list[tuple[str, str, bool]]:
    """Return address and name of each link of the head, and whether it is the present page."""
    links = (*pages, *to_do)
    under = [one for one, _ in links if path == one or path.startswith(f"{one}/")]
    present = max(under, key=len, default="")
    return [(one, name, one == present) for one, name in links]


def render(template: str, /, **values: Any) -> str:
    """Fill in a template."""
    return environment().get_template(template).render(values)


def _day(at: str) -> str:
    """Return the day of a stored time."""
    return at[:10]


def _moment(at: str) -> str:
    """Return a stored time as day and minute."""
    return minute(at) + " UTC"


def _signed(value: float) -> str:
    """Return a number with its sign and two decimals."""
    return f"{value:+.2f}".replace("-", "\N{MINUS SIGN}")


def _file(path: str) -> str:
    """Return a file name without its folder."""
    return re.split(r"[/\\]", path)[-1] or path


def _size(count: int) -> str:
    """Return a number of bytes as people write it."""
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{max(1, round(count / 1e3))} kB"
