"""Prior knowledge of an open review: decisions of earlier reviews that only train the ranking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from autoscreen.dedup import MatchFields, find_duplicates, match_fields
from autoscreen.errors import FormatError, InputError
from autoscreen.formats import Problem, Source, detect, open_source, read, write
from autoscreen.progress_callback import Progress
from autoscreen.records import Label, Record, Stage, Verdict
from autoscreen.review.importing import fingerprint, refusal
from autoscreen.review.user_input import clean_input
from autoscreen.store import Store
from autoscreen.store.prior_copies import PriorCopy
from autoscreen.store.prior_knowledge import PriorFile

_STEP = 500


class ReviewPriorKnowledge:
    """Files of earlier reviews: their includes and excludes train the ranking, and do not count."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def import_file(
        self,
        path: str | Path | Source,
        *,
        format: str | None = None,
        strict: bool = False,
        label_column: str = "",
        reviewer: str = "",
        progress: Progress | None = None,
    ) -> PriorFile:
        """Import a file of an earlier review as prior knowledge, completely or not at all.

        Records that were included or excluded train the ranking. No record of the file becomes a
        record of this review. Records without a decision, unsure ones, and those about which the
        decisions differ are not used. `strict` refuses a file with any problem; `label_column` is
        the column of a table that holds the decisions, found by its name otherwise.
        """
        source = path if isinstance(path, Source) else open_source(path)
        source.label_column = label_column
        name = source.path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        content = fingerprint(source)
        known = format or detect(source)
        problems: list[Problem] = []
        used: list[tuple[Label, Record]] = []
        unused = 0
        for at, one in enumerate(read(source, format=known), 1):
            if isinstance(one, Problem):
                problems.append(one)
            elif label := _decision(one):
                used.append((label, replace(one, raw="", raw_format="")))
            else:
                unused += 1
            if progress is not None and not at % _STEP:
                progress(f"reading {source.path}", _STEP)
        if label_column and not source.columns.all:
            raise FormatError(
                f"this format has no columns, so there is no {label_column!r}",
                path=name,
                hint="import it without --label-column: the decisions in its notes are used",
            )
        if strict and problems:
            raise refusal(name, problems)
        self._check(name, content, used)
        return self._store.prior_knowledge.add(
            name,
            known,
            sha256=content,
            records=used,
            unused=unused,
            problems=problems,
            reviewer=clean_input(reviewer),
        )

    def _check(self, path: str, sha256: str, used: list[tuple[Label, Record]]) -> None:
        if not used:
            raise InputError(
                "no record was included or excluded, so nothing was imported as prior knowledge",
                path=path,
                hint="if the decisions are in a column of their own, name it as the label column",
            )
        for one in self.all():
            if one.sha256 == sha256:
                raise InputError(
                    f"this file is prior knowledge {one.id} already"
                    + ("" if one.in_use else ", which was removed"),
                    path=path,
                    hint="nothing was changed" if one.in_use else "restore it instead",
                )

    def all(self) -> list[PriorFile]:
        """Return all files, also removed ones, oldest first."""
        return self._store.prior_knowledge.all()

    def match(self) -> None:
        """Find the records of this review that are also in its prior knowledge."""
        copies, epoch = self._store.prior_copies, self._store.pool.epoch()
        if copies.current():
            return
        numbers, keys = [], []
        for number, _, record in self._store.prior_knowledge.numbered():
            numbers.append(number)
            keys.append(match_fields(record))
        copies.save(self._pairs(numbers, keys) if keys else (), at_epoch=epoch)

    def _pairs(
        self, numbers: Sequence[int], keys: Sequence[MatchFields]
    ) -> Iterator[tuple[int, int]]:
        related = self._store.imports.related(keys)
        sources, first = list(related.keys), len(related.keys)
        fields = [*related.keys.values(), *keys]
        for found in find_duplicates(fields, new_from=first, pairs=related.pairs):
            if found.first < first:
                yield numbers[found.second - first], sources[found.first]

    def copies(self) -> Sequence[PriorCopy]:
        """Return the records of this review that are also in its prior knowledge."""
        self.match()
        return self._store.prior_copies.all()

    def export(
        self, path: str | Path, *, format: str | None = None, number: int | None = None
    ) -> int:
        """
        Write the records of prior knowledge with their decisions, and return their number.

        Parameters
        ----------
        number
            Only those of one file; by default those of all files in use.
        """
        if number is not None:
            self._store.prior_knowledge.get(number)
        found = self._store.prior_knowledge.numbered(number)
        return write(
            (_with_label(record, label) for _, label, record in found), path, format=format
        )

    def problems(self, number: int) -> list[Problem]:
        """Return what could not be read, or was repaired, in one file."""
        return self._store.prior_knowledge.problems(number)

    def remove(self, number: int, *, reviewer: str = "") -> PriorFile:
        """Stop a file from training the ranking; `restore` reverses this."""
        return self._store.prior_knowledge.use(number, clean_input(reviewer), in_use=False)

    def restore(self, number: int, *, reviewer: str = "") -> PriorFile:
        """Let a removed file train the ranking again."""
        return self._store.prior_knowledge.use(number, clean_input(reviewer), in_use=True)


def _with_label(record: Record, label: Label) -> Record:
    """Return a record with the decision that is used; one that says otherwise is left out."""
    said = tuple(one for one in record.verdicts if one.label is label)
    return replace(record, verdicts=said or (Verdict(label=label),))


def _decision(record: Record) -> Label | None:
    """Return what was decided on title and abstract, or else on the full text; None if unclear."""
    decided = [one for one in record.verdicts if one.stage is Stage.TITLE_ABSTRACT]
    decided = decided or list(record.verdicts)
    final = [one for one in decided if one.resolves][-1:] or decided
    labels = {one.label for one in final}
    label = labels.pop() if len(labels) == 1 else None
    return None if label is Label.UNSURE else label
