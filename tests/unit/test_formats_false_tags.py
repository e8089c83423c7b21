"""Lines inside a value that look like a tag, and tags that look like text."""

from __future__ import annotations

from io import BytesIO

import pytest

from autoscreen.formats import Problem, open_source, read
from autoscreen.formats._false_tags import TagUsage
from autoscreen.formats._ris_dialects import GRAMMAR
from autoscreen.records import Record

NBIB = ("PMID- 99000001\nOWN - NLM\nTI  - ", "\nPG  - 1-9\nAB  - ", "\nLA  - eng\nAU  - Doe J\n")
WOS = ("PT J\nAU Doe, J\nTI ", "\nSO PAIN\nAB ", "\nLA English\nPD MAR\nPY 2019\nER\n\n")
RIS = ("TY  - JOUR\nTI  - ", "\nAU  - Doe, J\nAB  - ", "\nPY  - 2019\nLA  - eng\nER  - \n\n")
OVID = ("<1. >\nVN  - Ovid\nTI  - ", "\nAU  - Doe J\nAB  - ", "\nLG  - English\nYR  - 2019\n\n")
REFER = ("%0 Journal Article\n%A Doe, J\n%T ", "\n%D 2019\n%X ", "\n%G English\n%P 1-9\n\n")
CENTRAL = ("Record #1 of 2\nID: CN-1\nAU: Doe J\nTI: ", "\nAB: ", "\nYR: 2019\nUS: http://a.b\n\n")
LAYOUTS = {"nbib": NBIB, "wos": WOS, "ris": RIS, "ovid": OVID, "refer": REFER, "cochrane": CENTRAL}


def came_in(text: str, format: str) -> tuple[list[Record], list[Problem]]:
    results = list(read(BytesIO(text.encode()), format=format))
    records = [one for one in results if isinstance(one, Record)]
    return records, [one for one in results if isinstance(one, Problem) and one.lost]


def written(format: str, title: str, abstract: str) -> str:
    start, middle, end = LAYOUTS[format]
    return f"{start}{title}{middle}{abstract}{end}"


@pytest.mark.parametrize(
    ("format", "lines"),
    [
        ("nbib", ["We saw the", "ED  - emergency department - often"]),
        ("nbib", ["We saw the", "ED - emergency department - often"]),
        ("nbib", ["Of all (95%", "      CI  - 0.9 to 1.4) we saw", "OR  - or odds ratio - much"]),
        ("nbib", ["It was 1.2 (95%", "CI  - 0.9 to 1.4) in all"]),
        ("nbib", ["Glossary:", "QOL - quality of life;", "HRQL- the same"]),
        ("nbib", ["Injected was the", "LA  - long-acting form", "AB  - antibodies were not"]),
        ("nbib", ["With an", "AU  - autonomic unit in the", "TI  - tibialis all went well"]),
        ("wos", ["We saw the", "ED patients often, with an", "OR of 1.2 and the", "   rest"]),
        ("wos", ["Mild", "PD patients had", "CT scans of the", "   head, by", "PT students"]),
        ("wos", ["Tumours were", "ER", "positive or", "   negative"]),
        ("ris", ["We saw the", "ED - emergency department.", "CI - Confidence interval"]),
        ("ris", ["Tumours were", "ER  - positive or", "negative"]),
        ("ovid", ["We saw the", "ED  - emergency department", "      often"]),
        ("ovid", ["We saw the", "XQ  - Extra quick test"]),
        ("refer", ["Nearly 50", "%P values were small, and 10", "%D doses were not"]),
        ("refer", ["Of 100", "%T tests were", "negative"]),
        ("cochrane", ["It was made in the", "US: thirty people in", "NO: none"]),
    ],
)
@pytest.mark.parametrize("others", [0, 6])
def test_text_that_looks_like_a_tag(format: str, lines: list[str], others: int):
    """It belongs to the sentence that it goes on with; no other field changes."""
    whole = " ".join(" ".join(lines).split())
    rest = written(format, "Cold for knees", "Nothing was done.") * others
    expected, _ = came_in(written(format, "Heat for backs", f"{whole}.") + rest, format)
    found, lost = came_in(written(format, "Heat for backs", "\n".join(lines) + ".") + rest, format)
    assert not lost
    assert found == expected
    assert len(found) == 1 + others
    assert found[0].abstract == f"{whole}."
    assert lines[1].strip() in found[0].raw


@pytest.mark.parametrize("format", LAYOUTS)
@pytest.mark.parametrize("title", ["Heat for the", "Heat of the"])
@pytest.mark.parametrize("abstract", ["we did nothing, and so on", "Nothing was done"])
def test_tags_after_text_that_ends_nowhere(format: str, title: str, abstract: str):
    """A usual tag in its place is a tag, whatever stands before and behind it."""
    (record,), lost = came_in(written(format, title, abstract), format)
    assert not lost
    assert (record.title, record.abstract) == (title, abstract)
    assert record.authors in {("Doe J",), ("Doe, J",)}
    assert record.year == (None if format == "nbib" else 2019)
    assert record.languages == (
        () if format == "cochrane" else ("eng",) if format in ("nbib", "ris") else ("English",)
    )


def test_an_unknown_tag_that_all_records_have_is_a_tag():
    """A database's own field is no text of the abstract before it."""
    text = written("nbib", "Heat", "Nothing was done\nZZ  - something").replace("9900", "9901")
    records, _ = came_in("\n".join([text, text.replace("0001", "0002")]), "nbib")
    assert [record.abstract for record in records] == ["Nothing was done"] * 2


def test_several_languages_after_an_abstract_without_an_end():
    """A tag that is repeated line after line is a list."""
    text = written("nbib", "Heat", "nothing was done").replace("LA  - eng", "LA  - eng\nLA  - fre")
    (record,), _ = came_in(text, "nbib")
    assert (record.abstract, record.languages) == ("nothing was done", ("eng", "fre"))


def test_names_in_small_letters_with_a_particle():
    """They are authors, after whatever abstract."""
    (record,), _ = came_in(
        "PMID- 99000001\nTI  - Heat\nAB  - nothing was\nFAU - van Poe, Ann\nAU  - van Poe A\n"
        "FAU - de l'Exemple, B\nAU  - de l'Exemple B\n",
        "nbib",
    )
    assert record.authors == ("van Poe, Ann", "de l'Exemple, B")


@pytest.mark.parametrize("head", ["AU", "VL", "ER", "QQ", "TI", "ED", "PMID", "PG", "SO", "CI"])
@pytest.mark.parametrize("value", ["", "- ", "- small letters", "- Words.", "- 3 words"])
@pytest.mark.parametrize("before", ["AB  - It goes on", "TI  - A title", "N1  - A note."])
def test_a_record_that_is_passed_over_quickly_has_no_false_tag(tmp_path, before, head, value):
    """What is not doubtful would not be changed by the full judgement either."""
    path = tmp_path / "pool.ris"
    records = [
        f"TY  - JOUR\nTI  - Title {n}\nPY  - 2001\nAB  - Text {n}.\nER  - " for n in range(5)
    ]
    text = f"TY  - JOUR\nTI  - Title\n{before}\n{head}  {value}\nPY  - 2001"
    path.write_text("\n\n".join([*records, f"{text}\nER  - "]))
    usage = TagUsage.of(open_source(path), GRAMMAR)
    assert usage.is_doubtful(text) or usage.joined(text) == text
