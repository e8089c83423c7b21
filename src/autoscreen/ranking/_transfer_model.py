"""The relevance model that transfers between reviews: trained once, shipped, and loaded here.

Format 3: a JSON file with ``format``, ``signs`` (their names in order), ``coefficients``,
``coefficients_without_question``, ``trained_on`` and ``words`` (name and SHA-256 of the file with
the words' weights); that file is an npz with ``KIND_columns`` (int32, ascending) and
``KIND_weights`` (float32) for each kind of word, and with ``meaning_columns`` (int32, ascending)
and ``meaning_vectors`` (float16, one row a column). A change that an older version would
misread needs a new format number.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autoscreen.errors import ModelFormatError
from autoscreen.features import TERM_SPACE
from autoscreen.ranking._transfer_features import TRANSFER_FEATURES, WordWeights
from autoscreen.ranking._word_embeddings import WordVectors
from autoscreen.resources import resource

FORMAT = 3
KINDS = ("title", "text", "index")
_HINT = "install autoscreen again, or train the model again with benchmarks/train_prior.py"


@dataclass(frozen=True, slots=True)
class TransferModel:
    """A linear model of the transfer features."""

    # One for each of `TRANSFER_FEATURES`, for values standardised over the pool
    coefficients: NDArray[np.float64]
    # Those of the same features for a review without title and question
    without_question: NDArray[np.float64]
    # How words were associated with relevance in the training reviews: by "title", "text" and
    # "index"
    words: Mapping[str, WordWeights]
    trained_on: tuple[str, ...]  # Names of those reviews
    vectors: WordVectors  # Word vectors, trained on unlabelled texts


@cache
def shipped_model() -> TransferModel:
    """Return the model that ships with autoscreen."""
    return load_transfer_model(resource("models", "prior.json"))


def save_transfer_model(model: TransferModel, path: Path) -> None:
    """Write a model as two files, the same bytes for the same model."""
    arrays: dict[str, Any] = {}
    for kind in KINDS:
        arrays[f"{kind}_columns"] = model.words[kind].columns
        arrays[f"{kind}_weights"] = model.words[kind].weights
    arrays["meaning_columns"] = model.vectors.columns
    arrays["meaning_vectors"] = model.vectors.vectors
    packed = io.BytesIO()
    np.savez_compressed(packed, **arrays)
    weights = path.with_suffix(".npz")
    weights.write_bytes(packed.getvalue())
    content = {
        "format": FORMAT,
        "signs": list(TRANSFER_FEATURES),
        "coefficients": _rounded(model.coefficients),
        "coefficients_without_question": _rounded(model.without_question),
        "trained_on": list(model.trained_on),
        "words": {"file": weights.name, "sha256": sha256(packed.getvalue()).hexdigest()},
    }
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _rounded(coefficients: NDArray[np.float64]) -> list[float]:
    return [float(f"{value:.6g}") for value in coefficients]


def load_transfer_model(path: Path) -> TransferModel:
    """Read a model and check that it is complete."""
    content = _content(path)
    number = content.get("format")
    if number != FORMAT:
        raise ModelFormatError(f"{path}: format {number!r}, expected {FORMAT}", hint=_HINT)
    if content.get("signs") != list(TRANSFER_FEATURES):
        raise ModelFormatError(f"{path}: made for other features", hint=_HINT)
    try:
        coefficients = np.array(content["coefficients"], dtype=np.float64)
        without = np.array(content["coefficients_without_question"], dtype=np.float64)
        trained_on = tuple(str(name) for name in content["trained_on"])
        file, digest = str(content["words"]["file"]), str(content["words"]["sha256"])
    except (KeyError, TypeError, ValueError) as error:
        raise ModelFormatError(f"{path}: lacks a part, or one is invalid", hint=_HINT) from error
    for values in (coefficients, without):
        if values.shape != (len(TRANSFER_FEATURES),) or not np.isfinite(values).all():
            raise ModelFormatError(
                f"{path}: needs {len(TRANSFER_FEATURES)} coefficients, all finite numbers",
                hint=_HINT,
            )
    if Path(file).name != file:
        raise ModelFormatError(
            f"{path}: its words must be in the same folder, not in {file}", hint=_HINT
        )
    words, vectors = _words(path.with_name(file), digest)
    return TransferModel(coefficients, without, words, trained_on, vectors)


def _content(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelFormatError(f"{path}: cannot be read as JSON", hint=_HINT) from error
    if not isinstance(content, dict):
        raise ModelFormatError(f"{path}: is no model", hint=_HINT)
    return content


def _words(path: Path, digest: str) -> tuple[dict[str, WordWeights], WordVectors]:
    try:
        packed = path.read_bytes()
    except OSError as error:
        raise ModelFormatError(f"{path}: cannot be read", hint=_HINT) from error
    if sha256(packed).hexdigest() != digest:
        raise ModelFormatError(f"{path}: is not the file that the model names", hint=_HINT)
    try:
        with np.load(io.BytesIO(packed), allow_pickle=False) as stored:
            words = {
                kind: WordWeights(stored[f"{kind}_columns"], stored[f"{kind}_weights"])
                for kind in KINDS
            }
            vectors = WordVectors(stored["meaning_columns"], stored["meaning_vectors"])
    except Exception as error:  # numpy, zipfile and zlib have many
        raise ModelFormatError(f"{path}: cannot be read as npz", hint=_HINT) from error
    for kind, one in words.items():
        if not (_sound(one.columns, one.weights, np.float32) and one.weights.ndim == 1):
            raise ModelFormatError(f"{path}: the weights of {kind} are damaged", hint=_HINT)
    if not (_sound(vectors.columns, vectors.vectors, np.float16) and vectors.vectors.ndim == 2):
        raise ModelFormatError(f"{path}: the vectors of words are damaged", hint=_HINT)
    return words, vectors


def _sound(columns: NDArray[Any], values: NDArray[Any], kind: type[np.floating[Any]]) -> bool:
    return bool(
        columns.ndim == 1
        and columns.shape == values.shape[:1]
        and columns.dtype == np.int32
        and values.dtype == kind
        and np.isfinite(values).all()
        and (not len(columns) or (columns[0] >= 0 and columns[-1] < TERM_SPACE))
        and (np.diff(columns) > 0).all()
    )
