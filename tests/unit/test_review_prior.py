"""Prior knowledge: decisions of an earlier review train the ranking and count nowhere else."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest

from autoscreen.errors import FormatError, InputError
from autoscreen.formats import read, write
from autoscreen.protocol import Protocol
from autoscreen.records import Label, Record, Verdict
from autoscreen.resources import resource
from autoscreen.review import Review
from autoscreen.review.learner import MODEL_WITH_SENTENCES
from topic_encoder import TopicEncoder

WORDS = (
    *("coil", "nerve", "sleep", "motor", "sham", "cord", "limb"),
    *("dose", "scale", "sensor", "valve", "gland", "fibre", "optic"),
)
FOUND = "tendon ultrasound elastography"


def _rows(seed: int, count: int) -> list[tuple[str, str, int]]:
    """Invented studies; one in ten is about the subject of both reviews, and its title is mute."""
    dice = np.random.default_rng(seed)
    rows = []
    for at in range(count):
        relevant = at % 10 == 3
        words = list(dice.choice(WORDS, 14))
        if relevant:
            words[2:2] = FOUND.split()
        rows.append((f"Study {seed} {at} of {words[0]}", " ".join(words), int(relevant)))
    return rows


def _table(path, rows, decisions=True):
    head = "title,abstract,included\n" if decisions else "title,abstract\n"
    lines = [f"{a},{b},{c}" if decisions else f"{a},{b}" for a, b, c in rows]
    path.write_text(head + "\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture
def pool():
    return _rows(1, 200)


@pytest.fixture
def review(tmp_path, clock, pool):
    """A review of two hundred records whose protocol says nothing of what is looked for."""
    with Review.create(
        tmp_path / "rms", protocol=Protocol.from_title("Widgets"), now=clock
    ) as made:
        made.import_files([_table(tmp_path / "pool.csv", pool, decisions=False)])
        yield made


@pytest.fixture
def earlier(tmp_path):
    """The file of an earlier review of the same subject."""
    return _table(tmp_path / "earlier.csv", _rows(2, 100))


def _recall(review, share=0.1):
    ranked = review.rank(top=round(200 * share))
    found = sum("elastography" in one.record.abstract for one in ranked)
    return found / 20


def _figures(review):
    """Return everything that is counted in a review, without what the ranking has learnt."""
    status = review.status()
    return (
        status,
        review.progress(),
        review.audits.advice(),
        review.audits.costs(),
        review.audits.all(),
        review.team.agreement(),
        review.table.labels_per_day(),
        review.imports(),
        review.duplicates.all(),
        [one.id for one in review.records()],
        [one.id for one in review.records("labelled")],
        review.to_frame().drop(columns="rank", errors="ignore").to_dict(),
    )


def test_prior_knowledge_trains_the_first_ranking(review, earlier):
    """Before any decision, a tenth of the records holds many more of the relevant ones."""
    before = _recall(review)
    made = review.prior_knowledge.import_file(earlier, reviewer="AB")
    assert (made.included, made.excluded, made.unused, made.lost) == (10, 90, 0, 0)
    assert (made.reviewer, made.in_use, made.format) == ("AB", True, "csv")
    assert _recall(review) >= before + 0.4


def test_prior_knowledge_trains_a_ranking_with_sentence_embeddings(review, earlier):
    """Its records have none, so it trains the other views."""
    review.embeddings.compute(encoder=TopicEncoder(WORDS))
    before = _recall(review)
    review.prior_knowledge.import_file(earlier)
    assert review.ranking.place("r1").model == MODEL_WITH_SENTENCES
    assert _recall(review) >= before + 0.4


def test_prior_knowledge_counts_nowhere(review, earlier):
    """Every figure, list and export of the review is equal with and without it."""
    for number in range(1, 60):
        label = "include" if number % 10 == 4 else "exclude"
        review.label(f"r{number}", label, reviewer="AB" if number % 2 else "CD")
    review.rank()
    before = _figures(review)
    review.prior_knowledge.import_file(earlier)
    review.rank()
    assert _figures(review) == before
    assert {one.id for one in review.rank()} == {f"r{n}" for n in range(1, 201)}
    seen = [review.next(wait=True).ranked.id]
    while len(seen) < 20:
        seen.append(review.next(wait=True, skip=seen).ranked.id)
    assert not {f"r{n}" for n in range(1, 60)} & set(seen)
    assert len(set(seen)) == 20


def test_removing_and_restoring_it_moves_the_ranking_back(review, earlier):
    """Without it the order is that of a review that never had it, and undo brings it again."""
    never = [(one.id, one.score) for one in review.rank()]
    number = review.prior_knowledge.import_file(earlier).id
    trained = [(one.id, one.score) for one in review.rank()]
    assert trained != never
    assert not review.prior_knowledge.remove(number, reviewer="CD").in_use
    assert [(one.id, one.score) for one in review.rank()] == never
    review.prior_knowledge.restore(number)
    assert [(one.id, one.score) for one in review.rank()] == trained
    (found,) = review.prior_knowledge.all()
    assert found.in_use
    assert found.at < found.changed_at


def test_own_decisions_train_beside_it_and_explanations_still_sum(review, earlier):
    """The parts of a score sum to it, and only records of this review are named as similar."""
    review.prior_knowledge.import_file(earlier)
    for number in (4, 14, 24):
        review.label(f"r{number}", "include")
    for number in (1, 2, 5):
        review.label(f"r{number}", "exclude")
    review.rank()
    explained = review.explain("r34")
    assert sum(part.value for part in explained.parts) == pytest.approx(explained.score)
    assert {one.id for one in explained.similar} <= {"r4", "r14", "r24", "r1", "r2", "r5"}
    assert any(part.name == "elastography" and part.value > 0 for part in explained.parts)
    assert [one.id for one in review.ranking.second_look()] != []


def test_a_duplicate_of_it_in_the_pool_is_still_screened(review, earlier, tmp_path):
    """A record of the earlier review that this review also has waits to be read as any other."""
    review.prior_knowledge.import_file(earlier)
    (run,) = review.import_files([_table(tmp_path / "again.csv", _rows(2, 3), decisions=False)])
    assert (run.new, run.merged, run.labels) == (3, 0, 0)
    assert review.progress().unread == 203


def test_it_may_come_before_the_records(tmp_path, earlier, pool):
    """A review without records has no ranking yet; its first one uses what was imported before."""
    with Review.create(tmp_path / "rms", protocol=Protocol.from_title("Widgets")) as made:
        made.prior_knowledge.import_file(earlier)
        made.ranking.warm_up()
        assert made.rank() == []
        assert made.next() is None
        made.import_files([_table(tmp_path / "pool.csv", pool[:40], decisions=False)])
        first = made.rank(top=10)
        assert sum("elastography" in one.record.abstract for one in first) >= 3


def test_only_includes_are_enough(review, tmp_path):
    """Records at the bottom of the first ranking stand in for excluded ones."""
    rows = [row for row in _rows(2, 100) if row[2]]
    before = _recall(review)
    review.prior_knowledge.import_file(_table(tmp_path / "found.csv", rows))
    assert _recall(review) >= before + 0.2


def test_what_is_not_used_is_said(review, tmp_path):
    """Undecided, unsure and contested records, and values that cannot be read, are counted."""
    path = tmp_path / "votes.csv"
    path.write_text(
        "title,abstract,Anna vote,Ben vote\nOne,a,include,include\nTwo,b,exclude,include\n"
        "Three,c,maybe,\nFour,d,,\nFive,e,exclude,exclude\nSix,f,perchance,\n",
        "utf-8",
    )
    made = review.prior_knowledge.import_file(path)
    assert (made.starts, made.included, made.excluded, made.unused) == (6, 1, 1, 4)
    (problem,) = review.prior_knowledge.problems(made.id)
    assert "perchance" in problem.message
    assert problem.line == 7
    with pytest.raises(FormatError, match="perchance"):
        review.prior_knowledge.import_file(path, strict=True)


def test_decisions_of_full_texts_are_used_where_there_are_no_others(review, tmp_path):
    """A study that was read in full and included is relevant."""
    path = tmp_path / "full.csv"
    path.write_text("title,full text decision\nOne,include\nTwo,exclude\n", "utf-8")
    made = review.prior_knowledge.import_file(path)
    assert (made.included, made.excluded) == (1, 1)


def test_files_without_decisions_and_the_same_file_again_are_refused(review, earlier, tmp_path):
    """Nothing is added; the message says what to do."""
    epoch = review._store.pool.epoch()
    bare = _table(tmp_path / "bare.csv", _rows(3, 5), decisions=False)
    with pytest.raises(InputError, match="no record was included or excluded"):
        review.prior_knowledge.import_file(bare)
    write([Record(title="One")], tmp_path / "a.nbib")
    with pytest.raises(FormatError, match="no columns"):
        review.prior_knowledge.import_file(tmp_path / "a.nbib", label_column="x")
    assert review._store.pool.epoch() == epoch
    number = review.prior_knowledge.import_file(earlier).id
    with pytest.raises(InputError, match="is prior knowledge 1 already"):
        review.prior_knowledge.import_file(earlier)
    review.prior_knowledge.remove(number)
    with pytest.raises(InputError, match="which was removed"):
        review.prior_knowledge.import_file(earlier)
    with pytest.raises(InputError, match="no prior knowledge with the number 9"):
        review.prior_knowledge.remove(9)
    assert len(review.prior_knowledge.all()) == 1


def test_half_of_the_demo_ranks_the_other_half(tmp_path):
    """In the demo too, the other half of a review finds more, here in the first 30 of 101."""
    with resource("data", "demo", "labels.csv").open(encoding="utf-8") as stream:
        labels = {row["pmid"]: row["label"] for row in csv.DictReader(stream)}
    records = [
        one for one in read(resource("data", "demo", "demo.nbib")) if isinstance(one, Record)
    ]
    new, old = records[::2], records[1::2]
    write(new, tmp_path / "new.nbib")
    verdicts = ((Verdict(label=Label(labels[one.pmid or ""])),) for one in old)
    pairs = zip(old, verdicts, strict=True)
    write((replace(one, verdicts=said) for one, said in pairs), tmp_path / "old.ris")
    relevant = {one.pmid for one in new if labels[one.pmid or ""] == "include"}

    def recall() -> float:
        first = made.rank(top=30)
        return len(relevant & {one.record.pmid for one in first}) / len(relevant)

    with Review.create(tmp_path / "demo", protocol=Protocol.from_title("Any pain")) as made:
        made.import_files([tmp_path / "new.nbib"])
        before = recall()
        assert made.prior_knowledge.import_file(tmp_path / "old.ris").unused == 4
        assert recall() >= before + 0.2


def test_a_record_in_both_reviews_is_shown_and_still_screened(review, tmp_path):
    """Its earlier decision stands beside it; a copy that comes later is found too."""
    rows = [("Study of the left coil", "Forty people had pain of nerves. " * 9, 1)]
    rows += [("Other thing", "Nothing of that kind was ever seen here before. " * 9, 0)]
    review.prior_knowledge.import_file(_table(tmp_path / "both.csv", rows))
    assert review.prior_knowledge.copies() == []
    later = _table(tmp_path / "later.csv", rows[:1], decisions=False)
    later.write_text(later.read_text().replace("title,abstract", "title,abstract,doi"))
    later.write_text(later.read_text().rstrip("\n") + ",10.1000/later\n")
    review.import_files([later])
    (copy,) = review.prior_knowledge.copies()
    assert (copy.record_id, copy.earlier, copy.label) == ("r201", Label.INCLUDE, None)
    assert copy.path.endswith("both.csv")
    review.label("r201", "exclude")
    assert review.decisions.seen("r201", "").earlier[0].label is Label.EXCLUDE
    assert list(review.decisions.seen("r1", "").earlier) == []
    review.prior_knowledge.remove(copy.file)
    assert review.prior_knowledge.copies() == []


def test_prior_knowledge_is_exported_and_read_back(review, earlier, tmp_path):
    """The file is prior knowledge for another review, with the same decisions."""
    made = review.prior_knowledge.import_file(earlier)
    for name in ("out.ris", "out.csv"):
        assert review.prior_knowledge.export(tmp_path / name) == 100
        with Review.create(tmp_path / f"{name}-copy", protocol="rms-pnp") as other:
            again = other.prior_knowledge.import_file(tmp_path / name)
        assert (again.included, again.excluded) == (made.included, made.excluded)
    review.prior_knowledge.remove(made.id)
    assert review.prior_knowledge.export(tmp_path / "all.ris") == 0
    assert review.prior_knowledge.export(tmp_path / "one.ris", number=made.id) == 100
    with pytest.raises(InputError, match="no prior knowledge with the number 9"):
        review.prior_knowledge.export(tmp_path / "none.ris", number=9)
