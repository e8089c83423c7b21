"""Tables in the shape of each database and tool, and damaged ones; all invented."""

from __future__ import annotations

import csv
import io

import pytest

from autoscreen.errors import FormatError
from autoscreen.formats import Problem, detect, open_source, read, table
from autoscreen.records import Label, NoticeKind, Record, Stage, Verdict


def all_of(text: str) -> list[Record | Problem]:
    return list(read(io.BytesIO(text.encode()), format="csv"))


def records_of(text: str) -> list[Record]:
    """The records, which come in without a word; the table is recognised as one."""
    assert detect(open_source(io.BytesIO(text.encode()))) == "csv"
    results = all_of(text)
    assert not [str(result) for result in results if isinstance(result, Problem)]
    return [result for result in results if isinstance(result, Record)]


def one(text: str) -> Record:
    (record,) = records_of(text)
    return record


def titles(results: list[Record | Problem]) -> list[str]:
    return [result.title for result in results if isinstance(result, Record)]


def messages(results: list[Record | Problem]) -> list[str]:
    return [str(result) for result in results if isinstance(result, Problem)]


def test_pubmed():
    """Volume, issue and pages are in the citation; the last stop ends the list of authors."""
    record = one(
        "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,"
        "PMCID,NIHMS ID,DOI\n"
        '"35108106","A title, with a comma","Sample C, Muster-Other MA, Third DS.",'
        '"Inv Behav. 2022 Mar;25(3):181-188. doi: 10.1000/inv.2021.1. Epub 2022 Feb 2.",'
        '"Sample C","Inv Behav","2022","2022/02/2","PMC8971973","","10.1000/inv.2021.1"\n'
    )
    assert record.authors == ("Sample C", "Muster-Other MA", "Third DS")
    assert (record.volume, record.issue, record.pages) == ("25", "3", "181-188")
    assert (record.pmid, record.pmcid, record.doi) == (
        "35108106",
        "PMC8971973",
        "10.1000/inv.2021.1",
    )
    assert (record.journal, record.year, record.entered) == ("Inv Behav", 2022, "2022-02-02")


def test_embase():
    """The source is a citation; a comma within brackets parts no index term."""
    record = one(
        '"Title","Author Names","Source","Abstract","Emtree Medical Index Terms (Major Focus)",'
        '"Emtree Medical Index Terms","Medline PMID","Embase Accession ID"\n'
        '"A title","Muster R., Sample D.G.","Invented Ultrasound (2014) 3:4 (152-160). Date of '
        'Publication: 2014","Text","endoscopy","article, cyst (diagnosis, surgery), human",'
        '"30396417","400000001"\n'
    )
    assert record.authors == ("Muster R.", "Sample D.G.")
    assert (record.journal, record.year) == ("Invented Ultrasound", 2014)
    assert (record.volume, record.issue, record.pages) == ("3", "4", "152-160")
    assert record.keywords == ("endoscopy", "article", "cyst (diagnosis, surgery)", "human")
    assert (record.pmid, record.accession) == ("30396417", "400000001")


def test_embase_with_a_row_for_each_field():
    """Embase's other export has a row for each field; a record begins at each title."""
    first, second = records_of(
        '"TITLE","A study of x"\n"AUTHOR NAMES","Muster A.","Sample B."\n'
        '"SOURCE","Inv J (2004) 3:4 (5-6)"\n"ABSTRACT","Text, ""quoted"",\nmore"\n'
        '"EMTREE MEDICAL INDEX TERMS","pain","human"\n"MEDLINE PMID","12345"\n'
        '"FULL RECORD ENTRY DATE","2004-05-06"\n"EMBASE ACCESSION ID","L99"\n\n'
        '"TITLE","Second"\n"PUBLICATION YEAR","2003"\n"DOI","10.1000/e.2"\n'
    )
    assert first.title == "A study of x"
    assert first.authors == ("Muster A.", "Sample B.")
    assert first.abstract == 'Text, "quoted", more'
    assert first.keywords == ("pain", "human")
    assert (first.pmid, first.accession, first.entered) == ("12345", "L99", "2004-05-06")
    assert (first.journal, first.pages) == ("Inv J", "5-6")
    assert (second.title, second.year, second.doi) == ("Second", 2003, "10.1000/e.2")


SCOPUS = (
    '"Authors","Author full names","Title","Year","Source title","Volume","Issue","Art. No.",'
    '"Page start","Page end","DOI","Link","Abstract","Author Keywords","Index Keywords",'
    '"Funding Text 1","Publisher","ISSN","PubMed ID","Language of Original Document",'
    '"Document Type","Source","EID"\n'
)


def test_scopus():
    """Full names without their numbers, two columns of keywords, an article number."""
    record = one(
        SCOPUS + '"Sample F.; Muster C.","Sample, Flora (60410297700); Muster, Carl (58862216200)",'
        '"A title",2026,"Invented Health","12","","17","","","10.1000/s.1",'
        '"https://www.scopus.com/inward/record.uri?eid=2-s2.0-1&doi=10.1000%2fs.1","Text",'
        '"pain; nerves","Humans; Pain","","Press","20552076","41494690","English","Article",'
        '"Scopus","2-s2.0-105030721984"\n'
    )
    assert record.authors == ("Sample, Flora", "Muster, Carl")
    assert record.keywords == ("pain", "nerves", "Humans", "Pain")
    assert (record.pages, record.journal) == ("17", "Invented Health")
    assert (record.accession, record.pmid) == ("2-s2.0-105030721984", "41494690")
    assert (record.publication_types, record.languages) == (("Article",), ("English",))


def test_scopus_with_more_cells_than_columns():
    """A second funding text has no column of its own; the cells behind it are not shifted."""
    record = one(
        SCOPUS + '"Sample F., Muster C., III","","A title",2026,"Invented Health","","","","1","9",'
        '"10.1000/s.1","","Text","","","thanks","and thanks","Press","20552076","41494690",'
        '"English","Article","Scopus","2-s2.0-105030721984"\n'
    )
    assert record.authors == ("Sample F.", "Muster C., III")
    assert (record.publisher, record.pmid) == ("Press", "41494690")
    assert record.accession == "2-s2.0-105030721984"


def test_web_of_science_as_excel_names_it():
    """The names of the columns of Web of Science's Excel export."""
    record = one(
        "Publication Type,Authors,Author Full Names,Article Title,Source Title,Document Type,"
        "Author Keywords,Keywords Plus,Abstract,ISSN,eISSN,Publication Year,Volume,Issue,"
        "Start Page,End Page,DOI,Pubmed Id,UT (Unique WOS ID)\n"
        'J,"Sample, F","Sample, Flora; Muster, Carl",A title,INVENTED HEALTH,Article,pain,NERVES,'
        "Text,2055-2076,2055-2084,2021,12,3,1,9,10.1000/w.1,41494690,WOS:000000000000001\n"
    )
    assert record.authors == ("Sample, Flora", "Muster, Carl")
    assert (record.title, record.journal) == ("A title", "INVENTED HEALTH")
    assert record.keywords == ("pain", "NERVES")
    assert record.issns == ("2055-2076", "2055-2084")
    assert (record.accession, record.pages) == ("WOS:000000000000001", "1-9")


def test_web_of_science_with_tabs():
    """The tab-delimited export has the tags of the other one for names, and no quoting."""
    record = one(
        "PT\tAU\tAF\tTI\tSO\tDE\tID\tAB\tPY\tBP\tEP\tDI\tPM\tUT\n"
        'J\tSample, F; Muster, C\tSample, Flora; Muster, Carl\t"Snag" forests\tINV\tpain\tNERVES\t'
        '"Text\t2019\t1\t9\t10.1000/w.1\t41494690\tWOS:000000000000001\n'
    )
    assert record.title == '"Snag" forests'
    assert record.abstract == '"Text'
    assert record.authors == ("Sample, Flora", "Muster, Carl")
    assert record.keywords == ("pain", "NERVES")
    assert (record.year, record.pmid, record.pages) == (2019, "41494690", "1-9")


def test_cochrane():
    """The columns of the Cochrane Library's export."""
    record = one(
        '"Cochrane Review ID","Title","Author(s)","Year","DOI","Abstract"\n'
        '"CD000001.pub2","A review","Sample A, Muster B","2020","10.1000/14651858.CD1","Text"\n'
    )
    assert (record.accession, record.authors) == ("CD000001.pub2", ("Sample A", "Muster B"))


def test_covidence():
    """Covidence numbers its records; its tags and notes are the reader's."""
    record = one(
        "Title,Authors,Abstract,Published Year,Published Month,Journal,Volume,Issue,Pages,"
        "Accession Number,DOI,Ref,Covidence #,Study,Notes,Tags\n"
        'A title,"Sample, A.; Muster, B.",Text,2014,5,Inv J,1,2,3-4,,10.1000/c.1,17,#42,'
        'Sample 2014,"Exclusion reason: Wrong dose; ","old; to ask"\n'
    )
    assert (record.source_key, record.tags) == ("#42", ("old", "to ask"))
    assert record.verdicts == (Verdict(label=Label.EXCLUDE, reason="Wrong dose"),)
    assert (record.authors, record.year) == (("Sample, A.", "Muster, B."), 2014)


def test_rayyan():
    """Rayyan keeps votes in its notes."""
    record = one(
        "key,title,year,month,day,journal,issn,volume,issue,pages,authors,url,language,publisher,"
        "location,abstract,notes,doi,keywords,pubmed_id,pmc_id\n"
        'rayyan-1,A title,2021,,,Inv J,,,,,"Sample, Émilie and Muster, Bo",,,,,,'
        '"RAYYAN-INCLUSION: {""AA""=>""Included""} | RAYYAN-LABELS: one,two",10.1000/r.1,,123,\n'
    )
    assert record.verdicts == (Verdict(label=Label.INCLUDE, reviewer="AA"),)
    assert (record.tags, record.note) == (("one", "two"), "")
    assert record.authors == ("Sample, Émilie", "Muster, Bo")
    assert (record.source_key, record.pmid) == ("rayyan-1", "123")
    initials = one("key,title,authors,abstract\nrayyan-2,A title,Sample E and Muster BC,Text\n")
    assert initials.authors == ("Sample E", "Muster BC")


def test_asreview():
    """Lists as Python writes them; -1 is no decision."""
    first, second, third = records_of(
        "record_id,title,abstract,authors,keywords,included\n"
        "1,A,Text,\"['Sample, Ada', 'Muster, Bo']\",\"['pain', 'a; b']\",1\n"
        "2,B,Text,,,0\n"
        "3,C,Text,,,-1\n"
    )
    assert first.authors == ("Sample, Ada", "Muster, Bo")
    assert first.keywords == ("pain", "a; b")
    assert [record.verdicts for record in (first, second, third)] == [
        (Verdict(label=Label.INCLUDE),),
        (Verdict(label=Label.EXCLUDE),),
        (),
    ]


@pytest.mark.parametrize(
    ("column", "value", "label"),
    [
        ("label_included", "1", Label.INCLUDE),
        ("label", "exclude", Label.EXCLUDE),
        ("final_inclusions", "yes", Label.INCLUDE),
        ("Final Decision", "No", Label.EXCLUDE),
        ("asreview_label", "1.0", Label.INCLUDE),
        ("Screening decision", "Maybe", Label.UNSURE),
        ("relevant", "TRUE", Label.INCLUDE),
        ("included", "", None),
    ],
)
def test_labels(column: str, value: str, label: Label | None):
    """Columns with decisions have many names and many words for yes and no."""
    record = one(f"title,abstract,{column}\nA,Text,{value}\n")
    assert [verdict.label for verdict in record.verdicts] == ([label] if label else [])


def test_a_screening_set():
    """The label on which the set ended counts, with its reason and reviewer."""
    record = one(
        "record_id,pmid,doi,year,title,abstract,keywords,label_included,label_abstract,reason,"
        "reviewer\n"
        '7,10024335,,1999.0,A title,Text,"Pain, Postoperative",0,1,WRONG_TYPE:review,AA\n'
    )
    assert (record.source_key, record.year) == ("7", 1999)
    assert record.keywords == ("Pain, Postoperative",)
    assert record.verdicts == (
        Verdict(label=Label.EXCLUDE, reason="WRONG_TYPE:review", reviewer="AA"),
    )


def test_lens():
    """Given names come first; several links stand in one cell."""
    record = one(
        '"Lens ID","Title","Publication Year","Publication Type","Source Title","ISSNs",'
        '"Author/s","Abstract","Volume","Issue Number","Start Page","End Page","Keywords",'
        '"MeSH Terms","Source URLs","PMID","DOI","PMCID"\n'
        '"000-000-001","A title",2020,"journal article","Inv J","21945411; 21945403",'
        '"Petar Sample; David De Muster; Jason R. C. Third","Text","41","2","1","12","","Pain; '
        'Humans","https://example.org/a http://example.org/b","33251087","10.1000/l.1",""\n'
    )
    assert record.authors == ("Sample, Petar", "De Muster, David", "Third, Jason R. C.")
    assert record.urls == ("https://example.org/a", "http://example.org/b")
    assert record.issns == ("2194-5411", "2194-5403")
    assert record.mesh == ("Pain", "Humans")
    assert (record.accession, record.pages) == ("000-000-001", "1-12")


def test_openalex():
    """Bars part lists, and a retraction is in a column of its own."""
    record = one(
        '"id","abstract","authorships.author.display_name","display_name","doi","ids.pmid",'
        '"is_retracted","language","primary_location.source.display_name","publication_year"\n'
        '"https://openalex.org/W1","","Ada Sample|Bo Muster","A title","https://doi.org/10.1000/o",'
        '"https://pubmed.ncbi.nlm.nih.gov/123","True","en","Inv J",2017\n'
    )
    assert record.authors == ("Sample, Ada", "Muster, Bo")
    assert (record.accession, record.pmid, record.doi) == ("W1", "123", "10.1000/o")
    assert [notice.kind for notice in record.notices] == [NoticeKind.RETRACTED]


def test_ieee():
    """IEEE's columns; initials move behind the family name."""
    record = one(
        '"Document Title",Authors,"Publication Title","Publication Year","Start Page","End Page",'
        '"Abstract","DOI","Author Keywords","IEEE Terms"\n'
        '"A ""new"" title","P. Sample; J. -P. Muster","Inv Comp","2013","16","26","Text",'
        '"10.1000/i.1","pain","Exascale;HPC"\n'
    )
    assert record.title == 'A "new" title'
    assert record.authors == ("Sample, P.", "Muster, J. -P.")
    assert record.keywords == ("pain", "Exascale", "HPC")
    assert record.journal == "Inv Comp"


def test_springer():
    """Springer joins its authors without any separator."""
    record = one(
        "Item Title,Publication Title,Journal Volume,Journal Issue,Item DOI,Authors,"
        "Publication Year,URL,Content Type\n"
        '"A title","Inv Conf","","","10.1000/sp.1","Araz R. SampleNigar McMuster","2022",'
        '"http://example.org/sp","Chapter"\n'
    )
    assert record.authors == ("Sample, Araz R.", "McMuster, Nigar")
    assert record.publication_types == ("Chapter",)


def test_zotero():
    """Zotero's columns; its extra field may hold the PMID, its tags are keywords."""
    record = one(
        '"Key","Item Type","Publication Year","Author","Title","Publication Title","ISSN","DOI",'
        '"Url","Abstract Note","Pages","Issue","Volume","Extra","Notes","Manual Tags",'
        '"Automatic Tags"\n'
        '"ABCD1234","journalArticle","2019","Sample, Ada; Muster, Bo","A title","Inv J",'
        '"1234-5679","10.1000/z","","Text","1-9","2","12","PMID: 31234567","","pain","humans"\n'
    )
    assert (record.source_key, record.record_type) == ("ABCD1234", "journalArticle")
    assert (record.pmid, record.journal) == ("31234567", "Inv J")
    assert record.keywords == ("pain", "humans")


OTHER_TOOLS = {
    "ProQuest": """Title,Abstract,Authors,pubtitle,year,digitalObjectIdentifier
A title,Text,"Sample, Ada; Muster, Bo",Inv J,2001,10.1000/x""",
    "EBSCO": """title,abstract,contributors,longDBName,source,publicationDate,doi
A title,Text,"Sample, Ada; Muster, Bo",Invented DB,Inv J,20010203,10.1000/x""",
    "Publish or Perish": """Authors,Title,Year,Source,GSRank,DOI,Abstract
"Sample, Ada; Muster, Bo",A title,2001,Inv J,1,10.1000/x,Text""",
    "colandr": """study_id,citation_title,citation_abstract,citation_authors,citation_journal_name,\
citation_pub_year,citation_doi
5,A title,Text,"Sample, Ada; Muster, Bo",Inv J,2001,10.1000/x""",
    "Dimensions": """Rank,DOI,Title,Abstract,Source title,PubYear,Authors
1,10.1000/x,A title,Text,Inv J,2001,"Sample, Ada; Muster, Bo\"""",
}


@pytest.mark.parametrize("text", OTHER_TOOLS.values(), ids=OTHER_TOOLS)
def test_other_tools(text: str):
    """Every database and tool names its columns its own way."""
    record = one(f"{text}\n")
    assert (record.title, record.abstract, record.journal) == ("A title", "Text", "Inv J")
    assert record.authors == ("Sample, Ada", "Muster, Bo")
    assert (record.year, record.doi) == (2001, "10.1000/x")


def test_abstrackr():
    """Abstrackr's labels mean something else than anyone's, and are left out."""
    record = one("(internal) id,abstrackr_ID,title,abstract,consensus\n1,2,A,Text,0\n")
    assert (record.source_key, record.verdicts) == ("2", ())


def test_endnote():
    """A tab-delimited export; authors that ran together are parted at their initials."""
    record = one(
        "Reference Type\tAuthor\tYear\tTitle\tSecondary Title\tVolume\tNumber\tPages\tISBN/ISSN\t"
        "DOI\tAbstract\n"
        "Journal Article\tSample K.Muster G. F.\t2008\tA title\tInv Opin\t19\t3\t221-8\t"
        "0957-9672 (Print)0957-9672\t10.1000/en\tText\n"
    )
    assert record.authors == ("Sample K.", "Muster G. F.")
    assert (record.journal, record.issue, record.issns) == ("Inv Opin", "3", ("0957-9672",))


@pytest.mark.parametrize(
    ("cell", "authors"),
    [
        ("Sample, A. B., & Muster, C. D.", ("Sample, A. B.", "Muster, C. D.")),
        ("Sample, Ada", ("Sample, Ada",)),
        ("Ada Sample, Bo Muster, Cy Third", ("Ada Sample", "Bo Muster", "Cy Third")),
        ("Sample A.B., Jr., Muster C.", ("Sample A.B., Jr.", "Muster C.")),
        ("[not, a list", ("[not, a list",)),
        ("[not a list]", ("[not a list]",)),
        ("Sample, Ada, Muster, Bo", ("Sample, Ada, Muster, Bo",)),
        ("World Health Organization", ("World Health Organization",)),
        ("", ()),
    ],
)
def test_authors_in_one_cell(cell: str, authors: tuple[str, ...]):
    """Names are parted at what seems to separate them, or left together."""
    assert one(f'title,abstract,authors\nA,Text,"{cell}"\n').authors == authors


HEADER = "record_id,pmid,title,abstract,label_included\n"
TABLE = HEADER + '1,123,"One, two","A ""quoted"" text",1\n2,,Café,"two\nlines",0\n3,,Three,,\n'


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_delimiters(delimiter: str):
    """The separator is found out from the names of the columns."""
    text = "\n".join(line.replace(",", delimiter) for line in TABLE.split("\n"))
    assert [r.source_key for r in records_of(text)] == ["1", "2", "3"]


def test_a_line_that_names_the_separator():
    """Excel's first line, which tells the separator, is no row."""
    assert len(records_of("sep=;\n" + TABLE.replace(",", ";"))) == 3


def test_names_in_any_case_and_spacing():
    """Names of columns may be in capitals, with blanks and underscores, and after a blank."""
    record = one(' Record ID , "PMID", TITLE, Abstract \n1, 123, "One, two", Text\n')
    assert (record.source_key, record.pmid, record.title) == ("1", "123", "One, two")


def test_the_same_name_twice():
    """Of two columns with one name the first that is not empty counts."""
    assert titles(all_of("title,title,abstract\n,B,c\nA,B,c\n")) == ["B", "A"]


def test_lines_before_the_names():
    """A heading above the table is passed over, and it is said."""
    results = all_of(f"Search of 2020\n\n{TABLE}")
    assert len(titles(results)) == 3
    assert messages(results) == ["-, line 1: lines before the header were ignored"]


def test_a_table_without_names_is_refused():
    """Without names of columns nothing can be read; the message shows the first line."""
    with pytest.raises(FormatError, match=r"has the columns 1, 123, One, x, and none of them"):
        all_of("1,123,One,x\n2,124,Two,y\n")


@pytest.mark.parametrize(
    "text",
    [
        "<html>\n<title>\nPain\n</title>",
        '[{"title": "A", "abstract": "Text"}]',
        "# Report\n\nAbstract\n\nSome words on pain.\n",
        "To whom it may concern, the title and the abstract are below.\nYours\n",
    ],
)
def test_what_is_no_table(text: str):
    """Pages, JSON and letters that happen to hold the words are no tables."""
    with pytest.raises(FormatError, match=r"unsupported file format|a web page|JSON"):
        detect(open_source(io.BytesIO(text.encode())))


def test_a_table_of_one_column():
    """A list of titles below the word is a table."""
    assert titles(all_of("Title\nOne\nTwo, and three\n")) == ["One", "Two, and three"]


def test_rows_of_another_length():
    """Rows with too few or too many cells are kept and named; empty cells more are no matter."""
    results = all_of(f"{HEADER}1,123,One\n2,,Two,x,1,more,,\n3,,Three,x,1,,\n")
    assert titles(results) == ["One", "Two", "Three"]
    assert messages(results) == [
        "-, line 2 (record 1): the row has 3 cells, but there are 5 columns",
        "-, line 3 (record 2): the row has 8 cells, but there are 5 columns: a stray separator?",
    ]


@pytest.mark.parametrize(
    "row",
    [
        '1,123,"One,x,1',
        '1,123,"One,x,1\nno "quotes',
        '1,123,One,"x never closed,1',
        '1,123,One,x,"1',
        '1,123,"One" two,"x',
    ],
)
@pytest.mark.parametrize("after", ["2,,Two,y,1\n3,,Three,z,0\n", '2,,"Two",y,1\n3,,Three,"z",0\n'])
def test_a_quotation_mark_that_is_never_closed(row: str, after: str):
    """A mark that is not closed swallows no other row; its own is kept and named."""
    results = all_of(f"{HEADER}{row}\n{after}")
    assert titles(results)[1:] == ["Two", "Three"]
    assert titles(results)[0].startswith("One")
    assert any("line 2: unbalanced quotes" in message for message in messages(results))


def test_quotation_marks_with_backslashes():
    """Some programs write a quotation mark within a cell with a backslash."""
    record = one('title,abstract\n"a \\"quoted\\" word, here",Text\n')
    assert record.title == 'a "quoted" word, here'


def test_empty_rows_and_repeated_names():
    """Empty rows are no records, nor is the line of names in the middle of joined files."""
    results = all_of(f"{TABLE}\n,,,,\n{TABLE}")
    assert len(titles(results)) == 6
    assert messages(results) == ["-, line 8: the header is repeated; the repetition was ignored"]


def test_a_huge_cell():
    """A cell of a megabyte is read whole."""
    record = one(f'title,abstract\nOne,"{"word " * 200_000}"\n')
    assert len(record.abstract) == 999_999


def test_what_programs_write_for_missing_values():
    """NA, nan and NULL are no values; whole numbers lose the decimals that pandas gave them."""
    record = one("title,abstract,doi,journal,volume,issue\nOne,Text,NA,nan,12.0,NULL\n")
    assert (record.doi, record.journal, record.volume, record.issue) == (None, "", "12", "")


def test_accession_in_the_column_for_pmids():
    """An identifier of Web of Science among the PMIDs is kept as an accession."""
    record = one("title,abstract,pmid\nOne,Text,WOS:000295305200002\n")
    assert (record.pmid, record.accession) == (None, "WOS:000295305200002")


def test_returns_that_excel_left():
    """Excel's sign for a carriage return is no word, and parts a list of keywords."""
    record = one('title,abstract,keywords\nOne,"a._x000D_\nb","pain_x000D_\nhumans"\n')
    assert (record.abstract, record.keywords) == ("a. b", ("pain", "humans"))


def test_the_raw_row_is_a_table_of_its_own():
    """The text kept of a row can be read by itself."""
    record = records_of(TABLE)[1]
    assert one(record.raw) == record


def written(*records: Record) -> list[list[str]]:
    stream = io.BytesIO()
    table.WRITER.write(records, stream)
    text = stream.getvalue()
    assert text.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline="")))


def test_what_is_written():
    """Names of columns that other tools know, and the label as a word and as a number."""
    header, row = written(
        Record(
            title="A title",
            authors=("Sample, Ada", "Muster, Bo"),
            year=2001,
            source_key="k1",
            verdicts=(Verdict(label=Label.EXCLUDE, reason="WRONG", reviewer="AA"),),
        )
    )
    cells = dict(zip(header, row, strict=True))
    assert cells["record_id"] == "k1"
    assert cells["authors"] == "Sample, Ada; Muster, Bo"
    assert (cells["label"], cells["label_included"]) == ("exclude", "0")
    assert (cells["reason"], cells["reviewer"], cells["autoscreen"]) == ("WRONG", "AA", "")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "'=", "''-"])
def test_no_cell_runs_as_a_formula(start: str):
    """What spreadsheets would run is written after an apostrophe, and reads back as it was."""
    record = Record(title=f"{start}1+1", abstract="Text")
    header, row = written(record)
    assert dict(zip(header, row, strict=True))["title"] == f"'{start}1+1"
    stream = io.BytesIO()
    table.WRITER.write([record], stream)
    assert list(read(io.BytesIO(stream.getvalue()))) == [record]


def test_apostrophes_of_others_are_left_alone():
    """In a table that autoscreen did not write an apostrophe belongs to the title."""
    assert one("title,abstract\n'-omics' and pain,Text\n").title == "'-omics' and pain"


def test_an_empty_record_is_still_a_row():
    """A record without any content is written and read as one."""
    stream = io.BytesIO()
    table.WRITER.write([Record(), Record(title="A")], stream)
    results = list(read(io.BytesIO(stream.getvalue())))
    assert [r for r in results if isinstance(r, Record)] == [Record(), Record(title="A")]


@pytest.mark.parametrize(
    ("table", "verdicts"),
    [
        (
            "title,included,asreview_label,asreview_note\nA,1,0,wrong dose\nB,0,1,\nC,,1,\nD,1,,\n",
            [
                [Verdict(label=Label.EXCLUDE, note="wrong dose")],
                [Verdict(label=Label.INCLUDE)],
                [Verdict(label=Label.INCLUDE)],
                [],
            ],
        ),
        (
            "Title,Title/Abstract decision,Full text decision,Exclusion reason\n"
            "A,Include,Exclude,wrong dose\nB,Exclude,,wrong type\nC,Include,Include,\n",
            [
                [
                    Verdict(label=Label.INCLUDE),
                    Verdict(label=Label.EXCLUDE, reason="wrong dose", stage=Stage.FULL_TEXT),
                ],
                [Verdict(label=Label.EXCLUDE, reason="wrong type")],
                [
                    Verdict(label=Label.INCLUDE),
                    Verdict(label=Label.INCLUDE, stage=Stage.FULL_TEXT),
                ],
            ],
        ),
        (
            "Title,Notes,Inclusion,FullText_Inclusion\nA,,1,0\n"
            "B,Exclusion reason: Wrong setting;,1,0\nC,Exclusion reason: Wrong type;,0,\n"
            "D,Exclusion reason: Wrong drug;,1,\n",
            [
                [
                    Verdict(label=Label.INCLUDE),
                    Verdict(label=Label.EXCLUDE, stage=Stage.FULL_TEXT),
                ],
                [
                    Verdict(label=Label.INCLUDE),
                    Verdict(label=Label.EXCLUDE, reason="Wrong setting", stage=Stage.FULL_TEXT),
                ],
                [Verdict(label=Label.EXCLUDE, reason="Wrong type")],
                [
                    Verdict(label=Label.INCLUDE),
                    Verdict(label=Label.EXCLUDE, reason="Wrong drug", stage=Stage.FULL_TEXT),
                ],
            ],
        ),
        (
            "title,abstract decision,final decision\nA,yes,no\n",
            [[Verdict(label=Label.INCLUDE), Verdict(label=Label.EXCLUDE, stage=Stage.FULL_TEXT)]],
        ),
        ("title,label_fulltext\nA,1\n", [[Verdict(label=Label.INCLUDE, stage=Stage.FULL_TEXT)]]),
        (
            "title,decision\nA,Excluded (wrong population)\nB,Include for full text\n",
            [
                [Verdict(label=Label.EXCLUDE, reason="wrong population")],
                [Verdict(label=Label.INCLUDE)],
            ],
        ),
    ],
)
def test_stages_and_reasons_are_kept_apart(table: str, verdicts: list[list[Verdict]]):
    """The decision on title and abstract has its own reason, that on the full text its own."""
    assert [list(record.verdicts) for record in records_of(table)] == verdicts


def test_each_value_that_is_no_decision_is_named():
    """Equal values are one problem with their count and lines; empty ones are none."""
    rows = "".join(f"T{n},{'Group A' if n % 2 else ''}\n" for n in range(14))
    problems = [str(one) for one in all_of(f"title,decision\n{rows}B,n/a\nC,maybe not\n")
                if isinstance(one, Problem)]  # fmt: skip
    assert problems == [
        "-, line 3: column 'decision': 'Group A' is not understood as a decision;"
        " 7 records have no decision from it (lines 3, 5, 7, 9, 11, ...)",
        "-, line 17: column 'decision': 'maybe not' is not understood as a decision;"
        " the record has no decision from it",
    ]


@pytest.mark.parametrize(
    "table",
    [
        "title,decision\nA,-1\n",
        "title,decision\nA,-\n",
        "title,decision\nA,\u2026\n",
        "title,exclusion reason\nA,wrong dose\n",
        "title,decision,exclusion reason\nA,,wrong dose\n",
    ],
)
def test_a_cell_that_may_be_a_decision_is_named(table: str):
    """-1 is "not yet" in ASReview and "exclude" elsewhere; a reason alone says not who excluded."""
    found = all_of(table)
    assert [one.verdicts for one in found if isinstance(one, Record)] == [()]
    (problem,) = (one for one in found if isinstance(one, Problem))
    assert "is not understood as a decision" in problem.message


@pytest.mark.parametrize(
    "column",
    [
        "code\nINCLUDE on title and abstract\nEXCLUDE on population",
        "anna\n-1\n-1\n0\n1",
        "EXCLUDE on date\n1\n0",
        "Is this reference relevant?\nyes\nno",
    ],
)
def test_columns_that_may_hold_decisions_and_are_not_read_are_named(column: str):
    """Codes of EPPI-Reviewer, people's numbers, questions: which of them counts, a person says."""
    name, *cells = column.splitlines()
    source = open_source(
        io.BytesIO("\n".join([f"title,{name}", *(f"T,{c}" for c in cells)]).encode())
    )
    assert all(not one.verdicts for one in read(source) if isinstance(one, Record))
    assert source.columns is not None
    assert source.columns.unused == (name,)


def test_a_number_that_is_no_identifier_is_named():
    """In a table and in RIS; words that say that there is none are not."""
    rows = 'title,pmid,doi\nA,"31,000,001",-\nB,none,"10,1000/x"\nC,n.a.,Not available\n'
    ris = read(io.BytesIO(b"TY  - JOUR\nTI  - A\nDO  - vol 3\nER  - \n"))
    problems = [str(one) for one in (*all_of(rows), *ris) if isinstance(one, Problem)]
    assert problems == [
        "-, line 2 (record 1): pmid: '31,000,001' is not a PMID; it was ignored",
        "-, line 3 (record 2): doi: '10,1000/x' is not a DOI; it was ignored",
        "-, line 1 (record 1): doi: 'vol 3' is not a DOI; it was ignored",
    ]


def test_many_values_that_are_no_decisions_are_summed_up():
    """A column of free text does not bury the other problems."""
    rows = "".join(f"T{n},group {n}\n" for n in range(40))
    problems = [one for one in all_of(f"title,label\n{rows}") if isinstance(one, Problem)]
    assert len(problems) == 21
    assert "20 more values are not understood as decisions" in problems[-1].message
