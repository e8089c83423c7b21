"""OpenAlex, asked through a server on this machine that can misbehave, and its records."""

from __future__ import annotations

import io
import json

import pytest

from autoscreen.errors import ConfigError, SourceError
from autoscreen.formats import Problem, read
from autoscreen.records import Notice, NoticeKind, Record
from autoscreen.sources.openalex_client import OpenAlex
from autoscreen.sources.source_settings import OpenAlexSettings, load_openalex_settings
from paging_server import paging_server, work

STUDIES = [Record(pmid="1"), Record(doi="10.1000/2")]


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setenv("AUTOSCREEN_STATE", str(tmp_path / "state"))
    with paging_server() as running:
        running.works = [
            work(1, cites=(10, 11)),
            work(2, cites=(11, 12)),
            *(work(number) for number in (10, 11, 12)),
            *(work(number, cites=(1,)) for number in (20, 21)),
            work(22, cites=(1, 2)),
            work(30, cites=(10,)),
        ]
        running.longest = 2
        yield running


@pytest.fixture
def said():
    return []


@pytest.fixture
def client(server, said):
    settings = OpenAlexSettings(base=server.url, timeout=5.0)
    return OpenAlex(settings, say=said.append, sleep=lambda seconds: None)


def test_works_are_listed_in_both_directions(client, said):
    """Those that cite a study, and those that it cites; each once."""
    found = client.citations(STUDIES)
    assert found.citing == ("W20", "W21", "W22")
    assert found.cited == ("W10", "W11", "W12")
    assert found.ids == (*found.citing, *found.cited)
    assert (found.known, found.unknown, found.unlisted) == (2, (), 0)
    assert client.citations(STUDIES, cited=False).ids == found.citing
    assert client.citations(STUDIES, citing=False).ids == found.cited
    assert said == []


def test_a_doi_helps_where_the_pmid_is_not_known(client):
    """And what OpenAlex does not have is named."""
    studies = [
        Record(pmid="999", doi="10.1000/1"),
        Record(pmid="998"),
        Record(doi="10.1000/a,b|c"),
        Record(title="Without any identifier"),
    ]
    found = client.citations(studies)
    assert found.known == 1
    assert found.unknown == ("PMID 998", "10.1000/a,b|c", "Without any identifier")
    assert found.citing == ("W20", "W21", "W22")


def test_works_are_fetched_by_their_numbers(client, server, monkeypatch):
    """As many at a time as fit; one that does not come is missing in its batch."""
    monkeypatch.setattr("autoscreen.sources.openalex_client.BATCH", 2)
    server.withheld = {"W11"}
    pages = list(client.fetch(["W10", "W11", "W12"]))
    assert [page.asked for page in pages] == [("W10", "W11"), ("W12",)]
    assert [list(page.records) for page in pages] == [["W10"], ["W12"]]
    assert json.loads(pages[0].records["W10"]) == work(10)


def test_what_is_counted_but_not_listed_is_said(client, server, said):
    """The number of works that cannot be imported is known."""
    server.counted = 3
    assert client.citations(STUDIES).unlisted == 3
    assert "counts 6 citing works and lists 3" in said[0]


def test_pages_without_end_end(client, server):
    """Cursors that lead in a circle are left."""
    server.works += [work(number, cites=(1,)) for number in range(40, 46)]
    server.faults = ["", "", "*circle"]
    found = client.citations(STUDIES)
    assert found.unlisted > 0


@pytest.mark.parametrize(
    "fault", ["too_many", "unavailable", "cut_off", "truncated", "web_page", "array", "no_list"]
)
def test_what_passes_is_asked_again(client, server, said, fault):
    """Nothing is lost by it."""
    server.faults = [fault]
    assert len(client.citations(STUDIES).ids) == 6
    assert "asking again" in said[0]


def test_key_and_address_are_sent_if_set_and_never_shown(server):
    """They are in no message, also where the server repeats them."""
    settings = OpenAlexSettings(
        base=server.url, key="bad_query", email="ann@example.org", timeout=5.0
    )
    asked = OpenAlex(settings, sleep=lambda seconds: None)
    asked.citations(STUDIES)
    assert {given["api_key"] for _, given, _ in server.calls} == {"bad_query"}
    assert {given["mailto"] for _, given, _ in server.calls} == {"ann@example.org"}
    assert "bad_query" not in repr(settings)
    server.faults = ["echo"]
    with pytest.raises(SourceError, match="OPENALEX_API_KEY") as caught:
        asked.citations(STUDIES)
    assert "ann@example.org" not in str(caught.value)
    assert "bad_query" not in str(caught.value)


def test_nothing_else_is_sent(client, server):
    """Without settings only what is asked for."""
    client.citations(STUDIES)
    sent = {name for _, given, _ in server.calls for name in given}
    assert sent == {"filter", "select", "per-page", "cursor"}


def test_settings(tmp_path):
    """From the environment or the file."""
    path = tmp_path / "config.toml"
    path.write_text('[sources]\nopenalex_api_key = "k"\nopenalex_email = "ann@example.org"\n')
    environ = {"AUTOSCREEN_CONFIG": str(path), "OPENALEX_EMAIL": "bob@example.org"}
    found = load_openalex_settings(environ)
    assert found.base == "https://api.openalex.org/"
    assert (found.key, found.email) == ("k", "bob@example.org")
    path.write_text("[sources]\nopenalex_api_key = 7\n")
    with pytest.raises(ConfigError, match="must be one line of text"):
        load_openalex_settings({"AUTOSCREEN_CONFIG": str(path)})


def results(*objects: object) -> list[Record | Problem]:
    lines = "".join(f"{json.dumps(one)}\n" for one in objects)
    return list(read(io.BytesIO(lines.encode()), format="openalex"))


def test_a_work_of_openalex():
    """Its abstract is put together from the places of its words."""
    (record,) = results(
        {
            "id": "https://openalex.org/W123",
            "doi": "https://doi.org/10.1000/J.1",
            "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/90000001", "pmcid": "PMC7"},
            "title": "An <i>invented</i> trial",
            "publication_year": 2021,
            "language": "en",
            "type": "article",
            "primary_location": {
                "source": {"display_name": "Invented Research", "issn": ["1234-5678"]}
            },
            "authorships": [
                {"author": {"display_name": "Ada Sample"}},
                {"raw_author_name": "B. Other"},
            ],
            "biblio": {"volume": "7", "issue": "3", "first_page": "11", "last_page": "19"},
            "mesh": [
                {"descriptor_name": "Pain", "qualifier_name": "therapy", "is_major_topic": True},
                {"descriptor_name": "Humans", "qualifier_name": None, "is_major_topic": False},
            ],
            "keywords": [{"display_name": "Coil"}],
            "is_retracted": True,
            "abstract_inverted_index": {"Coils": [0], "help": [1, 3], "&amp;": [2]},
        }
    )
    assert record == Record(
        title="An invented trial",
        abstract="Coils help & help",
        authors=("Ada Sample", "B. Other"),
        year=2021,
        journal="Invented Research",
        volume="7",
        issue="3",
        pages="11-19",
        pmid="90000001",
        pmcid="PMC7",
        doi="10.1000/j.1",
        mesh=("Pain/*therapy", "Humans"),
        keywords=("Coil",),
        languages=("en",),
        urls=("https://openalex.org/W123",),
        issns=("1234-5678",),
        record_type="article",
        notices=(Notice(kind=NoticeKind.RETRACTED),),
    )


@pytest.mark.parametrize(
    "value", [None, 7, True, "text", [], [None, {}], {"a": "b"}, {"a": [None]}]
)
def test_strange_values_lose_no_work(value):
    """Whatever lies in a field, the work comes in with the others."""
    names = (*work(1), "mesh", "authorships", "biblio", "primary_location")
    works = [{**work(1), name: value} for name in names if name != "id"]
    assert sum(isinstance(one, Record) for one in results(*works)) == len(works)


def test_a_whole_text_is_no_abstract():
    """It is left out, and the problem is named."""
    (problem, record) = results({**work(1), "abstract_inverted_index": {"word": [*range(30_000)]}})
    assert "30000 words are no abstract" in problem.message
    assert record.abstract == ""
