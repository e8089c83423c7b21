"""The report as one self-contained page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jinja2 import PackageLoader

from autoscreen.presentation.template_environment import template_environment
from autoscreen.report.report_blocks import Link, Listing, Picture, Section, Table


def report_page(
    sections: Sequence[Section],
    *,
    title: str,
    about: str,
    pictures: Mapping[str, str],
    files: Mapping[str, str],
    left_out: Sequence[str] = (),
    where: str = "",
) -> str:
    """
    Return the page with its pictures inside, and the other files of the folder by name.

    `where` is the path from the page to the folder of the files; empty if it is the same.
    """
    made = template_environment(PackageLoader("autoscreen.report", ""))
    made.tests |= {
        "table": lambda block: isinstance(block, Table),
        "picture": lambda block: isinstance(block, Picture),
        "listing": lambda block: isinstance(block, Listing),
        "link": lambda cell: isinstance(cell, Link),
    }
    return made.get_template("index.html.jinja").render(
        sections=sections,
        title=title,
        about=about,
        pictures=pictures,
        files=files,
        left_out=left_out,
        where=where,
    )
