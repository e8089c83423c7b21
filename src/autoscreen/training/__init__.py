"""Trains models that are saved: what a review taught, for records that are yet to come."""

from autoscreen.training._train import FEWEST, LabelledRecord, held_out_scores, train_model

__all__ = ["FEWEST", "LabelledRecord", "held_out_scores", "train_model"]
