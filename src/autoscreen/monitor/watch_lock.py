"""One watch of a review at a time.

The lock belongs to the process: the system releases it when the process ends, however it ends.
The file names the process, for people, and remains.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from autoscreen.errors import ConflictError, StoreError


@contextmanager
def only_one(review: Path, *, at: str) -> Iterator[None]:
    """Lock the watch of a review for a ``with`` block."""
    path = review.with_name(f"{review.name}-watch.lock")
    try:
        stream = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror})") from error
    with stream:
        try:
            _take(stream)
        except OSError:
            stream.seek(0)
            holder = " ".join(stream.read(200).split()) or "unknown"
            raise ConflictError(
                f"{review}: is being watched by another process ({holder})",
                hint="wait until it has finished; the next run reports whatever is new",
            ) from None
        stream.truncate(0)
        stream.write(f"process {os.getpid()} on {platform.node()} since {at}\n")
        stream.flush()
        yield


if sys.platform == "win32":  # pragma: no cover  (tests run on POSIX)
    import msvcrt

    def _take(stream: IO[str]) -> None:
        # A byte far behind the text, so that others can read who holds it.
        stream.seek(1 << 20)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(stream: IO[str]) -> None:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
