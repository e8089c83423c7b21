"""Asking PubMed, with a server on this machine that misbehaves in every way seen."""

from __future__ import annotations

import os
import ssl
import time
import urllib.error
from datetime import UTC, date, datetime

import pytest

from autoscreen.errors import ConfigError, InputError, SourceError
from autoscreen.pubmed import Eutils, Settings
from autoscreen.records import Record
from eutils_server import Entry, invented

NOW = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)


@pytest.fixture
def said():
    """What a person would have read."""
    return []


@pytest.fixture
def slept():
    """The seconds that were waited."""
    return []


@pytest.fixture
def client(eutils, said, slept):
    """A client of the server, which is quick and waits for nothing."""
    return make(eutils, said, slept)


def make(eutils, said, slept, **settings):
    given = {"base": eutils.url, "email": "tester@example.org", "rate": 5_000, "timeout": 20.0}
    return Eutils(
        Settings(**given | settings), say=said.append, now=lambda: NOW, sleep=slept.append
    )


def all_of(client, query="pain", **window):
    """Search and fetch; give what was found, what came and what is missing."""
    result = client.search(query, **window)
    pages = list(client.pages(result))
    came = {pmid: xml for page in pages for pmid, xml in page.records.items()}
    return result, came, [pmid for page in pages for pmid in page.missing]


def test_a_search_gives_what_pubmed_said(client, eutils):
    """Count, translation and PMIDs, and when and where it was asked."""
    eutils.add(invented(3))
    result = client.search("  nerve\n pain ")
    assert result.query == "nerve pain"
    assert (result.count, result.ids) == (3, ("1002", "1001", "1000"))
    assert result.translation == "translated: nerve pain"
    assert (result.platform, result.started) == (eutils.url, "2026-11-25T20:00:00.000Z")
    assert (result.warnings, result.unreachable) == ((), 0)


def test_each_request_says_who_asks(client, eutils):
    """Tool and address of the caller, the database and the kind of answer go with each."""
    eutils.add(invented(1))
    all_of(client)
    assert len(eutils.calls) == 2
    for call in eutils.calls:
        assert call.parameters["tool"] == "autoscreen"
        assert call.parameters["email"] == "tester@example.org"
        assert call.parameters["db"] == "pubmed"
        assert call.parameters["retmode"] == "xml"
        assert "api_key" not in call.parameters


def test_a_key_goes_with_each_request_and_is_never_shown(eutils, said, slept):
    """Also not when the server writes it back in an error."""
    client = make(eutils, said, slept, key="s3cr3t")
    eutils.faults = [("*", "forbidden")]
    with pytest.raises(SourceError, match=r"PubMed refuses: 'API key invalid: \*\*\*'") as error:
        client.search("pain")
    assert eutils.calls[0].parameters["api_key"] == "s3cr3t"
    assert "s3cr3t" not in f"{error.value} {said} {client.settings}"


def test_a_long_query_is_posted(client, eutils):
    """An address has its limits."""
    client.count(" OR ".join(["neuralgia[tiab]"] * 100))
    client.count("pain")
    assert [call.method for call in eutils.calls] == ["POST", "GET"]


def test_records_come_by_the_history_of_the_search(client, eutils):
    """Articles and books, page by page, each as PubMed gave it."""
    eutils.add([*invented(450), Entry(pmid="9", title="A book", book=True)])
    _, came, missing = all_of(client)
    assert came.keys() == eutils.records.keys()
    assert missing == []
    fetches = eutils.asked("efetch")
    assert [call.parameters["retstart"] for call in fetches] == ["0", "200", "400"]
    assert all("WebEnv" in call.parameters and "id" not in call.parameters for call in fetches)


def test_a_page_reads_as_records(client, eutils):
    """It is a PubMed XML file like any other."""
    eutils.add([Entry(pmid="1", title="Coils & <nerves>"), Entry(pmid="2", title="B", book=True)])
    (page,) = client.pages(client.search("pain"))
    assert page.asked == ("2", "1")
    assert [(one.pmid, one.title) for one in page.read()] == [("2", "B"), ("1", "Coils & <nerves>")]


def test_a_search_without_hits_is_no_error(client, eutils):
    """PubMed says so, and nothing is fetched."""
    result, came, _ = all_of(client)
    assert (result.count, came) == (0, {})
    assert result.warnings == ("PubMed says: No items found.",)
    assert eutils.asked("efetch") == []


def test_what_pubmed_says_of_a_query_is_told(client, eutils):
    """Unknown fields and phrases change what was searched for."""
    eutils.add(invented(1))
    eutils.said = (
        "<ErrorList><PhraseNotFound>neuralgya</PhraseNotFound>"
        "<FieldNotFound>tiabs</FieldNotFound></ErrorList>"
        '<WarningList><PhraseIgnored>of</PhraseIgnored><QuotedPhraseNotFound>"nerve of coil"'
        "</QuotedPhraseNotFound></WarningList>"
    )
    assert client.search("pain").warnings == (
        "PubMed found nothing for the phrase: neuralgya",
        "PubMed knows no search field: tiabs",
        "PubMed ignored: of",
        'PubMed has no such quoted phrase, and searched its words or nothing: "nerve of coil"',
    )


def test_a_window_of_entry_dates_is_asked_for(client, eutils):
    """Both ends count, and an open end is open."""
    eutils.add(invented(10, since=date(2026, 3, 1)))
    window = {"since": date(2026, 3, 3), "until": date(2026, 3, 5)}
    assert client.search("pain", **window).ids == ("1004", "1003", "1002")
    assert client.search("pain", since=date(2026, 3, 9)).ids == ("1009", "1008")
    assert client.search("pain", until=date(2026, 3, 1)).ids == ("1000",)
    asked = eutils.calls[0].parameters
    assert (asked["datetype"], asked["mindate"], asked["maxdate"]) == (
        *("edat", "2026/03/03", "2026/03/05"),
    )


def test_more_than_pubmed_names_is_asked_for_in_slices(client, eutils, said):
    """The parts add up to the whole, each record once, and a person hears of it."""
    eutils.limit = 9_999
    eutils.add(invented(25_000))
    result = client.search("pain")
    assert set(result.ids) == eutils.records.keys()
    assert len(result.slices) > 2
    assert sum(part.count for part in result.slices) == result.count == 25_000
    assert (result.warnings, result.unreachable) == ((), 0)
    assert said == ["25000 records: PubMed lists 9999 at a time, so by entry date"]
    assert len(eutils.calls) < 30


def test_one_day_with_too_many_is_cut_by_publication(client, eutils):
    """As on the days on which NCBI took in whole collections."""
    entries = invented(12_000)
    eutils.add(Entry(pmid=e.pmid, title=e.title, published=e.published) for e in entries)
    result = client.search("pain")
    assert len(result.ids) == 12_000
    assert result.unreachable == 0
    assert any("published" in part.label for part in result.slices)


def test_what_cannot_be_parted_is_named(client, eutils, said):
    """A server that takes no notice of dates gives its first records, and the rest is counted."""
    eutils.blind = True
    eutils.add(invented(10_500))
    result = client.search("pain")
    assert (len(result.ids), result.unreachable) == (9_999, 501)
    assert result.warnings == ("PubMed counts 10500 records and lists 9999",)
    assert "all: 10500 records cannot be parted any further" in said
    assert len(eutils.calls) < 10


def test_pmids_that_did_not_come_at_once_are_asked_for(client, eutils):
    """A list of PMIDs that is shorter than it should be is completed."""
    eutils.add(invented(50))
    eutils.limit = 20
    original = eutils.esearch

    def short(given):
        eutils.limit = int(given["retstart"]) + 20
        return original(given)

    eutils.esearch = short
    assert len(client.search("pain").ids) == 50


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("unavailable", "HTTP 503 (Service Unavailable)"),
        ("server_error", "HTTP 500 (Internal Server Error)"),
        ("html", "PubMed sent a web page ('502 Bad Gateway') instead of what it found"),
        ("empty", "PubMed sent an empty answer instead of what it found"),
        ("error", "Search Backend failed: Couldn't resolve #exception"),
        ("behind", "PubMed says 'Error: proxy_stream() returned 502 502 Bad Gateway nginx'"),
        ("json_error", "'API rate limit exceeded'"),
        ("truncated", "a damaged or incomplete response"),
        ("cut_off", "an answer cut off after"),
        ("reset", "cannot be reached (Connection reset by peer)"),
        ("hang", "127.0.0.1"),
        ("not_text", "PubMed sent '"),
    ],
)
@pytest.mark.parametrize("utility", ["esearch", "efetch"])
def test_a_bad_answer_is_asked_for_again(eutils, said, slept, fault, message, utility):
    """Nothing of it is used, the wait is announced, and the next answer counts."""
    client = make(eutils, said, slept, timeout=0.7 if fault == "hang" else 20)
    eutils.add(invented(3))
    eutils.faults = [(utility, fault)] * 2
    _, came, missing = all_of(client)
    assert came.keys() == eutils.records.keys()
    assert missing == []
    assert [seconds for seconds in slept if seconds >= 1] == [1, 2]
    assert len(said) == 2
    assert message.replace("what it found", "records") in said[0] or message in said[0]
    assert "asking again in 1 s (try 2 of 5)" in said[0]


@pytest.mark.parametrize("fault", ["too_many", "too_many_date"])
def test_a_wish_to_wait_is_granted(client, eutils, said, slept, fault):
    """Retry-After in seconds and as a date; and no other process asks meanwhile."""
    eutils.retry_after = 30
    eutils.faults = [("esearch", fault)]
    client.search("pain")
    waited = max(slept)
    assert 28 <= waited <= 30
    assert "HTTP 429" in said[0]
    assert ", as PubMed requests (try 2 of 5)" in said[0]
    assert sum(seconds >= 27 for seconds in slept) == 2  # itself, and the turns of all


def test_a_wish_to_wait_for_long_ends_the_run(client, eutils):
    """Nobody wants to sit there for an hour."""
    eutils.retry_after = 3600
    eutils.faults = [("esearch", "too_many")]
    with pytest.raises(SourceError, match="to wait 60 minutes") as error:
        client.search("pain")
    assert error.value.retry_after == 3600


def test_tries_are_bounded(client, eutils, slept):
    """After five the run ends with what was answered last."""
    eutils.faults = [("esearch", "html")] * 9
    with pytest.raises(SourceError, match=r"after 5 tries, PubMed sent a web page"):
        client.search("pain")
    assert len(eutils.calls) == 5
    assert [seconds for seconds in slept if seconds >= 1] == [1, 2, 4, 8]


def test_a_refusal_is_not_asked_again(client, eutils):
    """It would be the same."""
    eutils.faults = [("esearch", "forbidden")]
    with pytest.raises(SourceError, match="PubMed refuses"):
        client.search("pain")
    assert len(eutils.calls) == 1


def test_a_redirect_is_not_followed(client, eutils):
    """Address and key are meant for one server."""
    eutils.faults = [("esearch", "redirect")]
    with pytest.raises(SourceError, match=r"sends callers on to '127\.0\.0\.1:9'"):
        client.search("pain")


def test_another_address_is_named(eutils, said, slept):
    """A mistyped address says so at once."""
    client = make(eutils, said, slept, base=eutils.url.replace("eutils/", "eutil/"))
    with pytest.raises(SourceError, match=r"HTTP 404 with a web page .*check NCBI_EUTILS_URL"):
        client.search("pain")


def test_an_address_without_a_slash_at_its_end_will_do(eutils, said, slept):
    """As people write it."""
    assert make(eutils, said, slept, base=eutils.url.rstrip("/")).count("pain").count == 0


def test_nobody_there_is_told(eutils, said, slept):
    """After five tries."""
    client = make(eutils, said, slept, base="http://127.0.0.1:9/entrez/eutils/")
    with pytest.raises(SourceError, match=r"127\.0\.0\.1:9 cannot be reached \(Connection refused"):
        client.search("pain")


def test_records_that_did_not_come_are_asked_for_by_pmid(client, eutils, said):
    """An answer with fewer records than asked is completed."""
    eutils.add(invented(10))
    eutils.faults = [("efetch", "fewer")]
    _, came, missing = all_of(client)
    assert (len(came), missing) == (10, [])
    assert eutils.asked("efetch")[1].parameters["id"] == "1000"
    assert said == ["1 of 10 records are missing; they are requested by PMID"]


def test_an_empty_set_is_asked_for_by_pmid(client, eutils):
    """A valid answer without any record is not final."""
    eutils.add(invented(10))
    eutils.faults = [("efetch", "none")]
    assert len(all_of(client)[1]) == 10


def test_records_that_never_come_are_named(client, eutils):
    """The others come in; asking for the rest ends."""
    eutils.add(invented(10))
    eutils.withheld = {"1003", "1007"}
    _, came, missing = all_of(client)
    assert (len(came), missing) == (8, ["1007", "1003"])
    assert len(eutils.asked("efetch")) == 3


def test_one_record_that_is_always_damaged_does_not_spoil_the_others(client, eutils):
    """Whole records are taken from a damaged answer; the damaged one is named."""
    eutils.add(invented(10))
    eutils.broken = {"1004"}
    _, came, missing = all_of(client)
    assert (len(came), missing) == (9, ["1004"])


def test_a_record_whose_xml_has_a_mistake_comes_in_at_last(client, eutils, said):
    """Its reader repairs it; until then it is requested again, as it may arrive intact."""
    eutils.add(invented(10))
    eutils.damaged = {"1004"}
    result = client.search("pain")
    (page,) = client.pages(result)
    assert page.missing == ()
    records = {one.pmid: one for one in page.read() if isinstance(one, Record)}
    assert records.keys() == eutils.records.keys()
    assert records["1004"].title == f"{eutils.records['1004'].title} p<0.05"
    assert said[-1].endswith("records taken from it: 1")


def test_a_history_that_expired_is_done_without(client, eutils, said):
    """The PMIDs are known, so the set stays what the search found."""
    eutils.add(invented(450))
    eutils.faults = [("efetch", "expired")]
    _, came, missing = all_of(client)
    assert (len(came), missing) == (450, [])
    assert all("id" in call.parameters for call in eutils.asked("efetch")[1:])
    assert len(eutils.asked("esearch")) == 1
    assert len(said) == 1
    assert "Unable to obtain query #1" in said[0]


def test_a_history_in_another_order_loses_nothing(client, eutils):
    """Each page is compared with the PMIDs that belong to it."""
    eutils.add(invented(450))
    eutils.reverse_history = True
    _, came, missing = all_of(client)
    assert (len(came), missing) == (450, [])


def test_records_are_fetched_by_pmid(client, eutils):
    """Each once, in pages, also a great many; unknown ones are missing."""
    eutils.add(invented(450))
    wanted = [*eutils.records, "999999", "1000"]
    pages = list(client.fetch(wanted))
    assert [len(page.asked) for page in pages] == [200, 200, 51]
    assert [pmid for page in pages for pmid in page.missing] == ["999999"]
    assert eutils.calls[0].method == "POST"


def test_unknown_pmids_are_missing(client, eutils):
    """PubMed then answers that the list is empty."""
    (page,) = client.fetch(["77", "78"])
    assert page.missing == ("77", "78")


def test_records_by_pmid_are_read(client, eutils):
    """As a reader of files would."""
    eutils.add(invented(2))
    found = list(client.records(["1000", "1001"]))
    assert all(isinstance(one, Record) for one in found)
    assert [one.pmid for one in found] == ["1000", "1001"]


def test_years_add_up(client, eutils):
    """Twenty years one by one, newest first, and what was earlier or later together."""
    days = [date(1990, 5, 1), date(2007, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    eutils.add(Entry(pmid=str(n), title="A", published=day) for n, day in enumerate(days, 1))
    years = list(client.years("pain"))
    assert len(years) == 22
    assert [(one.first, one.last) for one in years if one.count] == [
        *((2027, None), (2026, 2026), (2007, 2007), (None, 2006)),
    ]


def test_years_of_a_window_of_entry(client, eutils):
    """The window stands in the query, as the dates of the request are those of publication."""
    eutils.add(invented(10, since=date(2026, 3, 1)))
    years = list(client.years("pain", since=date(2026, 3, 8), years=2))
    assert sum(one.count for one in years) == 3


def test_without_an_address_ncbi_is_not_asked():
    """NCBI wants to know whom to write to; the line says how to set it."""
    with pytest.raises(ConfigError, match=r"no e-mail address is set.*--email.*NCBI_EMAIL"):
        Eutils(Settings())


def test_without_an_address_another_server_is_asked(eutils, said, slept):
    """With a word about it."""
    client = make(eutils, said, slept, email="")
    client.search("pain")
    assert said == ["no e-mail address is set; NCBI itself would require one (NCBI_EMAIL)"]


def test_an_empty_query_is_refused(client, eutils):
    """PubMed would answer with an error."""
    with pytest.raises(InputError, match="no query to search for"):
        client.search(" \n")
    assert eutils.calls == []


def test_settings_come_from_the_environment(eutils):
    """Without any other word, environment and file decide."""
    eutils.add(invented(1))
    client = Eutils()
    assert client.settings.base == os.environ["NCBI_EUTILS_URL"]
    assert client.search("pain").count == 1


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("<eSearchResult><IdList/></eSearchResult>", "an answer without a number of records"),
        ("<eSearchResult><Count>-1</Count></eSearchResult>", "without a number of records"),
        (
            "<eSearchResult><Count>1</Count><IdList><Id>x</Id></IdList></eSearchResult>",
            "a PMID that is no number",
        ),
        ("<other/>", "'' instead of what it found"),
        ("{no json", "'{no json' instead of what it found"),
    ],
)
def test_an_answer_that_makes_no_sense_is_no_answer(client, eutils, answer, message):
    """However well it is formed."""
    eutils.esearch = lambda given: answer
    with pytest.raises(SourceError, match=f"after 5 tries, PubMed sent .*{message}"):
        client.search("pain")


def test_an_entity_that_an_answer_declares_is_not_resolved(client, eutils):
    """An answer can neither grow without end nor fetch anything."""
    head = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    body = "<Count>1</Count><QueryTranslation>&x;</QueryTranslation>"
    eutils.esearch = lambda given: f"{head}<eSearchResult>{body}</eSearchResult>"
    assert client.count("pain").translation == ""


@pytest.mark.parametrize("fault", ["drip_body", "drip_head", "drip_error"])
def test_an_answer_that_trickles_is_given_up(eutils, said, slept, fault):
    """Each byte comes in time, and yet there is no end: the limit is that of the whole answer."""
    client = make(eutils, said, slept, timeout=0.2)
    eutils.faults = [("esearch", fault)] * 2  # a busy machine may leave a gap, which is asked again
    start = time.monotonic()
    with pytest.raises(SourceError, match="PubMed took more than 2 s over an answer"):
        client.search("pain")
    assert time.monotonic() - start < 6


def test_what_is_no_http_reaches_nobodys_terminal(client, eutils, said):
    """The server's words are quoted without control characters, in one line."""
    eutils.faults = [("esearch", "status_line")] * 5
    with pytest.raises(SourceError, match="HELLO") as error:
        client.search("pain")
    assert all(text.isprintable() for text in [error.value.message, *said])


def test_json_without_end_is_a_damaged_answer(client, eutils):
    """It is asked for again like any other."""
    eutils.faults = [("esearch", "nested")] * 5
    with pytest.raises(SourceError, match="after 5 tries, PubMed sent"):
        client.search("pain")


def test_a_secret_is_hidden_also_where_it_was_cut(eutils, said, slept):
    """No part of the key or of the address that says much is in a message."""
    key = "0123456789abcdef0123456789abcdef0123"
    client = make(eutils, said, slept, key=key)
    eutils.faults = [("esearch", "echo_cut")]
    with pytest.raises(SourceError, match="api key invalid") as error:
        client.search("pain")
    assert not any(key[at : at + 6] in str(error.value) for at in range(len(key) - 5))
    assert "tester@" not in str(error.value)


@pytest.mark.parametrize("seconds", ["9" * 400, "99999999999", "Fri, 31 Dec 9999 23:59:59 -2359"])
def test_an_absurd_wish_to_wait_is_a_day(client, eutils, seconds):
    """It is given in words, and no number is too large."""
    eutils.retry_after = seconds
    eutils.faults = [("esearch", "too_many")]
    with pytest.raises(SourceError, match="to wait a day or longer") as error:
        client.search("pain")
    assert error.value.retry_after == 86_400


def test_an_answer_without_end_is_given_up(client, eutils, monkeypatch):
    """It would fill the memory."""
    eutils.add(invented(3))
    monkeypatch.setattr("autoscreen.http_client.http_client._LARGEST", 100)
    with pytest.raises(SourceError, match="sends more than 0 MB in one answer"):
        client.search("pain")


def test_a_certificate_that_cannot_be_verified_is_told_at_once(client, eutils, monkeypatch):
    """Asking again would not help; the proxy of a hospital is often why."""
    error = ssl.SSLCertVerificationError("bad")
    error.verify_message = "self-signed certificate"

    def refuse(*_, **__):
        raise urllib.error.URLError(error)

    monkeypatch.setattr(client._finder._transport._client, "_open", refuse)
    with pytest.raises(SourceError, match=r"cannot be verified \(self-signed.*SSL_CERT_FILE"):
        client.search("pain")


def test_a_set_that_changes_while_it_is_asked_for_is_counted_again(client, eutils, monkeypatch):
    """Records that come in between two parts of a search are no mistake."""
    eutils.add(invented(12_000))
    original, asked = eutils.esearch, []

    def grow(given):
        answer = original(given)
        asked.append(given)
        if len(asked) == 1:
            eutils.add(invented(5, first=900_000))
        return answer

    eutils.esearch = grow
    result = client.search("pain")
    assert (result.count, len(result.ids), result.warnings) == (12_005, 12_005, ())
