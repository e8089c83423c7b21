"""Trains models that are saved: what a review taught, for records that are yet to come."""

from autoscreen.training._labels import (
    GivenLabel,
    Joined,
    join_labels,
    read_labels,
    title_digest,
)
from autoscreen.training._train import FEWEST, LabelledRecord, held_out_scores, train_model

__all__ = [
    "FEWEST",
    "GivenLabel",
    "Joined",
    "LabelledRecord",
    "held_out_scores",
    "join_labels",
    "read_labels",
    "title_digest",
    "train_model",
]
