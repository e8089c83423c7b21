"""The report folder: its numbers, its words, and that nothing in it comes from elsewhere."""

from __future__ import annotations

import csv
import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lxml import etree, html

from autoscreen.cli.main_command import run
from autoscreen.errors import InputError
from autoscreen.formats import read
from autoscreen.records import Record, Stage
from autoscreen.report.flow_boxes import FlowLine
from autoscreen.report.flow_pdf import flow_pdf
from autoscreen.report.handover import study_names, write_handover
from autoscreen.report.public_page import publish
from autoscreen.report.report_folder import write_report
from autoscreen.review import Review
from autoscreen.review.flow import Box
from autoscreen.store.reporting import ElsewhereSearch
from pdf_files import pdf_of

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
    # Three were decided after the first inclusion and the first exclusion.
    assert "Full texts were shown in the order of a ranking" in methods
    assert re.search(r"\(model full-text/1, \S+, 3 decisions\)", methods)
    crate = json.loads((folder / "ro-crate-metadata.json").read_text("utf-8"))
    named = {one["@id"] for one in crate["@graph"] if one["@type"] == "File"}
    there = {one.name for one in folder.iterdir()}
    assert named == there - {"ro-crate-metadata.json"}
    assert facts.flow.inconsistencies == ()


def test_exclusions_and_included_studies_are_listed(review, tmp_path):
    """One reason each, and one row for each report; no cell is a formula."""
    folder = tmp_path / "report"
    review.extraction.enter("r2", "frequency", "10 Hz")
    write_report(review, folder)
    listed = {row["record"]: row for row in rows_of(folder / "exclusions.csv")}
    assert listed["r3"]["state"] == "reports excluded"
    assert listed["r3"]["reason"] == "Type: review, guideline, editorial"
    assert listed["r3"]["note"] == "'=1+1"
    assert listed["r4"]["state"] == "reports not retrieved"
    assert "r1" not in listed
    included = rows_of(folder / "characteristics.csv")
    assert [(row["study"], row["report"]) for row in included] == [("r1", "r1"), ("r1", "r2")]
    assert [(row["Frequency"], row["Coil"]) for row in included] == [("10 Hz", "")] * 2
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
    links = [(element.tag, link) for element, _, link, _ in page.iterlinks()]
    paper = r"https://(doi\.org|pubmed\.ncbi\.nlm\.nih\.gov)/[\w./-]+"
    assert [one for one in links if not re.fullmatch(rf"#[\w-]+|[\w.-]+|{paper}", one[1])] == []
    assert {tag for tag, _ in links} == {"a"}
    assert page.xpath("//figure//*[local-name()='svg']")


def test_an_update_shows_what_is_new_and_names_what_does_not_add_up(review, tmp_path):
    """Previous and new studies, the total, and what changed among the old records."""
    since = review.full_text.decisions.history("r2")[0].at
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
    version = review.full_text.decisions.history("r3")[0].at
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


def test_the_prisma_checklist_says_what_is_filled_and_what_is_missing(review, tmp_path):
    """Each item has a place in the report, or is left to the team; what is half there says so."""
    registered = replace(review.protocol, registration="PROSPERO CRD42025000000", source="")
    review.protocols.set(registered, note="registered")
    write_report(review, tmp_path / "report")
    rows = {row["item"]: row for row in rows_of(tmp_path / "report" / "prisma-2020.csv")}
    assert (len(rows), rows["1"]["filled"]) == (42, "no")
    assert (rows["24a"]["filled"], rows["24a"]["location"]) == ("yes", "PROSPERO CRD42025000000")
    assert rows["7"]["location"].endswith("still missing: searches that were run elsewhere")
    assert rows["24c"]["filled"] == "partly"
    named = [
        one for row in rows.values() for one in re.findall(r"[\w-]+\.\w{3,4}\b", row["location"])
    ]
    assert {one for one in named if not (tmp_path / "report" / one).exists()} == set()
    methods = (tmp_path / "report" / "methods.txt").read_text("utf-8")
    assert methods.startswith("The review was registered (PROSPERO CRD42025000000).")


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
    pytest.importorskip("pypdfium2")
    write_report(review, tmp_path / "report", docx=True)
    document = docx.Document(str(tmp_path / "report" / "report.docx"))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "PRISMA 2020 flow diagram" in texts
    assert len(document.inline_shapes) == 1  # the flow diagram
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


def test_the_public_page_keeps_its_versions_and_names_nobody(review, tmp_path):
    """Each version says what changed; nothing is loaded from elsewhere, and no reviewer named."""
    site, day = tmp_path / "site", datetime.now(UTC)
    publish(review, site)
    path = review.path
    review.full_text.label("r7", "include", reviewer="Ann Aurum", note="a private note")
    review.full_text.label("r2", "exclude", reviewer="AA", reason="WRONG_POP")
    review.close()
    later = day + timedelta(days=1)
    with Review.open(path, now=lambda: later) as opened:
        publish(opened, site)
        with pytest.raises(InputError, match="which is later than"):
            publish(opened, site, until="2020-01-01")
    days = sorted(one.name for one in (site / "versions").iterdir())
    assert days == [f"{day:%Y-%m-%d}", f"{later:%Y-%m-%d}"]
    newest = site / "versions" / days[1]
    changes = rows_of(newest / "changes.csv")
    assert sorted(row["change"] for row in changes) == ["newly included", "no longer included"]
    assert f"n at the end of {days[0]}" in rows_of(newest / "flow-living.csv")[0]
    text = (site / "index.html").read_text("utf-8")
    for hidden in ("Ann Aurum", "private note", "=1+1", ">AA<", "enough was found", "demo.nbib"):
        assert hidden not in text
    for page in (site / "index.html", newest / "index.html", site / "versions" / days[0]):
        file = page / "index.html" if page.is_dir() else page
        shown: Any = html.fromstring(file.read_text("utf-8"))
        links = [link for _, _, link, _ in shown.iterlinks()]
        outside = [link for link in links if ":" in link]
        assert all(re.match("https://(doi.org|pubmed.ncbi.nlm.nih.gov)/", one) for one in outside)
        local = [link for link in links if ":" not in link and not link.startswith("#")]
        assert local
        assert [link for link in local if not (file.parent / link).is_file()] == []


def test_a_page_is_not_published_into_another_folder_or_without_its_databases(
    review, tmp_path, take_in
):
    """The name of a file never stands for a database on a public page."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="is no folder of a public page"):
        publish(review, tmp_path / "site")
    take_in(review._store, [Record(title="Of coils")], path="anna.ris")
    with pytest.raises(InputError, match="import 2 names no database or register"):
        publish(review, tmp_path / "other")


def test_the_handover_is_read_back_with_decisions_studies_and_pdfs(review, tmp_path):
    """One RIS file for each decision at full text; L1 leads to the PDF, NS names the study."""
    pytest.importorskip("pypdfium2")
    (tmp_path / "a.pdf").write_bytes(pdf_of(["A paper"]))
    review.full_text.files.attach("r1", tmp_path / "a.pdf")
    folder = tmp_path / "handover"
    made = write_handover(review, folder)
    assert made["included.ris"] == 2
    assert set(made) | {"README.txt", "pdfs"} == {one.name for one in folder.iterdir()}
    text = (folder / "included.ris").read_text("utf-8")
    assert (folder / re.findall("L1  - (.+)", text)[0]).read_bytes().startswith(b"%PDF")
    assert len(set(re.findall("NS  - (.+)", text))) == 1  # r1 and r2 are linked
    for name, label in (("included.ris", "include"), ("not-retrieved.ris", "not retrieved")):
        back = list(read(folder / name))
        assert len(back) == made[name]
        for record in back:
            full = [one.label for one in record.verdicts if one.stage is Stage.FULL_TEXT]
            assert full == [label]
    titles = [one.record.title for one in review.full_text.labelled("include")]
    assert [record.title for record in read(folder / "included.ris")] == titles
    with pytest.raises(InputError, match="is not an empty folder"):
        write_handover(review, folder)


def test_studies_of_one_name_are_told_apart():
    """As RevMan does: Kim 2020a, Kim 2020b; reports of one study share its name."""
    kim = Record(title="T", authors=("Kim, A",), year=2020)
    names = study_names(
        [("r1", "r1", kim), ("r2", "r2", kim), ("r3", "r1", kim), ("r4", "r4", Record(title="X"))]
    )
    assert names == {"r1": "Kim 2020a", "r2": "Kim 2020b", "r3": "Kim 2020a", "r4": "X"}


def test_the_demo_goes_from_import_to_a_report(tmp_path, capsys):
    """In one command, and every included full text is in it."""
    folder = tmp_path / "report"
    assert run(["demo", "--keep", str(tmp_path / "tour"), "--report", str(folder)]) == 0
    assert f"read {folder / 'index.html'}" in capsys.readouterr().out
    numbers = {row["line"]: row["n"] for row in rows_of(folder / "flow.csv")}
    assert numbers["Reports of included studies"] == numbers["Reports sought for retrieval"] == "18"
