"""Simulations rank with sentence embeddings, as a review does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import autoscreen
from autoscreen.formats import write
from autoscreen.protocol import Protocol
from autoscreen.records import Label, Record, Verdict
from autoscreen.review import Review
from autoscreen.review.finished_review import read_finished_review
from autoscreen.review.learner import MODEL, MODEL_WITH_SENTENCES
from topic_encoder import TopicEncoder

WORDS = ("coil", "magnet", "stimulator", "pulse")
"""Only the encoder knows that these are one subject."""


class OneTopic(TopicEncoder):
    """Encodes all words of the subject as the same."""

    def encode(self, texts):
        return super().encode("coil" if any(w in t for w in WORDS) else "sleep" for t in texts)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Sixty invented studies; one in six is relevant, each third time in another word."""
    path = tmp_path_factory.mktemp("past") / "past.ris"
    write(
        (
            Record(
                title=f"Study {n}",
                abstract=f"Of a {WORDS[n // 6 % 4] if n % 6 == 4 else 'bed'} in ward {n % 7}.",
                verdicts=(Verdict(label=Label.INCLUDE if n % 6 == 4 else Label.EXCLUDE),),
            )
            for n in range(60)
        ),
        path,
    )
    return path


def test_embeddings_find_what_other_words_say(path, monkeypatch):
    """Encoded once, the same each time; without the extra, or switched off, it ranks without."""
    past, encoder, told = read_finished_review(path), OneTopic(), []
    done = autoscreen.simulate(
        past, embeddings=encoder, progress=lambda what, count: told.append((what, count))
    )
    assert done.ranker == MODEL_WITH_SENTENCES
    assert sum(n for what, n in told if what == "computing sentence embeddings") == 60
    assert len(encoder.texts) == 60
    assert autoscreen.simulate(past, embeddings=OneTopic()).order == done.order
    without = autoscreen.simulate(past, embeddings=False)
    assert without.ranker == MODEL
    assert done.measures["loss"] < without.measures["loss"]
    monkeypatch.setattr("autoscreen.review.simulation.is_installed", lambda: False)
    assert autoscreen.simulate(past).order == without.order


def test_a_simulation_of_a_review_uses_the_embeddings_that_it_has(path, tmp_path):
    """They are those that would be computed; a review that lacks one has none to use."""
    past = read_finished_review(path)
    with Review.create(tmp_path / "rms", protocol=Protocol.from_title("Devices")) as review:
        review.import_files([path])
        ids = [one.id for one in review.records()]
        assert review.embeddings.vectors(ids) is None
        review.embeddings.compute(encoder=OneTopic())
        vectors = review.embeddings.vectors(ids)
        np.testing.assert_array_equal(review.embeddings.vectors(ids[::-1]), vectors[::-1])
    with_vectors = replace(past, embeddings=vectors)
    used = autoscreen.simulate(with_vectors)
    assert used.ranker == MODEL_WITH_SENTENCES
    assert used.order == autoscreen.simulate(past, embeddings=OneTopic()).order
