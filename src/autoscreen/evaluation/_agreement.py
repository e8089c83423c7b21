"""The agreement of two reviewers beyond chance, on the records that both have decided."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from autoscreen.evaluation._intervals import Interval

Table = NDArray[np.int64]
Shares = NDArray[np.float64]
_REPEATS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """
    A measure of agreement between two reviewers.

    Examples
    --------
    >>> KAPPA.of(np.array([[20, 5], [10, 15]]))
    0.4
    """

    name: str  # Short name, as in tables and JSON
    definition: str  # What the number means
    source: str
    _formula: Callable[[Shares], Shares] = field(repr=False, compare=False)

    def of(self, table: Table) -> float:
        """
        Measure one table.

        At most 1; not a number if no record was decided by both, or if chance alone would make the
        two agree on all.
        """
        counts = np.asarray(table)
        if counts.ndim != 2 or len(set(counts.shape)) != 1 or len(counts) < 2 or counts.min() < 0:
            raise ValueError("a table of agreement is a square of counts with two or more labels")
        total = counts.sum()
        return float(self._formula(counts / total)) if total else math.nan

    def interval(
        self, table: Table, *, seed: int = 0, repeats: int = _REPEATS, level: float = 0.95
    ) -> Interval:
        """
        Measure one table, with an interval by resampling its records with replacement.

        References
        ----------
        Efron, B., Tibshirani, R. (1993). An Introduction to the Bootstrap, chapter 13 (the
        percentile interval).
        """
        value = self.of(table)
        if math.isnan(value):
            return Interval(value, value, value)
        counts = np.asarray(table)
        total = int(counts.sum())
        shares = counts.ravel() / total
        draws = np.random.default_rng(seed).multinomial(total, shares, size=repeats)
        values = self._formula(draws.reshape(-1, *counts.shape) / total)
        low, high = np.nanquantile(values, [(1 - level) / 2, (1 + level) / 2])
        return Interval(value, float(low), float(high))


@dataclass(frozen=True, slots=True, kw_only=True)
class PairAgreement:
    """The agreement of two reviewers."""

    one: str  # The reviewers, in alphabetical order
    other: str
    n: int  # Records that both decided: the overlap, on which all that follows rests
    table: tuple[tuple[int, ...], ...]  # Their labels, as for :meth:`Agreement.of`
    values: Mapping[str, Interval]  # Each measure with its interval, by name


def agreement_by_pair(
    decisions: Mapping[str, Mapping[int, Hashable]], labels: Sequence[Hashable]
) -> list[PairAgreement]:
    """Agreement of each two reviewers that decided records in common."""
    pairs: list[PairAgreement] = []
    for one, other in combinations(sorted(decisions), 2):
        table = _table(decisions[one], decisions[other], labels)
        if n := int(table.sum()):
            values = {measure.name: measure.interval(table) for measure in AGREEMENTS}
            rows = tuple(tuple(row) for row in table.tolist())
            pairs.append(PairAgreement(one=one, other=other, n=n, table=rows, values=values))
    return pairs


def _table(
    one: Mapping[int, Hashable], other: Mapping[int, Hashable], labels: Sequence[Hashable]
) -> Table:
    places = {label: at for at, label in enumerate(labels)}
    table = np.zeros((len(labels), len(labels)), dtype=np.int64)
    for record in one.keys() & other.keys():
        if one[record] in places and other[record] in places:
            table[places[one[record]], places[other[record]]] += 1
    return table


# The formulas take tables of shares, one or many: the last two axes are the reviewers' labels.


def _observed(shares: Shares) -> Shares:
    agreed: Shares = np.trace(shares, axis1=-2, axis2=-1)
    return agreed


def _beyond(observed: Shares, chance: Shares) -> Shares:
    """Return the agreement beyond chance, as a share of the possible one."""
    # Rounding must not make two who always give the same one label a case of chance below 1.
    left = np.round(1 - chance, 12)
    return np.where(left > 0, (observed - chance) / np.where(left > 0, left, 1), np.nan)


def _kappa(shares: Shares) -> Shares:
    chance = (shares.sum(axis=-2) * shares.sum(axis=-1)).sum(axis=-1)
    return _beyond(_observed(shares), chance)


def _ac1(shares: Shares) -> Shares:
    mean = (shares.sum(axis=-2) + shares.sum(axis=-1)) / 2
    chance = (mean * (1 - mean)).sum(axis=-1) / (shares.shape[-1] - 1)
    return _beyond(_observed(shares), chance)


def _pabak(shares: Shares) -> Shares:
    return _beyond(_observed(shares), np.asarray(1 / shares.shape[-1]))


RAW_AGREEMENT = Agreement(
    name="agreement",
    definition="Share of the records in the overlap that got the same label from both.",
    source="the observed agreement of Cohen 1960",
    _formula=_observed,
)
KAPPA = Agreement(
    name="kappa",
    definition="Agreement beyond chance, where chance is that of two who give each label as often "
    "as they did. It falls to 0 when nearly all records get one label, as in screening.",
    source="Cohen 1960, Educational and Psychological Measurement 20(1):37-46",
    _formula=_kappa,
)
AC1 = Agreement(
    name="AC1",
    definition="Agreement beyond chance, where only records that are hard to decide can be agreed "
    "on by chance; it holds when nearly all records get one label.",
    source="Gwet 2008, British Journal of Mathematical and Statistical Psychology 61(1):29-48",
    _formula=_ac1,
)
PABAK = Agreement(
    name="PABAK",
    definition="Kappa as it would be if each label were as frequent as the others and both "
    "reviewers gave it as often: the agreement, on a scale from chance to 1.",
    source="Byrt, Bishop, Carlin 1993, Journal of Clinical Epidemiology 46(5):423-429; for more "
    "than two labels: Brennan, Prediger 1981",
    _formula=_pabak,
)
AGREEMENTS = (RAW_AGREEMENT, KAPPA, AC1, PABAK)
"""All measures of agreement, in the order of tables."""
