"""Turns sentences into vectors, so that texts about the same thing are close to each other."""

from __future__ import annotations

from autoscreen.sentence_encoder._encoder import (
    ENCODER_NAME,
    Encoder,
    LoadEncoder,
    encode_in_process,
    is_installed,
    load_encoder,
)

__all__ = [
    "ENCODER_NAME",
    "Encoder",
    "LoadEncoder",
    "encode_in_process",
    "is_installed",
    "load_encoder",
]
