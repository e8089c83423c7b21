"""The alert threshold of a saved model, and its expected performance."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Expected performance of alerts at the threshold, estimated on held-out records."""

    threshold: float  # Records of this score or more are alerted
    target: float  # Target sensitivity, 0 to 1
    found: int  # Relevant records at or above it, and all relevant ones that were held out
    relevant: int
    low: float  # Clopper-Pearson interval of the sensitivity, 95%
    high: float
    false_alarms: float  # Share of the other records of the training pool at or above it, 0 to 1
    reads_per_relevant: float  # Records at or above it per relevant one in the training pool

    @property
    def sensitivity(self) -> float:
        """Share of the held-out relevant records that were found."""
        return self.found / self.relevant
