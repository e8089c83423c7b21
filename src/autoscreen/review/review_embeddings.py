"""The sentence embeddings of an open review."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autoscreen.progress_callback import NO_TRACKER, ProgressTracker
from autoscreen.review.open_review import OpenReview
from autoscreen.store import show_id
from autoscreen.store.embeddings import EmbeddingUse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from autoscreen.sentence_encoder.encoder import LoadEncoder


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddingCoverage:
    """How many records have a sentence embedding."""

    records: int
    embedded: int
    installed: bool  # Whether the encoder is installed
    outdated: bool  # Whether they are of another encoder than the one that is installed
    epoch: int  # Grows when records, the protocol or the embeddings that the ranking uses change
    use: EmbeddingUse | None  # Since when the ranking uses them; None if it does not

    @property
    def missing(self) -> int:
        """Records without a sentence embedding."""
        return self.records - self.embedded

    @property
    def complete(self) -> bool:
        """Whether nothing is to be computed."""
        return not self.missing and not self.outdated


class ReviewEmbeddings:
    """
    Sentence embeddings: what title and abstract of each record mean, as a vector.

    The ranking begins to use them when all records have one.
    """

    def __init__(self, opened: OpenReview) -> None:
        self._store = opened.store

    def coverage(self) -> EmbeddingCoverage:
        """Return how many records have a sentence embedding."""
        from autoscreen.sentence_encoder.encoder import ENCODER_NAME, is_installed  # noqa: PLC0415

        stored, installed = self._store.embeddings, is_installed()
        records, embedded = stored.counts()
        use = stored.uses()[-1:]
        return EmbeddingCoverage(
            records=records,
            embedded=embedded,
            installed=installed,
            epoch=self._store.pool.epoch(),
            outdated=installed and stored.encoder() not in ("", ENCODER_NAME),
            use=use[0] if use and use[0].encoder else None,
        )

    def uses(self) -> list[EmbeddingUse]:
        """Return from which decision on the ranking used which embeddings, oldest first."""
        return self._store.embeddings.uses()

    def vectors(self, idents: Iterable[str]) -> NDArray[np.float32] | None:
        """Return the embeddings of these records, a row for each; None if one has none."""
        import numpy as np  # noqa: PLC0415  (slow to load)

        from autoscreen.review.sentence_embeddings import load_sentences  # noqa: PLC0415

        numbers = self._store.pool.ids()
        row = {show_id(number): at for at, number in enumerate(numbers)}
        found = load_sentences(self._store, np.array(numbers, dtype=np.int64))
        if found is None:
            return None
        chosen = found.rows[[row[one] for one in idents]]
        return chosen if chosen.any(axis=1).all() else None

    def clear(self) -> None:
        """Delete all embeddings; the ranking goes on without."""
        self._store.embeddings.clear()

    def compute(
        self,
        *,
        encoder: LoadEncoder | None = None,
        jobs: int = 1,
        progress: ProgressTracker = NO_TRACKER,
    ) -> int:
        """Compute the missing embeddings in `jobs` processes, and return how many there were.

        What is computed is kept if it is interrupted. `encoder` loads the encoder in each process;
        that of the extra [semantic], the default, raises MissingExtraError if it is not installed.
        """
        from autoscreen.review.sentence_embeddings import (  # noqa: PLC0415  (they load numpy)
            compute_embeddings,
        )
        from autoscreen.sentence_encoder.encoder import load_encoder  # noqa: PLC0415

        return compute_embeddings(
            self._store, encoder or load_encoder, jobs=jobs, progress=progress
        )
