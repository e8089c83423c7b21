"""Where each stopping rule would have ended a replayed review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["stops_of"]


def stops_of(
    relevant: NDArray[np.bool_], pool: int, known: Mapping[int, bool]
) -> list[dict[str, Any]]:
    """Give the position of each rule, and what it cost and found."""
    return []
