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
from autoscreen.presentation.template_environment import template_environment
from autoscreen.web.reason_buttons import reason_label, reason_text

NAVIGATION = (
    ("/screen", "Screen"),
    ("/records", "Records"),
    ("/overview", "Overview"),
    ("/team", "Team"),
    ("/protocol", "Protocol"),
)
"""Path and name of each page that the head of every page links to, in this order."""

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
    made.globals |= {"static": static_url, "version": __version__, "navigation": NAVIGATION}
    made.filters |= {"day": _day, "moment": _moment, "file": _file, "quoted": shlex.quote}
    made.filters |= {"reason_text": reason_text, "reason_label": reason_label}
    return made


def render(template: str, /, **values: Any) -> str:
    """Fill in a template."""
    return environment().get_template(template).render(values)


def _day(at: str) -> str:
    """Return the day of a stored time."""
    return at[:10]


def _moment(at: str) -> str:
    """Return a stored time as day and minute."""
    return at[:16].replace("T", " ") + " UTC"


def _file(path: str) -> str:
    """Return a file name without its folder."""
    return re.split(r"[/\\]", path)[-1] or path
