"""The assessed reports and PDFs as a folder, for reference managers and synthesis tools."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING

from autoscreen.errors import InputError
from autoscreen.presentation.wording import counted
from autoscreen.records import Label, Record

if TYPE_CHECKING:
    from autoscreen.review import Review

_END = "ER  - \r\n\r\n"
_PDFS = "pdfs"
_README = """\
The reports of the review {name} by what was decided about their full texts, with their PDFs:

{files}

Each file is RIS. NS is the study that a report belongs to, L1 the path of its PDF in this folder.

Zotero: File > Import > A file: included.ris in this folder; the PDFs are attached.
EndNote: File > Import > File, import option "Reference Manager (RIS)". Where it does not link
  the PDFs, choose File > Import > Folder, and this folder's {pdfs}.
Covidence: Import > Import into: Included, file included.ris (Covidence reads RIS, not CSV); the
  PDFs are uploaded with Bulk PDF upload.
RevMan: Data > Studies > Included > Action > Import study references: included.ris; likewise
  Excluded, Awaiting classification and Ongoing with the file of that name. RevMan puts each report
  to the study that NS names.
EPPI-Reviewer: Import Items > RIS: included.ris.
"""
_FILES = {
    Label.INCLUDE: "included",
    Label.EXCLUDE: "excluded",
    Label.AWAITING: "awaiting-classification",
    Label.ONGOING: "ongoing",
    Label.NOT_RETRIEVED: "not-retrieved",
}


def write_handover(review: Review, folder: str | Path) -> dict[str, int]:
    """Write the reports whose full text was decided, and their PDFs; return how many by file name.

    Raises InputError if the folder is not empty or no full text was decided, and SchemaError if a
    PDF is missing or damaged.
    """
    where = Path(folder)
    if where.is_file() or (where.is_dir() and any(where.iterdir())):
        raise InputError("is not an empty folder", path=str(where), hint="choose another name")
    listed = {
        label: [(one.id, one.record) for one in review.full_text.labelled(label)]
        for label in _FILES
    }
    if not any(listed.values()):
        raise InputError(
            "no full text was decided, so there is nothing to hand over",
            path=review.name,
            hint="decide about full texts, or export the records with --as ris",
        )
    first = {ident: study[0] for study in review.reporting.studies() for ident in study}
    studies = study_names(
        (ident, first.get(ident, ident), record)
        for some in listed.values()
        for ident, record in some
    )
    where.mkdir(parents=True, exist_ok=True)
    written = {}
    for label, reports in listed.items():
        if reports:
            path = where / f"{_FILES[label]}.ris"
            review.export(path, format="ris", label=label, stage="full-text")
            _complete(review, path, [ident for ident, _ in reports], studies)
            written[path.name] = len(reports)
    files = "\n".join(f"  {name}: {counted(n, 'report')}" for name, n in written.items())
    text = _README.format(name=review.name, files=files, pdfs=_PDFS)
    (where / "README.txt").write_text(text, encoding="utf-8")
    return written


def _complete(
    review: Review, path: Path, idents: Sequence[str], studies: Mapping[str, str]
) -> None:
    """Add to each record of a RIS file its study and its PDFs, which are copied."""
    texts = path.read_bytes().decode().split(_END)[:-1]
    done = []
    for ident, text in zip(idents, texts, strict=True):
        lines = [f"NS  - {studies[ident]}"]
        lines += [f"L1  - {_PDFS}/{name}" for name in _copy_pdfs(review, ident, path.parent)]
        done.append(text + "".join(f"{line}\r\n" for line in lines) + _END)
    path.write_bytes("".join(done).encode())


def _copy_pdfs(review: Review, ident: str, folder: Path) -> list[str]:
    names = []
    for number, one in enumerate(review.full_text.files.of(ident), 1):
        _, file = review.full_text.files.get(ident, one.sha256)
        (folder / _PDFS).mkdir(exist_ok=True)
        name = f"{ident}.pdf" if number == 1 else f"{ident}-{number}.pdf"
        shutil.copyfile(file, folder / _PDFS / name)
        names.append(name)
    return names


def study_names(reports: Iterable[tuple[str, str, Record]]) -> dict[str, str]:
    """
    Return the name of each report's study as RevMan gives it: ``Smith 2020``, ``Smith 2020a``.

    Each report comes with its id, that of its study, and its record.
    """
    listed = list(reports)
    names: dict[str, str] = {}
    for _, study, record in listed:
        author = record.authors[0].partition(", ")[0] if record.authors else record.title[:40]
        names.setdefault(study, f"{author} {record.year or ''}".strip())
    several = Counter(names.values())
    seen: Counter[str] = Counter()
    for study, name in names.items():
        if several[name] > 1:
            names[study] = name + _letters(seen[name])
            seen[name] += 1
    return {ident: names[study] for ident, study, _ in listed}


def _letters(number: int) -> str:
    """Return ``a`` for 0, ``z`` for 25, ``aa`` for 26."""
    above, place = divmod(number, len(ascii_lowercase))
    return (_letters(above - 1) if above else "") + ascii_lowercase[place]
