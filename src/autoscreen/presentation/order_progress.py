"""The progress of the first ranking: its stage, its share, and the seconds left."""

from __future__ import annotations

import time
from collections.abc import Callable

STAGES = {
    "opening the review": 2,
    "reading records": 1,
    "counting words": 5,
    "matching concepts": 10,
    "weighing words": 2,
    "comparing with the question": 2,
    "comparing meanings": 35,
    "learning from the decisions": 3,
}
"""Each stage with its usual part of the time; those of the same records in turn."""
_MINUTES_FROM = 100
_WHOLE = sum(STAGES.values())


class OrderProgress:
    """Called while the first ranking is made; knows its progress."""

    def __init__(self, records: int = 0, *, now: Callable[[], float] = time.monotonic) -> None:
        self.what = next(iter(STAGES))
        self.done = 0  # Records done in this stage
        self.records = records  # Records of the review
        self._now = now
        self._since = now()

    def __call__(self, what: str, done: int) -> None:
        """Note that so many more records are done."""
        if what != self.what:
            self.what, self.done = what, 0
        self.done += done

    @property
    def share(self) -> float:
        """What is done of all stages, 0 to 1."""
        before = 0
        for stage, weight in STAGES.items():
            if stage == self.what:
                return (before + weight * min(self.done / max(self.records, 1), 1.0)) / _WHOLE
            before += weight
        return 0.0

    @property
    def seconds_left(self) -> float | None:
        """The seconds left at the present rate; None until that can be estimated."""
        share = self.share
        if share < 0.02:
            return None
        return (self._now() - self._since) * (1 - share) / share

    @property
    def words(self) -> str:
        """What is being done and how long it still takes, in one line."""
        left = self.seconds_left
        text = f"{self.what}, {self.share:.0%} done"
        if left is None:
            return text
        time_left = f"{left:.0f} s" if left < _MINUTES_FROM else f"{left / 60:.0f} min"
        return f"{text}, about {time_left} left"
