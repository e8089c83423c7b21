"""The decisions that the other decisions contradict."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from autoscreen.review import Review
from autoscreen.web.jobs.job_report import JobReport

_FEWEST, _SHARE, _MOST = 20, 0.1, 200
"""About one in ten human exclusions is wrong (Wang et al. 2020)."""


def run(review: str, options: Mapping[str, Any], report: JobReport) -> dict[str, Any]:
    """Score each excluded and included record by a ranker that did not see its label."""
    with Review.open(review, progress=report) as opened:
        counts = opened.progress()
        return {
            "excluded": counts.exclude,
            "included": counts.include,
            "records": _doubtful(opened, "exclude", counts.exclude),
            "doubtful_included": _doubtful(opened, "include", counts.include),
        }


def _doubtful(review: Review, label: str, decided: int) -> list[dict[str, str]]:
    most = min(_MOST, max(_FEWEST, math.ceil(_SHARE * decided)))
    found = review.ranking.second_look(top=most, label=label)
    return [{"id": one.id, "title": one.record.title} for one in found]
