"""`autoscreen embed`, and what `status` says of sentence embeddings."""

from __future__ import annotations

import json

import pytest

from autoscreen.cli.main_command import run
from autoscreen.formats import write
from autoscreen.presentation.embedding_words import embedding_words
from autoscreen.records import Record
from autoscreen.review import Review
from autoscreen.review.review_embeddings import EmbeddingCoverage
from autoscreen.sentence_encoder.encoder import is_installed
from autoscreen.store.embeddings import EmbeddingUse

USE = EmbeddingUse(encoder="e", decision=57, embedded=40, records=40, at="2026")


@pytest.fixture
def review(tmp_path):
    """The path of a review of three records."""
    write([Record(title=f"Study {n} of statins") for n in range(3)], tmp_path / "a.ris")
    with Review.create(tmp_path / "a", title="Statins") as made:
        made.import_files([tmp_path / "a.ris"])
    return str(tmp_path / "a.autoscreen")


@pytest.mark.skipif(
    not is_installed(), reason="needs the extra: pip install 'autoscreen[semantic]'"
)
def test_embeddings_are_computed_and_the_status_says_since_when_they_are_used(review, capsys):
    """They are used by the next ranking, and a second run has nothing to do."""
    assert run(["status", review]) == 0
    assert "embeddings 0 of 3 records, less than a minute left" in capsys.readouterr().out
    assert run(["embed", review]) == 0
    said = capsys.readouterr().out
    assert "computed    3 sentence embeddings" in said
    assert "embeddings  all 3 records; the next ranking uses them" in said
    assert run(["rank", review]) == 0
    capsys.readouterr()
    assert run(["embed", review, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["computed"], found["complete"], found["used_since_decision"]) == (0, True, 0)
    assert run(["embed", review, "--again", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["computed"] == 3
    assert run(["status", review, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["sentence_embeddings"]["embedded"] == 3


@pytest.mark.parametrize(
    ("embedded", "installed", "more", "said"),
    [
        (0, False, {}, "not installed: pip install 'autoscreen[semantic]' improves the ranking"),
        (
            1240,
            False,
            {},
            "1,240 of 5,000 records; the rest needs an extra that is not installed:"
            " pip install 'autoscreen[semantic]' improves the ranking",
        ),
        (1240, True, {}, "1,240 of 5,000 records, about 3 minutes left"),
        (1240, True, {"outdated": True}, "by an earlier version, about 4 minutes left"),
        (5000, False, {"use": USE}, "the ranking has used them since decision 57"),
    ],
)
def test_the_state_is_said_with_what_to_do(embedded, installed, more, said):
    """Also on a computer without the extra."""
    state = {"outdated": False, "use": None, "epoch": 1, **more}
    coverage = EmbeddingCoverage(records=5000, embedded=embedded, installed=installed, **state)
    assert embedding_words(coverage).endswith(said)
