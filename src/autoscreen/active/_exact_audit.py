"""The exact promise: a random audit of the unread records, and what it proves at each check."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from autoscreen.errors import InputError

MOST_FOUND = 60
"""An audit that finds more was begun much too early; the proof then asks for the whole rest."""
_ROUNDING = 1e-9


def audit_order(records: Iterable[int], *, seed: int) -> list[int]:
    """
    Put records into the random order in which an audit draws them.

    The records by the SHA-256 of ``seed:number``, so that any program on any machine produces the
    same order, and leaving records out leaves the order of the others as it is.

    Examples
    --------
    >>> audit_order(range(1, 6), seed=7)
    [4, 3, 2, 1, 5]
    """
    return sorted(records, key=lambda number: sha256(f"{seed}:{number}".encode()).digest())


def relevant_allowed_to_miss(found: int, target: float) -> int:
    """
    Count how many relevant records may be unread while the recall still reaches the target.

    Examples
    --------
    >>> [relevant_allowed_to_miss(found, 0.95) for found in (18, 19, 100)]
    [0, 1, 5]
    """
    return math.floor(found * (1 - target) / target + _ROUNDING)


def audit_boundary(
    rest: int, found: int, finds: int, *, target: float, confidence: float = 0.95
) -> int:
    """
    Return the draws after which an audit with so many finds may stop.

    Draws needed, at most ``rest``. The audit stops at the first draw t at which t reaches the
    boundary of the finds so far; looking after every draw costs nothing.

    Notes
    -----
    Let M be the unknown number of relevant records in the rest. The audit fails for M if it
    stops with fewer finds than the target needs. The boundary of k finds is the smallest t that
    keeps the probability of that at most 1 - confidence for the smallest M that needs more than
    k finds, counting all earlier chances to stop; it follows from the hypergeometric process
    alone. For the other M that need as many finds, the probability is smaller still.
    Nothing is assumed of the ranking: only the draws are random. The idea of a certificate on a
    random sample is that of QBCB (Lewis, Yang & Frieder 2021, doi:10.1145/3459637.3482415); here
    what was read before counts as known, and the stop is sequential.
    """
    if finds > MOST_FOUND:
        return rest
    return _boundaries(rest, found, finds, target, confidence)[-1]


@dataclass(slots=True)
class _Process:
    """Chances of 0, 1, .. finds of an audit that has not stopped, for one number of relevant."""

    rest: int
    relevant: int
    alive: NDArray[np.float64]
    at: int = 0

    def go_to(self, draws: int) -> None:
        if draws == self.at:
            return
        before, after = np.arange(len(self.alive))[:, None], np.arange(len(self.alive))[None, :]
        left, step, unread = self.relevant - before, after - before, self.rest - self.at
        more = draws - self.at
        chance = (
            _log_choose(left, step)
            + _log_choose(unread - left, more - step)
            - _log_choose(np.array(unread), np.array(more))
        )
        self.alive = self.alive @ np.exp(chance)
        self.at = draws

    def stop_at(self, finds: int) -> float:
        """Remove the audits that stop here with so few finds, and return their probability."""
        stopped = float(self.alive[finds])
        self.alive[: finds + 1] = 0
        return stopped

    def draws_without_find(self, finds: int, chance: float) -> int:
        """Return the first draw at which finding no more than these is as rare as required."""
        if self.alive[finds] <= chance:
            return self.at
        unread, left = self.rest - self.at, self.relevant - finds
        more = np.arange(unread - left + 1)
        none = _log_choose(unread - more, np.full_like(more, left)) - _log_choose(
            np.array(unread), np.array(left)
        )
        rare = none <= math.log(chance / self.alive[finds])
        return self.at + (int(np.argmax(rare)) if rare.any() else unread - left + 1)


@lru_cache(maxsize=4096)
def _boundaries(
    rest: int, found: int, finds: int, target: float, confidence: float
) -> tuple[int, ...]:
    earlier = _boundaries(rest, found, finds - 1, target, confidence) if finds else ()
    last = earlier[-1] if earlier else 0
    relevant = _smallest_that_needs_more(found, finds, target)
    if relevant > rest:
        return (*earlier, last)
    if last >= rest:
        return (*earlier, rest)
    process = _Process(rest, relevant, np.eye(1, finds + 1).ravel())
    spent = 0.0
    for k, draws in enumerate(earlier):
        process.go_to(draws)
        spent += process.stop_at(k)
    chance = 1 - confidence - spent
    if chance <= 0:
        return (*earlier, rest)
    return (*earlier, min(rest, process.draws_without_find(finds, chance)))


def _smallest_that_needs_more(found: int, finds: int, target: float) -> int:
    """Count the relevant in the rest from which these finds are no longer enough."""
    return finds + relevant_allowed_to_miss(found + finds, target) + 1


def audit_upper_bound(labels: NDArray[np.bool_], rest: int, *, confidence: float = 0.95) -> int:
    """
    Bound the relevant records that are still unread, valid at all checks together.

    References
    ----------
    Waudby-Smith & Ramdas (2020), Confidence sequences for sampling without replacement,
    NeurIPS 33, theorem 2.1 (prior-posterior-ratio martingale), with a uniform prior on the number
    of relevant records.
    """
    seen, finds = len(labels), int(np.count_nonzero(labels))
    if seen > rest:
        raise InputError(
            f"an audit of {seen} records cannot come from {rest} unread ones",
            hint="use the number of unread records when the audit began",
        )
    if seen == rest:
        return 0
    relevant = np.arange(finds, rest - (seen - finds) + 1)
    # Uniform prior: posterior = likelihood x (seen + 1), so the ratio is 1 over that.
    log_likelihood = (
        _log_choose(relevant, np.array(finds))
        + _log_choose(rest - relevant, np.array(seen - finds))
        - _log_choose(np.array(rest), np.array(seen))
    )
    log_posterior = log_likelihood + math.log(seen + 1) - math.log(rest + 1)
    kept = -math.log(rest + 1) - log_posterior < -math.log(1 - confidence)
    return int(relevant[kept].max()) - finds


def _log_choose(of: NDArray[np.int64], take: NDArray[np.int64]) -> NDArray[np.float64]:
    """Log of the binomial coefficient; minus infinity where it is zero."""
    possible = (take >= 0) & (take <= of)
    many, few = np.where(possible, of, 0), np.where(possible, take, 0)
    ways = gammaln(many + 1.0) - gammaln(few + 1.0) - gammaln(many - few + 1.0)
    return np.where(possible, ways, -np.inf)
