"""The card of a saved model, as people read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autoscreen.ranking._screening_model import Alert, ScreeningModel

__all__ = ["alert_text", "card_text"]


def card_text(model: ScreeningModel) -> str:
    """
    Write a model's card as Markdown, one sentence a line.

    Parameters
    ----------
    model
        The model; texts, lists, and tables (lists of mappings) of its card become sections.
    """
    lines = [f"# Model {model.name}", ""]
    card = dict(model.card)
    if summary := card.pop("summary", ""):
        lines += [str(summary), ""]
    lines += ["## Alerts", "", *alert_text(model.alert), ""]
    for title, content in card.items():
        lines += [f"## {title[:1].upper()}{title[1:].replace('_', ' ')}", ""]
        lines += [*_section(content), ""]
    return "\n".join(lines).rstrip() + "\n"


def alert_text(alert: Alert) -> Sequence[str]:
    """
    Say in sentences what alerting at the threshold promises.

    Parameters
    ----------
    alert
        Of the model.
    """
    return (
        f"A record is alerted from a score of {alert.threshold:.2f} on, "
        f"chosen for a sensitivity of {alert.target:.0%}.",
        f"Of the relevant records held out, {alert.found} of {alert.relevant} reached it "
        f"(95% interval {alert.low:.0%} to {alert.high:.0%}, Clopper-Pearson).",
        f"So did {alert.false_alarms:.3%} of the other records of the pool: "
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
