"""The relevant records found against the records screened, as a picture."""

from __future__ import annotations

from html import escape

from autoscreen.report.report_facts import ReportFacts

_WIDTH, _HEIGHT = 640, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 16, 16, 48
_LINE = 'fill="none"'
"""An attribute, not a style sheet, which would hold for the other pictures of a page too."""


def recall_svg(facts: ReportFacts) -> str:
    """Draw the curve: a step for each relevant record."""
    done = facts.performance
    read, found = max(done.read, 1), max(done.found, 1)

    def x(n: float) -> float:
        return round(_LEFT + n / read * (_WIDTH - _LEFT - _RIGHT), 1)

    def y(n: float) -> float:
        return round(_HEIGHT - _BOTTOM - n / found * (_HEIGHT - _TOP - _BOTTOM), 1)

    steps = "".join(f"H{x(at)}V{y(number)}" for number, at in enumerate(done.found_at, 1))
    title = f"{done.found} relevant records found in {done.read} records screened"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
        f' width="{_WIDTH}" height="{_HEIGHT}" role="img" aria-labelledby="recall-title"'
        ' font-family="Arial,Helvetica,sans-serif" font-size="12" fill="#000">\n'
        f'<title id="recall-title">{escape(title)}</title>\n'
        f'<path {_LINE} stroke="#000" d="M{_LEFT} {_TOP}V{y(0)}H{_WIDTH - _RIGHT}"/>\n'
        f'<path {_LINE} stroke="#777" stroke-dasharray="5 4"'
        f' d="M{x(0)} {y(0)}L{x(read)} {y(found)}"/>\n'
        f'<path {_LINE} stroke="#1f5fa8" stroke-width="2"'
        f' d="M{x(0)} {y(0)}{steps}H{x(read)}"/>\n'
        f'<text x="{x(read)}" y="{_HEIGHT - 28}" text-anchor="end">{done.read}</text>\n'
        f'<text x="{x(0)}" y="{_HEIGHT - 28}">0</text>\n'
        f'<text x="{_LEFT - 6}" y="{y(found) + 4}" text-anchor="end">{done.found}</text>\n'
        f'<text x="{(_LEFT + _WIDTH) // 2}" y="{_HEIGHT - 8}" text-anchor="middle">'
        "records screened here (dashed: if the found ones had come evenly)</text>\n"
        f'<text x="14" y="{_HEIGHT // 2 - 16}" text-anchor="middle"'
        f' transform="rotate(-90 14 {_HEIGHT // 2 - 16})">relevant records found</text>\n'
        "</svg>\n"
    )
