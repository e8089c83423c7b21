"""A replay reads what the review itself would have proposed."""

from __future__ import annotations

import numpy as np
import pytest

from autoscreen.active._replay import Refits, replay
from autoscreen.formats import write
from autoscreen.progress_callback import no_progress
from autoscreen.protocol import Protocol, load_protocol
from autoscreen.records import Record
from autoscreen.review import Review
from autoscreen.review.finished_review import pool_of, read_finished_review
from autoscreen.review.sentence_embeddings import encode_records
from topic_encoder import TopicEncoder

PLACES = ("hospital", "clinic", "school", "ward", "home", "laboratory")
KNOWN = {3: True, 0: False}
DRUGS = ("aspirin", "ibuprofen", "placebo tablets", "gabapentin")


@pytest.fixture(scope="module")
def past(tmp_path_factory):
    """Seventy invented records, twelve of them eligible, as a labelled table."""
    dice = np.random.default_rng(11)
    rows = ["record_id,title,abstract,label_included"]
    for number in range(70):
        eligible = number % 6 == 3
        what = "magnetic stimulation for neuropathic pain" if eligible else "care of asthma"
        if number % 11 == 3:
            what = dice.choice(DRUGS) + " for pain"
        place, drug = dice.choice(PLACES), dice.choice(DRUGS)
        abstract = "" if number % 9 == 0 else f"{number} people in a {place} had {drug} or sham."
        rows.append(f"{number},{what} in a {place} {number},{abstract},{int(eligible)}")
    path = tmp_path_factory.mktemp("past") / "past.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return read_finished_review(path)


@pytest.mark.parametrize(
    ("protocol", "known", "encoder"),
    [
        (load_protocol("rms-pnp"), {}, None),
        (load_protocol("rms-pnp"), KNOWN, None),
        (Protocol.from_title("Pain"), {}, None),
        (Protocol.from_title("Pain"), KNOWN, TopicEncoder(("placebo", "clinic", "home"))),
    ],
)
def test_a_replay_gives_the_order_of_the_live_review(past, protocol, known, encoder, tmp_path):
    """Record by record, from nothing and from two labels, with the random records of seed 0."""
    source = tmp_path / "pool.nbib"
    write(
        (
            Record(title=one.title, abstract=one.abstract, pmid=str(7_000_000 + row))
            for row, one in enumerate(past.records)
        ),
        source,
    )
    live = []
    with Review.create(tmp_path / "live", protocol=protocol) as review:
        review.import_files([source])
        if encoder:
            review.embeddings.compute(encoder=encoder)
        for row, label in known.items():
            review.label(str(7_000_000 + row), "include" if label else "exclude")
        while (found := review.next(wait=True)) is not None:
            row = int(found.ranked.record.pmid or "") - 7_000_000
            live.append(row)
            review.label(found.ranked.id, "include" if past.relevant[row] else "exclude")
    vectors = encode_records(past.records, encoder, no_progress) if encoder else None
    pool = pool_of(past, protocol, embeddings=vectors)
    rows = replay(pool.matrix, pool.prior, past.relevant, known=known, refits=Refits(growth=0.0))
    last = int(np.flatnonzero(past.relevant[rows])[-1]) + 1
    assert sorted(live) == sorted(rows.tolist())
    assert live[:last] == rows.tolist()[:last]
