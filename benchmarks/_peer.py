"""ASReview's own code on the same records and labels, for comparison."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from autoscreen.review.finished_review import FinishedReview

ASREVIEW = "asreview"
_MODEL = "elas_u4"


def is_installed() -> bool:
    """Return whether ASReview can be run here."""
    return find_spec(ASREVIEW) is not None


def peer_version() -> str:
    """Return the name and version of ASReview and its model."""
    return f"{ASREVIEW} {version(ASREVIEW)} {_MODEL}"


def peer_order(past: FinishedReview, known: Mapping[int, bool], *, seed: int) -> NDArray[np.int64]:
    """Return the rows in the order in which ASReview with ELAS u4 reads them."""
    simulation = import_module("asreview.simulation.simulate")
    texts = pd.DataFrame(
        {
            "title": [record.title for record in past.records],
            "abstract": [record.abstract for record in past.records],
        }
    )
    labels = past.relevant.astype(int)
    cycles = [_random_cycle(seed), _model_cycle()] if not known else _model_cycle()
    run = simulation.Simulate(texts, labels, cycles, print_progress=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas and scikit-learn warn of what ASReview does
        if known:
            run.label(list(known))
        run.review()
    read = run._results["record_id"].to_numpy(dtype=np.int64)[len(known) :]
    unread = np.ones(len(labels), dtype=bool)
    unread[read] = unread[list(known)] = False
    return np.concatenate((read, np.flatnonzero(unread).astype(np.int64)))


def _model_cycle() -> Any:
    found = import_module("asreview.models.models").get_ai_config(_MODEL)
    return import_module("asreview.learner").ActiveLearningCycle.from_meta(found["value"])


def _random_cycle(seed: int) -> Any:
    return import_module("asreview.learner").ActiveLearningCycle(
        querier=import_module("asreview.models.queriers").Random(random_state=seed),
        stopper=import_module("asreview.models.stoppers").IsFittable(),
    )
