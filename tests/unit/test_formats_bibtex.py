"""BibTeX as databases and managers write it, whole and broken; all invented."""

from __future__ import annotations

import io
import logging

import pytest

from autoscreen.formats import Problem, bibtex, read
from autoscreen.formats._latex import decoded, encoded, unescaped
from autoscreen.records import Label, Record, Verdict


def all_of(text: str) -> list[Record | Problem]:
    return list(read(io.BytesIO(text.encode()), format="bibtex"))


def records_of(text: str) -> list[Record]:
    """The records, which come in without a word."""
    results = all_of(text)
    assert not [str(result) for result in results if isinstance(result, Problem)]
    return [result for result in results if isinstance(result, Record)]


def messages(results: list[Record | Problem]) -> list[str]:
    return [str(result) for result in results if isinstance(result, Problem)]


FILE = r"""% Encoding: UTF-8
@string{jip = "Journal of Invented Pain"}

@Article{sample_title_2001,
	title = {One {DNA} \& two: {\textless}i{\textgreater}in vitro{\textless}/i{\textgreater}, 50\%},
	author = {Sample, Ada and M{\"u}ller, Jan and {The Group and Co} and
		Ludwig van Beethoven and others},
	journal = jip # " and " # {More},
	year = 2001,
	volume = {12},
	number = "3",
	pages = {101--9},
	month = aug,
	doi = {10.1000/999\_3},
	issn = {1234-5679, 0000-000X},
	url = {https://example.org/a_b?c=d%20e},
	keywords = {pain, Cocker Spaniels},
	abstract = {First.
Second: p $<$ 0.05.},
	annote = {Times Cited in Web of Science Core Collection:  12},
	note = {read twice},
}

@comment{jabref-meta: databaseType:bibtex;}

@inproceedings{ WOS:000000000000002,
Author = {Muster, Bo},
Title = {Second},
Booktitle = {A MEETING},
Year = {2017},
Unique-ID = {WOS:000000000000002},
}@misc{third, title = "Third", year = 1999}
"""


def test_a_file():
    """Abbreviations, joins, braces, accents, mark-up written as LaTeX and database notes."""
    first, second, third = records_of(FILE)
    assert first.title == "One DNA & two: in vitro, 50%"
    assert first.authors == (
        "Sample, Ada",
        "Müller, Jan",
        "The Group and Co",
        "van Beethoven, Ludwig",
    )
    assert first.journal == "Journal of Invented Pain and More"
    assert (first.year, first.volume, first.issue, first.pages) == (2001, "12", "3", "101-9")
    assert (first.doi, first.issns) == ("10.1000/999_3", ("1234-5679", "0000-000X"))
    assert first.urls == ("https://example.org/a_b?c=d%20e",)
    assert first.keywords == ("pain", "Cocker Spaniels")
    assert first.abstract == "First. Second: p < 0.05."
    assert (first.note, first.source_key) == ("read twice", "sample_title_2001")
    assert (first.record_type, first.raw[:9]) == ("article", "@Article{")
    assert (second.journal, second.accession) == ("A MEETING", "WOS:000000000000002")
    assert (third.title, third.year) == ("Third", 1999)


def test_europe_pmc():
    """The key names the PMID, the link the PMCID; headings of the abstract become labels."""
    (record,) = records_of(
        "@article {PMID:36788546,\n\tTitle = {A title},\n\tPages = {59\u201467},\n"
        "\tAbstract = {<h4>Background</h4>Words.<h4>Methods</h4>More.},\n"
        "\tURL = {https://europepmc.org/articles/PMC9926785},\n}\n"
    )
    assert (record.pmid, record.pmcid, record.source_key) == ("36788546", "PMC9926785", "")
    assert record.abstract == "BACKGROUND: Words. METHODS: More."
    assert record.pages == "59-67"


def test_a_subtitle():
    """BibLaTeX parts the title in two."""
    (record,) = records_of("@article{k, title = {A}, subtitle = {the trial}, date = {2001-02}}\n")
    assert (record.title, record.year) == ("A: the trial", 2001)


def test_rayyan():
    """A decision in the note is found."""
    (record,) = records_of(
        '@article{rayyan-1,\n title={A},\n note={RAYYAN-INCLUSION: {"AA"=>"Excluded"}},\n}\n'
    )
    assert record.verdicts == (Verdict(label=Label.EXCLUDE, reviewer="AA"),)


def test_the_same_key_twice():
    """Entries that share a key both come in."""
    entry = "@book{key, title = {A}}\n"
    assert [record.source_key for record in records_of(entry + entry)] == ["key", "key"]


def test_the_same_field_twice():
    """Keywords given twice are joined; of a title the first counts, and it is said."""
    results = all_of(
        "@misc{k,\n title = {A},\n keywords = {a, b},\n keywords = {c},\n title = {B},\n}\n"
    )
    (record,) = (result for result in results if isinstance(result, Record))
    assert (record.title, record.keywords) == ("A", ("a, b", "c"))
    assert messages(results) == [
        "-, line 1 (record 1): the field title is given twice; the first was read"
    ]


BROKEN = {
    "cut off": "@misc{k, title = {A}, year = {2001},",
    "cut off in a value": "@misc{k,\n title = {A},\n year = {2001",
    "a brace too few": "@misc{k,\n title = {A {x},\n year = {2001},\n}",
    "a brace too many": "@misc{k,\n title = {A}},\n year = {2001},\n}",
    "no key": "@misc{\n title = {A},\n year = {2001},\n}",
    "no comma": "@misc{k\n title = {A},\n year = {2001},\n}",
    "open quotes": '@misc{k,\n title = "A,\n year = 2001\n}',
}


@pytest.mark.parametrize("entry", BROKEN.values(), ids=BROKEN)
def test_a_broken_entry(entry: str, caplog: pytest.LogCaptureFixture):
    """What can be read of a broken entry is imported, it is named, and its neighbours are whole."""
    with caplog.at_level(logging.DEBUG, logger="bibtexparser.splitter"):
        results = all_of(
            f"@misc{{a, title = {{Before}}}}\n{entry}\n@misc{{z, title = {{After}}}}\n"
        )
    before, record, after = (result for result in results if isinstance(result, Record))
    assert (before.title, after.title) == ("Before", "After")
    assert record.title.startswith("A")
    assert record.year == 2001
    (message,) = messages(results)
    assert message.startswith("-, line 2 (record 2): this entry is broken (")
    assert not caplog.records


def test_an_entry_without_fields_is_named():
    """An entry of which nothing can be read is lost, and named."""
    results = all_of("@misc{k,\n@misc{z, title = {After}}\n")
    assert [r.title for r in results if isinstance(r, Record)] == ["After"]
    assert messages(results) == [
        "-, line 1 (record 1): could not be read: this entry is broken and has no fields"
    ]


def test_an_abbreviation_that_cannot_be_read_is_named():
    """A broken @string costs no record."""
    results = all_of("@string{x}\n@misc{z, title = {After}}\n")
    assert [r.title for r in results if isinstance(r, Record)] == ["After"]
    assert messages(results) == ["-, line 1: this abbreviation could not be read"]


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"M{\"u}ller, Garc\'{\i}a, \v{S}koda, {\O}stergaard", "Müller, García, Škoda, Østergaard"),
        (r"\aa rhus and Erd\H os", "århus and Erdős"),
        (
            r"$\alpha$-blockers, $x \leq 3$, but $5 and $10",
            "\u03b1-blockers, x \u2264 3, but $5 and $10",
        ),
        (r"\emph{in vitro} {\it and} \textbf{more}", "in vitro and more"),
        (r"5\,mg 50\% a\_b \{c\} \textbackslash{}d", r"5 mg 50% a_b {c} \d"),
        (r"\unknowncommand{kept words}", "kept words"),
        ("{B}races without {commands}, 100% & $5", "Braces without commands, 100% & $5"),
        ("``quoted''", "\u201cquoted\u201d"),
    ],
)
def test_latex(latex: str, text: str):
    """LaTeX comes out as what it prints; words in unknown commands are kept."""
    assert decoded(latex) == text


def test_latex_and_back():
    """Text with LaTeX's own characters is escaped such that it comes back."""
    text = r"a\b {c} $5 & 50% #1 x_y ~z ^2 \alpha"
    assert decoded(encoded(text)) == text
    assert unescaped(r"https://example.org/\~{}a\_b\%20") == "https://example.org/~a_b%20"


def test_what_is_written():
    """The usual fields hold what LaTeX and reference managers look for there."""
    record = Record(
        title="50% of A & B",
        authors=("Sample, Ada", "The Group"),
        year=2001,
        journal="Journal",
        pages="1-9",
        pmid="123",
        doi="10.1000/a_b",
        keywords=("Pain, Postoperative", "magnetic"),
        record_type="JOUR",
    )
    stream = io.BytesIO()
    assert bibtex.WRITER.write([record], stream) == 1
    text = stream.getvalue().decode()
    assert text.startswith("@article{pmid123,\n")
    for line in (
        r"title = {50\% of A \& B},",
        "author = {Sample, Ada and {The Group}},",
        "pages = {1--9},",
        "keywords = {Pain, Postoperative; magnetic},",
        r"doi = {10.1000/a\_b},",
    ):
        assert f"  {line}\n" in text
