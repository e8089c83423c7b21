"""The probabilities of the stand-alone classifier on texts that it has not seen."""

from __future__ import annotations

import numpy as np

from autoscreen.ranking import ScreeningClassifier


def _texts(count: int, dice: np.random.Generator) -> tuple[list[str], np.ndarray]:
    """Texts of which one in five is relevant; most of their words come once and never again."""
    relevant = dice.random(count) < 0.2
    texts = []
    for number, good in enumerate(relevant.tolist()):
        telling = [f"topic{dice.integers(6)}" for _ in range(4)] if dice.random() < 0.8 else []
        other = [f"usual{dice.integers(40)}" for _ in range(6)]
        rare = [f"rare{number}x{at}" for at in range(dice.integers(2, 30))]
        texts.append(" ".join([*(telling if good else []), *other, *rare]))
    return texts, relevant


def test_probabilities_hold_for_texts_with_words_never_seen() -> None:
    """They add up to the relevant texts that there are, though half of the words are new."""
    said, were = [], []
    for seed in range(6):
        texts, relevant = _texts(400, np.random.default_rng(seed))
        model = ScreeningClassifier().fit(texts[:200], relevant[:200])
        said.append(model.predict_proba(texts[200:])[:, 1].mean())
        were.append(relevant[200:].mean())
    assert abs(np.mean(said) - np.mean(were)) < 0.03
