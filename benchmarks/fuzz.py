"""Fuzzes every reader, PDFs and the model loader with mutated files, counted and reproducible.

    python benchmarks/fuzz.py [--minutes 1] [--seed 0] [--only NAME] [--keep FOLDER]

Invented records are written in each format and mutated: bytes flipped, cut, inserted; lines
removed, doubled, joined, swapped; encodings changed; numbers made huge; workbooks and compressed
files damaged inside and outside. A case fails if it raises anything but an AutoscreenError, takes
more than 10 seconds of computing, or loses a record without a problem. The seed and the number of
a case make the same bytes again. Leaves with exit code 1 if a case fails.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import random
import signal
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from autoscreen.errors import AutoscreenError
from autoscreen.formats import WRITERS, Problem, read
from autoscreen.pdf.reader import page_image, read_pdf
from autoscreen.ranking import load_model
from autoscreen.records import Label, Record, Verdict
from autoscreen.resources import resource

LIMIT = 10
"""Seconds of computing for one case."""
SLOW = {"model", "pdf"}
"""Run in every fifth round only."""
HUGE = (b"9" * 30, b"1000000000000000000", b"-1", b"1e999", b"NaN", b"2147483648", b"0")
ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252", "gb18030", "shift_jis")
XML = """<?xml version="1.0" encoding="UTF-8"?>
<PubmedArticleSet>{}</PubmedArticleSet>"""
PUBMED = """<PubmedArticle><MedlineCitation><PMID>3123456{n}</PMID><Article><Journal><Title>Pain
</Title><JournalIssue><Volume>{n}</Volume><PubDate><Year>200{n}</Year></PubDate></JournalIssue>
</Journal><ArticleTitle>Title {n} of &lt;things&gt;</ArticleTitle><Abstract><AbstractText
 Label="AIM">To see {n} &#181;V.</AbstractText></Abstract><AuthorList><Author><LastName>Doe
</LastName><ForeName>Jane</ForeName></Author></AuthorList></Article></MedlineCitation>
</PubmedArticle>
"""
ENDNOTE = """<record><rec-number>{n}</rec-number><ref-type name="Journal Article">17</ref-type>
<contributors><authors><author>Doe, Jane</author></authors></contributors><titles><title><style>
Title {n}</style></title><secondary-title>Pain</secondary-title></titles><dates><year>200{n}</year>
</dates><abstract>Words &amp; more.</abstract></record>
"""
JATS = """<article><front><article-meta><article-id pub-id-type="doi">10.1/{n}</article-id>
<title-group><article-title>Title {n}</article-title></title-group><abstract><p>Words.</p>
</abstract></article-meta></front></article>
"""
TAGGED = {
    "wos": "PT J\nAU Doe, J\nTI Title {n}\nAB Words and\n   more words.\nPY 200{n}\nER\n\n",
    "refer": "%0 Journal Article\n%A Doe, Jane\n%T Title {n}\n%X Words of it.\n%D 200{n}\n\n",
    "ovid": "<{n}>\nVN  - Ovid Technologies\nTI  - Title {n}\nAU  - Doe J\nAB  - Words.\n\n",
    "cochrane": "Record #{n} of 6\nID: CN-{n}\nTI: Title {n}\nAB: Words.\nYR: 200{n}\n\n",
    "refworks": "RT Journal\nSR 1\nA1 Doe,J\nT1 Title {n}\nAB Words of it.\nYR 200{n}\n\n",
    "pubmed-text": "{n}. J. 200{n};1:2.\n\nTitle {n}.\n\nDoe J(1).\n\nWords.\n\nPMID: 3{n}\n\n\n",
    "pmids": "3123456{n}\n",
}
JSON: dict[str, dict[str, object]] = {
    "europe-pmc": {
        "id": "3123456",
        "source": "MED",
        "title": "Title of <i>things</i>",
        "authorList": {"author": [{"lastName": "Doe", "firstName": "Jane"}]},
        "journalInfo": {"volume": "7", "yearOfPublication": 2021, "journal": {"title": "Pain"}},
        "abstractText": "<h4>Methods</h4>Words &amp; more.",
        "meshHeadingList": {"meshHeading": [{"majorTopic_YN": "Y", "descriptorName": "Pain"}]},
        "commentCorrectionList": {
            "commentCorrection": [{"id": "1", "source": "MED", "type": "Retraction in"}]
        },
    },
    "clinicaltrials": {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT09999999", "officialTitle": "Title"},
            "statusModule": {"studyFirstPostDateStruct": {"date": "2021-02-03"}},
            "descriptionModule": {"briefSummary": "Words."},
            "conditionsModule": {"conditions": ["Pain"]},
            "designModule": {"phases": ["PHASE2"], "enrollmentInfo": {"count": 40}},
            "armsInterventionsModule": {"interventions": [{"type": "DEVICE", "name": "rTMS"}]},
        }
    },
    "openalex": {
        "id": "https://openalex.org/W123",
        "title": "Title",
        "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/3123456"},
        "abstract_inverted_index": {"Words": [0, 2], "and": [1]},
        "authorships": [{"author": {"display_name": "Jane Doe"}}],
        "biblio": {"volume": "7", "first_page": "1", "last_page": "9"},
        "publication_year": 2021,
    },
}
PDF = b"""%PDF-1.4
1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj
2 0 obj\n<< /Type /Pages /Kids [4 0 R] /Count 1 >>\nendobj
3 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj
4 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R
 /Resources << /Font << /F1 3 0 R >> >> >>\nendobj
5 0 obj\n<< /Length 58 >>\nstream
BT /F1 11 Tf 50 780 Td 14 TL (Words of a paper) Tj T* ET
endstream\nendobj\ntrailer << /Size 6 /Root 1 0 R >>\n%%EOF
"""


def samples() -> dict[str, bytes]:
    """Return a small invented file of each format."""
    records = [
        Record(
            title=f'Title {n}: a trial of \N{MICRO SIGN}V, {{braces}} & "quotes"',
            abstract="Background: words; more.\n" * 3,
            authors=("Doe, Jane", "M\N{LATIN SMALL LETTER U WITH DIAERESIS}ller, K", "Group X"),
            year=2000 + n,
            journal="Pain",
            volume=str(n),
            pages="1-9",
            pmid=f"3123456{n}",
            doi=f"10.1000/{n}",
            keywords=("pain", "rats"),
            verdicts=(Verdict(label=Label.EXCLUDE, reason="WRONG", reviewer="AA", note="n"),),
        )
        for n in range(1, 7)
    ]
    found = {}
    for writer in WRITERS:
        stream = io.BytesIO()
        writer.write(records, stream)
        found[writer.name] = stream.getvalue()
    for name, text in TAGGED.items():
        found[name] = "".join(text.format(n=n) for n in range(1, 7)).encode()
    for name, (whole, one) in {
        "pubmed-xml": (XML, PUBMED),
        "endnote-xml": ("<xml><records>{}</records></xml>", ENDNOTE),
        "jats": ("<articles>{}</articles>", JATS),
    }.items():
        found[name] = whole.format("".join(one.format(n=n) for n in range(1, 7))).encode()
    for name, content in JSON.items():
        found[name] = f"{json.dumps(content)}\n".encode() * 6
    return found


def flip(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 20)):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def cut(data: bytes, rng: random.Random) -> bytes:
    start, end = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    return rng.choice([data[:start], data[start:], data[:start] + data[end:]])


def insert(data: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(data) + 1)
    marks = [b'"', b"{", b"}", b"<", b">", b"&", b"@", b"\0", b"\r", b"\n", b"\xff", b"%", b"\\"]
    new = rng.choice(
        [*marks, rng.choice(marks) * 5000, rng.randbytes(50), data[place : place + 200]]
    )
    return data[:place] + new + data[place:]


def lines(data: bytes, rng: random.Random) -> bytes:
    parts = data.split(b"\n")
    for _ in range(rng.randint(1, 4)):
        one, other = rng.randrange(len(parts)), rng.randrange(len(parts))
        match rng.randrange(5):
            case 0:
                del parts[one]
            case 1:
                parts.insert(other, parts[one])
            case 2:
                parts[one] += parts.pop(other) if one < other else b""
            case 3:
                parts[one], parts[other] = parts[other], parts[one]
            case _:
                parts[one] = parts[one][: rng.randrange(len(parts[one]) + 1)]
        if not parts:
            return b""
    return rng.choice([b"\n", b"\n", b"\r\n", b"\r", b""]).join(parts)


def encode(data: bytes, rng: random.Random) -> bytes:
    text = data.decode(errors="replace")
    return text.encode(rng.choice(ENCODINGS), errors="replace")


def enlarge(data: bytes, rng: random.Random) -> bytes:
    places = [n for n in range(len(data)) if data[n : n + 1].isdigit()]
    if not places:
        return data
    place = rng.choice(places)
    return data[:place] + rng.choice(HUGE) + data[place + 1 :]


def repeat(data: bytes, rng: random.Random) -> bytes:
    start, end = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    part = data[start : min(end, start + 400)]
    return data[:start] + part * rng.choice([2, 50, 300]) + data[start:]


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(flip, cut, insert, lines, encode, enlarge, repeat),
)


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Return a mutated file; an archive is often damaged inside, so that it can be unpacked."""
    if data.startswith(b"PK") and rng.random() < 0.7:
        return inside(data, rng)
    if data.startswith(b"{") and rng.random() < 0.7:
        return values(data, rng)
    for _ in range(rng.randint(1, 3)):
        data = rng.choice(MUTATIONS)(data, rng)[: 4 << 20]
    if rng.random() < 0.05:
        data = gzip.compress(data)
        return rng.choice([data, flip(data, rng), cut(data, rng)])
    return data


def values(data: bytes, rng: random.Random) -> bytes:
    """Return lines of JSON in which some values are of another kind than expected."""

    def changed(value: Any) -> Any:
        if rng.random() < 0.05:
            return rng.choice(
                [
                    None,
                    True,
                    -1,
                    1e300,
                    10**400,
                    "",
                    "x" * 9000,
                    "\ud800\0",
                    [],
                    {},
                    [[value]],
                    data,
                ]
            )
        if isinstance(value, dict):
            return {name: changed(one) for name, one in value.items()}
        return [changed(one) for one in value] if isinstance(value, list) else value

    lines = [json.dumps(changed(json.loads(line)), default=repr) for line in data.splitlines()]
    return "\n".join(lines).encode()


def inside(data: bytes, rng: random.Random) -> bytes:
    """Return an archive of which one part is mutated."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        names = old.namelist()
        chosen = rng.choice(names)
        for name in names:
            part = old.read(name)
            if name == chosen:
                part = rng.choice(MUTATIONS)(part, rng)[: 4 << 20]
            new.writestr(name, part)
    return stream.getvalue()


def read_all(data: bytes, name: str | None) -> str:
    """Read a case; return how it ended: 'read', or the name of the error."""
    imported = lost = 0
    try:
        for one in read(io.BytesIO(data), format=name):
            imported += isinstance(one, Record)
            lost += isinstance(one, Problem)
    except AutoscreenError as error:
        assert str(error).strip() and "\n" not in str(error), "an error of more than one line"
        assert type(error).__name__ != "RecordLossError", str(error)
        return type(error).__name__
    assert imported or lost, "neither a record nor a problem"
    return "read"


def open_pdf(data: bytes, folder: Path) -> str:
    """Read a mutated PDF and draw its first page; it is opened in a process of its own."""
    path = folder / "m.pdf"
    path.write_bytes(data)
    try:
        text = read_pdf(path)
        assert page_image(path, 1).startswith(b"\x89PNG"), "not an image"
    except AutoscreenError as error:
        assert "\n" not in str(error), "an error of more than one line"
        return str(error).partition(": ")[2].partition(";")[0] or type(error).__name__
    return "without text" if text.empty else "read"


def load(case: tuple[bytes, bytes], folder: Path) -> str:
    """Load a mutated model whose checksums fit."""
    (folder / "m.json").write_bytes(case[0])
    (folder / "m.npz").write_bytes(case[1])
    try:
        model = load_model(folder / "m.json")
        scores = model.decision_function([Record(title="A title", abstract="Pain in rats.")])
        assert (abs(scores) < 1e12).all(), "scores are not finite"
    except AutoscreenError as error:
        return type(error).__name__
    return "read"


def mutated_model(rng: random.Random) -> tuple[bytes, bytes]:
    """Return a model of which a part is changed, often with the checksums that fit."""
    content, words = (resource("models", f"rms-pnp{end}").read_bytes() for end in (".json", ".npz"))
    if rng.random() < 0.5:
        words = inside(words, rng) if rng.random() < 0.7 else mutated(words, rng)
    else:
        content = rng.choice(MUTATIONS)(content, rng)
    try:
        changed = json.loads(content)
        changed["words"] = {"file": "m.npz", "sha256": sha256(words).hexdigest()}
        rest = {key: value for key, value in changed.items() if key != "checksum"}
        changed["checksum"] = sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()
        content = json.dumps(changed).encode()
    except (ValueError, TypeError, AttributeError, RecursionError):
        pass
    return content, words


def run(name: str, sample: bytes, number: int, seed: int, folder: Path) -> tuple[str, bytes]:
    """Run one case; return how it ended and its bytes."""
    rng = random.Random(f"{seed}/{name}/{number}")
    if name == "model":
        case = mutated_model(rng)
        return load(case, folder), case[1]
    if name == "pdf":
        data = mutated(sample, rng)
        return open_pdf(data, folder), data
    data = mutated(sample, rng)
    return read_all(data, name if rng.random() < 0.7 else None), data


def main() -> int:
    """Run cases until the time is over; report what failed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="one format, 'model' or 'pdf'")
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--keep", type=Path, help="folder for the files of failed cases")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    files = {**samples(), "model": b"", "pdf": PDF}
    if asked.only:
        files = {asked.only: files[asked.only]}
    ends: dict[str, Counter[str]] = {name: Counter() for name in files}
    failed: list[str] = []

    def too_long(*_: object) -> None:
        raise TimeoutError(f"longer than {LIMIT} s")

    signal.signal(signal.SIGPROF, too_long)
    until = time.monotonic() + 60 * asked.minutes
    number = asked.first
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < until:
            for name, sample in files.items():
                if name in SLOW and number % 5 and not asked.only:
                    continue
                signal.setitimer(signal.ITIMER_PROF, LIMIT)
                try:
                    end, _ = run(name, sample, number, asked.seed, Path(folder))
                except Exception as error:
                    end = "FAILED"
                    failed.append(f"{name} {number}: {type(error).__name__}: {str(error)[:150]}")
                    print(failed[-1], traceback.format_exc().splitlines()[-4:-1], flush=True)
                    if asked.keep:
                        asked.keep.mkdir(parents=True, exist_ok=True)
                        rng = random.Random(f"{asked.seed}/{name}/{number}")
                        data = mutated_model(rng)[1] if name == "model" else mutated(sample, rng)
                        (asked.keep / f"{name}-{asked.seed}-{number}").write_bytes(data)
                finally:
                    signal.setitimer(signal.ITIMER_PROF, 0)
                ends[name][end] += 1
            number += 1
    for name, counts in ends.items():
        shown = ", ".join(f"{end} {count:,}" for end, count in counts.most_common())
        print(f"{name:<14} {counts.total():>7,} cases: {shown}")
    print(
        f"seed {asked.seed}: {sum(map(Counter.total, ends.values())):,} cases, {len(failed)} failed"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
