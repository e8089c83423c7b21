"""A linear support vector machine with squared hinge loss, solved over the labelled records.

A review has hundreds of labels and a million terms. Solving for one coefficient per label, from
the coefficients of the last fit, takes a few products with the labelled rows, which is what makes
a refit after every label affordable.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Product = Callable[[Vector], Vector]

_NEWTON_STEPS = 60
_SOLVER_STEPS = 250
_TOLERANCE = 1e-7
_HALVINGS = 30


def solve_svm(
    product: Product,
    diagonal: Vector,
    targets: Vector,
    penalties: Vector,
    *,
    start: Vector | None = None,
) -> Vector:
    """
    Coefficients of the hyperplane that separates labelled records.

    Minimises ``b'Kb / 2 + sum(penalties * max(0, 1 - targets * Kb)**2)`` by Newton's method on the
    set of records inside the margin, each step by conjugate gradients.

    One coefficient per record; 0 for those beyond the margin. The score of a record is the sum of
    its Gram values with the labelled records times these.

    References
    ----------
    Chapelle, O. (2007). Training a support vector machine in the primal. Neural Computation 19,
    equations 14 to 18. Keerthi, S. S., DeCoste, D. (2005). A modified finite Newton method for
    fast solution of large scale linear SVMs. JMLR 6, section 3 (the line search).
    """
    ridge = 1 / (2 * penalties)
    beta = np.zeros_like(targets) if start is None else start.copy()
    scores = product(beta)
    for _ in range(_NEWTON_STEPS):
        active = targets * scores < 1
        goal = _ridge_fit(product, diagonal + ridge, ridge, active, targets, beta)
        goal_scores = product(goal)
        step = _step(beta, scores, goal, goal_scores, targets, penalties)
        beta, scores = beta + step * (goal - beta), scores + step * (goal_scores - scores)
        if step == 1.0 and np.array_equal(active, targets * scores < 1):
            break
        if step < _TOLERANCE:
            break
    return beta


def _ridge_fit(
    product: Product,
    diagonal: Vector,
    ridge: Vector,
    active: NDArray[np.bool_],
    targets: Vector,
    start: Vector,
) -> Vector:
    """Solve (K + ridge) b = targets over the active records, by preconditioned conjugate steps."""
    beta = np.where(active, start, 0.0)
    residual = np.where(active, targets - product(beta) - ridge * beta, 0.0)
    conditioned = residual / diagonal
    direction = conditioned.copy()
    size = float(residual @ conditioned)
    target = _TOLERANCE**2 * float(np.where(active, targets * targets / diagonal, 0.0).sum())
    for _ in range(_SOLVER_STEPS):
        if size <= target:
            break
        image = np.where(active, product(direction) + ridge * direction, 0.0)
        along = size / float(direction @ image)
        beta += along * direction
        residual -= along * image
        conditioned = residual / diagonal
        size, before = float(residual @ conditioned), size
        direction = conditioned + size / before * direction
    return beta


def _step(
    beta: Vector,
    scores: Vector,
    goal: Vector,
    goal_scores: Vector,
    targets: Vector,
    penalties: Vector,
) -> float:
    """Step length with which the objective does not increase; nearly always 1."""

    def objective(share: float) -> float:
        at, at_scores = beta + share * (goal - beta), scores + share * (goal_scores - scores)
        slack = np.maximum(0.0, 1 - targets * at_scores)
        return float(at @ at_scores / 2 + (penalties * slack) @ slack)

    now, share = objective(0.0), 1.0
    for _ in range(_HALVINGS):
        if objective(share) <= now + 1e-12 * abs(now):
            return share
        share /= 2
    return 0.0
