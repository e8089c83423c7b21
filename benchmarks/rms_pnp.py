"""Whether a model trained on older records of the rMS review finds the newer ones.

    python benchmarks/rms_pnp.py
    python benchmarks/rms_pnp.py features

Trained on the labels up to a year, with half of the unlabelled records as background; tested on the
later labelled records among all 24,000 unlabelled ones: near misses of the topic, and records on
any subject. Each half of the unlabelled records is scored by the model trained with the other half.
Then by condition and by type of stimulation: one left out of the training, all years. Once by
titles alone, once with the abstracts of the other records; relevant ones have titles only.

With "features": words only, concepts and designs only, and both, trained up to 2013.

"read/relevant" counts every alert, unsure records too. Needs the real data (AUTOSCREEN_DATA).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from _common import read_csv, table
from _rms import LABELS, labelled
from _trials import Trial, try_splits
from autoscreen.progress_callback import NO_TRACKER
from autoscreen.protocol import load_protocol
from autoscreen.records import Label
from autoscreen.training import model_training as training
from autoscreen.training.label_files import LabelRow, title_digest
from autoscreen.training.model_training import LabelledRecord
from train_rms_pnp import SENSITIVITY

YEARS = (2013, 2014, 2015, 2016)
READ = (10, 25, 50, 100)
CONDITIONS = {
    "phantom limb": "phantom",
    "nerve root": "radicul|sciatica|spondyl",
    "injury, plexus, CRPS II": "plex|traumatic|CRPS type 2",
    "polyneuropathy": "diabetic|chemotherapy",
    "zoster, trigeminal, cancer": "herpetic|trigeminal neuralgia$|malignant",
}
BELOW_THE_HEAD = re.compile(r"spinal|peripheral magnetic|transcutaneous|functional", re.IGNORECASE)
Mask = NDArray[np.bool_]


def main() -> None:
    joined, given = labelled()
    examples = joined.examples
    if sys.argv[1:] == ["features"]:
        _features(examples)
        return
    tests = list(_tests(examples, given))
    odd = np.arange(len(examples)) % 2 == 1
    labelled_ones = np.array([one.label is not None for one in examples])
    splits = [np.where(labelled_ones, ~test, half) for _, test in tests for half in (odd, ~odd)]
    trials = try_splits(examples, load_protocol("rms-pnp"), splits, sensitivity=SENSITIVITY)
    for view in ("titles", "whole"):
        rows = [
            _row(name, test, trials[2 * at : 2 * at + 2], view, examples)
            for at, (name, test) in enumerate(tests)
        ]
        print(f"\n{'titles alone' if view == 'titles' else 'with abstracts'}")
        head = ["kept from the training", "relevant", "pool", *(f"in {n}" for n in READ), "in 1%"]
        table([*head, "last at", "alerted", "read/relevant"], rows)


def _features(examples: Sequence[LabelledRecord]) -> None:
    """Compare words with concepts, by average precision on later titles."""
    vocabulary, data = training._features(examples, load_protocol("rms-pnp"), NO_TRACKER)
    read = np.array([one.label is not None for one in examples])
    later = read & np.array([(one.record.year or 9999) > 2013 for one in examples])
    odd = np.arange(len(examples)) % 2 == 1
    train = np.where(read, ~later, odd)
    rest = ~train & ~data.relevant & ~data.unsure
    none = csr_array(data.words.shape, dtype=np.float32)
    rows = []
    for name, words, features in (
        ("words only", data.words, np.zeros_like(data.features)),
        ("concepts and designs only", none, data.features),
        ("both", data.words, data.features),
    ):
        model = training._fit(vocabulary, replace(data, words=words, features=features), train)
        titles = model.scores(words[: len(examples)], features[: len(examples)])
        found = titles[later & data.relevant]
        ranks = np.sort([1 + (titles[rest] > one).sum() + (found > one).sum() for one in found])
        precision = np.mean(np.arange(1, len(ranks) + 1) / ranks)
        rows.append([name, f"{precision:.2f}", f"{ranks[-1]:,}"])
    table(["features", "average precision", "last at"], rows)


def _tests(
    examples: Sequence[LabelledRecord], given: Sequence[LabelRow]
) -> Iterator[tuple[str, Mask]]:
    """Yield each test set by its name."""
    years = np.array([one.record.year or 9999 for one in examples])
    read = np.array([one.label is not None for one in examples])
    for year in YEARS:
        yield f"after {year}", read & (years > year)
    conditions = _conditions(examples)
    relevant = np.array([one.label is Label.INCLUDE for one in examples])
    for name, pattern in CONDITIONS.items():
        mine = np.array([bool(re.search(pattern, one)) for one in conditions])
        yield name, (mine & relevant) | (read & ~relevant & _every_third(len(examples)))
    below = np.array([bool(BELOW_THE_HEAD.search(one.record.title)) for one in examples])
    for name, mine in (("below the head", below), ("transcranial", ~below)):
        if (relevant & ~mine).sum() >= 5:
            yield name, (mine & relevant) | (read & ~relevant & _every_third(len(examples)))


def _conditions(examples: Sequence[LabelledRecord]) -> list[str]:
    known = {row["title_sha256"]: row["condition"] for row in read_csv(LABELS)}
    return [known.get(title_digest(one.record.title), "") for one in examples]


def _every_third(count: int) -> Mask:
    return np.arange(count) % 3 == 0


def _row(
    name: str, test: Mask, trials: Sequence[Trial], view: str, examples: Sequence[LabelledRecord]
) -> list[str]:
    labels = np.array([str(one.label) for one in examples])
    first, second = (getattr(one, view) - one.alert.threshold for one in trials)
    odd = np.arange(len(examples)) % 2 == 1
    read = labels != "None"
    # A record of the pool is scored by the model that did not have it as background.
    above = np.where(read, (first + second) / 2, np.where(odd, second, first))
    pool = test | ~read
    relevant = test & (labels == "include")
    rest = pool & (labels != "include") & (labels != "unsure")
    ranks = sorted(
        int(1 + (above[rest] > one).sum() + (above[relevant] > one).sum())
        for one in above[relevant]
    )
    size = int(pool.sum())
    alerts = int((above[pool] >= 0).sum())
    found = int((above[relevant] >= 0).sum())
    return [
        name,
        str(len(ranks)),
        f"{size:,}",
        *(f"{sum(rank <= n for rank in ranks)}" for n in READ),
        f"{sum(rank <= size // 100 for rank in ranks) / len(ranks):.0%}",
        str(ranks[-1]),
        f"{found}/{len(ranks)}",
        f"{alerts / found:.1f}" if found else "-",
    ]


if __name__ == "__main__":
    main()
