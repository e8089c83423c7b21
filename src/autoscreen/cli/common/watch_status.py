"""The state of the watch, for the status of a review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autoscreen.presentation.wording import counted, minute

if TYPE_CHECKING:
    from autoscreen.store.watch_log import Watches


def watch_row(watches: Watches) -> dict[str, Any] | None:
    """Return the values of the watch for JSON; None if there never was a run."""
    runs = watches.runs()
    if not runs:
        return None
    done = [run for run in runs if run.ok]
    return {
        "runs": len(runs),
        "last": done[-1].ended if done else None,
        "until": next((run.until for run in reversed(done) if run.until), None),
        "failed": runs[-1].detail if runs[-1].ok is False else None,
        "broke_off": runs[-1].ok is None,
        "new": len(watches.new_records()),
        "waiting": len(watches.waiting()),
        "unsent": len(watches.unsent()),
        "deleted": [one.subject for one in watches.findings(["deleted"])],
    }


def watch_lines(watched: dict[str, Any] | None) -> list[str]:
    """Return the state of the watch in lines; none if it never ran."""
    if watched is None:
        return []
    last = minute(watched["last"] or "never")
    lines = [
        "",
        f"watch      last run (UTC) {last}; {counted(watched['new'], 'new record')} unlabelled",
    ]
    if watched["failed"]:
        lines.append(f"           the newest run failed: {watched['failed']}")
    if watched["broke_off"]:
        lines.append(
            "           the newest run is in progress or was interrupted; the next one continues it"
        )
    if watched["unsent"]:
        lines.append(f"           {counted(watched['unsent'], 'digest')} not mailed yet")
    if watched["deleted"]:
        lines.append(
            f"           deleted by PubMed and kept here: PMID {', '.join(watched['deleted'])}"
        )
    return lines
