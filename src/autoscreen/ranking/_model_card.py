"""The card of a saved model, as people read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autoscreen.ranking._alert import Alert


def card_text(name: str, alert: Alert, card: Mapping[str, Any]) -> str:
    """Return a model's card as Markdown; texts, lists and tables of the card become sections."""
    lines = [f"# Model {name}", ""]
    sections = dict(card)
    if summary := sections.pop("summary", ""):
        lines += [str(summary), ""]
    lines += ["## Alerts", "", *alert_text(alert), ""]
    for title, content in sections.items():
        lines += [f"## {title[:1].upper()}{title[1:].replace('_', ' ')}", ""]
        lines += [*_section(content), ""]
    return "\n".join(lines).rstrip() + "\n"


def alert_text(alert: Alert) -> Sequence[str]:
    """Return sentences on the expected performance of alerts at the threshold."""
    return (
        f"Records with a score of {alert.threshold:.2f} or more are alerted; "
        f"this threshold was chosen for a sensitivity of {alert.target:.0%}.",
        f"Of the relevant records held out, {alert.found} of {alert.relevant} reached it "
        f"(95% interval {alert.low:.0%} to {alert.high:.0%}, Clopper-Pearson).",
        f"{100 * alert.false_alarms:.3g}% of the other records reached it too: "
        f"{alert.reads_per_relevant:.1f} records to read per relevant one.",
    )


def _section(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        yield from (f"- {key.replace('_', ' ')}: {value}" for key, value in content.items())
    elif content and all(isinstance(row, Mapping) for row in content):
        head = list(content[0])
        yield f"| {' | '.join(head)} |"
        yield "|" + "---|" * len(head)
        yield from (f"| {' | '.join(str(row[key]) for key in head)} |" for row in content)
    else:
        yield from (f"- {one}" for one in content)
