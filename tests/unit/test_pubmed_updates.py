"""Files in which NCBI gives out PubMed."""

from __future__ import annotations

import gzip
import hashlib

import pytest

from autoscreen.errors import InputError
from autoscreen.formats import Problem
from autoscreen.pubmed import read_update_files
from eutils_server import Entry, article_set


@pytest.fixture
def put(tmp_path):
    """Write a file as NCBI does, with its checksum, and give its path."""

    def write(name, *entries, deleted=(), checksum=True):
        gone = "".join(f'<PMID Version="1">{one}</PMID>' for one in deleted)
        extra = f"<DeleteCitation>{gone}</DeleteCitation>" if deleted else ""
        text = article_set([*(entry.xml() for entry in entries), extra])
        path = tmp_path / f"{name}.xml.gz"
        path.write_bytes(gzip.compress(text.encode()))
        if checksum:
            total = hashlib.md5(path.read_bytes()).hexdigest()
            path.with_name(f"{path.name}.md5").write_text(f"MD5({path.name})= {total}\n")
        return path

    return write


def entry(pmid, title="A", **more):
    return Entry(pmid=pmid, title=title, **more)


def test_files_come_in_the_order_of_their_numbers(put, tmp_path):
    """A number is a number: 999 stands before 1000; other files are passed over."""
    for number in ("1000", "0999", "0998"):
        put(f"pubmed26n{number}", entry("1"))
    (tmp_path / "readme.txt").write_text("no records")
    files = list(read_update_files(tmp_path))
    assert [file.path.name[9:13] for file in files] == ["0998", "0999", "1000"]
    assert not any(file.fault or file.note for file in files)
    later = read_update_files(tmp_path, after="pubmed26n0998.xml.gz")
    assert [file.path.name[9:13] for file in later] == ["0999", "1000"]


def test_a_file_gives_records_and_deleted_pmids(put, tmp_path):
    """Deletions are no problem of the file; they are reported after its records."""
    deleted = [str(number) for number in range(900, 920)]
    put("pubmed26n0001", entry("1"), entry("2", "B"), deleted=deleted)
    (file,) = read_update_files(tmp_path)
    assert [(one.pmid, one.title) for one in file.read()] == [("1", "A"), ("2", "B")]
    assert file.deleted == tuple(deleted)


def test_a_wrong_checksum_is_named_and_the_file_not_read(put, tmp_path):
    """What is not what NCBI wrote is no source of records."""
    path = put("pubmed26n0001", entry("1"))
    path.write_bytes(path.read_bytes() + b"\0")
    (file,) = read_update_files(tmp_path)
    assert "is not what its checksum pubmed26n0001.xml.gz.md5 says" in file.fault
    with pytest.raises(InputError, match=r"pubmed26n0001\.xml\.gz: is not what .*download"):
        list(file.read())


def test_a_checksum_file_without_a_checksum_is_named(put, tmp_path):
    """An error page that was saved as checksum does not count as one."""
    path = put("pubmed26n0001", entry("1"))
    path.with_name(f"{path.name}.md5").write_text("<html>404</html>")
    (file,) = read_update_files(tmp_path)
    assert file.fault == "its checksum pubmed26n0001.xml.gz.md5 holds no MD5"


def test_a_missing_checksum_is_told_and_the_file_looked_at(put, tmp_path):
    """A whole file is read in spite of it; one that is cut off is not."""
    put("pubmed26n0001", entry("1"), checksum=False)
    path = put("pubmed26n0002", *(entry(str(n)) for n in range(50)), checksum=False)
    path.write_bytes(path.read_bytes()[:-20])
    good, bad = read_update_files(tmp_path)
    assert good.note == "has no checksum beside it (pubmed26n0001.xml.gz.md5)"
    assert len(list(good.read())) == 1
    assert "damaged or cut off" in bad.fault


def test_files_that_are_not_there_are_named(put, tmp_path):
    """A gap in the numbers is a day of changes that nobody has read."""
    for number in ("0001", "0003", "0007"):
        put(f"pubmed26n{number}", entry("1"))
    notes = [file.note for file in read_update_files(tmp_path)]
    gap = "the files before it are not there: pubmed26n"
    assert notes == ["", f"{gap}0002", f"{gap}0004 to pubmed26n0006"]
    (last,) = read_update_files(tmp_path, after="pubmed26n0003.xml.gz")
    assert last.note == f"{gap}0004 to pubmed26n0006"


def test_a_gap_after_the_last_file_read_is_named(put, tmp_path):
    """Also when that file is no longer there."""
    put("pubmed26n0005", entry("1"))
    (file,) = read_update_files(tmp_path, after="pubmed26n0003.xml.gz")
    assert file.note == "the files before it are not there: pubmed26n0004"


def test_what_is_wrong_with_a_record_is_told(put, tmp_path):
    """What can be read of it comes in, with a problem that names the damage."""
    path = put("pubmed26n0001", entry("1"), entry("2"), checksum=False)
    text = gzip.decompress(path.read_bytes()).replace(b'">2</PMID>', b'">2</PMID')
    path.write_bytes(gzip.compress(text))
    (file,) = read_update_files(tmp_path)
    read = list(file.read())
    assert [one.pmid for one in read if not isinstance(one, Problem)] == ["1", "2"]
    assert [type(one) for one in read if isinstance(one, Problem)] == [Problem]


def test_uncompressed_files_are_read(tmp_path):
    """A file that somebody has unpacked is as good."""
    (tmp_path / "pubmed26n0001.xml").write_text(article_set([entry("1").xml()]))
    (file,) = read_update_files(tmp_path)
    assert [one.pmid for one in file.read()] == ["1"]


@pytest.mark.parametrize("made", [True, False])
def test_a_folder_without_files_is_refused(tmp_path, made):
    """It was probably mistyped."""
    folder = tmp_path / "updates"
    if made:
        folder.mkdir()
    with pytest.raises(InputError, match=r"updates: (holds no file of PubMed|is no folder)"):
        list(read_update_files(folder))
