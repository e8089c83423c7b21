"""Trains models that are saved: what a review taught, for records that are yet to come."""

from autoscreen.training._label_files import (
    GivenLabel,
    Joined,
    join_labels,
    read_labels,
    title_digest,
)
from autoscreen.training._train import FEWEST, LabelledRecord, Trial, train_model, try_splits

__all__ = [
    "FEWEST",
    "GivenLabel",
    "Joined",
    "LabelledRecord",
    "Trial",
    "join_labels",
    "read_labels",
    "title_digest",
    "train_model",
    "try_splits",
]
