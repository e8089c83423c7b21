"""The report as one page to read, which loads nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jinja2 import PackageLoader

from autoscreen.presentation.template_environment import template_environment
from autoscreen.report.report_blocks import Listing, Picture, Section, Table
from autoscreen.report.report_facts import ReportFacts


def report_page(
    facts: ReportFacts,
    sections: Sequence[Section],
    *,
    pictures: Mapping[str, str],
    files: Mapping[str, str],
) -> str:
    """Return the page with its pictures inside, and the other files of the folder by name."""
    made = template_environment(PackageLoader("autoscreen.report", ""))
    made.tests |= {
        "table": lambda block: isinstance(block, Table),
        "picture": lambda block: isinstance(block, Picture),
        "listing": lambda block: isinstance(block, Listing),
    }
    template = made.get_template("index.html.jinja")
    return template.render(facts=facts, sections=sections, pictures=pictures, files=files)
