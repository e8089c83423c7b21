"""Records, sources, imports and the order as the file keeps them."""

from __future__ import annotations

import sqlite3
import sys
from dataclasses import replace

import pytest

from autoscreen.dedup import match_fields
from autoscreen.errors import ConflictError, InputError, SchemaError, UnknownRecordError
from autoscreen.formats import Problem
from autoscreen.records import Label, Notice, NoticeKind, Record, Verdict
from autoscreen.store import Store, digest
from autoscreen.store.stored_values import Ranking, RankPosition

FULL = Record(
    title="Stimulation of “nerves”",
    abstract="AIM: to know. RESULTS: we do.",
    authors=("Muster, A", "Sample B"),
    year=2001,
    pmid="123",
    doi="10.1000/abc",
    mesh=("Pain/*therapy",),
    keywords=("coil",),
    notices=(Notice(kind=NoticeKind.RETRACTED, reference="J 2002", pmid="9"),),
    verdicts=(Verdict(label=Label.UNSURE, reason="x", note="y", reviewer="z"),),
    raw="PMID- 123\nTI  - Stimulation\n",
    raw_format="medline",
)


def test_a_record_comes_back_whole(store, take_in):
    """Every field survives, and with the source the text as it was in the file."""
    take_in(store, [FULL], path="a.nbib")
    assert store.pool.record(1).record == FULL
    assert next(store.pool.records()).record == FULL
    (source,) = store.pool.sources(1)
    assert (source.record.raw, source.record.raw_format) == (FULL.raw, FULL.raw_format)
    assert (source.path, source.ordinal, source.record) == ("a.nbib", 1, FULL)
    assert (source.record.raw, source.record.raw_format) == (FULL.raw, FULL.raw_format)


@pytest.mark.parametrize(
    "ident",
    [
        "r2", " R2 ", "123", "pmid:123", "PMID: 123", "https://pubmed.ncbi.nlm.nih.gov/123/",
        "10.1000/abc", "doi:10.1000/ABC", "https://doi.org/10.1000/abc",
    ],
)  # fmt: skip
def test_a_record_is_found_by_any_of_its_names(store, take_in, ident):
    """Own id, PMID and DOI are accepted in the forms in which people paste them."""
    take_in(store, [Record(title="Other", pmid="2"), FULL])
    assert store.pool.find(ident) == 2


@pytest.mark.parametrize("ident", ["r3", "r0", "124", "10.1000/abcd", "", "title", "r99999999999"])
def test_an_unknown_name_is_refused(store, take_in, ident):
    """The message repeats what was given and says what is accepted."""
    take_in(store, [Record(title="Other", pmid="2"), FULL])
    with pytest.raises(UnknownRecordError, match=r"no record has the id .*\(r17\), a PMID, a DOI"):
        store.pool.find(ident)


def test_a_name_of_several_records_is_not_guessed(store, take_in):
    """Two records with one PMID, which were not merged, are both named."""
    take_in(store, [FULL, FULL])
    with pytest.raises(InputError, match="123 names 2 records: r1, r2; give one of these"):
        store.pool.find("123")


def test_counts_and_contents(store, take_in):
    """The learner gets number and content of all records."""
    take_in(store, [FULL, Record(title="Only a title")])
    counts = store.pool.counts()
    assert (counts.records, counts.with_abstract) == (2, 1)
    assert not store.pool.is_empty()
    assert list(store.pool.contents()) == [(1, FULL), (2, Record(title="Only a title"))]


def test_an_empty_review_answers(store):
    """Counts and lists of an empty review are empty, not errors."""
    assert store.pool.counts().records == 0
    assert store.pool.is_empty()
    assert list(store.pool.records()) == list(store.pool.contents()) == store.pool.ids() == []
    assert store.decisions.newest() == 0
    assert store.decisions.undo("") is None
    assert store.rankings.load() is None


def test_an_import_is_logged_with_its_problems(store, take_in):
    """Each record start is accounted for, and what was wrong is kept."""
    problems = (
        Problem(path="a.ris", line=7, record=2, message="no title", lost=True),
        Problem(path="a.ris", line=None, record=None, message="not UTF-8", lost=False),
    )
    run = take_in(store, [FULL, Record(title="B")], problems, path="a.ris")
    assert (run.starts, run.new, run.merged, run.already_there, run.lost) == (3, 2, 0, 0, 1)
    assert run.started < run.finished
    assert store.imports.all() == [run]
    assert store.imports.problems(run.id) == list(problems)


def test_many_records_come_in(store, take_in):
    """A file may hold more records than are written at a time."""
    run = take_in(store, [Record(title=f"Record {n}", pmid=str(n + 1)) for n in range(1203)])
    assert run.new == store.pool.counts().records == len(store.pool.ids()) == 1203
    assert store.pool.find("1203") == 1203
    assert [number for number, _ in store.pool.contents()] == store.pool.ids()


def test_a_record_of_the_same_file_is_known_again(store, take_in):
    """Records are identified by their raw text, or by their content where there is none."""
    bare = Record(title="B")
    take_in(store, [FULL, bare], path="a")
    seen = store.imports.seen("sha of a")
    assert seen == {digest(FULL): 1, digest(bare): 2}
    assert digest(replace(FULL, title="read otherwise")) in seen
    assert store.imports.seen("sha of b") == {}


def test_match_keys_are_kept_and_made_anew_by_another_version(store, take_in, monkeypatch):
    """A key is read back as it was made, and not trusted if another version made it."""
    take_in(store, [FULL, Record(title="B")])
    expected = {1: match_fields(FULL), 2: match_fields(Record(title="B"))}
    assert store.imports.related([match_fields(FULL)]).keys == expected
    store._db.run("UPDATE match_key SET program = '0', key = '{}'")
    assert store.imports.related([match_fields(FULL)]).keys == expected
    assert store._db.value("SELECT count(*) FROM match_key WHERE program = '0'") == 0


def test_an_order_is_replaced_by_the_next(store):
    """Numbers and scores come back exactly, in their order."""
    store.rankings.save(
        Ranking(model="first", decision=0, epoch=1, records=[3, 1, 2], scores=[0.5, 0.1, -2.0])
    )
    store.rankings.save(
        Ranking(model="next", decision=4, epoch=2, records=[2, 1], scores=[1 / 3, -1e300])
    )
    loaded = store.rankings.load()
    assert (loaded.model, loaded.decision, loaded.epoch) == ("next", 4, 2)
    assert list(loaded.records) == [2, 1]
    assert list(loaded.scores) == [1 / 3, -1e300]


def test_the_place_of_a_record_is_told_by_the_newest_order(store):
    """Who labels without a learner still records where the record stood."""
    assert store.rankings.place_of(3) == RankPosition()
    store.rankings.save(Ranking(model="m", decision=0, epoch=1, records=[3, 1], scores=[0.5, 0.25]))
    assert store.rankings.place_of(1) == RankPosition(rank=2, score=0.25, model="m")
    assert store.rankings.place_of(2) == RankPosition()
    assert store.rankings.load() is store.rankings.load()


def test_an_order_is_the_same_on_a_machine_of_the_other_byte_order(store, monkeypatch):
    """A review may be mailed to a machine that writes numbers the other way round."""
    written = Ranking(model="m", decision=0, epoch=1, records=[3, 1], scores=[0.5, 0.25])
    store.rankings.save(written)
    (native,) = store._db.row("SELECT records FROM ranking")
    monkeypatch.setattr("sys.byteorder", "big" if sys.byteorder == "little" else "little")
    store.rankings.save(written)
    (swapped,) = store._db.row("SELECT records FROM ranking")
    assert swapped == native[7::-1] + native[:7:-1]
    assert list(store.rankings.load().records) == [3, 1]


def test_a_stored_record_that_is_no_json_is_named(store, take_in):
    """Content that another program spoilt is refused in words."""
    take_in(store, [FULL])
    store._db.run('UPDATE record SET view = \'{"title": 1, "tilte": 2}\' WHERE id = 1')
    with pytest.raises(SchemaError, match="the stored text of record r1 is damaged"):
        store.pool.record(1)


def test_who_cannot_write_says_so(store, take_in, tmp_path):
    """A second process waits, then says that another one is writing; nothing is changed."""
    take_in(store, [FULL])
    with Store.open(store.path, wait=0.05) as other:
        with store.writing(), pytest.raises(ConflictError, match="another process is writing"):
            other.decisions.add(1, Verdict(label=Label.INCLUDE))
        assert other.decisions.newest() == 0
        other.decisions.add(1, Verdict(label=Label.INCLUDE))
    assert store.decisions.newest() == 1


def test_a_block_is_written_as_a_whole_or_not_at_all(store, take_in):
    """An error inside takes back everything, also what inner blocks wrote."""
    take_in(store, [FULL])
    with pytest.raises(KeyboardInterrupt), store.writing():
        store.decisions.add(1, Verdict(label=Label.INCLUDE))
        raise KeyboardInterrupt
    assert store.decisions.newest() == 0
    connection = sqlite3.connect(store.path)
    assert connection.execute("SELECT count(*) FROM decision").fetchone() == (0,)
    connection.close()
