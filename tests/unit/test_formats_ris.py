"""RIS in the shape of each database and reference manager; all texts are invented."""

from __future__ import annotations

import io

import pytest

from autoscreen.formats import Problem, read, ris
from autoscreen.records import Label, Notice, NoticeKind, Record, Verdict


def all_of(text: str) -> list[Record | Problem]:
    return list(read(io.BytesIO(text.encode()), format="ris"))


def one(text: str) -> Record:
    """The only record, which comes in without a word."""
    (record,) = all_of(text)
    assert isinstance(record, Record)
    return record


def titles(results: list[Record | Problem]) -> list[str]:
    return [result.title for result in results if isinstance(result, Record)]


def messages(results: list[Record | Problem]) -> list[str]:
    return [str(result) for result in results if isinstance(result, Problem)]


OVID = """1.
TY  - JOUR
ID  - 31234567
T1  - Stimulation of the cortex in painful neuropathy.
A1  - Sample, Ada B
A1  - Muster, Carl
Y1  - 2019//
N2  - BACKGROUND: Words. METHODS: More words.
KW  - *Neuralgia/th [Therapy]
KW  - Humans
M3  - Health & Mental Health [3300]
JF  - Journal of Invented Pain
JA  - J Inv Pain
VL  - 12
IS  - 3
SP  - 101
EP  - 9
PB  - Invented Press (E-mail: press@example.org)
PB  - Elsewhere
SN  - 1234-5679
DO  - https://dx.doi.org/10.1000/INV.2019.1
L2  - http://ovidsp.ovid.com/ovidweb.cgi?T=JS&PAGE=reference&D=medl&NEWS=N&AN=31234567
ER  -
NL  - J Inv Pain

Link to the Ovid Full Text or citation: https://ovidsp.ovid.com/ovidweb.cgi?T=JS&AN=31234567

"""


def test_ovid():
    """Ovid's numbers, links and stray lines between records are known, and its PMID is found."""
    record = one(OVID)
    assert record.title == "Stimulation of the cortex in painful neuropathy."
    assert record.abstract == "BACKGROUND: Words. METHODS: More words."
    assert record.authors == ("Sample, Ada B", "Muster, Carl")
    assert (record.year, record.journal) == (2019, "Journal of Invented Pain")
    assert (record.volume, record.issue, record.pages) == ("12", "3", "101-9")
    assert record.publisher == "Invented Press (E-mail: press@example.org)"
    assert record.pmid == "31234567"
    assert record.doi == "10.1000/inv.2019.1"
    assert record.accession == ""
    assert record.keywords == ("*Neuralgia/th [Therapy]", "Humans")
    assert record.publication_types == ()
    assert record.issns == ("1234-5679",)
    assert record.source_key == "31234567"


def test_ovid_psycinfo():
    """The accession is the identifier, and pages that are not given are none."""
    text = """TY  - JOUR
ID  - 2019-00001-001
T1  - A title
SP  - No
EP  - Specified
L2  - http://ovidsp.ovid.com/ovidweb.cgi?T=JS&PAGE=reference&D=psyc16&NEWS=N&AN=2019-00001-001
ER  -
"""
    record = one(text)
    assert (record.accession, record.pages, record.pmid) == ("2019-00001-001", "", None)


def test_embase():
    """Embase's own tags give accession, PMID and the day of entry."""
    record = one(
        """TY  - JOUR
M3  - Article
Y1  - 2014
SP  - 152
EP  - 160
SN  - 22267190
JF  - Invented Ultrasound
JO  - Inv. Ultrasound
UR  - http://www.embase.com/search/results?subaction=viewrecord&from=export&id=L400000001
U2  - L400000001
C5  - 30396417
DB  - Embase
DB  - Medline
U3  - 2014-08-29
U4  - 2014-09-04
L2  - http://dx.doi.org/10.1000/eus.2014
A1  - Muster R.
A1  - Sample D.G.
M1  - (Muster R.; Sample D.G., sample@example.org) Department
T1  - Cysts: a title
LA  - English
KW  - article
KW  - human
N2  - Some text.
ER  -
"""
    )
    assert record.accession == "L400000001"
    assert record.pmid == "30396417"
    assert record.doi == "10.1000/eus.2014"
    assert record.entered == "2014-08-29"
    assert record.authors == ("Muster R.", "Sample D.G.")
    assert record.publication_types == ("Article",)
    assert record.issns == ("2226-7190",)


def test_scopus():
    """What Scopus writes into notes is none; an article number stands for pages."""
    record = one(
        """TY  - JOUR
TI  - A title
T2  - Invented Letters
J2  - Inv. Lett.
VL  - 111
PY  - 2020
SN  - 03064530 (ISSN)
AU  - Sample, A.
PB  - Invented Ltd
N1  - Export Date: 18 November 2019
M3  - Review
DB  - Scopus
C7  - 104501
N1  - CODEN: PSYCD
N1  - Correspondence Address: Sample, A.; Elsewhere
N1  - References: Muster, B., Something (2015) Inv. Lett., 30, pp. 205-217;
Sample, C., Something else (2016) Inv. Lett., 31, pp. 1-2;
UR  - https://www.scopus.com/inward/record.uri?eid=2-s2.0-85000000001&partnerID=40
ER  -
"""
    )
    assert record.note == ""
    assert record.pages == "104501"
    assert record.accession == "2-s2.0-85000000001"
    assert record.issns == ("0306-4530",)


def test_web_of_science():
    """Indented lines go on with a text; fields that have run together are parted."""
    record = one(
        """TY  - JOUR
AU  - Sample, LJ
TI  - A title
T2  - JOURNAL OF INVENTED THINGS
AB  - The first part.
   The second part.
AD  - Invented Univ, Town, USAAD  - Other Univ, Village, USAC3  - Invented University
SN  - 0932-0814
PY  - 1999
WE  - Science Citation Index Expanded (SCI-EXPANDED)AN  - WOS:000000000000001
N1  - Times Cited in Web of Science Core Collection:  13
Total Times Cited:  13
Cited Reference Count:  11
ER  -
"""
    )
    assert record.abstract == "The first part. The second part."
    assert record.accession == "WOS:000000000000001"
    assert record.note == ""


def test_proquest():
    """ProQuest's remarks on itself are no note, and two ISSNs in one field are two."""
    record = one(
        """TY  - JOUR
T1  - A title
AN  - 2214991469; 51887
JF  - Journal of Invention
AU  - Sample, Hannah
PY  - 2019
SN  - 0894-9867, 1573-6598
UR  - https://search.proquest.com/docview/2214991469?accountid=1
N1  - Date revised - 2019-05-03
N1  - Copyright - © 2019 by the authors.
DO  - http://dx.doi.org/10.1000/jts.1
ER  -
"""
    )
    assert record.note == ""
    assert record.issns == ("0894-9867", "1573-6598")
    assert (record.accession, record.doi) == ("2214991469; 51887", "10.1000/jts.1")


def test_zotero():
    """Zotero's notes are HTML; a decision within is found and the rest is text."""
    record = one(
        """TY  - JOUR
TI  - <i>In vitro</i> &amp; more
AU  - Sample, Ada
T2  - Invented Journal
DA  - 2019/12//undefined
DO  - 10.1000/z.1
N1  - <div data-schema-version="8"><p>ASReview_relevant</p>
</div>
N1  - <p>read <b>again</b></p>
ER  -
"""
    )
    assert record.title == "In vitro & more"
    assert record.year == 2019
    assert record.verdicts == (Verdict(label=Label.INCLUDE),)
    assert record.note == "read again"


ENDNOTE = """TY  - JOUR
AB  - Text.
AN  - 21553931
AU  - Sample, M.
AU  - Muster, O.
C2  - Pmc4348420
DA  - Jun
DP  - NLM
ET  - 2011/05/11
IS  - 6
KW  - Colitis, Ulcerative/*therapy
Humans
Retracted Publication
LA  - eng
N1  - 1179-1926
Sample, Mona
Muster, Oliver
Journal Article
Review
Retracted Publication
Invented J. 2011 Jun;50(6):349-69. doi: 10.1000/11586800-000.
PY  - 2011
SN  - 0312-5963 (Print)
0312-5963
SP  - 349-69
T2  - Invented J
TI  - A title
ID  - 369
ER  -
"""


def test_endnote_from_pubmed():
    """EndNote gives a list a line each, and puts publication types among its notes."""
    record = one(ENDNOTE)
    assert (record.pmid, record.pmcid, record.accession) == ("21553931", "PMC4348420", "")
    assert record.doi == "10.1000/11586800-000"
    assert record.keywords[:2] == ("Colitis, Ulcerative/*therapy", "Humans")
    assert record.publication_types == ("Journal Article", "Review", "Retracted Publication")
    assert record.notices == (Notice(kind=NoticeKind.RETRACTED),)
    assert (record.entered, record.pages, record.issns) == ("2011-05-11", "349-69", ("0312-5963",))
    assert (record.note, record.source_key) == ("", "369")


def test_mendeley():
    """Mendeley's file names are no links; a DOI behind a link is found."""
    record = one(
        """TY  - JOUR
T1  - A title
AU  - Sample, Ada
JO  - Invented Journal
PY  - 2015
DA  - 2015/03//
L1  - file:///C:/papers/Sample - 2015 - A title.pdf
UR  - https://doi.org/10.1000/m.1
KW  - pain;stimulation ;humans
ER  -
"""
    )
    assert record.doi == "10.1000/m.1"
    assert record.keywords == ("pain", "stimulation", "humans")
    assert record.urls == ("https://doi.org/10.1000/m.1",)


def test_rayyan():
    """Votes of several reviewers, reasons and labels come out of Rayyan's note."""
    record = one(
        """TY  - JOUR
AN  - rayyan-100000001
TI  - A title
Y1  - 2019
N1  - RAYYAN-INCLUSION: {"AA"=>"Included", "BB"=>"Excluded"} | RAYYAN-LABELS: animal,old"""
        " | RAYYAN-EXCLUSION-REASONS: wrong drug\nER  -\n"
    )
    assert [(verdict.reviewer, verdict.label) for verdict in record.verdicts] == [
        ("AA", Label.INCLUDE),
        ("BB", Label.EXCLUDE),
    ]
    assert record.verdicts[1].reason == "wrong drug"
    assert record.tags == ("animal", "old")
    assert record.note == ""


def test_covidence():
    """The reason for which Covidence excluded a record is a decision."""
    record = one("TY  - JOUR\nTI  - A title\nN1  - Exclusion reason: Wrong comparator; \nER  -\n")
    assert record.verdicts == (Verdict(label=Label.EXCLUDE, reason="Wrong comparator"),)


def test_cochrane():
    """The preamble of each record is known, and CENTRAL's note of the PMID is read."""
    record = one(
        """Record #1 of 1
Provider: John Wiley & Sons, Ltd
Content: text/plain; charset="UTF-8"

TY  - JOUR
AN  - CN-01234567
AU  - Sample A
TI  - A trial
JA  - Journal of invention
PY  - 2014
M3  - Journal article
C3  - PUBMED 12345678,EMBASE 400000001
KW  - *Pain [therapy]; Adult; Humans
ER  -
"""
    )
    assert (record.accession, record.pmid) == ("CN-01234567", "12345678")
    assert record.keywords == ("*Pain [therapy]", "Adult", "Humans")


def test_ebsco():
    """EBSCO hides the accession in a note that no reader wrote."""
    record = one(
        """TY  - JOUR
T1  - A title
N1  - Accession Number: 104567890; Sample, Ada 1; Affiliation: 1: Somewhere; Document Type: Article
UR  - https://search.ebscohost.com/login.aspx?direct=true&db=ccm&site=ehost
ER  -
"""
    )
    assert (record.accession, record.note) == ("104567890", "")


def test_psycinfo():
    """A tag of four letters, and a DOI in the field for the type of work."""
    record = one(
        """Provider: American Psychological Association
Database: PsycINFO
Content: application/x-research-info-systems

TY  - JOUR
PMID  - 33355555
T1  - A title
SN  - 1999-7777(Electronic),0222-6666(Print)
M3  - doi:10.1000/hea0004444
ER  -
"""
    )
    assert (record.pmid, record.doi) == ("33355555", "10.1000/hea0004444")
    assert record.publication_types == ()
    assert record.issns == ("1999-7777", "0222-6666")


def test_ieee():
    """Initials before the family name move behind it; VO stands in for VL."""
    record = one(
        """TY  - JOUR
TI  - A title
T2  - Computing Inventions
AU  - G. Sample
AU  - A. S. Z. van Muster
VO  - 21
VL  -
Y1  - 1 Jan.-Feb. 2019
ER  -
"""
    )
    assert record.authors == ("Sample, G.", "van Muster, A. S. Z.")
    assert (record.volume, record.year) == ("21", 2019)


def test_jstor():
    """JSTOR's header before every record is no trouble."""
    header = "Provider: JSTOR http://www.jstor.org\nDatabase: JSTOR\nContent: text/plain\n\n\n"
    record = f"{header}TY  - JOUR\nTI  - A title\nSN  - 00155555\nER  - \n\n\n"
    results = all_of(record + record)
    assert titles(results) == ["A title", "A title"]
    assert messages(results) == []


def test_scielo():
    """An abstract in two languages is kept whole, in the order of the file."""
    record = one("TY  - JOUR\nTI  - A title\nTT  - Um título\nAB  - One.\nAB  - Um.\nER  -\n")
    assert (record.title, record.abstract) == ("A title", "One. Um.")


def test_trid():
    """A year is found in a date that is written without separators."""
    record = one("TY  - ABST\nAN  - 01611111\nTI  - A title\nPY  - Start date: 20170812\nER  - \n")
    assert (record.year, record.accession) == (2017, "01611111")


def test_lens():
    """PMID and PMCID are found in links."""
    record = one(
        """TY  - JOUR
TI  - A title
L2  - http://www.ncbi.nlm.nih.gov/pubmed/22752652
L2  - http://europepmc.org/articles/PMC3553406
SN  - 18602002
SN  - 15361632
ER  -
"""
    )
    assert (record.pmid, record.pmcid) == ("22752652", "PMC3553406")


def test_pandas():
    """What a program wrote for a missing value is no value."""
    record = one("TY  - JOUR\nTI  - A title\nJF  - nan\nVL  - nan\nER  - \n")
    assert (record.journal, record.volume) == ("", "")


def test_books_are_found_by_their_editors():
    """A book without authors has its editors for authors, and its own title."""
    record = one("TY  - BOOK\nA2  - Sample, Vera\nBT  - A handbook\nPY  - 2019\nER  - \n")
    assert (record.title, record.authors) == ("A handbook", ("Sample, Vera",))


def test_two_authors_of_one_name_are_two():
    """Authors are not made unique: namesakes write papers together."""
    record = one("TY  - JOUR\nTI  - A title\nAU  - Wang, Y\nAU  - Wang, Y\nER  - \n")
    assert record.authors == ("Wang, Y", "Wang, Y")


THREE = "".join(f"TY  - JOUR\nTI  - {title}\nPY  - 2001\nER  - \n\n" for title in ("A", "B", "C"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ER  - ", "ER  -"),
        ("ER  - \n", "ER  - \n\n\n1.\n"),
        ("  - ", " - "),
        ("  - ", "\t- "),
        ("  - ", "  -"),
        ("TY", "\ufeffTY"),
        ("TY", "   TY"),
        ("\n\n", "\n\f\n"),
        ("\n\n", "\n"),
    ],
)
def test_odd_spacing_costs_no_record(old: str, new: str):
    """Tags set with one space, tabs or none, and other small sins, are read as they are meant."""
    results = all_of(THREE.replace(old, new))
    assert titles(results) == ["A", "B", "C"]
    assert messages(results) == []
    assert all(record.year == 2001 for record in results if isinstance(record, Record))


def test_records_without_a_last_line():
    """A record that is not closed ends where the next begins; the file is reported once."""
    results = all_of(THREE.replace("ER  - \n\n", "\n2.\n", 2))
    assert titles(results) == ["A", "B", "C"]
    (message,) = messages(results)
    assert message.startswith("-, line 1: the record that begins here has no ER line")
    assert message.endswith("(2 such records in all)")


def test_a_file_that_breaks_off():
    """The last record of a file that was cut off comes in, and is named."""
    results = all_of(THREE[: -len("ER  - \n\n")])
    assert titles(results) == ["A", "B", "C"]
    assert messages(results) == [
        "-, line 11 (record 3): the file ends inside this record: cut off?"
    ]


def test_a_record_without_its_first_line():
    """A record whose TY line is missing is still a record, and is named."""
    results = all_of(THREE.replace("TY  - JOUR\nTI  - B", "TI  - B"))
    assert titles(results) == ["A", "B", "C"]
    assert messages(results) == ["-, line 6: has no TY line; it was read as a record"]


def test_text_between_records_is_named():
    """What stands between records and is none of the known lines is reported with its line."""
    results = all_of(THREE.replace("ER  - \n", "ER  - \nwho wrote this?\n", 1))
    assert titles(results) == ["A", "B", "C"]
    (message,) = messages(results)
    assert message == "-, line 5: text outside any record was ignored: 'who wrote this?'"


def test_lines_that_look_like_tags_in_an_abstract():
    """A line of an abstract that begins with capitals and a hyphen goes on with it."""
    record = one("TY  - JOUR\nAB  - Groups:\nMRI - imaging\nII - no imaging\nTI  - T\nER  - \n")
    assert record.abstract == "Groups: MRI - imaging II - no imaging"


def test_the_raw_record_is_kept():
    """The lines of the record are kept as they stood."""
    record = one("TY  - JOUR\r\nTI  - <b>T</b>\r\nXX  - unknown\r\nER  - \r\n")
    assert record.raw == "TY  - JOUR\nTI  - <b>T</b>\nXX  - unknown"
    assert record.raw_format == "ris"


FULL = Record(
    title="A title",
    abstract="An abstract.",
    authors=("Sample, Ada", "The Group"),
    year=2001,
    journal="Journal",
    volume="1",
    issue="2",
    pages="3-4",
    publisher="Press",
    pmid="123",
    pmcid="PMC45",
    doi="10.1000/x",
    mesh=("Pain/*therapy", "Humans"),
    keywords=("magnetic",),
    publication_types=("Journal Article", "Review"),
    languages=("eng",),
    urls=("https://example.org/x",),
    issns=("1234-5679",),
    record_type="JOUR",
    verdicts=(Verdict(label=Label.EXCLUDE, reason="WRONG", reviewer="AA", note="no pain"),),
    note="read twice",
    source_key="k1",
)


def written(record: Record) -> str:
    stream = io.BytesIO()
    assert ris.WRITER.write([record], stream) == 1
    return stream.getvalue().decode()


def test_what_reference_managers_find():
    """The standard fields hold what Zotero and EndNote look for there."""
    lines = written(FULL).split("\r\n")
    assert lines[0] == "TY  - JOUR"
    assert lines[-3:] == ["ER  - ", "", ""]
    for line in (
        "AU  - Sample, Ada",
        "PY  - 2001",
        "T2  - Journal",
        "SP  - 3",
        "EP  - 4",
        "DO  - 10.1000/x",
        "AN  - 123",
        "DB  - PubMed",
        "C2  - PMC45",
        "KW  - Pain/*therapy",
        "KW  - magnetic",
        "UR  - https://pubmed.ncbi.nlm.nih.gov/123/",
        "N1  - read twice",
        "N1  - autoscreen: exclude | reason: WRONG | reviewer: AA | note: no pain",
    ):
        assert line in lines


def test_what_is_plain_needs_no_own_notes():
    """Only headings and decisions need a note of autoscreen's own in an ordinary record."""
    own = [line for line in written(FULL).split("\r\n") if line.startswith("N1  - autoscreen")]
    assert len(own) == 2
    assert one(written(FULL)) == FULL


def test_another_program_may_sort_the_keywords():
    """MeSH headings and keywords are told apart after Zotero has sorted them and wrapped notes."""
    lines = written(FULL).split("\r\n")
    words = sorted((line for line in lines if line.startswith("KW")), reverse=True)
    notes = [f"N1  - <p>{line[6:].replace('<', '&lt;')}</p>" for line in lines if line[:2] == "N1"]
    rest = [line for line in lines[:-3] if line[:2] not in ("KW", "N1")]
    record = one("\n".join([*rest, *words, *notes, "ER  - ", ""]))
    assert record == FULL
