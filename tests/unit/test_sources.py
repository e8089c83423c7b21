"""Europe PMC and ClinicalTrials.gov, asked through a server on this machine that can misbehave."""

from __future__ import annotations

from datetime import date

import pytest

from autoscreen.errors import ConfigError, SourceError
from autoscreen.sources.apis import APIS, api_named
from autoscreen.sources.result_page import Question
from autoscreen.sources.search_client import SearchClient
from autoscreen.sources.source_settings import SourceSettings, load_source_settings
from paging_server import article, paging_server, trial

BOTH = pytest.mark.parametrize("key", APIS)
PAIN = Question(query="pain")


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setenv("AUTOSCREEN_STATE", str(tmp_path / "state"))
    monkeypatch.setattr("autoscreen.sources.search_client.PAGE", 2)
    with paging_server() as running:
        running.articles = [article(number) for number in range(1, 6)]
        running.trials = [trial(number) for number in range(1, 6)]
        yield running


@pytest.fixture
def said():
    return []


@pytest.fixture
def ask(server, said):
    def client(key, *, timeout=5.0):
        settings = SourceSettings(base=server.url, timeout=timeout)
        return SearchClient(api_named(key), settings, say=said.append, sleep=lambda seconds: None)

    return client


def names(pages):
    return [name for page in pages for name in page.records]


ALL = {
    "europepmc": [f"MED:{number}" for number in range(1, 6)],
    "clinicaltrials": [f"NCT{number:08d}" for number in range(1, 6)],
}


@BOTH
def test_all_pages_come_and_the_last_has_no_cursor(ask, said, key):
    """Each record once, in the order of the database; nothing is remarked on."""
    pages = list(ask(key).pages(PAIN))
    assert names(pages) == ALL[key]
    assert [bool(page.cursor) for page in pages] == [True] * (len(pages) - 1) + [False]
    assert ask(key).count(PAIN) == 5
    assert said == []


@BOTH
def test_a_search_goes_on_at_a_cursor(ask, key):
    """Only what comes after it."""
    first = next(ask(key).pages(PAIN))
    assert names(ask(key).pages(PAIN, first.cursor)) == ALL[key][2:]


@BOTH
def test_a_forgotten_cursor_begins_again(ask, server, said, key):
    """A database that no longer knows the place is asked for everything."""
    first = next(ask(key).pages(PAIN))
    server.faults = ["forgotten"]
    assert names(ask(key).pages(PAIN, first.cursor)) == ALL[key]
    assert "from the beginning" in said[0]


@BOTH
@pytest.mark.parametrize(
    "fault",
    ["too_many", "unavailable", "cut_off", "truncated", "web_page", "array", "nested", "no_list"],
)
def test_what_passes_is_asked_again(ask, server, said, key, fault):
    """No record is lost by it, and each wait is announced."""
    server.faults = [fault]
    assert names(ask(key).pages(PAIN)) == ALL[key]
    assert len(said) == 1
    assert "asking again in 1 s" in said[0]


def test_an_error_in_place_of_results_is_asked_again(ask, server, said):
    """Europe PMC reports it with status 200."""
    server.faults = ["error"]
    assert names(ask("europepmc").pages(PAIN)) == ALL["europepmc"]
    assert "the index is being built" in said[0]


@BOTH
@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("*truncated", "after 5 tries, .* damaged or incomplete response"),
        ("*web_page", r"a web page \('Maintenance'\) instead of JSON"),
        ("*no_count", "without a number of records"),
        ("*unavailable", r"HTTP 503 \(503 Unavailable|HTTP 503 \(Service Unavailable"),
        ("bad_query", r"refuses: 'Unbalanced parentheses in \[31mquery.term'.*check the query"),
    ],
)
def test_what_stays_wrong_is_an_error_in_words(ask, server, key, fault, message):
    """It names the database, and what to do."""
    server.faults = [fault]
    with pytest.raises(SourceError, match=message):
        list(ask(key).pages(PAIN))


@BOTH
def test_a_long_pause_ends_the_search(ask, server, key):
    """As the database asks for it."""
    server.faults, server.retry_after = ["too_many"], 7200
    with pytest.raises(SourceError, match="asks to wait 120 minutes"):
        list(ask(key).pages(PAIN))


@BOTH
def test_an_answer_that_drips_ends(ask, server, key):
    """However slowly its bytes come."""
    server.faults = ["*drip"]
    with pytest.raises(SourceError, match=r"took more than 2 s over an answer"):
        list(ask(key, timeout=0.2).pages(PAIN))


@BOTH
@pytest.mark.parametrize("fault", ["same_token", "same_records"])
def test_pages_without_end_end(ask, server, said, key, fault):
    """A token that comes again, or the same records for ever; it is said."""
    server.faults = [f"*{fault}"]
    pages = list(ask(key).pages(PAIN))
    assert len(pages) <= 3
    assert pages[-1].cursor == ""
    assert "the search ends there" in said[-1]


@BOTH
def test_records_without_identifier_are_counted(ask, server, said, key):
    """They cannot be imported, but nobody should miss them unknowingly."""
    server.articles[1] = {"title": "nameless"}
    server.trials[1] = {"protocolSection": {"identificationModule": {"nctId": None}}}
    pages = list(ask(key).pages(PAIN))
    assert names(pages) == [ALL[key][0], *ALL[key][2:]]
    assert sum(page.unnamed for page in pages) == 1
    assert "1 records without an identifier" in said[0]


def test_dates_are_limits_of_the_day_of_entry(ask, server):
    """Each database has a field for it; an open end stays open."""
    question = Question(query="pain OR ache", since=date(2026, 1, 2))
    ask("europepmc").count(question)
    ask("clinicaltrials").count(question)
    (_, first, _), (_, second, _) = server.calls
    assert first["query"] == "(pain OR ache) AND FIRST_IDATE:[2026-01-02 TO 3000-12-31]"
    assert second["query.term"] == "pain OR ache"
    assert second["filter.advanced"] == "AREA[StudyFirstPostDate]RANGE[2026-01-02,MAX]"


def test_a_long_query_is_posted_where_that_is_possible(ask, server):
    """Europe PMC takes it so; the registry has only addresses."""
    long = Question(query=" OR ".join(f"pain{number}" for number in range(500)))
    ask("europepmc").count(long)
    ask("clinicaltrials").count(long)
    assert [(place, method) for place, _, method in server.calls] == [
        ("searchPOST", "POST"),
        ("studies", "GET"),
    ]
    assert server.calls[0][1]["query"] == long.query


def test_only_the_query_is_sent(ask, server):
    """No address, no key, nothing of the review."""
    ask("europepmc").count(PAIN)
    ask("clinicaltrials").count(PAIN)
    (_, first, _), (_, second, _) = server.calls
    assert set(first) == {"query", "format", "resultType", "synonym", "cursorMark", "pageSize"}
    assert set(second) == {"format", "query.term", "countTotal", "pageSize", "fields"}


def test_settings_come_from_the_environment_and_the_file(tmp_path):
    """The variable counts more; what cannot be used is refused with its place."""
    path = tmp_path / "config.toml"
    path.write_text('[sources]\neurope_pmc_url = "https://mirror.example.org/rest"\ntimeout = 9\n')
    environ = {"AUTOSCREEN_CONFIG": str(path)}
    found = load_source_settings("europe_pmc_url", "https://default.org/", environ)
    assert found == SourceSettings(base="https://mirror.example.org/rest/", timeout=9.0)
    environ["EUROPE_PMC_URL"] = "http://127.0.0.1:1/"
    assert load_source_settings("europe_pmc_url", "", environ).base == "http://127.0.0.1:1/"
    environ["EUROPE_PMC_URL"] = "ftp://example.org"
    with pytest.raises(ConfigError, match="is not an address of a server"):
        load_source_settings("europe_pmc_url", "https://default.org/", environ)


def test_an_unknown_source_is_refused():
    """With those that there are."""
    with pytest.raises(ConfigError, match="choose one of: europepmc, clinicaltrials"):
        api_named("scopus")
