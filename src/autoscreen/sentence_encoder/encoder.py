"""The sentence encoder all-MiniLM-L6-v2, with 8-bit weights, on one processor core.

Wang et al. (2020, MiniLM) and Reimers and Gurevych (2019, Sentence-BERT) describe it. Its two files
are in packages of the extra [semantic]; no code of these packages is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from autoscreen.errors import MissingExtraError
from autoscreen.sentence_encoder.model_files import MODEL, TOKENIZER

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

_DIMENSIONS = 384
_MOST_TOKENS = 128
ENCODER_NAME = (
    f"all-MiniLM-L6-v2 int8 {MODEL.sha256[:12]} {TOKENIZER.sha256[:12]}, "
    f"{_MOST_TOKENS} tokens, mean, unit length"
)
"""The model, its files and its settings: the same name means the same vectors."""


class Encoder(Protocol):
    """What turns texts into vectors."""

    @property
    def name(self) -> str:
        """The model with its settings; the same name means the same vectors."""

    def encode(self, texts: Iterable[str]) -> NDArray[np.float32]:
        """Return a vector of length 1 for each text; shape (texts, dimensions)."""


LoadEncoder = Callable[[], Encoder]


class SentenceEncoder:
    """
    The encoder, loaded; use `load_encoder`.

    Each text is encoded alone: numbers are rounded to 8 bits by the largest of what is computed at
    the same time, so that another text in the batch, or padding, would change the vector.
    """

    name = ENCODER_NAME

    def __init__(self, session: InferenceSession, tokenizer: Tokenizer) -> None:
        self._session = session
        self._tokenizer = tokenizer

    def encode(self, texts: Iterable[str]) -> NDArray[np.float32]:
        """Return a vector of length 1 for each text; shape (texts, dimensions)."""
        rows = [self._vector(text) for text in texts]
        return np.array(rows, np.float32).reshape(-1, _DIMENSIONS)

    def _vector(self, text: str) -> NDArray[np.float32]:
        tokens = np.array([self._tokenizer.encode(text).ids], np.int64)
        inputs = {
            "input_ids": tokens,
            "attention_mask": np.ones_like(tokens),
            "token_type_ids": np.zeros_like(tokens),
        }
        # One row for each token.
        rows: NDArray[np.float32] = self._session.run(None, inputs)[0][0]
        mean = rows.mean(axis=0, dtype=np.float64)
        unit: NDArray[np.float32] = (mean / np.linalg.norm(mean)).astype(np.float32)
        return unit


@cache
def is_installed() -> bool:
    """Return whether the extra [semantic] was installed when this was first asked."""
    found = all(find_spec(name) for name in ("onnxruntime", "tokenizers"))
    return found and all(one.path() is not None for one in (MODEL, TOKENIZER))


def load_encoder() -> SentenceEncoder:
    """Return the encoder, loaded from the files of the installed packages.

    Raises MissingExtraError if the extra [semantic] is not installed, and ModelError if a file of
    the model is not the expected one.
    """
    try:
        import onnxruntime  # noqa: PLC0415  (an extra, and slow to load)
        from tokenizers import Tokenizer  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError("the sentence encoder", extra="semantic") from error
    model, tokens = MODEL.read(), TOKENIZER.read()
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Older processors would cut sums of 8-bit products off, so that their vectors differ.
    options.add_session_config_entry("session.x64quantprecision", "1")
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_str(tokens.decode())
    tokenizer.no_padding()
    tokenizer.enable_truncation(_MOST_TOKENS)
    return SentenceEncoder(session, tokenizer)


def encode_in_process(load: LoadEncoder, texts: Iterable[str]) -> NDArray[np.float32]:
    """Return the vectors of texts in a process of a pool, which loads the encoder only once."""
    return _loaded(load).encode(texts)


@cache
def _loaded(load: LoadEncoder) -> Encoder:
    return load()
