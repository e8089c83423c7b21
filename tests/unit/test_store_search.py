"""Searching the words of records, and choosing records by what was decided."""

from __future__ import annotations

import pytest

from autoscreen.errors import InputError
from autoscreen.records import Label, Record, Verdict
from autoscreen.store.record_filters import Filters
from autoscreen.store.text_search import parse_search, search_problems

RECORDS = [
    Record(title="Magnetic stimulation of nerves", abstract="Pain fell.", year=2019, pmid="11"),
    Record(title="Pain in children", abstract="Théta-burst pulses.", authors=("Müller, A",)),
    Record(title="Sleep", year=2001, journal="Pain Reports", keywords=("stimulators",)),
    Record(title="<b>AND</b> OR NOT", year=2020, doi="10.1000/x-1"),
]


@pytest.fixture
def pool(store, take_in):
    """Four records of one file."""
    take_in(store, RECORDS, path="first.ris")
    return store


def numbers(store, **filters) -> list[int]:
    return list(store.browse.numbers(Filters(**filters)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [1, 2, 3, 4]),
        ("pain", [1, 2, 3]),
        ("PAIN", [1, 2, 3]),
        ("pain stimulation", [1]),
        ("pain AND stimulation", [1]),
        ("stimul*", [1, 3]),
        ("stimul", []),
        ('"pain in children"', [2]),
        ('"pain in children', [2]),
        ("pain -children", [1, 3]),
        ("pain NOT children", [1, 3]),
        ('-"magnetic stimulation" pain', [2, 3]),
        ("sleep OR children", [2, 3]),
        ("OR sleep", [3]),
        ("NOT", []),
        ("title:pain", [2]),
        ("journal:pain", [3]),
        ("author:muller", [2]),
        ('-title:"pain in" pain', [1, 3]),
        ("theta-burst", [2]),
        ("11", [1]),
        ("10.1000/x-1", [4]),
        ("<b>and</b>", [4]),
        ("???", []),
        ("  ", [1, 2, 3, 4]),
    ],
)
def test_a_search_means_what_a_librarian_expects(pool, text, found):
    """Words, phrases, endings, parts and exclusions choose these records."""
    assert numbers(pool, text=text) == found


def test_what_was_typed_is_quoted():
    """Nothing that a person types is syntax of the index."""
    assert [one.match for one in parse_search('a" OR b*')] == ['"a"', '"OR b"*']
    assert [one.match for one in parse_search("near(a b)")] == ['"near(a"', '"b)"']
    assert parse_search("") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pain OR sleep", None),
        ('title:pain -"in children" stimul*', None),
        ("", None),
        ("10.1000/x-1 https://doi.org", None),
        ("(((", "no words"),
        ("*", "asterisk"),
        ("NOT", "no words"),
        ('"unclosed', "not closed"),
        ("(pain OR sleep) coil", "Parentheses"),
        ("*pain", "asterisk"),
        ("pain OR", "both sides"),
        ("keyword:pain", "keyword: is not a field"),
        ("title: pain", "without a space"),
        ('tag:"to translate" pain', None),
    ],
)
def test_what_a_search_cannot_do_is_said(text, said):
    """A person learns what of the search had no effect; a valid search has no message."""
    found = search_problems(text)
    assert any(said in one for one in found) if said else found == []


def test_tags_and_notes_are_found_and_chosen_by(pool):
    """Words of a tag or note are found, alone or bound to it; the filter takes the whole tag."""
    pool.tags.set(1, "Background reading", "ann", on=True)
    pool.tags.set(2, "background", "ann", on=True)
    pool.decisions.add(3, Verdict(label=Label.UNSURE, reviewer="ann", note="Bitte prüfen"))
    assert numbers(pool, text="tag:background") == [1, 2]
    assert numbers(pool, text='tag:"background reading"') == [1]
    assert numbers(pool, text="tag:back") == []
    assert numbers(pool, text="tag:back*") == [1, 2]
    assert numbers(pool, text="background") == [1, 2]
    assert numbers(pool, text="-tag:background pain") == [3]
    assert numbers(pool, text="note:prufen") == [3]
    assert numbers(pool, text="tag:background OR bitte") == [1, 2, 3]
    assert numbers(pool, tag="background") == [2]
    assert numbers(pool, noted=True) == [3]
    choices = pool.browse.choices()
    assert choices.tags == {"Background reading": 1, "background": 1}
    assert choices.noted == 1


def test_tags_and_notes_of_the_other_reviewer_are_found_when_both_have_decided(pool):
    """Until then a search, a filter and the counts show each reviewer only their own."""
    pool.screening.set(1.0)
    pool.decisions.add(1, Verdict(label=Label.INCLUDE, reviewer="ann", note="rehabilitation"))
    pool.tags.set(1, "key", "ann", on=True, blind=True)
    for viewer, seen in (("ann", [1]), ("bob", []), (None, [])):
        assert numbers(pool, text="rehabilitation", viewer=viewer) == seen
        assert numbers(pool, text="tag:key", viewer=viewer) == seen
        assert numbers(pool, tag="key", viewer=viewer) == seen
        assert pool.browse.choices(viewer=viewer).tags == ({"key": 1} if seen else {})
    pool.decisions.add(1, Verdict(label=Label.INCLUDE, reviewer="bob"))
    assert numbers(pool, text="tag:key rehabilitation", viewer="bob") == [1]


def test_records_are_sorted_by_author_journal_and_decision(pool):
    """Records that lack what they are sorted by come last, either way round."""
    decide(pool, 4, Label.EXCLUDE, "ann")
    decide(pool, 2, Label.INCLUDE, "ann")
    browse = pool.browse
    assert browse.numbers(Filters(), order="author") == [2, 1, 3, 4]
    assert browse.numbers(Filters(), order="journal", descending=True) == [3, 1, 2, 4]
    assert browse.numbers(Filters(), order="decision") == [2, 4, 1, 3]
    assert browse.numbers(Filters(), order="decision", descending=True) == [4, 2, 1, 3]


def test_a_word_that_only_one_of_merged_sources_has_is_found(pool, take_in):
    """A merged record is found by the words of each of its sources, and excluded by them."""
    take_in(pool, [Record(title="Sleep", abstract="Melatonin.")], path="second.ris")
    pool.merges.join([(3, 5, "test")])
    assert numbers(pool, text="melatonin journal:reports") == [3]
    assert numbers(pool, text="sleep -melatonin") == []
    assert numbers(pool, merged=True) == [3]
    assert numbers(pool, import_id=2) == [3]


def test_records_that_came_later_are_found(pool, take_in):
    """The index follows each import."""
    assert numbers(pool, text="acupuncture") == []
    take_in(pool, [Record(title="Acupuncture")], path="second.ris")
    assert numbers(pool, text="acupuncture") == [5]


def test_a_large_index_is_made_in_steps(pool, take_in, monkeypatch):
    """A pool is indexed a few records at a time, and all of it."""
    monkeypatch.setattr("autoscreen.store.text_search._STEP", 3)
    assert numbers(pool, text="pain") == [1, 2, 3]
    assert pool._db.value("SELECT value FROM meta WHERE key = 'indexed'") == "4"


def test_indexing_that_is_broken_off_is_finished_by_the_next_search(pool, monkeypatch):
    """What was indexed in the background until then is kept, and nothing is missed."""
    monkeypatch.setattr("autoscreen.store.text_search._GENTLE_STEP", 1)
    asked = iter([False, False, True])
    pool.browse.index(enough=lambda: next(asked, True))
    assert pool._db.value("SELECT value FROM meta WHERE key = 'indexed'") == "2"
    assert numbers(pool, text="pain") == [1, 2, 3]
    assert pool._db.value("SELECT value FROM meta WHERE key = 'indexed'") == "4"


def test_years_abstracts_and_days_choose(pool, take_in):
    """Years are inclusive; a record without a year is in no range."""
    assert numbers(pool, from_year=2001, to_year=2019) == [1, 3]
    assert numbers(pool, no_abstract=True) == [3, 4]
    assert numbers(pool, since="2026-01-02") == [1, 2, 3, 4]
    assert numbers(pool, since="2026-01-03") == []


def test_decisions_choose(pool):
    """Label, reason and reviewer choose by the decisions that were not withdrawn."""
    decide(pool, 1, Label.EXCLUDE, "ann", "WRONG_POP")
    decide(pool, 2, Label.INCLUDE, "bob")
    assert numbers(pool, label="exclude") == [1]
    assert numbers(pool, label="labelled") == [1, 2]
    assert numbers(pool, label="unlabelled") == [3, 4]
    assert numbers(pool, reason="WRONG_POP") == [1]
    assert numbers(pool, reviewer="bob") == [2]
    pool.decisions.undo("bob")
    assert numbers(pool, reviewer="bob") == []


def test_a_record_that_waits_for_a_second_reviewer_has_no_label_yet(pool):
    """What one of two reviewers said neither chooses nor shows nor counts until both have read."""
    pool.screening.set(1.0)
    decide(pool, 1, Label.EXCLUDE, "ann", "WRONG_POP")
    decide(pool, 2, Label.EXCLUDE, "ann")
    decide(pool, 2, Label.INCLUDE, "bob")
    assert numbers(pool, label="exclude") == []
    assert numbers(pool, label="unlabelled") == [3, 4]
    assert numbers(pool, label="unlabelled", viewer="ann") == [3, 4]
    assert numbers(pool, label="unlabelled", viewer="bob") == [1, 3, 4]
    assert [one.number for one in pool.pool.records("unlabelled")] == [3, 4]
    assert numbers(pool, label="pending") == [1]
    assert numbers(pool, label="conflict") == [2]
    assert numbers(pool, reason="WRONG_POP") == []
    rows = pool.browse.rows([1, 2, 3])
    assert [(row.stored.decision, row.open) for row in rows] == [
        (None, "pending"),
        (None, "conflict"),
        (None, None),
    ]
    choices = pool.browse.choices()
    assert choices.labels == {"": 2, "pending": 1, "conflict": 1}
    assert choices.reasons == {}


def test_orders_put_what_is_missing_last(pool):
    """Records without a year or a decision come last, whichever way round."""
    decide(pool, 3, Label.INCLUDE, "")
    assert pool.browse.numbers(Filters(), order="year") == [3, 1, 4, 2]
    assert pool.browse.numbers(Filters(), order="year", descending=True) == [4, 1, 3, 2]
    assert pool.browse.numbers(Filters(), order="decided", descending=True) == [3, 1, 2, 4]
    assert pool.browse.numbers(Filters(), order="title") == [4, 1, 2, 3]


def test_an_unknown_label_is_refused(pool):
    """A label that does not exist chooses nothing silently."""
    with pytest.raises(InputError, match="not a label"):
        numbers(pool, label="maybe")


def test_choices_are_counted(pool):
    """What can be chosen by comes with how many records have it."""
    choices = pool.browse.choices()
    assert choices.labels == {"": 4}
    assert choices.imports == ((1, "first.ris", 4),)
    assert (choices.without_abstract, choices.merged, choices.years) == (2, 0, (2001, 2020))


def decide(store, number, label, reviewer, reason=""):
    store.decisions.add(number, Verdict(label=label, reviewer=reviewer, reason=reason))


def test_records_are_chosen_by_study_design(store, take_in):
    """A design of the merged text counts, several may apply, and later records are looked at."""
    take_in(
        store,
        [
            Record(title="A randomised trial of coils", doi="10.1000/a"),
            Record(title="Sciatica in rats: a randomized study"),
            Record(title="Sleep"),
        ],
        path="first.ris",
    )
    assert numbers(store, design="randomised") == [1, 2]
    assert numbers(store, design="animal") == [2]
    assert numbers(store, design="cohort") == []
    with pytest.raises(InputError, match="choose one of: randomised"):
        numbers(store, design="randomized")
    assert store.browse.choices().designs == {"animal": 1, "randomised": 2}
    take_in(
        store,
        [
            Record(
                title="A randomised trial of coils",
                doi="10.1000/a",
                publication_types=("Review",),
            )
        ],
        path="second.ris",
    )
    assert numbers(store, design="review") == [4]
    store.merges.join([(1, 4, "same DOI")])
    assert numbers(store, design="randomised") == [2]
    assert numbers(store, design="review") == [1]


def test_designs_are_worked_out_anew_by_another_version_of_the_program(store, take_in):
    """What an earlier version took for a design does not outlive it."""
    take_in(store, [Record(title="A randomised trial")], path="first.ris")
    assert numbers(store, design="randomised") == [1]
    with store.writing():
        store._db.run("UPDATE record SET designs = ',cohort,'")
    assert numbers(store, design="cohort") == [1]
    with store.writing():
        store._db.run("UPDATE meta SET value = '0.0' WHERE key = 'designs'")
    assert numbers(store, design="cohort") == []
    assert numbers(store, design="randomised") == [1]


def test_what_the_watch_brought_in_is_chosen_until_it_has_a_label(pool, take_in):
    """New are the records that came with a run of the watch and that nobody has labelled."""
    assert numbers(pool, watched=True) == []
    run = pool.watches.begin(source="PubMed", query="pain", since="", until="")
    take_in(pool, [Record(title="New", pmid="77"), Record(title="Newer", pmid="78")], path="w.xml")
    pool.watches.note(run.id, [("new", "77", "", ""), ("new", "78", "", "")])
    assert numbers(pool, watched=True) == [5, 6]
    assert pool.browse.choices().watched == 2
    pool.decisions.add(5, Verdict(label=Label.EXCLUDE))
    assert numbers(pool, watched=True) == [6]


def test_designs_are_counted_for_all_records_or_not_at_all(store, take_in, monkeypatch):
    """A few that nobody looked at are counted at once; a count of a part would mislead."""
    take_in(store, [Record(title="A randomised trial") for _ in range(3)], path="first.ris")
    assert store.browse.choices().designs == {"randomised": 3}
    monkeypatch.setattr("autoscreen.store.design_tags._STEP", 2)
    assert store.browse.choices().designs == {}
    store.browse.index()
    assert store.browse.choices().designs == {"randomised": 3}
