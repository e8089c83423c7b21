"""Saved screening models: trained on the demo records, scored, explained, saved and refused."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autoscreen.errors import InputError, ModelError, ModelFormatError
from autoscreen.formats import read
from autoscreen.protocol import Protocol, load_protocol
from autoscreen.ranking import ScreeningModel, load_model, save_model, shipped_models
from autoscreen.ranking._explanation import ScoreSource
from autoscreen.ranking._screening_file import _checksum
from autoscreen.records import Label, Record
from autoscreen.resources import resource
from autoscreen.training.model_training import LabelledRecord, train_model


@pytest.fixture(scope="module")
def demo() -> list[LabelledRecord]:
    """The demo records with their labels."""
    with resource("data", "demo", "labels.csv").open(encoding="utf-8", newline="") as stream:
        labels = {row["pmid"]: Label(row["label"]) for row in csv.DictReader(stream)}
    return [
        LabelledRecord(record=one, label=labels[one.pmid])
        for one in read(resource("data", "demo", "demo.nbib"))
        if isinstance(one, Record) and one.pmid
    ]


@pytest.fixture(scope="module")
def model(demo: list[LabelledRecord]) -> ScreeningModel:
    """A model of the demo records."""
    return train_model(demo, load_protocol("rms-pnp"), name="demo")


def test_a_record_scores_the_same_alone_and_among_others(
    model: ScreeningModel, demo: list[LabelledRecord]
) -> None:
    """No other record has a say in a record's score."""
    records = [one.record for one in demo]
    alone = np.concatenate([model.decision_function([record]) for record in records[:40]])
    assert np.array_equal(alone, model.decision_function(records)[:40])


def test_a_saved_model_scores_as_before(
    model: ScreeningModel, demo: list[LabelledRecord], tmp_path: Path
) -> None:
    """What is read back gives the same scores, threshold and card."""
    save_model(model, tmp_path / "deep" / "demo")
    again = load_model(tmp_path / "deep" / "demo")
    records = [one.record for one in demo]
    assert np.allclose(
        again.decision_function(records), model.decision_function(records), atol=2e-6
    )
    assert again.threshold == model.threshold
    assert again.alert.found == model.alert.found
    assert dict(again.card) == dict(model.card)
    assert (tmp_path / "deep" / "demo.md").read_text("utf-8").startswith("# Model demo\n")


def test_saving_twice_gives_the_same_bytes(model: ScreeningModel, tmp_path: Path) -> None:
    """A model that did not change is a file that did not change."""
    save_model(model, tmp_path / "a.json")
    first = [(tmp_path / f"a.{end}").read_bytes() for end in ("json", "npz", "md")]
    save_model(load_model(tmp_path / "a.json"), tmp_path / "a.json")
    assert first == [(tmp_path / f"a.{end}").read_bytes() for end in ("json", "npz", "md")]


def test_a_saved_model_holds_no_text_of_a_record(
    model: ScreeningModel, demo: list[LabelledRecord], tmp_path: Path
) -> None:
    """Neither titles nor pieces of abstracts can be read in its files."""
    save_model(model, tmp_path / "demo")
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir()).decode("utf-8", "replace")
    for one in demo:
        assert one.record.title[:40] not in held
        if one.record.abstract:
            assert one.record.abstract[40:80] not in held


def test_the_parts_of_an_explanation_sum_to_the_score(
    model: ScreeningModel, demo: list[LabelledRecord]
) -> None:
    """Nothing that moved a record is left out, and words come in plain letters."""
    record = demo[6].record
    explanation = model.explain(record)
    assert sum(part.value for part in explanation.parts) == pytest.approx(
        explanation.score, abs=1e-4
    )
    assert explanation.score == model.decision_function([record])[0]
    words = [part.name for part in model.explain(record).parts if part.source is ScoreSource.WORD]
    text = f"{record.text} {' '.join(record.index_terms)}".lower()
    assert words
    assert all(word.split()[0] in text for word in words)


def test_included_records_score_above_the_threshold(
    model: ScreeningModel, demo: list[LabelledRecord]
) -> None:
    """The threshold lets through what it was chosen to let through."""
    included = [one.record for one in demo if one.label is Label.INCLUDE]
    assert (model.decision_function(included) >= model.threshold).mean() >= 0.9
    assert model.alert.found / model.alert.relevant >= 0.95
    assert model.alert.low < model.alert.sensitivity <= model.alert.high


def test_index_terms_may_be_missing(model: ScreeningModel, demo: list[LabelledRecord]) -> None:
    """A record that is not indexed yet is scored on its text."""
    included = [one.record for one in demo if one.label is Label.INCLUDE]
    bare = [replace(one, mesh=(), keywords=(), publication_types=()) for one in included]
    assert (model.decision_function(bare) >= model.threshold).mean() >= 0.8


def test_expectation_counts_alerts_and_sums_probabilities(model: ScreeningModel) -> None:
    """Expected finds and misses are sums of probabilities on both sides of the threshold."""
    scores = np.array([model.threshold + 1, model.threshold - 1])
    expected = model.expected(scores)
    likely = model.probability(scores)
    assert (expected.alerts, expected.relevant, expected.missed) == (1, likely[0], likely[1])
    rarer = model.probability(scores, prevalence=model.prevalence / 10)
    assert (rarer < likely).all()


def test_no_record_gives_no_score(model: ScreeningModel) -> None:
    """An empty file is no error."""
    assert model.decision_function([]).shape == (0,)
    assert len(model.decision_function([Record()])) == 1


def test_too_few_labels_are_refused(demo: list[LabelledRecord]) -> None:
    """Nothing is trained on four included records, and the message counts them."""
    few = [one for one in demo if one.label is Label.INCLUDE][:4]
    few += [one for one in demo if one.label is Label.EXCLUDE]
    with pytest.raises(ModelError, match="4 included and 178 other"):
        train_model(few, load_protocol("rms-pnp"), name="few")


def test_a_protocol_without_concepts_will_do(demo: list[LabelledRecord]) -> None:
    """Where only the title of a review is known, words and designs are learnt."""
    made = train_model(demo, Protocol.from_title("Magnetic stimulation"), name="title")
    labels = np.array([one.label is Label.INCLUDE for one in demo])
    scores = made.decision_function([one.record for one in demo])
    assert scores[labels].mean() > scores[~labels].mean()


def _break(path: Path, change: object) -> None:
    content = json.loads(path.read_text("utf-8"))
    assert isinstance(change, dict)
    path.write_text(json.dumps({**content, **change}), "utf-8")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 2}, "format 2, expected 1"),
        ({"kind": "other"}, "is not a screening model"),
        ({"base": 7.0}, "checksum"),
    ],
)
def test_a_model_that_was_changed_is_refused(
    model: ScreeningModel, tmp_path: Path, change: dict[str, object], message: str
) -> None:
    """A model of another format, or one that was edited, is not built."""
    save_model(model, tmp_path / "demo")
    _break(tmp_path / "demo.json", change)
    with pytest.raises(ModelFormatError, match=message):
        load_model(tmp_path / "demo.json")


def test_a_damaged_word_file_is_refused(model: ScreeningModel, tmp_path: Path) -> None:
    """The words are checked against the digest that the model names."""
    save_model(model, tmp_path / "demo")
    words = tmp_path / "demo.npz"
    words.write_bytes(words.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelFormatError, match="is not the file that the model names"):
        load_model(tmp_path / "demo")
    words.unlink()
    with pytest.raises(ModelFormatError, match="cannot be read"):
        load_model(tmp_path / "demo")


def test_an_unknown_name_is_told_what_there_is() -> None:
    """A wrong name names the models that ship."""
    assert "rms-pnp" in shipped_models()
    with pytest.raises(ModelFormatError, match=r"shipped with autoscreen: .*rms-pnp"):
        load_model("rms")


def test_the_shipped_model_loads_by_name() -> None:
    """`rms-pnp` finds a typical title and leaves a far one."""
    shipped = load_model("rms-pnp")
    near, far = shipped.decision_function(
        [
            Record(title="Repetitive transcranial magnetic stimulation in trigeminal neuralgia"),
            Record(title="Statins after myocardial infarction"),
        ]
    )
    assert near >= shipped.threshold > far


def test_every_cut_and_flip_of_the_files_is_a_named_error(
    model: ScreeningModel, tmp_path: Path
) -> None:
    """Damage, however it is disguised by a right digest, is a ModelFormatError or harmless."""
    save_model(model, tmp_path / "demo")
    whole = (tmp_path / "demo.npz").read_bytes()
    rng = random.Random(0)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 8)):
            data[rng.choice([rng.randrange(len(data)), rng.randrange(300)])] = rng.randrange(256)
        (tmp_path / "demo.npz").write_bytes(data)
        words = {"file": "demo.npz", "sha256": sha256(data).hexdigest()}
        _forge(tmp_path / "demo.json", partial(dict.update, words=words))
        with suppress(ModelFormatError):
            load_model(tmp_path / "demo")
    (tmp_path / "demo.json").write_text("[" * 100_000, "utf-8")
    with pytest.raises(ModelFormatError, match="is damaged"):
        load_model(tmp_path / "demo")


def _forge(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change a model and give it the checksum that fits."""
    content = json.loads(path.read_text("utf-8"))
    change(content)
    content["checksum"] = _checksum(content)
    path.write_text(json.dumps(content), "utf-8")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda one: one["words"].update(file="../demo.npz"), "must be in the same folder"),
        (lambda one: one.pop("words"), "lacks a part"),
        (lambda one: one.update(base="nan"), "lacks a part"),
        (lambda one: one.update(base=3e38), "lacks a part"),
        (lambda one: one["signs"].update(dict.fromkeys(one["signs"], 3e38)), "lacks a part"),
        (lambda one: one["alert"].update(found=1e999), "is damaged .OverflowError"),
        (lambda one: one.update(prevalence=1.5), "lacks a part"),
        (
            lambda one: one["signs"].pop("design: review"),
            "for features that this version does not support",
        ),
        (lambda one: one["alert"].update(found=99), "the figures of its alerts are inconsistent"),
        (lambda one: one["alert"].pop("low"), "lacks a part"),
        (lambda one: one["usual"][0].pop(), "lacks a part"),
        (lambda one: one["usual"][0].__setitem__(0, 0.0), "the frequencies of its concepts are"),
        (lambda one: one["concepts"][0].update(element="x"), "lacks a part"),
        (lambda one: one["concepts"][0].update(terms=["a * b ("]), "a term of its concepts"),
    ],
)
def test_a_forged_model_is_refused(
    model: ScreeningModel, tmp_path: Path, change: Callable[[dict[str, Any]], None], message: str
) -> None:
    """A right checksum does not get a part of no use past the audit."""
    save_model(model, tmp_path / "demo")
    _forge(tmp_path / "demo.json", change)
    with pytest.raises(ModelFormatError, match=message):
        load_model(tmp_path / "demo.json")


@pytest.mark.parametrize("value", [np.nan, np.inf, 3e38])
@pytest.mark.parametrize("part", ["columns", "rarity", "weights"])
def test_words_that_do_not_hold_together_are_refused(
    model: ScreeningModel, tmp_path: Path, part: str, value: float
) -> None:
    """Columns must rise, and rarity and weights be finite numbers, whatever the digest says."""
    save_model(model, tmp_path / "demo")
    with np.load(tmp_path / "demo.npz") as stored:
        arrays = dict(stored)
    wrong = arrays[f"title_{part}"]
    wrong[:2] = wrong[1] if part == "columns" else value
    packed = io.BytesIO()
    np.savez_compressed(packed, **arrays)
    (tmp_path / "demo.npz").write_bytes(packed.getvalue())
    digest = sha256(packed.getvalue()).hexdigest()
    _forge(tmp_path / "demo.json", lambda one: one["words"].update(sha256=digest))
    with pytest.raises(ModelFormatError, match="the words of title are damaged"):
        load_model(tmp_path / "demo")


def test_a_pickle_is_never_read(model: ScreeningModel, tmp_path: Path) -> None:
    """An array that would run code when it is unpickled is refused."""
    save_model(model, tmp_path / "demo")
    packed = io.BytesIO()
    np.savez_compressed(packed, title_columns=np.array([{"a": 1}], dtype=object))
    (tmp_path / "demo.npz").write_bytes(packed.getvalue())
    digest = sha256(packed.getvalue()).hexdigest()
    _forge(tmp_path / "demo.json", lambda one: one["words"].update(sha256=digest))
    with pytest.raises(ModelFormatError, match="cannot be read as npz"):
        load_model(tmp_path / "demo")


def test_a_model_that_cannot_be_written_is_an_error_of_the_path(
    model: ScreeningModel, tmp_path: Path
) -> None:
    """A file where a folder should be is named."""
    (tmp_path / "full").write_text("", "utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        save_model(model, tmp_path / "full" / "demo")
