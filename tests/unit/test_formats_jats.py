from __future__ import annotations

import io

from autoscreen.formats import Problem, read
from autoscreen.records import Record

ARTICLE = """<article xmlns:xlink="http://www.w3.org/1999/xlink" xml:lang="en"
 article-type="research-article" dtd-version="1.3"><front><journal-meta>
<journal-title-group><journal-title>Invented Research</journal-title></journal-title-group>
<issn pub-type="epub">1234-5678</issn><publisher><publisher-name>Press</publisher-name></publisher>
</journal-meta><article-meta><article-id pub-id-type="pmid">90000001</article-id>
<article-id pub-id-type="pmc">7000001</article-id>
<article-id pub-id-type="doi">10.1000/J.1</article-id>
<article-categories><subj-group><subject>Research Article</subject></subj-group>
</article-categories>
<title-group><article-title>An <italic>invented</italic> trial</article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Sample</surname>
<given-names>Ada</given-names></name></contrib><contrib contrib-type="author"><collab>Group</collab>
</contrib><contrib contrib-type="editor"><name><surname>E</surname></name></contrib></contrib-group>
<pub-date pub-type="epub"><year>2020</year></pub-date><pub-date pub-type="ppub"><year>2021</year>
</pub-date>
<volume>7</volume><issue>3</issue><fpage>11</fpage><lpage>19</lpage>
<abstract abstract-type="graphical"><p>picture</p></abstract>
<abstract><sec><title>Methods:</title><p>We made it up.</p></sec><sec><title>Results</title>
<p>None.</p>
</sec></abstract><kwd-group><kwd>pain</kwd></kwd-group></article-meta></front>
<body><p>Full text.</p></body><back><ref-list><ref><element-citation>
<article-title>Cited</article-title>
<pub-id pub-id-type="pmid">90000008</pub-id></element-citation></ref></ref-list></back></article>"""


def results(text: str) -> list[Record | Problem]:
    return list(
        read(io.BytesIO(f'<?xml version="1.0"?><pmc-articleset>{text}</pmc-articleset>'.encode()))
    )


def test_an_article():
    """What describes the article comes in; its text and what it cites stay out."""
    (record,) = results(ARTICLE)
    assert record == Record(
        title="An invented trial",
        abstract="METHODS: We made it up. RESULTS: None.",
        authors=("Sample, Ada", "Group"),
        year=2021,
        journal="Invented Research",
        volume="7",
        issue="3",
        pages="11-19",
        publisher="Press",
        pmid="90000001",
        pmcid="PMC7000001",
        doi="10.1000/j.1",
        keywords=("pain",),
        publication_types=("Research Article",),
        languages=("en",),
        issns=("1234-5678",),
        record_type="research-article",
    )


def test_an_unstructured_abstract_and_an_electronic_page():
    """Paragraphs are joined; an article without pages has its number."""
    text = ARTICLE.replace("<sec><title>Methods:</title>", "").replace(
        "<sec><title>Results</title>", ""
    )
    text = text.replace("</sec>", "").replace(
        "<fpage>11</fpage><lpage>19</lpage>", "<elocation-id>e5</elocation-id>"
    )
    (record,) = results(text)
    assert (record.abstract, record.pages) == ("We made it up. None.", "e5")


def test_an_article_without_description_is_lost_by_name():
    """What has no description cannot be a record, and is reported."""
    record, problem = sorted(
        results(ARTICLE + '<article dtd-version="1.3"><body/></article>'), key=str, reverse=True
    )
    assert isinstance(record, Record)
    assert problem.lost
