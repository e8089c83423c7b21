from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from autoscreen.errors import FormatError
from autoscreen.formats import Problem, read
from autoscreen.formats.medline import WRITER
from autoscreen.records import Record
from property._strategies import records


def _text(written: list[Record]) -> bytes:
    stream = io.BytesIO()
    assert WRITER.write(written, stream) == len(written)
    return stream.getvalue()


def _came_in(data: bytes) -> list[Record]:
    results = read(io.BytesIO(data), format="nbib")
    return [result for result in results if isinstance(result, Record)]


@given(st.lists(records, min_size=1, max_size=3))
def test_what_is_written_is_read_back(written: list[Record]):
    """Any records, written as MEDLINE text and read again, are the same records."""
    assert _came_in(_text(written)) == written


@given(
    st.lists(records, min_size=1, max_size=3),
    st.sampled_from([b"\n", b"\r\n", b"\r", b"\r\r\n"]),
    st.booleans(),
    st.booleans(),
)
def test_no_record_is_lost_under_odd_line_ends(
    written: list[Record], line_end: bytes, mark: bool, squeezed: bool
):
    """Byte order mark, old line ends and missing blank lines cost no record."""
    data = _text(written)
    if squeezed:
        data = data.replace(b"\n\n", b"\n")
    data = b"\xef\xbb\xbf" * mark + data.replace(b"\n", line_end)
    assert _came_in(data) == written


@given(st.lists(records, min_size=1, max_size=3), st.data())
def test_a_cut_costs_at_most_the_last_record(written: list[Record], data: st.DataObject):
    """A file cut off anywhere gives every record that came before the cut unchanged."""
    text = _text(written)
    cut = data.draw(st.integers(1, len(text)))
    whole = len(_text(written[:-1])) if len(written) > 1 else 0
    came = _came_in(text[:cut]) if text[:cut].strip() else []
    if cut > whole:
        assert came[: len(written) - 1] == written[:-1]


@given(st.binary(max_size=300))
def test_any_bytes_are_accounted_for(data: bytes):
    """Reading ends with records and problems, or refuses a file whose encoding is unknown."""
    try:
        for result in read(io.BytesIO(b"PMID- 1\n" + data), format="nbib"):
            assert isinstance(result, Record | Problem)
    except FormatError as error:
        assert "encoding" in error.message or "no text file" in error.message
