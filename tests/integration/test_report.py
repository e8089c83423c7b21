"""The report folder: its numbers, its words, and that nothing in it comes from elsewhere."""

from __future__ import annotations

import csv
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lxml import etree, html

from autoscreen.cli.main_command import run
from autoscreen.errors import InputError
from autoscreen.records import Record
from autoscreen.report.flow_boxes import FlowLine
from autoscreen.report.flow_pdf import flow_pdf
from autoscreen.report.report_folder import write_report
from autoscreen.review import Review
from autoscreen.review.flow import Box
from autoscreen.store.reporting import ElsewhereSearch

PRISMA = (
    "Records identified from",
    "Databases",
    "Registers",
    "Records removed before screening",
    "Duplicate records removed",
    "Records marked as ineligible by automation tools",
    "Records removed for other reasons",
    "Records screened",
    "Records excluded**",
    "Reports sought for retrieval",
    "Reports not retrieved",
    "Reports assessed for eligibility",
    "Reports excluded",
    "Studies included in review",
    "Reports of included studies",
)
"""The boxes of the statement, in its words."""


@pytest.fixture
def review(demo_review: Path, tmp_path: Path):
    """A review with full texts, in which screening was stopped."""
    path = Path(shutil.copy(demo_review, tmp_path / "rms.autoscreen"))
    with Review.open(path) as made:
        for number in range(1, 21):
            made.label(f"r{number}", "include" if number < 9 else "exclude", reviewer="AA")
        given = ("include", "include", "exclude", "not retrieved", "awaiting classification")
        for number, label in enumerate((*given, "ongoing"), 1):
            reason = "WRONG_TYPE" if label == "exclude" else ""
            made.full_text.label(f"r{number}", label, reviewer="AA", reason=reason, note="=1+1")
        made.reporting.link("r1", "r2", note="one cohort")
        made.reporting.stop_screening(reviewer="AA", note="enough was found")
        yield made


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_folder_holds_all_parts_and_its_numbers_agree(review, tmp_path):
    """Picture, table, JSON and text say the same; the JSON follows its schema."""
    folder = tmp_path / "report"
    facts = write_report(review, folder)
    numbers = {row["line"]: row["n"] for row in rows_of(folder / "flow.csv")}
    assert numbers["Records screened"] == "20"
    assert numbers["Records marked as ineligible by automation tools"] == "182"
    assert numbers["Reports sought for retrieval"] == "8"
    assert numbers["Reports assessed for eligibility"] == "5"
    assert (numbers["Studies included in review"], numbers["Reports of included studies"]) == (
        "1",
        "2",
    )
    picture: Any = etree.fromstring((folder / "flow.svg").read_bytes())
    drawn = " ".join("".join(picture.itertext()).replace("\u00a0", " ").split())
    for text in PRISMA:
        assert text in re.sub(r"\s+", " ", drawn), text
    assert "Records excluded** (n = 12)" in drawn
    bundle = json.loads((folder / "report.json").read_text("utf-8"))
    schema = json.loads((folder / "report.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(bundle, schema)
    main = bundle["flow"]["databases"]
    assert main["identified"] == sum(one["records"] for one in main["identified_by"]) == 202
    assert sum(one["box"] == Box.INCLUDED for one in bundle["records"]) == 2
    methods = (folder / "methods.txt").read_text("utf-8")
    assert "Titles and abstracts of 20 records were screened by 1 reviewer." in methods
    assert "182 records were not screened because of the ranking" in methods
    assert "enough was found" in methods
    assert "1 study in 2 reports was included." in methods
    crate = json.loads((folder / "ro-crate-metadata.json").read_text("utf-8"))
    named = {one["@id"] for one in crate["@graph"] if one["@type"] == "File"}
    there = {one.name for one in folder.iterdir()}
    assert named == there - {"ro-crate-metadata.json"}
    assert facts.flow.inconsistencies == ()


def test_exclusions_and_included_studies_are_listed(review, tmp_path):
    """One reason each, and one row for each report; no cell is a formula."""
    folder = tmp_path / "report"
    write_report(review, folder)
    listed = {row["record"]: row for row in rows_of(folder / "exclusions.csv")}
    assert listed["r3"]["state"] == "reports excluded"
    assert listed["r3"]["reason"] == "Type: review, guideline, editorial"
    assert listed["r3"]["note"] == "'=1+1"
    assert listed["r4"]["state"] == "reports not retrieved"
    assert "r1" not in listed
    included = rows_of(folder / "characteristics.csv")
    assert [(row["study"], row["report"]) for row in included] == [("r1", "r1"), ("r1", "r2")]
    items = {row["item"]: row["report"] for row in rows_of(folder / "software.csv")}
    assert items["Name and version"].startswith("autoscreen ")
    assert "No record was included or excluded by it" in items["What the software did not decide"]


def test_the_page_loads_nothing_from_elsewhere_and_escapes_what_it_shows(review, tmp_path, take_in):
    """All in one file, also with a hostile title."""
    take_in(review._store, [Record(title="<script>alert(1)</script> of coils")], path="x.ris")
    review.label("r203", "include", reviewer="AA")
    folder = tmp_path / "report"
    facts = write_report(review, folder)
    assert facts.flow.inconsistencies[0].startswith("import 2 (x.ris) names no database")
    text = (folder / "index.html").read_text("utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; of coils" in text
    assert "names no database" in text
    page: Any = html.fromstring(text)
    links = [link for _, _, link, _ in page.iterlinks()]
    assert all(re.fullmatch(r"#[\w-]+|[\w.-]+", link) for link in links), links
    assert page.xpath("//figure//*[local-name()='svg']")


def test_an_update_shows_what_is_new_and_names_what_does_not_add_up(review, tmp_path):
    """Previous and new studies, the total, and what changed among the old records."""
    since = review.full_text.history("r2")[0].at
    folder = tmp_path / "update"
    facts = write_report(review, folder, since=since)
    numbers = {row["line"]: row["n"] for row in rows_of(folder / "flow-update.csv")}
    assert numbers["Studies included in previous version of review"] == "1"
    assert numbers["New studies included in review"] == "0"
    assert numbers["Total studies included in review"] == "1"
    assert numbers["Reports of total included studies"] == "2"
    assert facts.forms[0].notes == (
        "1 further included reports were identified before the previous version and included after "
        "it: r2.",
    )
    moved = {row["record"]: (row["before"], row["now"]) for row in rows_of(folder / "changes.csv")}
    assert moved["r2"] == ("reports not assessed yet", "reports of included studies")
    assert "Previous studies" in (folder / "flow-update.svg").read_text("utf-8")
    assert "Previous studies" not in (folder / "flow.svg").read_text("utf-8")


def test_a_living_review_shows_the_numbers_of_each_version(review, tmp_path, take_in):
    """In the same boxes; lines that one version lacks are 0 there."""
    version = review.full_text.history("r3")[0].at
    take_in(review._store, [Record(title="Of coils")], path="embase.ris")
    review.reporting.resume_screening(reviewer="AA")
    folder = tmp_path / "living"
    write_report(review, folder, versions=[version])
    rows = {row["line"]: row for row in rows_of(folder / "flow-living.csv")}
    column = f"n at the end of {version}"
    assert (rows["Databases"][column], rows["Databases"]["n"]) == ("202", "203")
    assert (rows["Embase"][column], rows["Embase"]["n"]) == ("0", "1")
    assert (rows["Type: review, guideline, editorial"][column], rows["Ongoing studies"]["n"]) == (
        "1",
        "1",
    )
    assert rows["Reports not retrieved"][column] == "0"
    assert [row["line"] for row in rows_of(folder / "flow.csv")] == [
        line for line in rows if line != "Reports not assessed yet" or rows[line]["n"] != "0"
    ]
    picture: Any = etree.fromstring((folder / "flow-living.svg").read_bytes())
    drawn = " ".join("".join(picture.itertext()).replace("\u00a0", " ").split())
    assert "Databases (n = 202; 203)" in drawn
    assert f"earlier versions ended on {version}" in drawn


def test_the_diagram_is_a_pdf_with_the_words_of_the_picture(review, tmp_path):
    """Its text can be selected, its bytes are the same each time, and no letter is lost."""
    pytest.importorskip("reportlab")
    form = write_report(review, tmp_path / "report").forms[0]
    made = (tmp_path / "report" / "flow.pdf").read_bytes()
    assert made == flow_pdf(form, title=f"PRISMA 2020 flow diagram: {review.name}")
    pages = pytest.importorskip("pypdfium2").PdfDocument(made)
    text = pages[0].get_textpage().get_text_range().replace("\u00a0", " ")
    picture: Any = etree.fromstring((tmp_path / "report" / "flow.svg").read_bytes())
    drawn = [one.text.strip().replace("\u00a0", " ") for one in picture.iter("{*}text")]
    assert len(drawn) > 20
    assert [line for line in drawn if line not in text] == []
    korean = replace(form, boxes=(replace(form.boxes[0], lines=(FlowLine("\ud1b5\uc99d", 1),)),))
    with pytest.raises(InputError, match="the font of the PDF has no"):
        flow_pdf(replace(korean, boxes=(*korean.boxes, form.boxes[-1])), title="")


def test_searches_that_were_run_elsewhere_are_in_the_appendix(review, tmp_path, take_in):
    """As far as they were entered; what is missing is named, also in the checklist."""
    take_in(review._store, [Record(title="Of coils")], path="embase.ris")
    search = ElsewhereSearch(platform="Ovid", searched="2026-01-12", query="1 coil.mp.\n2 1 or 2")
    review.reporting.set_origin(2, "database", "Embase", search=search)
    review.reporting.set_origin(2, "database", "Embase", reviewer="AA")
    folder = tmp_path / "report"
    write_report(review, folder)
    items = {row["topic"]: row["report"] for row in rows_of(folder / "prisma-s.csv")}
    assert len(items) == 16
    assert items["Database name"] == "PubMed (platform not entered); Embase (Ovid)"
    assert items["Dates of searches"].endswith("not entered; Embase (import 2): 2026-01-12")
    assert items["Full search strategies"].endswith("not entered yet for PubMed (import 1)")
    page: Any = html.fromstring((folder / "index.html").read_text("utf-8"))
    assert "1 coil.mp.\n2 1 or 2" in [one.text for one in page.iter("pre")]
    assert "Not entered yet: limits." in page.text_content()


def test_a_folder_is_not_overwritten_and_an_empty_review_not_reported(review, tmp_path):
    """Unless that is asked for."""
    folder = tmp_path / "report"
    write_report(review, folder)
    with pytest.raises(InputError, match="is not an empty folder"):
        write_report(review, folder)
    write_report(review, folder, overwrite=True)
    with (
        Review.create(tmp_path / "empty", protocol="rms-pnp") as empty,
        pytest.raises(InputError, match="nothing to report"),
    ):
        write_report(empty, tmp_path / "other")


def test_a_word_document_has_the_same_sections(review, tmp_path):
    """It is written where python-docx is installed."""
    docx = pytest.importorskip("docx")
    write_report(review, tmp_path / "report", docx=True)
    document = docx.Document(str(tmp_path / "report" / "report.docx"))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "PRISMA 2020 flow diagram" in texts
    assert any("20 records were screened" in text for text in texts)
    assert any(cell.text == "Records screened" for cell in document.tables[0].columns[2].cells)


def test_one_command_reports_a_review(review, tmp_path, monkeypatch, capsys):
    """The folder has the name of the review by default."""
    review.close()
    monkeypatch.chdir(tmp_path)
    assert run(["report", "rms"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("rms-report: 202 records identified, 1 study in 2 reports included")
    assert (tmp_path / "rms-report" / "index.html").exists()
    assert run(["report", "rms"]) == 1
    assert run(["report", "rms", "--until", "never", "--out", "x"]) == 1
    assert "is no date" in capsys.readouterr().err
