"""The protocol in the browser: read, changed with its effect in view, and brought back."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autoscreen.protocol import Protocol, protocol_toml
from autoscreen.review import Review
from integration._web import Browser, browser_of, text_of


@pytest.fixture
def path(demo_review: Path, tmp_path: Path) -> Path:
    """A copy of the demo review with one included record."""
    path = tmp_path / "rms.autoscreen"
    shutil.copy(demo_review, path)
    with Review.open(path) as review:
        review.label(review.rank(top=1)[0].id, "include", reviewer="AA")
    return path


@pytest.fixture
def browser(path: Path) -> Iterator[Browser]:
    """A person working alone on it."""
    with browser_of(path) as made:
        yield made


def fields(page) -> dict[str, str]:
    """Give what a form holds, as a browser would hand it in."""
    form = page.xpath("//form[@id='protocol-form']")[0]
    values = {one.get("name"): one.get("value") or "" for one in form.xpath(".//input[@name]")}
    values |= {one.get("name"): (one.text or "").lstrip("\n") for one in form.xpath(".//textarea")}
    for one in form.xpath(".//select"):
        values[one.get("name")] = (one.xpath("./option[@selected]/@value") or [""])[0]
    return values


def effect(browser: Browser):
    """Wait until the effect of the change is worked out."""
    for _ in range(300):
        page = browser.get("/protocol/preview")
        if page.xpath("//form[@action='/protocol/apply']"):
            return page
        time.sleep(0.05)
    raise AssertionError("the effect was never worked out")


def test_the_protocol_is_read(browser):
    """Criteria, concepts with their words, reasons with their keys, query and history are there."""
    page = browser.get("/protocol")
    words = text_of(page)
    for one in ("Include", "magnetic coil*", "WRONG_POP", "PubMed query", "current"):
        assert one in words
    saved = browser.file("/protocol/file")
    assert saved.headers["Content-Disposition"] == 'attachment; filename="rms-pnp.toml"'
    assert 'name = "rms-pnp"' in saved.text


def test_a_change_is_taken_after_its_effect_was_seen(browser, path):
    """The page names what comes and goes; taking it records who and why; it can be undone."""
    values = fields(browser.get("/protocol/edit"))
    values["concept-terms-0"] = "coil"
    values["act"] = "show"
    browser.post("/protocol/edit", values)
    page = effect(browser)
    assert "Ranks of the included records" in text_of(page)
    assert "Largest rises" in text_of(page)
    assert '- "magnetic stimulat*",' in text_of(page, "//pre")
    with Review.open(path) as review:
        assert review.protocol.name == "rms-pnp"
        assert len(review.protocols.versions()) == 1
    page = browser.post("/protocol/apply", {"note": "fewer words"})
    assert "AA" in text_of(page, "//ol[@class='versions']")
    assert "fewer words" in text_of(page)
    with Review.open(path) as review:
        assert review.protocol.concepts[0].terms == ("coil",)
    assert "Changes in this version" in text_of(browser.get("/protocol/versions/2"))
    browser.post("/protocol/versions/1")
    effect(browser)
    browser.post("/protocol/apply", {})
    with Review.open(path) as review:
        assert len(review.protocol.concepts[0].terms) > 1
        assert [one.id for one in review.protocols.versions()] == [3, 2, 1]


def test_a_change_that_is_left_changes_nothing(browser, path):
    """Leaving it forgets the draft."""
    values = fields(browser.get("/protocol/edit")) | {"title": "Another title", "act": "show"}
    browser.post("/protocol/edit", values)
    effect(browser)
    assert "Another title" in browser.get("/protocol/edit?from=draft").xpath("//input/@value")
    browser.post("/protocol/discard")
    assert "no change to preview" in text_of(browser.get("/protocol/preview"), "//*[@id='flashes']")
    browser.post("/protocol/apply", {}, status=400)
    with Review.open(path) as review:
        assert len(review.protocols.versions()) == 1


def test_the_form_gives_back_the_protocol_that_it_shows(browser):
    """Handing in the form as it stands changes nothing."""
    values = fields(browser.get("/protocol/edit")) | {"act": "show"}
    page = browser.post("/protocol/edit", values)
    assert "Nothing has changed" in text_of(page, "//*[@id='flashes']")
    text = browser.get("/protocol/source").xpath("//textarea")[0].text.lstrip("\n")
    page = browser.post("/protocol/source", {"text": text})
    assert "Nothing has changed" in text_of(page, "//*[@id='flashes']")


def test_rows_are_added_and_removed_without_losing_what_was_typed(browser):
    """A new concept and a new reason appear, the others keep what was typed in them."""
    values = fields(browser.get("/protocol/edit")) | {"title": "Half typed"}
    concepts = sum(name.startswith("concept-label-") for name in values)
    page = browser.post("/protocol/edit", values | {"act": "concept"})
    values = fields(page)
    assert values["title"] == "Half typed"
    assert values[f"concept-label-{concepts}"] == ""
    first = values["concept-label-1"]
    values = fields(browser.post("/protocol/edit", values | {"act": "unconcept-0"}))
    assert values["concept-label-0"] == first
    reasons = sum(name.startswith("reason-code-") for name in values)
    values = fields(browser.post("/protocol/edit", values | {"act": "reason"}))
    assert f"reason-code-{reasons}" in values
    values = fields(browser.post("/protocol/edit", values | {"act": f"unreason-{reasons}"}))
    assert f"reason-code-{reasons}" not in values


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        ({"title": ""}, "title", "is empty"),
        ({"concept-terms-0": "neuro*path"}, "concept-terms-0", "* within a word"),
        ({"concept-terms-1": ""}, "concept-terms-1", "is empty"),
        ({"reason-code-0": "has space"}, "reason-code-0", "not valid"),
        ({"reason-key-1": "1"}, "reason-key-1", "used twice"),
        ({"reason-text-2": ""}, "reason-text-2", "is empty"),
        ({"pubmed": "(a OR b"}, "pubmed", "("),
    ],
)
def test_a_fault_stands_at_its_field(browser, change, place, words):
    """What does not hold together is said at the top and beside the field it is in."""
    values = fields(browser.get("/protocol/edit")) | change | {"act": "show"}
    page = browser.post("/protocol/edit", values, status=400)
    (wrong,) = page.xpath("//*[@aria-invalid='true']")
    assert wrong.get("id") == place
    assert words in text_of(page, "//*[@id='error']")
    assert page.xpath(f"//div[@role='alert']//a[@href='#{place}']")
    assert browser.get("/protocol/edit").xpath("//*[@aria-invalid='true']") == []


def test_a_review_of_ones_own_begins_from_an_empty_form(browser, path):
    """Title, one concept and one reason are enough; keys and names are made."""
    page = browser.get("/protocol/edit?from=nothing")
    values = fields(page) | {
        "title": "Melatonin for sleep",
        "include": "a trial\n\n of melatonin ",
        "concept-label-0": "Melatonin (drug)",
        "concept-terms-0": "melatonin, circadin\nramelteon*",
        "concept-role-0": "required",
        "reason-code-0": "NO_TRIAL",
        "reason-key-0": "1",
        "reason-text-0": "no trial",
        "act": "show",
    }
    browser.post("/protocol/edit", values)
    effect(browser)
    browser.post("/protocol/apply", {})
    with Review.open(path) as review:
        protocol = review.protocol
    assert (protocol.name, protocol.title) == ("melatonin-for-sleep", "Melatonin for sleep")
    assert protocol.criteria.include == ("a trial", "of melatonin")
    (concept,) = protocol.concepts
    assert (concept.key, concept.required) == ("melatonin_drug", True)
    assert concept.terms == ("melatonin", "circadin", "ramelteon*")


def test_new_concepts_of_one_name_get_keys_of_their_own(browser, path):
    """Two concepts with the same label do not overwrite each other."""
    values = {
        "title": "T", "act": "show",
        "concept-label-0": "Pain", "concept-element-0": "population", "concept-terms-0": "pain",
        "concept-label-1": "Pain", "concept-element-1": "outcome", "concept-terms-1": "pain score",
    }  # fmt: skip
    browser.post("/protocol/edit", values)
    effect(browser)
    browser.post("/protocol/apply", {})
    with Review.open(path) as review:
        assert [one.key for one in review.protocol.concepts] == ["pain", "pain_2"]


def test_the_text_is_edited_by_those_who_prefer_it(browser, path):
    """The TOML text keeps its comments; a fault is named with its line."""
    page = browser.get("/protocol/source")
    text = (page.xpath("//textarea")[0].text or "").lstrip("\n")
    wrong = text.replace("required = true", "required = yes", 1)
    page = browser.post("/protocol/source", {"text": wrong}, status=400)
    line = wrong[: wrong.index("required = yes")].count("\n") + 1
    assert f"Line {line}:" in text_of(page, "//*[@role='alert']")
    assert "required = yes" in text_of(page, "//*[@class='near__line']")
    browser.post("/protocol/source", {"text": f"# a comment of mine\r\n{text}"})
    effect(browser)
    browser.post("/protocol/apply", {})
    with Review.open(path) as review:
        assert protocol_toml(review.protocol).startswith("# a comment of mine\n")
    assert "does not keep" in text_of(browser.get("/protocol/edit"))


def test_a_change_by_somebody_else_meanwhile_is_not_overwritten(browser, path):
    """Who was slower sees the change again, compared with what is in force now."""
    values = fields(browser.get("/protocol/edit")) | {"title": "Mine", "act": "show"}
    browser.post("/protocol/edit", values)
    effect(browser)
    with Review.open(path) as review:
        review.protocols.set(Protocol.from_title("Theirs"), reviewer="bob")
    page = browser.post("/protocol/apply", {})
    assert "changed meanwhile" in text_of(page, "//*[@id='flashes']")
    effect(browser)
    assert "Theirs" in text_of(browser.get("/protocol"))
    browser.post("/protocol/apply", {})
    assert "Mine" in text_of(browser.get("/protocol"), "//h2")


def test_a_protocol_without_concepts_invites_to_write_them(browser, path):
    """A review with only a title explains what concepts are good for."""
    with Review.open(path) as review:
        review.protocols.set(Protocol.from_title("Sleep"))
    assert "Describe what you are looking for" in text_of(browser.get("/protocol"))
    browser.get("/protocol/versions/99", status=400)


def test_a_hostile_protocol_is_text(browser, path):
    """Mark-up in titles, criteria and names does no harm, on any of the pages."""
    bad = "<script>alert(1)</script>"
    values = {"title": bad, "include": bad, "act": "show", "concept-label-0": bad,
            "concept-terms-0": "pain", "reason-code-0": "X", "reason-key-0": "<",
            "reason-text-0": bad}  # fmt: skip
    browser.post("/protocol/edit", values)
    pages = [effect(browser), browser.get("/protocol/edit?from=draft")]
    browser.post("/protocol/apply", {"note": bad})
    pages += [browser.get(one) for one in ("/protocol", "/protocol/versions/2", "/overview")]
    for page in pages:
        assert page.xpath("//script[not(@src)]") == []
    assert bad in text_of(pages[2])
