"""The table of records in the browser: searching, paging, labelling many, exporting."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from autoscreen.review import Review
from autoscreen.text import study_designs
from integration._web import Browser, browser_of, text_of

HOSTILE = '<script>alert(1)</script> & "quotes" {{ 7*7 }}'


@pytest.fixture
def path(demo_review: Path, tmp_path: Path) -> Path:
    """A copy of the demo review, with one hostile record and one that is a duplicate."""
    path = tmp_path / "demo.autoscreen"
    shutil.copy(demo_review, path)
    (tmp_path / "more.ris").write_text(
        f"TY  - JOUR\nTI  - {HOSTILE}\nER  - \nTY  - JOUR\nTI  - =1+1 formula\nER  - \n"
    )
    with Review.open(path) as review:
        review.import_files([tmp_path / "more.ris"])
        review.rank(top=1)
    return path


@pytest.fixture
def browser(path: Path) -> Iterator[Browser]:
    """A person working alone on it."""
    with browser_of(path) as made:
        yield made


def titles(page) -> list[str]:
    return [one.text_content() for one in page.xpath("//td[contains(@class,'records__title')]/a")]


def idents(page) -> list[str]:
    return [str(one) for one in page.xpath("//input[@name='record']/@value")]


def link(page, words: str) -> str:
    return str(page.xpath(f"//a[contains(., {words!r})]/@href")[0])


def test_the_table_pages_through_all_records_in_the_order_of_reading(browser, path):
    """Following Next to the end shows each record once, best first."""
    page, seen = browser.get("/records"), []
    while True:
        seen += idents(page)
        if not page.xpath("//a[@rel='next']"):
            break
        page = browser.get(str(page.xpath("//a[@rel='next']/@href")[0]))
    with Review.open(path) as review:
        assert seen == [one.id for one in review.rank()]
    back = browser.get(str(page.xpath("//a[@rel='prev']/@href")[0]))
    assert idents(back) == seen[-len(idents(page)) - 50 : -len(idents(page))]


def test_hostile_titles_are_text(browser):
    """Mark-up in a title is shown as it stands, in the table and on the record's page."""
    page = browser.get("/records?text=quotes")
    assert titles(page) == [HOSTILE]
    one = browser.get(f"/records/{idents(page)[0]}")
    assert text_of(one, "//h1") == HOSTILE
    assert browser.get("/records?text=%3Cscript%3E%22+OR+*").xpath("//script[not(@src)]") == []


@pytest.mark.parametrize(
    "address",
    [
        "/records?from=abc&to=99999999999&since=never&label=maybe&sort=beauty&source=-1",
        "/records?text=%00%22%28&after=&before=",
        "/records?source=999999999999999999999",
        "/records?" + "text=a&" * 50,
    ],
)
def test_an_address_that_makes_no_sense_shows_something(browser, address):
    """What somebody wrote into the address by hand breaks nothing."""
    browser.get(address)


def test_a_page_after_a_record_that_is_not_there_is_not_found(browser):
    """An old address of another review is answered in words."""
    assert "no record has the id" in text_of(browser.get("/records?after=r99999", status=404))
    assert "no record has the id" in text_of(browser.get("/records/r99999", status=404))


def test_a_beginning_of_a_word_that_finds_nothing_leads_to_all_endings(browser):
    """Who types half a word is shown how to find what begins so."""
    page = browser.get("/records?text=stimul")
    assert "No records match" in text_of(page)
    assert titles(browser.get(link(page, "any ending")))
    assert browser.get("/records?text=%22nothing+so%22").xpath("//a[contains(., 'ending')]") == []


def test_filters_and_headings_keep_each_other(browser):
    """Sorting keeps the filters, and each heading tells how the table is sorted."""
    page = browser.get("/records?text=pain&from=2015")
    assert [str(one) for one in page.xpath("//th/@aria-sort")] == [
        "ascending", *["none"] * 6,
    ]  # fmt: skip
    sorted_ = link(page, "Year")
    assert parse_qs(urlsplit(sorted_).query) == {
        "text": ["pain"], "from": ["2015"], "sort": ["year"], "down": ["1"],
    }  # fmt: skip
    years = [
        int(one.text_content())
        for one in browser.get(sorted_).xpath("//td[contains(@class,'records__year')]")
    ]
    assert years == sorted(years, reverse=True)
    assert min(years) >= 2015


def test_records_are_narrowed_down_to_a_study_design(browser, path):
    """The select offers the designs that there are, with counts, and the table shows just these."""
    page = browser.get("/records?design=case+series")
    chosen = page.xpath("//select[@name='design']/option[@selected]")[0]
    with Review.open(path) as review:
        tagged = [one.id for one in review.records() if "case series" in study_designs(one.record)]
    assert chosen.text_content() == f"case series ({len(tagged)})"
    assert tagged
    assert sorted(idents(page)) == sorted(tagged)
    assert idents(browser.get("/records?design=nonsense")) == idents(browser.get("/records"))


def test_what_the_watch_brought_in_can_be_asked_for(browser, path):
    """Where there is none, the page does not offer it; otherwise it is one tick."""
    assert browser.get("/records").xpath("//input[@name='watched']") == []
    with Review.open(path) as review:
        run = review.watch.begin(source="PubMed", query="pain", since="", until="")
        news = path.with_name("news.nbib")
        news.write_text("PMID- 7000001\nTI  - News of coils\n\n")
        (report,) = review.import_files([news])
        assert report.new == 1
        review.watch.note(run.id, [("new", "7000001", "", "")])
    page = browser.get("/records?watched=1")
    assert titles(page) == ["News of coils"]
    assert "new from PubMed alerts, not screened (1)" in text_of(page)


def test_a_few_are_labelled_at_once_and_taken_back_as_one(browser, path):
    """The chosen records get the label and reason; the message offers to take it back."""
    chosen = idents(browser.get("/records"))[:3]
    fields = {"record": chosen, "label": "exclude", "reason": "WRONG_POP", "note": "n", "table": ""}
    page = browser.post("/records/label", fields)
    assert "3 records excluded." in text_of(page, "//*[@id='flashes']")
    assert text_of(browser.get("/records?label=exclude"), "//*[@id='records']//strong") == (
        "3 records"
    )
    undo = page.xpath("//*[@id='flashes']//form")[0]
    values = {one.get("name"): one.get("value") for one in undo.xpath(".//input")}
    browser.post(undo.get("action"), values)
    assert "No records match" in text_of(browser.get("/records?label=exclude"))
    with Review.open(path) as review:
        assert [entry.label for entry in review.decisions.history(chosen[0])] == ["exclude", None]


def test_all_of_a_table_are_labelled_after_a_question(browser):
    """A label for all that match names how many, and which labels it would replace."""
    browser.post("/records/label", {"record": ["r1"], "label": "include", "table": ""})
    fields = {"scope": "all", "label": "exclude", "reason": "", "note": "", "table": ""}
    question = browser.post("/records/label", fields)
    assert "Exclude 204 records?" in text_of(question)
    assert "1 of them is currently marked include" in text_of(question)
    assert "No records match" in text_of(browser.get("/records?label=exclude"))
    form = question.xpath("//main//form")[0]
    values = {one.get("name"): one.get("value") for one in form.xpath(".//input")}
    browser.post(form.get("action"), values)
    assert "204 records" in text_of(browser.get("/records?label=exclude"))
    log = browser.get("/records/bulks")
    assert "204" in text_of(log)
    browser.post("/records/undo", {"bulk": "2"})
    assert "1 record" in text_of(browser.get("/records?label=include"), "//*[@id='records']")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"label": "exclude", "table": ""}, "No record was selected"),
        ({"record": "r1", "table": ""}, "No decision was selected"),
        ({"record": "r1", "label": "exclude", "reason": "BORING"}, "is not a reason"),
        ({"record": "r999999", "label": "exclude"}, "no record has the id"),
    ],
)
def test_what_cannot_be_labelled_is_answered_in_words(browser, fields, words):
    """Nothing chosen, no label, an unknown reason or record: one line, and nothing is labelled."""
    answer = browser._client.post("/records/label", data=fields, headers={"Origin": BASE})
    assert answer.status_code in (200, 400, 404)
    assert words in answer.text
    assert browser.get("/records?label=labelled").xpath("//tbody/tr") == []


BASE = "http://127.0.0.1:8400"


def test_too_many_are_not_labelled_at_once(browser, monkeypatch):
    """A slip stays small enough to be looked over."""
    monkeypatch.setattr("autoscreen.web.pages.bulk_actions.MOST_AT_ONCE", 100)
    fields = {"scope": "all", "label": "exclude", "table": ""}
    assert "narrow the list" in text_of(browser.post("/records/label", fields, status=400))


def test_what_is_shown_is_exported(browser):
    """The file holds the records of the table, in its order; formulas stay text."""
    answer = browser.file("/records/export?format=csv&text=formula")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="rms-records.csv"'
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row["title"].startswith("'=")
    ris = browser.file("/records/export?format=ris&from=2020&sort=year").text
    assert ris.count("TY  - ") > 10
    assert "Unknown format" in text_of(browser.get("/records/export?format=exe", status=400))


@pytest.mark.parametrize("format", ["ris", "nbib", "bibtex", "csv", "xlsx"])
def test_every_entry_of_the_export_menu_downloads(browser, format):
    """Each link of the menu gives a file that is not empty."""
    page = browser.get("/records")
    links = {
        str(one).rpartition("format=")[2]: str(one) for one in page.xpath("//a[@download]/@href")
    }
    assert set(links) == {"ris", "nbib", "bibtex", "csv", "xlsx"}
    assert browser.file(links[format]).content


@pytest.mark.parametrize(
    ("text", "said"),
    [("(((", "contains no words"), ("*", "An asterisk"), ('"pain', "not closed")],
)
def test_what_a_search_cannot_do_is_said(browser, text, said):
    """A search without words finds nothing, and the page says why."""
    page = browser.get(f"/records?text={text}")
    assert said in text_of(page)
    assert bool(idents(page)) == ("pain" in text)
    assert browser.get("/records?text=%22unclosed").xpath("//a[contains(., 'ending')]") == []


def test_tags_are_added_found_filtered_and_removed_for_many_records(browser):
    """The chips of the table lead to the filter, which counts; undo takes the act back."""
    chosen = idents(browser.get("/records"))[:3]
    fields = {"record": chosen, "tag": "to translate", "on": "1", "table": "sort=year"}
    page = browser.post("/records/tags", fields)
    assert "Tag “to translate” added to 3 records." in text_of(page, "//*[@id='flashes']")
    page = browser.get(link(browser.get("/records"), "to translate"))
    assert sorted(idents(page)) == sorted(chosen)
    option = page.xpath("//select[@name='tag']/option[@selected]")[0]
    assert option.text_content() == "to translate (3)"
    assert sorted(idents(browser.get("/records?text=tag:translate"))) == sorted(chosen)
    browser.post("/records/tags", {**fields, "record": chosen[:1], "on": "0"})
    assert sorted(idents(browser.get("/records?tag=to+translate"))) == sorted(chosen[1:])
    assert "to translate" in text_of(browser.get("/records/bulks"))
    browser.post("/tags/undo", {"act": "2"})
    assert sorted(idents(browser.get("/records?tag=to+translate"))) == sorted(chosen)
    for left, said in (({"record": []}, "No record was"), ({"tag": " "}, "Type a tag")):
        assert said in text_of(
            browser.post("/records/tags", {**fields, **left}), "//*[@id='flashes']"
        )
    page = browser.post("/records/tags", fields)
    assert "have this tag already" in text_of(page, "//*[@id='flashes']")


def test_tags_are_renamed_merged_and_deleted(browser):
    """The page of tags counts them; a change is undone by its message."""
    browser.post("/records/tags", {"record": ["r1", "r2"], "tag": "pilto", "table": ""})
    browser.post("/records/tags", {"record": ["r2", "r3"], "tag": "pilot", "table": ""})
    page = browser.post("/tags/rename", {"tag": "pilto", "new": "pilot"})
    assert "“pilto” is now “pilot” on 2 records." in text_of(page, "//*[@id='flashes']")
    assert text_of(page, "//tbody").startswith("pilot3")
    undo = page.xpath("//*[@id='flashes']//form")[0]
    page = browser.post(
        undo.get("action"), {one.get("name"): one.get("value") for one in undo.xpath(".//input")}
    )
    assert [one.text_content() for one in page.xpath("//tbody/tr/th")] == ["pilot", "pilto"]
    page = browser.post("/tags/delete", {"tag": "pilot"})
    assert [one.text_content() for one in page.xpath("//tbody/tr/th")] == ["pilto"]
    assert "deleted" in text_of(browser.get("/records/bulks"))
    page = browser.post("/tags/rename", {"tag": "nothing", "new": "else"})
    assert "No record has the tag" in text_of(page, "//*[@id='flashes']")
    browser.post("/tags/undo", {"act": "77"}, status=400)
    browser.post("/tags/undo", {"act": "x"}, status=400)


def test_notes_are_shown_and_found(browser):
    """A note stands in the table, is found by its words, and is a filter."""
    fields = {"record": ["r5"], "label": "unsure", "note": "Bitte prüfen", "table": ""}
    browser.post("/records/label", fields)
    for address in ("text=pruefen", "text=prufen", "text=note:bitte", "noted=1"):
        page = browser.get(f"/records?{address}")
        assert idents(page) == ([] if "pruefen" in address else ["r5"])
    assert "Note: Bitte prüfen" in text_of(page)
    assert "with a note or comment (1)" in text_of(page)


@pytest.mark.parametrize("sort", ["author", "journal", "decision", "decided", "title", "came"])
def test_the_table_is_sorted_by_anything(browser, sort):
    """Each order shows all records, also turned round, and the select names it."""
    page = browser.get(f"/records?sort={sort}&down=1")
    assert "204 records" in text_of(page)
    assert page.xpath("//select[@name='sort']/option[@selected]/@value") == [sort]


def test_the_columns_are_chosen_and_kept(browser):
    """What is left out stays out for this browser; the title is always there."""
    page = browser.get("/records")
    assert "Journal" in text_of(page, "//thead")
    page = browser.post("/records/columns", {"column": ["year", "tags"], "table": "text=pain"})
    assert text_of(page, "//thead") == "Title↕ Year↕"
    assert page.xpath("//input[@name='text']/@value") == ["pain"]
    assert text_of(browser.get("/records"), "//thead") == "Title↕ Year↕"
    page = browser.post("/records/columns", {"table": ""})
    assert text_of(page, "//thead") == "Title↕"


def test_a_reason_for_included_records_is_refused(browser):
    """A bulk action drops nothing silently, and shows reasons in words."""
    fields = {"record": "r1", "label": "include", "reason": "WRONG_POP", "table": ""}
    assert "Nothing was saved" in text_of(
        browser.post("/records/label", fields), "//*[@id='flashes']"
    )
    page = browser.post("/records/label", {**fields, "label": "exclude"})
    assert "WRONG_POP" not in text_of(page)
    assert "no pain of peripheral nerve origin" in text_of(page)


def test_a_record_shows_its_history_and_is_decided_anew(browser, path):
    """Decisions are seen with who, when, rank and score; a new one can be withdrawn."""
    ident = idents(browser.get("/records"))[0]
    page = browser.get(f"/records/{ident}")
    assert "No decision yet" in text_of(page)
    form = page.xpath("//form[contains(@action, '/label')]")[0]
    fields = {one.get("name"): one.get("value") for one in form.xpath(".//input[@type='hidden']")}
    fields |= {"label": "exclude", "reason": "WRONG_POP", "note": "of the arm"}
    page = browser.post(form.get("action"), fields)
    assert "of the arm" in text_of(page)
    assert "at rank 1, score" in text_of(page)
    again = browser.post(form.get("action"), fields)
    assert len(again.xpath("//ol[@class='history']/li")) == 1
    stale = {**fields, "key": "another-key-of-mine", "label": "include"}
    assert "meanwhile" in text_of(browser.post(form.get("action"), stale, status=409))
    page = browser.post(f"/records/{ident}/withdraw")
    assert len(page.xpath("//ol[@class='history']/li")) == 2
    with Review.open(path) as review:
        assert review.record(ident).label is None


def test_a_merge_is_seen_and_undone(browser, path):
    """Two records that were taken for the same stand beside each other, and can be parted."""
    with Review.open(path) as review:
        first, second = review.record("r1"), review.record("r2")
        review._store.merges.join([(1, 2, "the same by a test")])
    assert first.record.title != second.record.title
    page = browser.get("/records/r1")
    assert "the same by a test" in text_of(page)
    assert "the same by a test" in text_of(browser.get("/merges"))
    page = browser.post("/merges/undo", {"merge": "1"})
    assert text_of(page, "//h1") == second.record.title
    assert "undone" in text_of(browser.get("/merges"))
    assert "not one merge" not in text_of(browser.post("/merges/undo", {"merge": "1"}, status=400))


def test_all_merges_can_be_paged_through(browser, path, monkeypatch):
    """The newest come first; a page that does not exist is the nearest one."""
    with Review.open(path) as review:
        review._store.merges.join([(1, 2, "one reason"), (3, 4, "another reason")])
    monkeypatch.setattr("autoscreen.web.pages.record._MERGES", 1)
    first = browser.get("/merges")
    assert "of 2 merges, newest first" in text_of(first)
    assert "another reason" in text_of(first)
    (older,) = first.xpath("//a[@rel='next']/@href")
    second = browser.get(str(older))
    assert "2 of 2 merges" in text_of(second)
    assert not second.xpath("//a[@rel='next']")
    (newer,) = second.xpath("//a[@rel='prev']/@href")
    assert text_of(browser.get(str(newer)), "//tbody") == text_of(first, "//tbody")
    assert text_of(browser.get("/merges?page=99"), "//tbody") == text_of(second, "//tbody")
    assert "From 9 points on" in text_of(first)


def test_an_empty_review_leads_to_its_first_file(tmp_path):
    """Without records the table tells where they come from."""
    Review.create(tmp_path / "empty", protocol="rms-pnp").close()
    with browser_of(tmp_path / "empty.autoscreen") as browser:
        page = browser.get("/records")
        assert "Import your first file" in text_of(page)
        assert link(page, "first file") == "/overview#import"


def test_a_record_links_the_other_reports_of_its_study(browser, path, tmp_path):
    """The registry entry of a trial and its paper lead to each other."""
    (tmp_path / "trial.ris").write_text(
        "TY  - JOUR\nTI  - Invented trial entry\nAN  - NCT09999991\nER  - \n"
        "TY  - JOUR\nTI  - Invented paper\nAB  - Registered: NCT09999991.\nER  - \n"
    )
    with Review.open(path) as review:
        review.import_files([tmp_path / "trial.ris"])
        entry, paper = [one.id for one in review.records()][-2:]
        assert review.reporting.reports_of_same_study(entry) == [(paper, "NCT09999991")]
    page = browser.get(f"/records/{entry}")
    assert f"Reports of the same study: {paper} (NCT09999991)" in text_of(page)
