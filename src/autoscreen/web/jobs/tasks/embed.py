"""The sentence embeddings that are missing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from autoscreen.review import Review
from autoscreen.web.jobs.job_report import JobReport

_LAST = 19
"""Everything else on the computer comes first."""


def run(review: str, options: Mapping[str, Any], report: JobReport) -> dict[str, Any]:
    """Compute them one after another; each is kept, so that it can be stopped at any moment."""
    if hasattr(os, "nice"):
        os.nice(_LAST)
    with Review.open(review) as opened:
        computed = opened.embeddings.compute(progress=report)
    return {"computed": computed}
