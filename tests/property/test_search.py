"""Whatever is typed into the search box, it is answered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscreen.records import Record
from autoscreen.store import Store
from autoscreen.store.record_filters import Filters
from autoscreen.store.text_search import parse_search

SYNTAX = st.lists(
    st.sampled_from(
        ['"', "'", "*", "(", ")", "-", "^", "+", ":", "{", "}", ",", ".", "\0", " ", "\n", "title:",
         "AND ", "OR ", "NOT ", "NEAR(", "a", "é", "\u0300", "pain", "\ud800", "🧲", "; DROP TABLE"]
    )
).map("".join)  # fmt: skip
WORDS = st.lists(st.sampled_from(["pain", "nerve", "sleep", "coil"]), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def pool(tmp_path_factory) -> Iterator[Store]:
    """Three records."""
    from autoscreen.dedup import match_fields

    path = tmp_path_factory.mktemp("search") / "a"
    with Store.create(path, name="a", protocol="", origin="") as store:
        incoming = store.incoming()
        for at, title in enumerate(["Pain, nerve", "Sleep", "A coil (pain)"], 1):
            record = Record(title=title)
            incoming.add(record, at, match_fields(record))
        with store.writing():
            number = store.imports.open(path="a", format="ris", sha256="", started="", starts=3)
            store.imports.take(number, incoming)
        yield store


@given(st.one_of(st.text(st.characters(exclude_categories=())), SYNTAX))
def test_no_input_raises(pool: Store, text: str):
    """Any text is a search, and gives some of the records in their order."""
    found = pool.browse.numbers(Filters(text=text))
    assert found == sorted(set(found) & {1, 2, 3})
    if not parse_search(text):
        assert found == ([] if text.strip() else [1, 2, 3])


@given(WORDS)
def test_more_words_find_less_and_a_phrase_less_still(pool: Store, words: list[str]):
    """All words are wanted; as a phrase they must also follow one another."""
    fewer = set(pool.browse.numbers(Filters(text=" ".join(words[:-1]))))
    loose = set(pool.browse.numbers(Filters(text=" ".join(words))))
    strict = set(pool.browse.numbers(Filters(text='"' + " ".join(words) + '"')))
    assert strict <= loose <= fewer


@given(WORDS)
def test_a_word_and_its_exclusion_part_the_pool(pool: Store, words: list[str]):
    """Each record either has a word or has it not."""
    found = pool.browse.numbers(Filters(text=words[0]))
    others = pool.browse.numbers(Filters(text=f"-{words[0]}"))
    assert sorted(found + others) == [1, 2, 3]
