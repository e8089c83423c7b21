"""Computes the sentence embeddings of a review, and loads them for the ranking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from autoscreen.progress_callback import Progress, ProgressTracker
from autoscreen.records import Record
from autoscreen.sentence_encoder.encoder import Encoder, LoadEncoder, encode_in_process
from autoscreen.store import Store
from autoscreen.store.embeddings import Unembedded

T = TypeVar("T")

ENCODING = "computing sentence embeddings"
_BATCH = 16
"""Records whose embeddings are saved in one step: about a second of work."""
_BATCHES_PER_PROCESS = 8
_LOADED_AT_ONCE = 10_000
_STORED = np.dtype("<f2")


def compute_embeddings(
    store: Store,
    load: LoadEncoder,
    *,
    jobs: int,
    progress: ProgressTracker,
) -> int:
    """Compute the embeddings that are missing; return how many records that were."""
    encoder, computed = load(), 0
    store.embeddings.begin(encoder.name)
    counts = store.embeddings.counts()
    while counts.records and not counts.complete:  # again if records came in meanwhile
        progress(ENCODING, 0)
        progress.expect(counts.records - counts.embedded)
        rows = store.embeddings.missing(size=_BATCH * _BATCHES_PER_PROCESS * jobs)
        for some, vectors in _encoded(rows, encoder, load, jobs):
            store.embeddings.save(encoder.name, zip(some, vectors, strict=True))
            progress(ENCODING, len(some))
            computed += len(some)
        counts = store.embeddings.counts()
    return computed


@dataclass(frozen=True, slots=True)
class StoredSentences:
    """The embeddings that the ranking uses."""

    encoder: str
    embedded: int  # How many records have one
    rows: NDArray[np.float32]  # One row per record; zeros for a record that has none yet


def load_sentences(store: Store, numbers: NDArray[np.int64]) -> StoredSentences | None:
    """
    Return the embeddings of the records that the ranking uses; None if it uses none.

    It begins to use them when all records have one. Records that are imported later are ranked
    without until they have theirs.
    """
    encoder, used = store.embeddings.encoder(), store.embeddings.uses()[-1:]
    begun = bool(encoder and used) and used[0].encoder == encoder
    if not (begun or store.embeddings.counts().complete):
        return None
    rows, embedded = np.zeros((len(numbers), 0), np.float32), 0
    for some in _parts(store.embeddings.load(), _LOADED_AT_ONCE):
        found = _unpacked(vector for _, vector in some)
        if not embedded:
            rows = np.zeros((len(numbers), found.shape[1]), np.float32)
        _, at, which = np.intersect1d(
            numbers, [number for number, _ in some], assume_unique=True, return_indices=True
        )
        rows[at] = found[which]
        embedded += len(at)
    if not embedded:
        return None
    return StoredSentences(encoder, embedded, rows)


def encode_records(
    records: Sequence[Record], encoder: Encoder, progress: Progress
) -> NDArray[np.float32]:
    """Return the embeddings of records, rounded as those that a review file keeps."""
    packed: list[bytes] = []
    progress(ENCODING, 0)
    for some in _parts(iter(records), _BATCH):
        packed += _packed(encoder.encode([sentence_text(one) for one in some]))
        progress(ENCODING, len(some))
    return _unpacked(packed)


def sentence_text(record: Record) -> str:
    """Return what of a record is encoded."""
    return f"{record.title}. {record.abstract}"


def _encoded(
    rows: Iterator[Unembedded], encoder: Encoder, load: LoadEncoder, jobs: int
) -> Iterator[tuple[list[Unembedded], list[bytes]]]:
    if jobs == 1:
        for some in _parts(rows, _BATCH):
            yield some, _packed(encoder.encode([sentence_text(one.record) for one in some]))
        return
    # The records of a page are read before the processes begin: a review file is for one thread.
    for page in _parts(rows, _BATCH * _BATCHES_PER_PROCESS * jobs):
        parts = list(_parts(iter(page), _BATCH))
        encoded = Parallel(n_jobs=jobs, return_as="generator", batch_size=1)(
            delayed(encode_in_process)(load, [sentence_text(one.record) for one in part])
            for part in parts
        )
        yield from zip(parts, map(_packed, encoded), strict=True)


def _parts(rows: Iterator[T], size: int) -> Iterator[list[T]]:
    while some := list(islice(rows, size)):
        yield some


def _packed(vectors: NDArray[np.float32]) -> list[bytes]:
    return [row.tobytes() for row in vectors.astype(_STORED)]


def _unpacked(vectors: Iterable[bytes]) -> NDArray[np.float32]:
    """Return stored vectors, of length 1 again."""
    stored = list(vectors)
    rows = np.frombuffer(b"".join(stored), _STORED).reshape(len(stored), -1).astype(np.float32)
    rows /= np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
    return rows
