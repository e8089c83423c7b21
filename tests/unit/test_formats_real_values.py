"""What databases really write into fields: placeholders, joined names, odd tags and encodings."""

from __future__ import annotations

from io import BytesIO
from unicodedata import normalize

import pytest

from autoscreen.errors import FormatError
from autoscreen.formats import Problem, detect, doi, open_source, read
from autoscreen.records import NoticeKind, Record


def results(text: str | bytes, format: str | None = None) -> list[Record | Problem]:
    data = text.encode() if isinstance(text, str) else text
    return list(read(BytesIO(data), format=format))


def records(text: str | bytes, format: str | None = None) -> list[Record]:
    return [one for one in results(text, format) if isinstance(one, Record)]


def ris(*lines: str) -> Record:
    (record,) = records("\n".join(["TY  - JOUR", *lines, "ER  - ", ""]))
    return record


@pytest.mark.parametrize(
    "text",
    [
        "NA",
        "n/a",
        "No abstract available.",
        "[No abstract available]",
        "Abstract available from the publisher.",
        "Publisher: Abstract available from the publisher.",
        "An abstract is not available for this article.",
        "Kein Abstract verfügbar",
    ],
)
def test_placeholders_are_no_abstracts(text: str):
    """In a tagged file, a table and BibTeX alike."""
    assert ris("TI  - Heat for backs", f"AB  - {text}").abstract == ""
    assert records(f'title,abstract\nHeat for backs,"{text}"\n')[0].abstract == ""
    assert records(f"@article{{a, title={{Heat}}, abstract={{{text}}}}}\n")[0].abstract == ""


@pytest.mark.parametrize(
    "text", ["No abstract concepts were used.", "Na", "Abstract thinking is not available to all"]
)
def test_sentences_like_placeholders_are_kept(text: str):
    """Only the whole value counts."""
    assert ris("TI  - Heat for backs", f"AB  - {text}").abstract == text


def test_placeholders_are_no_authors():
    """Scopus says in the field that there is no author."""
    text = 'Authors,Title,Year\n"[No author name available]",Heat for backs,2019\n'
    assert records(text)[0].authors == ()


@pytest.mark.parametrize(
    ("value", "keywords"),
    [("AA; group therapy; NA", ("AA", "group therapy", "NA")), ("NA", ()), ("NA; nan", ())],
)
def test_na_beside_other_keywords_is_a_keyword(value: str, keywords: tuple[str, ...]):
    """NA alone means that there is none; in a list it may be Narcotics Anonymous."""
    text = f'Title,Keywords,Year\n"Heat for backs","{value}",2019\n'
    assert records(text)[0].keywords == keywords


@pytest.mark.parametrize(
    ("value", "authors"),
    [
        ("Doe RR, Roe MW", ("Doe RR", "Roe MW")),
        ("Doe, Jane; Roe, Max; van Poe, Ann", ("Doe, Jane", "Roe, Max", "van Poe, Ann")),
        ("王五\uff1b赵六", ("王五", "赵六")),
        ("王五\uff0c赵六、钱七", ("王五", "赵六", "钱七")),
        ("['Doe, Jane', 'Roe, Max']", ("Doe, Jane", "Roe, Max")),
        ("Doe, O, Roe, SM", ("Doe, O", "Roe, SM")),
        ("Doe RR, Roe MW; Back Group.", ("Doe RR", "Roe MW", "Back Group")),
        ("Doe, Jane", ("Doe, Jane",)),
        ("Doe, J.", ("Doe, J.",)),
        ("Back Group, University of Nowhere", ("Back Group, University of Nowhere",)),
    ],
)
def test_authors_joined_in_one_field(value: str, authors: tuple[str, ...]):
    """Each author is one value; a comma within a name separates nothing."""
    assert ris("TI  - Heat", f"AU  - {value}").authors == authors
    assert records(f"%0 Journal Article\n%A {value}\n%T Heat\n")[0].authors == authors


def test_keywords_with_wide_separators_and_lists():
    """Chinese databases and Python programs join keywords in their own ways."""
    assert ris("TI  - Heat", "KW  - 背痛\uff1b热疗").keywords == ("背痛", "热疗")
    assert ris("TI  - Heat", "KW  - ['back', 'dry heat']").keywords == ("back", "dry heat")


def test_authors_of_the_cochrane_librarys_bibtex():
    """It joins pairs of family name and initials by commas."""
    text = "@article{A, author = {Doe, O, Roe, SM, and Poe, NF}, title = {Heat}}\n"
    assert records(text)[0].authors == ("Doe, O", "Roe, SM", "Poe, NF")


def test_second_titles_are_no_journals():
    """EBSCO writes a second title into T2; elsewhere T2 is the journal."""
    own = ("JF  - Annals of Heat", "JO  - Annals of Heat")
    assert ris("TI  - Heat", "T2  - Warm is best", *own).journal == "Annals of Heat"
    ebsco = ("T2  - Warm is best", "JO  - Annals of Heat", "DP  - EBSCOhost")
    assert ris("TI  - Heat", *ebsco).journal == "Annals of Heat"
    abbreviated = ("T2  - Annals of Heat", "JF  - Ann Heat", "JO  - Ann Heat")
    assert ris("TI  - Heat", *abbreviated).journal == "Annals of Heat"


def test_sponsors_are_no_authors_and_a_congress_is_no_issue():
    """Web of Science writes sponsors into A1 and the conference into CP."""
    record = ris("AU  - Doe, J", "A1  - ACM", "CP  - 12th Heat Congress", "AN  - WOS:1", "TI  - A")
    assert (record.authors, record.issue) == (("Doe, J",), "")
    assert ris("TI  - A", "CP  - 3").issue == "3"


def test_embase_source_is_split():
    """The citation holds the journal, where there is no column for it."""
    source = "Annals of Heat (2018) 3:2 (11-19). Date of Publication: 1 May 2018"
    text = f'"Title","Source","Volume","Issue"\n"Heat","{source}","3","2"\n'
    (record,) = records(text)
    assert (record.journal, record.year, record.pages) == ("Annals of Heat", 2018, "11-19")


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        ("Growth of {S.~aureus}", "Growth of S. aureus"),
        ("$n=5$, 95\\% CI, CO$_2$", "n=5, 95% CI, CO2"),
        ("$p < 0.05$ and $\\alpha$", "p < 0.05 and \u03b1"),
        ("costs \\$5 or $5 and $10", "costs $5 or $5 and $10"),
        ("about ~5 and 5~10", "about ~5 and 5~10"),
        ("M{\\\"u}ller \\'Etude \\(x^2\\)", "Müller Étude x2"),
    ],
)
def test_latex(latex: str, text: str):
    """Ties, mathematics and accents become text; currencies stay."""
    assert records(f"@article{{a, title = {{{latex}}}}}\n")[0].title == text


def test_an_at_sign_begins_a_line_of_a_value():
    """Only what looks like an entry begins one."""
    text = "@article{a,\n title={Heat},\n abstract={Ask\n@heatlab\nnow},\n year=2019}\n"
    text += "@misc{b, title={B}}"
    first, second = records(text)
    assert (first.abstract, first.year, second.title) == ("Ask @heatlab now", 2019, "B")


def test_a_year_that_is_no_date():
    """The date is read where the year says nothing."""
    text = "@article{a, title={Heat}, year={in press}, date={2018-03}}\n"
    assert records(text)[0].year == 2018


def test_markup_in_abstracts_becomes_labels():
    """The Lens leaves the elements of PubMed's XML."""
    value = '<AbstractText Label="AIM" NlmCategory="OBJECTIVE">To warm.</AbstractText>'
    assert ris("TI  - Heat", f"AB  - {value}").abstract == "AIM: To warm."


def test_publication_types_in_notes_of_endnote():
    """EndNote's filter for PubMed fills the notes, and a reader's own line stays elsewhere."""
    start = '<xml><records><record><ref-type name="Journal Article">17</ref-type>'
    start += "<titles><title>A</title></titles>"
    end = "</notes></record></records></xml>"
    (record,) = records(f"{start}<notes>1111-2222&#xD;Doe, J&#xD;Review&#xD;Nowhere{end}")
    assert (record.publication_types, record.note) == (("Review",), "")
    assert records(f"{start}<notes>ask the authors{end}")[0].note == "ask the authors"


@pytest.mark.parametrize(
    ("title", "kinds"),
    [
        ("Heat for backs (Retracted article. See vol. 3, p. 1)", [NoticeKind.RETRACTED]),
        ("[Retracted] Heat for backs", [NoticeKind.RETRACTED]),
        ("RETRACTED: Heat for backs", [NoticeKind.RETRACTED]),
        ("Heat for backs (Retraction of vol 3, pg 1, 2019)", []),
        ("Notice of Retraction: Heat for backs", [NoticeKind.RETRACTION]),
        ("Retracted electrodes for backs", []),
        ("Why articles are retracted", []),
    ],
)
def test_retraction_words_in_titles(title: str, kinds: list[NoticeKind]):
    """A mark of the publisher is a notice, a word of the title is not."""
    assert [notice.kind for notice in ris(f"TI  - {title}").notices] == kinds


def test_retracted_as_type_of_publication():
    """Some databases say it in the type alone."""
    assert ris("TI  - Heat", "M3  - Retracted").notices[0].kind is NoticeKind.RETRACTED


def test_doi_with_entities():
    """Identifiers have one form."""
    assert doi("10.1002/(SICI)1&lt;1::AID-X&gt;3.0.CO;2-2") == "10.1002/(sici)1<1::aid-x>3.0.co;2-2"


def test_pmid_in_a_list_of_proquest():
    """Of two numbers, the address shows which is ProQuest's."""
    address = "UR  - https://www.proquest.com/docview/23000001"
    record = ris("TI  - Heat", "AN  - 23000001; 32000001", "DB  - MEDLINE®", address)
    assert (record.pmid, record.accession) == ("32000001", "23000001")


@pytest.mark.parametrize("pages", ["2026-09-11", "11-Sep", "Sep-11"])
def test_dates_of_a_spreadsheet_are_no_pages(pages: str):
    """They are ignored, with a message."""
    record, problem = reversed(results(f"title,pages,abstract\nHeat,{pages},Warm\n"))
    assert isinstance(record, Record)
    assert record.pages == ""
    assert isinstance(problem, Problem)
    assert "is a date" in problem.message


def test_quotes_at_the_start_of_a_cell():
    """They enclose words, not the cell; the other cells are read as they are."""
    text = 'id;title;abstract;included\n4;"Warm" backs;;1\n5;Cold;B;0\n'
    warm, cold = records(text)
    assert (warm.title, len(warm.verdicts), cold.title) == ("Warm backs", 1, "Cold")


def test_a_table_of_numbers_is_no_list_of_pmids():
    """Two columns may be anything."""
    assert detect(open_source(BytesIO(b"31000001\n31000002\n"))) == "pmids"
    assert detect(open_source(BytesIO(b"31000001, 31000002,\n31000003, 31000004\n"))) == "pmids"
    for separator in (b"\t", b",", b";"):
        table = b"645\t22017\n646\t22018\n647\t22019\n".replace(b"\t", separator)
        with pytest.raises(FormatError, match="2 columns of numbers without names"):
            detect(open_source(BytesIO(table)))


def test_lines_of_an_abstract_that_look_like_tags():
    """The file's own tags have two spaces and stand where no sentence goes on."""
    record = ris(
        "AU  - Doe, Jane",
        "AB  - We compared heat in the",
        "ED - emergency department - with none (95%",
        "CI - 0.9 to 1.4). Tumours were",
        "ER  - positive or",
        "negative. All got warm",
        "OP  - outpatients - as well.",
        "PY  - 2019",
        "LA  - en",
    )
    assert record.abstract == (
        "We compared heat in the ED - emergency department - with none (95% CI - 0.9 to 1.4). "
        "Tumours were ER - positive or negative. All got warm OP - outpatients - as well."
    )
    assert (record.year, record.languages, "\nED - emergency" in record.raw) == (
        2019,
        ("en",),
        True,
    )


def test_results_in_cochrane_text_are_no_tags():
    """Only tags of the Cochrane Library begin a field."""
    text = "Record #1 of 1\nID: CN-1\nTI: Heat\nAB: The odds were\nOR: 1.2, CI wide.\nYR: 2019\n"
    assert records(text)[0].abstract == "The odds were OR: 1.2, CI wide."


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("gb18030", "热疗对慢性背痛的影响"),
        ("big5", "熱療對慢性背痛的影響"),
        ("cp932", "温熱療法は腰痛に効くのか"),
        ("euc_jp", "温熱療法は腰痛に効くのか"),
        ("cp949", "만성 요통에 대한 온열 치료"),
        ("cp1251", "Тепло при болях в спине"),
        ("koi8_r", "Тепло при болях в спине"),
        ("cp1253", "\u0396\u03b5\u03c3\u03c4\u03cc \u03bd\u03b5\u03c1\u03cc"),
        ("koi8_u", "Вплив тепла на хронічний біль"),
        ("iso8859_5", "Тепло при болях в спине"),
        ("cp866", "Тепло при болях в спине"),
        ("mac_cyrillic", "Тепло при болях в спине"),
        ("cp1251", "Влияние тепла на хроническую боль в спине взрослых".upper()),
        ("cp1255", "טיפול בחום לכאבי גב תחתון"),
        ("cp1256", "تأثير العلاج الحراري على آلام أسفل الظهر"),
        ("cp1256", "اثر گرما درماني بر کمردرد مزمن".replace("ک", "ك")),
        ("iso8859_6", "تأثير العلاج الحراري على آلام أسفل الظهر"),
        ("cp874", "ผลของการรักษาด้วยความร้อนต่ออาการปวดหลัง"),
        ("cp1257", "Šilumos poveikis lėtiniam nugaros skausmui: atsitiktinių imčių tyrimas"),
        ("iso8859_2", "Wpływ ciepła na przewlekły ból pleców u dorosłych: wyniki są niejasne"),
        ("cp1250", "A hőkezelés hatása a krónikus derékfájásra felnőtteknél, szükséges"),
        ("cp1254", "Kronik bel a\u011fr\u0131s\u0131nda tedavinin etkisi: çal\u0131\u015fma"),
        ("cp850", "Wärme für Rücken: Übungen im Wasser für ältere Menschen"),
        ("iso2022_jp", "温熱療法は腰痛に効くのか"),
        ("cp1250", "Teplo při bolestech zad: přehled léčby"),
        ("cp1252", "Wärme für Rücken: une étude réalisée à Genève"),
        ("mac_roman", "Wärme für Rücken: une étude réalisée à Genève"),
        ("cp1252", "Áhrif hita á langvinna bakverki: rannsókn með þátttöku sjúklinga við mæði"),
        ("cp1250", "Toplina i bol u leđima: međunarodna procjena učinka"),
        ("cp1250", "Căldura şi durerea: îmbunătăţirea vieţii pacienţilor"),
        ("cp1258", "Hiê\u0323u qua\u0309 điê\u0300u tri\u0323 đau lưng bă\u0300ng nhiê\u0323t"),
        ("cp737", "θερμότητα στον πόνο της μέσης: μελέτη ασθενών"),
        ("cp869", "θερμότητα στον πόνο της μέσης: μελέτη ασθενών"),
        ("mac_greek", "θερμότητα στον πόνο της μέσης: μελέτη ασθενών"),
        ("gb18030", "熱療對慢性背痛的影響臨床觀察"),
        ("utf-16-le", "热疗对慢性背痛的影响"),
        ("utf-16-be", "热疗对慢性背痛的影响"),
    ],
)
def test_the_whole_file_decides_its_encoding(encoding: str, title: str):
    """Every legacy encoding of the databases is read, and named."""
    text = f"TY  - JOUR\nTI  - {title}\nAU  - Doe, J\nPY  - 2019\nAB  - {title}. Warm.\nER  - \n"
    found = results(text.encode(encoding))
    assert isinstance(found[0], Record)
    assert found[0].title == normalize("NFC", title)
    assert len(found) == 1 + (not encoding.startswith(("utf", "iso2022")))


def test_a_file_in_an_unknown_encoding_is_refused():
    """Better no record than an unreadable one."""
    title = "טיפול בחום לכאבי גב תחתון"
    text = f"TY  - JOUR\nTI  - {title}\nAB  - {title}\nER  - \n"
    with pytest.raises(FormatError, match="UTF-8"):
        results(text.encode("cp862"))


def test_one_damaged_line_does_not_cost_the_file():
    """Among many readable lines it is read as well as can be, and named."""
    damaged = b"TY  - JOUR\nTI  - " + b"\x81\x8d" * 20 + b"\nER  - \n"
    found = results(damaged + b"TY  - JOUR\nTI  - Heat\nER  - \n" * 50)
    assert sum(isinstance(one, Record) for one in found) == 51
    assert "is not UTF-8" in str(found[-1])


@pytest.mark.parametrize(
    "text", ["M\u00c3\u00bcller", "patient\u00e2\u20ac\u2122s", "M\ufffdller", "5\u00c2\u00b0C"]
)
def test_letters_that_were_lost_before_are_named(text: str):
    """They are imported as they are, and one problem of the file counts them."""
    found = results(f"title,abstract\nA,aa\n{text} B,bb\nC,cc {text}\n")
    problems = [str(one) for one in found if isinstance(one, Problem)]
    assert problems == [
        f"- (record 2): 2 records, from this one on, have garbled letters, such as {text!r}: "
        "export them again as UTF-8"
    ]
    assert not [
        one
        for one in results("title\nS\u00c3O \u00abJO\u00c3O\u00bb \u00c2ngulo\n")
        if isinstance(one, Problem)
    ]


@pytest.mark.parametrize(
    "header",
    [
        "Titolo,Riassunto,Autori,Anno,Rivista,Parole chiave,Decisione,Motivo di esclusione",
        "Titel,Samenvatting,Auteurs,Jaar,Tijdschrift,Trefwoorden,Beslissing,Reden",
        "Başl\u0131k,Özet,Yazarlar,Y\u0131l,Dergi,Anahtar kelimeler,Karar,Gerekçe",
        "Título,Resumo,Autores,Ano,Periódico,Palavras-chave,Decisão,Motivo da exclusão",
        "题名,摘要,作者,发表时间,文献来源,关键词,决定,排除原因",
        "제목,초록,저자,연도,학술지,키워드,결정,제외 사유",
    ],
)
def test_column_names_in_other_languages(header: str):
    """Nothing of a table is passed over because of its language."""
    (record,) = records(f'{header}\nA,aa,"Doe, J",2019-02-01,J Inv,a; b,0,wrong dose\n')
    assert (record.title, record.abstract, record.authors) == ("A", "aa", ("Doe, J",))
    assert (record.year, record.journal, record.keywords) == (2019, "J Inv", ("a", "b"))
    assert [one.reason for one in record.verdicts] == ["wrong dose"]


def test_names_in_chinese_characters_may_be_parted_by_commas():
    """Two parts of two characters are family and given name of one person."""
    text = 'title,authors\nA,"山田太郎, 鈴木花子"\nB,"山田, 太郎"\n'
    both, one = records(text)
    assert both.authors == ("山田太郎", "鈴木花子")
    assert len(one.authors) == 1


def test_mathml_without_prefix_is_no_text():
    """Only the names of its elements are, as in a database's title."""
    title = "Growth at <math xmlns='http://www.w3.org/1998/Math/MathML'><mi>n</mi><mo>=</mo><mn>5</mn></math>"
    assert records(f'title\n"{title}"\n')[0].title == "Growth at n=5"


def test_a_line_that_looks_like_a_beginning_is_text():
    """A second TY with the rest of a sentence begins no record."""
    record = ris("TI  - A", "AB  - We measured", "TY  - tyrosine - and so on.", "PY  - 2019")
    assert record.abstract == "We measured TY - tyrosine - and so on."
    assert record.year == 2019
