"""One server for a folder of reviews, as a browser sees it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml.html import HtmlElement
from starlette.testclient import TestClient

from autoscreen.protocol import USUAL_REASONS, parse_protocol
from autoscreen.review import Review
from autoscreen.web.home.home_app import make_home_app
from autoscreen.web.home.home_visit import HomeState
from autoscreen.web.server import Options, open_home
from integration._web import SAME, page_of, text_of


@pytest.fixture
def folder(tmp_path: Path, demo_review: Path) -> Path:
    """A folder with two reviews and a file that is none."""
    made = tmp_path / "reviews"
    made.mkdir()
    shutil.copy(demo_review, made / "rms.autoscreen")
    with Review.create(made / "back pain ä.autoscreen", protocol="rms-pnp") as review:
        assert review.progress().records == 0
    (made / "broken.autoscreen").write_text("this is no database" * 20)
    (made / "notes.txt").write_text("not listed")
    return made


@pytest.fixture
def home(folder: Path) -> Iterator[HomeState]:
    """A server of the folder, for a person working alone."""
    state = open_home(folder, Options(reviewer="AA"))
    yield state
    state.opened.close()
    state.access.close()


@pytest.fixture
def client(home: HomeState) -> Iterator[TestClient]:
    """The browser of that person."""
    with TestClient(make_home_app(home), base_url="http://127.0.0.1:8400") as made:
        assert made.get(f"/start/{home.start_token}").status_code == 200
        yield made


def test_the_home_page_lists_the_reviews_with_what_is_known_of_each(client, home):
    """Counts without opening one; a file that is no review is shown with the reason."""
    page = page_of(client.get("/").text)
    assert "0 of 202 screened" in text_of(page)
    assert "No records yet" in text_of(page)
    assert "This file cannot be opened: is not a review file" in text_of(page)
    assert "notes" not in text_of(page)
    assert page.xpath("//h2/a/@href") == ["/r/back%20pain%20%C3%A4/", "/r/rms/"]
    assert all(home.opened.state(one.id) is None for one in home.folder.reviews())


def test_a_review_is_found_by_name_and_title(client):
    """Each word of the search is somewhere in name, title or question."""
    page = page_of(client.get("/", params={"q": "MAGNETIC neuropathic", "sort": "name"}).text)
    assert [one.text_content() for one in page.xpath("//h2/a")] == ["back pain ä", "rms"]
    page = page_of(client.get("/", params={"q": "rms"}).text)
    assert [one.text_content() for one in page.xpath("//h2/a")] == ["rms"]
    assert "No review matches" in text_of(page_of(client.get("/", params={"q": "xyz"}).text))


def test_the_pages_of_a_review_are_below_its_name(client):
    """All links, forms and files begin with it; the way back is to the server."""
    page = page_of(client.get("/r/back%20pain%20%C3%A4/overview").text)
    links = page.xpath("//nav/a/@href") + page.xpath("//link/@href") + page.xpath("//script/@src")
    assert links
    assert all(link.startswith("/r/back%20pain%20%C3%A4/") for link in links)
    assert page.xpath("//a[text()='Home']/@href") == ["http://127.0.0.1:8400/"]
    assert client.get(links[-1]).status_code == 200
    answer = client.get("/r/rms/", follow_redirects=False)
    assert answer.headers["Location"] == "/r/rms/screen"


def test_a_decision_in_a_review_is_seen_at_home(client, folder):
    """The count is read anew when the file has changed."""
    assert "0 of 202 screened" in text_of(page_of(client.get("/").text))
    fields = {
        "record": "r1",
        "choice": "include",
        "key": "0123456789abcdef",
        "seen": "0",
        "note": "",
    }
    assert client.post("/r/rms/screen/decide", data=fields, headers=SAME).status_code == 200
    assert "1 of 202 screened 1 included" in text_of(page_of(client.get("/").text))


def test_who_is_not_signed_in_comes_to_no_review(home):
    """Neither is one opened for them."""
    client = TestClient(make_home_app(home), base_url="http://127.0.0.1:8400")
    answer = client.get("/r/rms/screen", follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        "http://127.0.0.1:8400/sign-in",
    )
    assert home.opened.state(home.folder.find("rms").id) is None


@pytest.mark.parametrize(("name", "status"), [("absent", 404), ("broken", 503)])
def test_what_is_no_review_is_said_on_a_page(client, name, status):
    """With the way back to the list."""
    answer = client.get(f"/r/{name}/screen")
    assert answer.status_code == status
    assert page_of(answer.text).xpath("//main//a/@href") == ["/"]


def test_a_new_review_is_a_file_of_the_folder(client, folder):
    """It has the title, and opens where records are imported."""
    fields = {"name": "headache", "title": "Aspirin for headache"}
    answer = client.post("/new", data=fields, headers=SAME, follow_redirects=False)
    assert answer.headers["Location"] == "/r/headache/overview"
    assert "Aspirin for headache" in text_of(page_of(client.get("/").text))
    with Review.open(folder / "headache.autoscreen") as review:
        assert review.protocol.title == "Aspirin for headache"


def test_a_review_without_a_short_name_is_named_after_its_title(client, folder):
    """A second one gets a number."""
    for name in ("aspirin-for-headache", "aspirin-for-headache 2"):
        client.post("/new", data={"title": "Aspirin for headache"}, headers=SAME)
        assert (folder / f"{name}.autoscreen").exists()


@pytest.mark.parametrize("name", ["a/b", "..", "con", "a:b", "x" * 81, "rms", "RMS "])
def test_a_name_that_is_taken_or_no_file_name_is_refused(client, folder, name):
    """Nothing is written then."""
    before = sorted(one.name for one in folder.iterdir())
    answer = client.post("/new", data={"name": name, "title": "T"}, headers=SAME)
    assert answer.status_code in (400, 409)
    assert "problem" in answer.text
    assert sorted(one.name for one in folder.iterdir()) == before


def test_the_example_is_made_once(client, folder):
    """It has the invented records of the demo."""
    first = client.post("/example", headers=SAME, follow_redirects=False)
    again = client.post("/example", headers=SAME, follow_redirects=False)
    assert first.headers["Location"] == again.headers["Location"] == "/r/example/"
    assert "0 of 202 screened" in text_of(page_of(client.get("/", params={"q": "example"}).text))


def test_behind_a_proxy_each_review_has_its_path_below_that_of_the_server(home):
    """Cookies are for the server, links for the review."""
    app = make_home_app(home, proxies=["127.0.0.1"])
    client = TestClient(app, base_url="http://127.0.0.1:8400", client=("127.0.0.1", 5000))
    outer = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "review.example.org",
        "X-Forwarded-Prefix": "/screening",
    }
    answer = client.get(f"/start/{home.start_token}", headers=outer, follow_redirects=False)
    assert answer.headers["Location"] == "/screening/"
    assert "Path=/screening;" in answer.headers["Set-Cookie"]
    cookie = {"Cookie": answer.headers["Set-Cookie"].partition(";")[0], **outer}
    page = page_of(client.get("/", headers=cookie).text)
    assert "/screening/r/rms/" in page.xpath("//h2/a/@href")
    page = page_of(client.get("/r/rms/overview", headers=cookie).text)
    assert page.xpath("//nav/a/@href")[0] == "/screening/r/rms/screen"
    assert page.xpath("//a[text()='Home']/@href") == ["https://review.example.org/screening/"]


def test_the_reviews_used_the_longest_ago_rest(client, home):
    """Only so many keep a ranker; one that rests answers again, and has kept what was decided."""
    home.opened._most = 1
    fields = {
        "record": "r1",
        "choice": "include",
        "key": "0123456789abcdef",
        "seen": "0",
        "note": "",
    }
    assert client.post("/r/rms/screen/decide", data=fields, headers=SAME).status_code == 200
    first = home.opened.state(home.folder.find("rms").id)
    home.opened._clock = lambda: 1e9
    while not first.executor.idle:
        client.get("/r/rms/overview")
    home.opened._clock = lambda: 2e9
    client.get("/r/back%20pain%20%C3%A4/overview")
    assert not first.executor.awake
    assert "201 not screened 1 included" in text_of(page_of(client.get("/r/rms/overview").text))
    assert first.executor.awake


def _fields(page: HtmlElement) -> dict[str, list[str]]:
    """Return what a browser would submit of the form, without its buttons."""
    (form,) = page.xpath("//main//form")
    found: dict[str, list[str]] = {}
    for name, value in form.form_values():
        found.setdefault(name, []).append(value)
    return found


def _answer(client: TestClient, page: HtmlElement, go: str, **answers: str) -> HtmlElement:
    fields = {**_fields(page), **answers, "go": go}
    answer = client.post("/new", data=fields, headers=SAME)
    assert answer.status_code == 200, text_of(page_of(answer.text))
    return page_of(answer.text)


TITLE = "Melatonin for delirium in older adults"


def test_a_new_review_is_made_by_questions(client, folder):
    """Concepts are proposed, one is struck, a term and a reason are added, and all is kept."""
    page = page_of(client.get("/new").text)
    page = _answer(client, page, "criteria", title=TITLE, name="delirium", question="Does it help?")
    page = _answer(client, page, "concepts", criteria="Include: adults\nExclude:\n- children")
    shown = text_of(page)
    assert "Delirium population; in your title" in shown
    assert "MeSH for the PubMed query: Delirium" in shown
    fields = _fields(page)
    assert fields["concept"] == ["0", "1", "3"]  # adults are offered, not accepted
    fields["concept"].remove("1")  # older adults
    fields |= {"more-3": ["sleep hormone*"], "go": ["reasons"]}
    page = page_of(client.post("/new", data=fields, headers=SAME).text)
    rows = page.xpath("//input[@name='reason']/@value")
    assert rows[:5] == [one.text for one in USUAL_REASONS]
    fields = _fields(page)
    fields["reason"][5] = "Not in English"
    file = client.post("/new", data={**fields, "go": "protocol"}, headers=SAME)
    assert parse_protocol(file.text).title == TITLE
    answer = client.post("/new", data={**fields, "go": "create"}, headers=SAME)
    assert answer.url.path == "/r/delirium/overview"
    assert "search PubMed" in text_of(page_of(answer.text))
    with Review.open(folder / "delirium.autoscreen") as made:
        protocol = made.protocol
    assert protocol == parse_protocol(file.text)
    assert [one.label for one in protocol.concepts] == ["Delirium", "Melatonin"]
    assert "sleep hormone*" in protocol.concept("melatonin").terms
    assert protocol.criteria.exclude == ("children",)
    assert protocol.reasons[5].text == "Not in English"
    assert '"Melatonin"[mh]' in protocol.pubmed


def test_a_new_review_can_be_continued_later(client, folder):
    """The draft is on the home page until the review is created; deleting it can be undone."""
    page = page_of(client.get("/new").text)
    page = _answer(client, page, "criteria", title=TITLE, name="delirium")
    answers = {**_fields(page), "criteria": "adults", "go": "save"}
    saved = client.post("/new", data=answers, headers=SAME).json()
    home = page_of(client.get("/").text)
    assert TITLE in text_of(home, "//section[@class='home__drafts']")
    (link,) = home.xpath("//section[@class='home__drafts']//a/@href")
    assert link == f"/new?draft={saved['draft']}"
    page = page_of(client.get(link).text)
    assert page.xpath("//textarea[@name='criteria']")[0].text.strip() == "adults"
    page = _answer(client, page, "concepts")
    assert "Melatonin" in text_of(page_of(client.get(link).text))
    client.post("/new/discard", data={"draft": saved["draft"]}, headers=SAME)
    assert client.get(link).status_code == 404
    assert TITLE not in client.get("/").text
    client.post("/new/restore", data={"draft": saved["draft"]}, headers=SAME)
    assert TITLE in client.get("/").text
    page = page_of(client.get(link).text)
    client.post("/new", data={**_fields(page), "go": "create"}, headers=SAME)
    assert client.get(link).status_code == 404
    assert client.get("/new?draft=x").status_code == 404


def test_an_empty_form_is_no_draft(client):
    """Looking at the page leaves nothing behind."""
    page = page_of(client.get("/new").text)
    assert client.post("/new", data={**_fields(page), "go": "save"}, headers=SAME).json() == {
        "draft": 0
    }
    assert "Continue your draft" not in client.get("/").text


def test_an_earlier_review_trains_a_new_one_from_the_start(client, folder):
    """Its decisions are prior knowledge; a file that cannot be read is said."""
    page = page_of(client.get("/new").text)
    page = _answer(client, page, "prior", title=TITLE, name="delirium")
    files = [
        ("file", ("old.csv", b"title,included\nAn earlier study,1\nAnother,0\n")),
        ("file", ("picture.png", b"\x89PNG\r\n")),
    ]
    answer = client.post("/new", data={**_fields(page), "go": "create"}, files=files, headers=SAME)
    shown = text_of(page_of(answer.text), "//body")
    assert "1 included record and 1 excluded of old.csv train the ranking" in shown
    assert "picture.png was not imported as prior knowledge" in shown
    with Review.open(folder / "delirium.autoscreen") as made:
        (file,) = made.prior_knowledge.all()
        assert (file.included, file.excluded, made.progress().records) == (1, 1, 0)


def test_what_was_struck_stays_struck_when_going_back(client):
    """Going back and changing the criteria proposes again, but keeps decisions."""
    page = page_of(client.get("/new").text)
    page = _answer(client, page, "concepts", title=TITLE, name="x")
    fields = _fields(page)
    fields["concept"].remove("0")
    fields |= {"new-label": ["Fever"], "new-element": ["outcome"], "go": ["criteria"]}
    page = page_of(client.post("/new", data=fields, headers=SAME).text)
    page = _answer(client, page, "concepts", criteria="placebo")
    checked = page.xpath("//input[@name='concept'][@checked]/../text()")
    names = [" ".join(one.split()) for one in checked if one.strip()]
    assert names == ["Older adults", "Melatonin", "Placebo", "Fever"]


def test_a_similar_review_of_the_folder_lends_its_concepts(client):
    """Those of its protocol that the text names are proposed with their terms."""
    page = page_of(client.get("/new").text)
    title = "Magnetic stimulation for phantom limb pain"
    page = _answer(client, page, "criteria", title=title, name="x")
    first = page.xpath("//select[@name='similar']/option")[1]
    assert first.text_content().startswith("similar: Repetitive Magnetic Stimulation")
    page = _answer(client, page, "concepts", similar=first.get("value"))
    assert "in the protocol of “Repetitive Magnetic Stimulation" in text_of(page)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": " "}, "the review needs a title"),
        ({"new-terms": "a * b"}, "which cannot match"),
        ({"concepts": "[1]"}, "the concepts cannot be read"),
        ({"name": "rms", "go": "create"}, "there is a review 'rms' already"),
    ],
)
def test_a_fault_is_said_and_the_answers_stay(client, changed, said):
    """The page comes again with what was written."""
    page = page_of(client.get("/new").text)
    page = _answer(client, page, "concepts", title=TITLE, name="x")
    fields = {**_fields(page), "go": "reasons", **changed}
    answer = client.post("/new", data=fields, headers=SAME)
    assert answer.status_code == 400
    assert said in text_of(page_of(answer.text)).lower()


def test_a_long_task_belongs_to_its_review(client, home):
    """It is started, followed and kept below the name of the review; others know nothing of it."""
    sent = {"of": "this", "start": "cold"}
    answer = client.post("/r/rms/simulate", data=sent, headers=SAME, follow_redirects=False)
    assert answer.headers["Location"] == "/r/rms/jobs/1"
    page = page_of(client.get("/r/rms/jobs/1").text)
    assert page.xpath("//*[@data-live='job']/@data-src") in ([], ["/r/rms/jobs/1"])
    assert "Replay of this review" in text_of(page_of(client.get("/r/rms/tools").text))
    other = page_of(client.get("/r/back%20pain%20%C3%A4/tools").text)
    assert "Replay of this review" not in text_of(other)
    page = page_of(client.get("/r/rms/backups").text)
    assert page.xpath("//main//a[text()='home page']/@href") == ["http://127.0.0.1:8400/"]
