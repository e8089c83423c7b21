"""Trains models from the labels of a review, to score records published later."""

from autoscreen.training._label_files import JoinedLabels, LabelRow, join_labels, read_labels
from autoscreen.training._train import LabelledRecord, train_model

__all__ = [
    "JoinedLabels",
    "LabelRow",
    "LabelledRecord",
    "join_labels",
    "read_labels",
    "train_model",
]
