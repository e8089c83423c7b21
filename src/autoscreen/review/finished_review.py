"""A finished review from a file: its records and decisions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from autoscreen.errors import InputError
from autoscreen.features import PoolFeatures, concept_coverage
from autoscreen.formats import Problem, Source, label_columns, open_source, read
from autoscreen.protocol import Protocol
from autoscreen.ranking import Prior, TransferModel, protocol_prior, with_sentences
from autoscreen.records import Label, Record, Stage

if TYPE_CHECKING:
    from autoscreen.review.review import Review

_ID_COLUMN = "record_id"
_WHOLE = re.compile(r"(0|-?[1-9]\d*)(\.0+)?")
_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedReview:
    """Records with their final labels."""

    path: str
    ids: tuple[int | str, ...]  # Id of each record: numbers if all of them are, else texts
    records: tuple[Record, ...]  # The records, in the order of the file
    relevant: NDArray[np.bool_]  # Whether each was included
    unlabelled: int  # How many had no label and count as irrelevant
    problems: tuple[Problem, ...]  # What was wrong in the file
    # The columns that the labels were read from: the first, and where it is empty the next. Empty
    # for a file without columns.
    label_columns: tuple[str, ...] = ()
    # Sentence embeddings, one row per record, if they were computed before
    embeddings: NDArray[np.float32] | None = None

    def row(self, ident: str) -> int:
        """Find a record by its id."""
        wanted = ident.strip()
        whole = _WHOLE.fullmatch(wanted)
        for row, known in enumerate(self.ids):
            if str(known) == wanted or (whole and known == int(whole[1])):
                return row
        first = ", ".join(map(str, self.ids[:_NAMED]))
        raise InputError(
            f"there is no record {ident!r}", path=self.path, hint=f"its ids begin {first}"
        )


@dataclass(frozen=True, slots=True)
class SimulationPool:
    """A pool as the ranker sees it."""

    matrix: csr_array  # TF-IDF, shape (records, terms)
    prior: Prior  # The scores of the records before any label


def read_finished_review(
    path: str | Path | Source, *, label_column: str = "", unlabelled_irrelevant: bool = False
) -> FinishedReview:
    """Read a labelled export."""
    source = path if isinstance(path, Source) else open_source(path)
    source.label_column = label_column
    problems: list[Problem] = []
    found: dict[int, Record] = {}
    number = 0
    for one in read(source):
        number += isinstance(one, Record) or one.lost
        if isinstance(one, Record):
            found[number] = one
        else:
            problems.append(one)
    if label_column and not source.columns.all:
        raise InputError(
            f"this format has no columns, so there is no {label_column!r}",
            path=source.path,
            hint="leave --label-column out: the labels in its notes are taken",
        )
    records = tuple(found.values())
    labels = [_label(record) for record in records]
    missing = sum(label is None for label in labels)
    _check_labels(source.path, labels, missing, allowed=unlabelled_irrelevant)
    return FinishedReview(
        path=source.path,
        ids=_ids(source.path, source.columns.all, found),
        records=records,
        relevant=np.array([bool(label) for label in labels], dtype=bool),
        unlabelled=missing,
        problems=tuple(problems),
        label_columns=(label_column,) if label_column else label_columns(source.columns.all),
    )


def as_finished_review(review: Review, *, unlabelled_irrelevant: bool = False) -> FinishedReview:
    """Return an open review with its labels and sentence embeddings, as a finished one."""
    listed = list(review.records())
    sure = [None if one.label is Label.UNSURE else one.label for one in listed]
    labels = [None if label is None else label is Label.INCLUDE for label in sure]
    missing = sum(label is None for label in labels)
    _check_labels(
        review.name, labels, missing, allowed=unlabelled_irrelevant, hint="screen records first"
    )
    return FinishedReview(
        path=review.name,
        ids=tuple(one.id for one in listed),
        records=tuple(one.record for one in listed),
        relevant=np.array([bool(label) for label in labels], dtype=bool),
        unlabelled=missing,
        problems=(),
        embeddings=review.embeddings.vectors(one.id for one in listed),
    )


def pool_of(
    past: FinishedReview,
    protocol: Protocol | None,
    *,
    model: TransferModel | None = None,
    embeddings: NDArray[np.float32] | None = None,
) -> SimulationPool:
    """Return the features of a finished review."""
    records = past.records
    rows = [(one.title, one.abstract, "\n".join(one.index_terms)) for one in records]
    features = PoolFeatures.of(rows)
    # Without a protocol the question is known only by what its search found.
    question = (protocol.title or protocol.question) if protocol else ""
    coverage = concept_coverage(rows, protocol.concepts if protocol else ())
    prior = protocol_prior(features, question, coverage, model=model)
    if embeddings is not None:
        prior = with_sentences(prior, embeddings)
    return SimulationPool(features.matrix, prior)


def draw_start(relevant: NDArray[np.bool_], *, random_state: int) -> Mapping[int, bool]:
    """Draw one relevant and one irrelevant record to start from."""
    generator = np.random.default_rng(random_state)
    first = int(generator.choice(np.flatnonzero(relevant)))
    return {first: True, int(generator.choice(np.flatnonzero(~relevant))): False}


def _label(record: Record) -> bool | None:
    sure = [one for one in record.verdicts if one.label is not Label.UNSURE]
    decided = [one.label for one in sure if one.stage is Stage.TITLE_ABSTRACT]
    decided = decided or [one.label for one in sure]
    return decided[-1] is Label.INCLUDE if decided else None


def _check_labels(
    path: str,
    labels: list[bool | None],
    missing: int,
    *,
    allowed: bool,
    hint: str = "name the column that holds them with --label-column",
) -> None:
    if not labels:
        raise InputError("holds no record", path=path)
    if missing == len(labels):
        raise InputError("no record has a label", path=path, hint=hint)
    if missing and not allowed:
        raise InputError(
            f"{missing} of {len(labels)} records have no label, or an unsure one",
            path=path,
            hint="if they were excluded, count them so (on the page, or --unlabelled irrelevant)",
        )
    relevant = sum(map(bool, labels))
    if relevant in (0, len(labels)):
        which = "every" if relevant else "no"
        raise InputError(f"{which} record is relevant, so nothing can be ranked", path=path)


def _ids(
    path: str, columns: tuple[str, ...], records: Mapping[int, Record]
) -> tuple[int | str, ...]:
    if _ID_COLUMN not in {"_".join(name.lower().split()) for name in columns}:
        return tuple(records)
    given = [record.source_key for record in records.values()]
    twice = [key for key, times in Counter(given).items() if times > 1]
    if twice:
        named = ", ".join(repr(key) for key in twice[:_NAMED])
        raise InputError(
            f"{len(twice)} ids in {_ID_COLUMN} come more than once: {named}",
            path=path,
            hint="each record needs an id of its own, or leave the column out",
        )
    matches = [_WHOLE.fullmatch(key) for key in given]
    numbers = [int(match[1]) for match in matches if match]
    return tuple(numbers) if len(set(numbers)) == len(given) else tuple(given)
