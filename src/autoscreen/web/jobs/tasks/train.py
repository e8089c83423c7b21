"""A model trained from the decisions of the review."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autoscreen.presentation.prior_words import TRAINED_FROM, prior_unused
from autoscreen.ranking import alert_text, save_model
from autoscreen.review import Review
from autoscreen.training.model_training import LabelledRecord, train_model
from autoscreen.web.jobs.job_report import JobReport


def run(review: str, options: Mapping[str, Any], report: JobReport) -> dict[str, Any]:
    """Train the model and save it with its card."""
    with Review.open(review) as opened:
        examples = [LabelledRecord(record=one.record, label=one.label) for one in opened.records()]
        protocol = opened.protocol
        ignored = prior_unused(opened.prior_knowledge.all(), TRAINED_FROM)
    model = train_model(
        examples,
        protocol,
        name=options["name"],
        sensitivity=options["sensitivity"],
        card={"labels from": "the decisions of a review file"},
        progress=report,
    )
    save_model(model, Path(options["folder_"]) / f"{options['name']}.json")
    lines = [*alert_text(model.alert), *([f"{ignored}."] if ignored else [])]
    return {"model": model.name, "alert": lines}
