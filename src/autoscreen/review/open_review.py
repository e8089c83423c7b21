"""An open review: its file, its protocol and its order."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from autoscreen.protocol import Protocol, load_protocol, parse_protocol, protocol_toml
from autoscreen.review.importing import Progress
from autoscreen.review.user_input import replace_surrogates
from autoscreen.store import Clock, ProtocolVersion, Store, review_path, system_clock

if TYPE_CHECKING:
    from autoscreen.review.auditing import Auditing
    from autoscreen.review.priority_screening import PoolScores, PriorityScreening

__all__ = ["OpenReview"]


class OpenReview:
    """
    What is open while a review is.

    Parameters
    ----------
    store
        The open review file.
    progress
        Called with what the ranker is doing and the number of records done since the last call;
        from another thread.
    """

    def __init__(self, store: Store, *, progress: Progress | None = None) -> None:
        self._store = store
        self._progress = progress
        self._protocol: tuple[int, Protocol] | None = None
        self._opened_reading: PriorityScreening | None = None
        self._opened_auditing: Auditing | None = None

    @classmethod
    def create(
        cls,
        path: str | Path,
        *,
        protocol: str | Path | Protocol = "rms-pnp",
        name: str | None = None,
        now: Clock = system_clock,
    ) -> Self:
        """
        Start a review.

        Parameters
        ----------
        path
            Where its file is to stand; ``rms`` stands for ``rms.autoscreen``.
        protocol
            A built-in protocol by name, a TOML file by path, or a protocol.
        name
            Name of the review; by default that of the file.
        now
            The clock.

        Raises
        ------
        ConflictError
            If there is such a file already.
        ConfigError
            If there is no such protocol, or it does not hold together.
        """
        chosen, origin = _chosen(protocol)
        where = review_path(path)
        store = Store.create(
            where, name=name or where.stem, protocol=protocol_toml(chosen), origin=origin, now=now
        )
        return cls(store)

    @classmethod
    def open(
        cls, path: str | Path, *, now: Clock = system_clock, progress: Progress | None = None
    ) -> Self:
        """
        Open a review.

        Parameters
        ----------
        path
            Its file; ``rms`` stands for ``rms.autoscreen``.
        now
            The clock.
        progress
            Called with what the ranker is doing and the number of records done since the last
            call; from another thread.

        Raises
        ------
        SchemaError
            If the file is no review, is damaged or was written by a newer version.
        StoreError
            If it does not exist or cannot be written.
        """
        return cls(Store.open(path, now=now), progress=progress)

    def reopen(self) -> Self:
        """Open the same review once more, for use in another thread."""
        return type(self)(self._store.reopen(), progress=self._progress)

    def close(self) -> None:
        """Keep the newest order, and close the file."""
        try:
            self._close_reading()
        finally:
            self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def store(self) -> Store:
        """The open file, for what is built on top of reviews."""
        return self._store

    @property
    def path(self) -> Path:
        """The file."""
        return self._store.path

    @property
    def name(self) -> str:
        """Name of the review."""
        return self._store.name

    @property
    def protocol(self) -> Protocol:
        """The protocol in force."""
        # Another thread or process may have put another one in force.
        version = self._store.protocol_version()
        if self._protocol is None or self._protocol[0] != version:
            text, origin = self._store.protocol()
            self._protocol = version, parse_protocol(text, origin=origin)
        return self._protocol[1]

    def set_protocol(
        self, protocol: str | Path | Protocol, *, reviewer: str = "", note: str = ""
    ) -> None:
        """
        Put another protocol in force; the earlier one stays in the file.

        Parameters
        ----------
        protocol
            As for `create`.
        reviewer, note
            Who changes it, and why.

        Raises
        ------
        ConfigError
            If there is no such protocol, or it does not hold together.
        """
        chosen, origin = _chosen(protocol)
        self._store.set_protocol(
            protocol_toml(chosen),
            origin,
            reviewer=replace_surrogates(reviewer),
            note=replace_surrogates(note),
        )
        self._close_reading()

    def protocol_versions(self) -> list[ProtocolVersion]:
        """Return each version of the protocol that was ever in force, newest first."""
        return self._store.protocol_versions()

    def scores(self) -> PoolScores:
        """Score all records, and those with a label once more without it."""
        return self._reading.scores()

    @property
    def _reading(self) -> PriorityScreening:
        """The order; it loads numpy, which a reviewer who only labels need not wait for."""
        if self._opened_reading is None:
            from autoscreen.review.priority_screening import PriorityScreening  # noqa: PLC0415

            self._opened_reading = PriorityScreening(
                self._store,
                protocol=self.protocol,
                auditing=self._auditing,
                progress=self._progress,
            )
        return self._opened_reading

    @property
    def _auditing(self) -> Auditing:
        """The audits; they load numpy too."""
        if self._opened_auditing is None:
            from autoscreen.review.auditing import Auditing  # noqa: PLC0415

            self._opened_auditing = Auditing(self._store)
        return self._opened_auditing

    def _close_reading(self) -> None:
        reading, self._opened_reading = self._opened_reading, None
        if reading is not None:
            reading.close()


def _chosen(protocol: str | Path | Protocol) -> tuple[Protocol, str]:
    if isinstance(protocol, Protocol):
        return protocol, protocol.name
    return load_protocol(protocol), str(protocol)
