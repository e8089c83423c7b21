from __future__ import annotations

import io

import pytest

from autoscreen.errors import FormatError
from autoscreen.formats import Problem, read
from autoscreen.records import Record


@pytest.mark.parametrize(
    "text",
    [
        "1\n22\n333\n",
        "PMID\n1\n22\n333",
        "1, 22; 333",
        "PMID: 1\r\nPMID: 22\r\nPMID: 333\r\n",
        "\ufeff1\r22\r333",
        "https://pubmed.ncbi.nlm.nih.gov/1/\nhttps://pubmed.ncbi.nlm.nih.gov/22/\n333[pmid]\n",
    ],
)
def test_lists(text: str):
    """A list of PMIDs is recognised in every usual shape."""
    assert list(read(io.BytesIO(text.encode()))) == [
        Record(pmid="1"),
        Record(pmid="22"),
        Record(pmid="333"),
    ]


def test_what_is_no_pmid_is_lost_by_name():
    """A word in the list is reported with its line."""
    found = list(read(io.BytesIO(b"1\n2\n3\n4\n\nPMC5\n")))
    assert [record.pmid for record in found if isinstance(record, Record)] == ["1", "2", "3", "4"]
    (problem,) = [problem for problem in found if isinstance(problem, Problem)]
    assert (problem.line, problem.lost) == (6, True)
    assert "'PMC5'" in problem.message


@pytest.mark.parametrize("text", ["two words\n1\n2\n3\n4\n5\n", "a\n1\n", "1\na\nb\n"])
def test_other_text_is_no_list(text: str):
    """Text with a number here and there is not taken for a list of PMIDs."""
    with pytest.raises(FormatError, match="unsupported file format"):
        read(io.BytesIO(text.encode()))
