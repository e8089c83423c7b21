"""Records read per second in each format, compared with well-known parsers.

    python benchmarks/formats_speed.py [--records 5000]

Each file holds the same made-up records. Our readers do all the work of an import: they detect the
encoding, clean the text, and account for every record; the others only parse. A parser that is not
installed is "not measured" (`make bench` installs them all).
"""

from __future__ import annotations

import argparse
import gzip
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from xml.sax.saxutils import escape

from _common import table
from _pools import made_up_records
from autoscreen.formats import read, write
from autoscreen.records import Record

Parser = Callable[[Path], int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=5000)
    count = parser.parse_args().records
    records = list(made_up_records(count))
    with tempfile.TemporaryDirectory() as folder:
        files = _files(records, Path(folder))
        rows = [_ours(path, count) for path in files]
        print(f"{count:,} records in each file, one process")
        table(["file", "records/s", "MB/s"], rows)
        print("\nother parsers on the same files")
        table(["parser", "records/s", "records"], [_theirs(*peer, folder) for peer in PEERS])


def _files(records: list[Record], folder: Path) -> list[Path]:
    for suffix in ("nbib", "ris", "bib", "csv", "xlsx"):
        write(records, folder / f"pool.{suffix}")
    xml = _pubmed_xml(records).encode()
    (folder / "pool.xml").write_bytes(xml)
    (folder / "pool.xml.gz").write_bytes(gzip.compress(xml, 6))
    return [folder / f"pool.{s}" for s in ("nbib", "xml", "xml.gz", "ris", "bib", "csv", "xlsx")]


def _ours(path: Path, count: int) -> list[str]:
    start = time.perf_counter()
    found = sum(isinstance(one, Record) for one in read(path))
    seconds = time.perf_counter() - start
    if found != count:
        raise SystemExit(f"{path.name}: {found} of {count} records were read")
    return [path.name, f"{count / seconds:,.0f}", f"{path.stat().st_size / 1e6 / seconds:,.1f}"]


def _theirs(name: str, file: str, parse: Parser, folder: str) -> list[str]:
    start = time.perf_counter()
    try:
        found = parse(Path(folder, file))
    except ImportError as error:
        return [name, "not measured", f"({error})"]
    return [name, f"{found / (time.perf_counter() - start):,.0f}", str(found)]


def _count(found: Iterable[object]) -> int:
    return sum(1 for _ in found)


def _bio_medline(path: Path) -> int:
    from Bio import Medline

    with path.open(encoding="utf-8") as stream:
        return _count(Medline.parse(stream))


def _rispy(path: Path) -> int:
    import rispy

    with path.open(encoding="utf-8") as stream:
        return len(rispy.load(stream))


def _bibtexparser(path: Path) -> int:
    import bibtexparser

    return len(bibtexparser.parse_file(str(path)).entries)


def _pubmed_parser(path: Path) -> int:
    import pubmed_parser

    return _count(pubmed_parser.parse_medline_xml(str(path)))


def _pandas(path: Path) -> int:
    import pandas as pd

    return len(pd.read_csv(path))


PEERS: list[tuple[str, str, Parser]] = [
    ("Bio.Medline (nbib)", "pool.nbib", _bio_medline),
    ("pubmed_parser (PubMed XML)", "pool.xml.gz", _pubmed_parser),
    ("rispy (RIS)", "pool.ris", _rispy),
    ("bibtexparser (BibTeX)", "pool.bib", _bibtexparser),
    ("pandas (CSV)", "pool.csv", _pandas),
]


def _pubmed_xml(records: Iterable[Record]) -> str:
    return "\n".join(
        ['<?xml version="1.0" encoding="utf-8"?>', "<PubmedArticleSet>"]
        + [_article(record) for record in records]
        + ["</PubmedArticleSet>"]
    )


def _article(record: Record) -> str:
    family, _, initials = record.authors[0].partition(", ")
    abstract = f"<Abstract><AbstractText>{escape(record.abstract)}</AbstractText></Abstract>"
    mesh = "".join(
        f"<MeshHeading><DescriptorName>{escape(term)}</DescriptorName></MeshHeading>"
        for term in record.mesh
    )
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">{record.pmid}</PMID>'
        f"<Article><Journal><JournalIssue><Volume>{record.volume}</Volume><PubDate><Year>"
        f"{record.year}</Year></PubDate></JournalIssue><Title>{escape(record.journal)}</Title>"
        f"</Journal><ArticleTitle>{escape(record.title)}</ArticleTitle>"
        f"{abstract if record.abstract else ''}<AuthorList><Author><LastName>{family}</LastName>"
        f"<ForeName>{initials}</ForeName></Author></AuthorList><Language>eng</Language>"
        "<PublicationTypeList><PublicationType>Journal Article</PublicationType>"
        f"</PublicationTypeList></Article><MeshHeadingList>{mesh}</MeshHeadingList>"
        f'</MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="doi">{record.doi}'
        "</ArticleId></ArticleIdList></PubmedData></PubmedArticle>"
    )


if __name__ == "__main__":
    main()
