"""Caches the term counts of a review's records beside its file, so that opening it is quick.

The cache can be deleted at any time: it is made again from the records. It holds numbers only.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autoscreen.features import ConceptCoverage, TermCounts, concept_coverage, count_terms
from autoscreen.progress_callback import Progress
from autoscreen.protocol import Concept

_VERSION = 2
_PARTS = ("indptr", "columns", "counts")
_BLOCKS = ("texts", "titles", "index_terms")


@dataclass(frozen=True, slots=True)
class PoolText:
    """What the ranker reads of each record."""

    numbers: NDArray[np.int64]
    titles: list[str]
    abstracts: list[str]
    index_terms: list[str]

    def text(self, at: int) -> str:
        """Return title and abstract of one row."""
        return f"{self.titles[at]}\n{self.abstracts[at]}"


@dataclass(frozen=True, slots=True)
class CachedCounts:
    """What was counted in a pool, one row a record."""

    prints: NDArray[np.uint64]
    texts: TermCounts
    titles: TermCounts
    index_terms: TermCounts
    in_titles: NDArray[np.uint8]
    in_bodies: NDArray[np.uint8]

    def coverage(self, concepts: Sequence[Concept]) -> ConceptCoverage:
        """Return the mentions with the concepts that they are mentions of."""
        return ConceptCoverage(tuple(concepts), self.in_titles, self.in_bodies)


def cache_path(review: Path) -> Path:
    """Return the place of the cache of a review file."""
    return review.with_name(f"{review.name}-counts.npz")


def update_counts(
    pool: PoolText,
    concepts: Sequence[Concept],
    path: Path,
    *,
    progress: Progress | None = None,
) -> CachedCounts:
    """Return the counts of a pool, counting only what the cache does not know."""
    prints = _fingerprints(pool, concepts)
    known = _load(path)
    if known is not None and np.array_equal(known.prints, prints):
        return known
    counts = _count(pool, concepts, known, prints, progress or (lambda what, done: None))
    with suppress(OSError):
        _save(counts, path)
    return counts


def _count(
    pool: PoolText,
    concepts: Sequence[Concept],
    known: CachedCounts | None,
    prints: NDArray[np.uint64],
    progress: Progress,
) -> CachedCounts:
    rows, missing = _match(known, prints[:-1])
    progress("counting words", 0)
    parts = {
        "texts": count_terms(
            map(pool.text, missing), progress=lambda done: progress("counting words", done)
        ),
        "titles": count_terms(pool.titles[at] for at in missing),
        "index_terms": count_terms(pool.index_terms[at] for at in missing),
    }
    if known is not None:
        parts = {name: getattr(known, name).extend(new).take(rows) for name, new in parts.items()}
    if known is None or known.prints[-1] != prints[-1]:
        known, rows, missing = None, np.arange(len(prints) - 1), list(range(len(prints) - 1))
    progress("matching concepts", 0)
    found = concept_coverage(
        ((pool.titles[at], pool.abstracts[at], pool.index_terms[at]) for at in missing),
        concepts,
        progress=lambda done: progress("matching concepts", done),
    )
    in_titles, in_bodies = found.titles, found.bodies
    if known is not None:
        in_titles = np.concatenate((known.in_titles, in_titles))[rows]
        in_bodies = np.concatenate((known.in_bodies, in_bodies))[rows]
    return CachedCounts(prints, **parts, in_titles=in_titles, in_bodies=in_bodies)


def _match(
    known: CachedCounts | None, prints: NDArray[np.uint64]
) -> tuple[NDArray[np.int64], list[int]]:
    """For each record its row among the known rows followed by the new ones; and which are new."""
    places: dict[int, int] = {}
    if known is not None:
        places = {value: at for at, value in enumerate(known.prints[:-1].tolist())}
    first_new = 0 if known is None else len(known.prints) - 1
    rows = np.empty(len(prints), dtype=np.int64)
    missing: list[int] = []
    for at, value in enumerate(prints.tolist()):
        place = places.get(value)
        if place is None:
            place = first_new + len(missing)
            missing.append(at)
        rows[at] = place
    return rows, missing


def _fingerprints(pool: PoolText, concepts: Sequence[Concept]) -> NDArray[np.uint64]:
    rows = zip(pool.titles, pool.abstracts, pool.index_terms, strict=True)
    values = [_fingerprint("\0".join(row)) for row in rows]
    return np.array([*values, _fingerprint(repr(concepts))], dtype=np.uint64)


def _fingerprint(content: str) -> int:
    digest = blake2b(content.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _load(path: Path) -> CachedCounts | None:
    """Read a cache; None if there is none, or one that is damaged or of another version."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            if int(stored["version"]) != _VERSION:
                return None
            texts, titles, index_terms = (_counts(stored, name) for name in _BLOCKS)
            return CachedCounts(
                stored["prints"],
                texts,
                titles,
                index_terms,
                stored["in_titles"],
                stored["in_bodies"],
            )
    except Exception:  # numpy, zipfile and zlib have many; the cache is then made again
        return None


def _counts(stored: Any, name: str) -> TermCounts:
    return TermCounts(*(stored[f"{name}_{part}"] for part in _PARTS))


def _save(counts: CachedCounts, path: Path) -> None:
    """Write the cache under another name first, so that no half of one is ever read."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.new")
    arrays = {
        f"{name}_{part}": getattr(getattr(counts, name), part)
        for name in _BLOCKS
        for part in _PARTS
    }
    arrays |= {name: getattr(counts, name) for name in ("prints", "in_titles", "in_bodies")}
    try:
        with unfinished.open("wb") as stream:
            np.savez(stream, version=np.array(_VERSION), **arrays)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
