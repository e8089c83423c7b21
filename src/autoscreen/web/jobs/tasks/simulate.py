"""A finished review, replayed in the order of the ranking."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autoscreen.formats import open_source
from autoscreen.presentation.prior_words import REPLAYED_FROM, prior_unused
from autoscreen.presentation.simulation_report import (
    reading_needed,
    simulation_sentence,
    stop_outcomes,
)
from autoscreen.protocol import Protocol
from autoscreen.review import Review
from autoscreen.review.finished_review import (
    FinishedReview,
    as_finished_review,
    read_finished_review,
)
from autoscreen.review.simulation import simulate
from autoscreen.web.jobs.job_report import JobReport

_PROBLEMS = 20


def run(review: str, options: Mapping[str, Any], report: JobReport) -> dict[str, Any]:
    """Replay this review, or an uploaded file."""
    past, protocol, ignored = _past(review, options)
    report("reading", 0)
    report.expect(len(past.records))
    done = simulate(
        past,
        protocol,
        known={} if options["cold"] else None,
        embeddings=options["embeddings"],
        progress=report,
    )
    relevant = done.relevant.tolist()
    return {
        "sentence": simulation_sentence(relevant),
        "records": len(past.records),
        "known": len(past.records) - len(done.order),
        "unlabelled": past.unlabelled,
        "ranker": done.ranker,
        "ignored": ignored,
        "columns": list(past.label_columns),
        "problems": [str(one) for one in past.problems[:_PROBLEMS]],
        "needed": [asdict(one) | {"unread": one.unread} for one in reading_needed(relevant)],
        "found_at": [place for place, one in enumerate(relevant, 1) if one],
        "stops": [asdict(one) for one in stop_outcomes(done.stops)],
        "measures": {
            name: None if math.isnan(value) else round(value, 3)
            for name, value in done.measures.items()
        },
    }


def _past(review: str, options: Mapping[str, Any]) -> tuple[FinishedReview, Protocol | None, str]:
    if "upload_" not in options:
        with Review.open(review) as opened:
            past = as_finished_review(opened, unlabelled_irrelevant=options["unlabelled"])
            ignored = prior_unused(opened.prior_knowledge.all(), REPLAYED_FROM)
            return past, opened.protocol, ignored
    with Path(options["upload_"]).open("rb") as stream:
        past = read_finished_review(
            open_source(stream, name=options["file"]),
            label_column=options["column"],
            unlabelled_irrelevant=options["unlabelled"],
        )
    title = options["title"]
    return past, Protocol.from_title(title) if title else None, ""
