"""Imports one file: reads it, finds its duplicates, and saves all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path, PurePath

from autoscreen.dedup import (
    DuplicateMatch,
    EvidenceKind,
    MatchEvidence,
    MatchFields,
    clusters,
    find_duplicates,
    match_fields,
    possible_duplicates,
)
from autoscreen.errors import AutoscreenError, FormatError
from autoscreen.formats import Problem, Source, detect, open_source, read
from autoscreen.progress_callback import Progress
from autoscreen.protocol import Reason
from autoscreen.records import Record, Stage, Verdict
from autoscreen.review.user_input import imported_reason, reason_codes
from autoscreen.store import ImportBuffer, Store, digest
from autoscreen.store.effective_label import NOBODY
from autoscreen.store.stored_values import ImportRun

_STEP = 500
_SHOWN = 3
_HELD = MatchEvidence(kind=EvidenceKind.PMID, points=1_000_000)
"""The strength of a merge that already exists: above all that a comparison finds."""


@dataclass(slots=True, kw_only=True)
class _File:
    """What was read from one file."""

    path: str
    format: str
    sha256: str
    started: str
    incoming: ImportBuffer
    reasons: Mapping[str, str]
    """Codes of the protocol's reasons by their words."""
    keys: list[MatchFields] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    verdicts: list[tuple[int, Verdict]] = field(default_factory=list)
    """Decisions, with the number of the record in this import."""
    known_verdicts: list[tuple[int, Verdict]] = field(default_factory=list)
    """Decisions, with the number of the record in the review."""
    already_there: int = 0
    starts: int = 0


@dataclass(frozen=True, slots=True)
class _Duplicates:
    """What to merge: pairs with their evidence, and the group that each record will be in."""

    pairs: list[tuple[int, int, str]]
    groups: dict[int, list[int]]
    possible: list[tuple[int, int, str]]
    """Pairs that are alike, but not enough for a merge."""


def import_all(
    store: Store,
    paths: Iterable[str | Path | Source],
    *,
    format: str | None,
    strict: bool,
    label_column: str,
    reasons: tuple[Reason, ...] | None,
    progress: Progress,
) -> list[ImportRun]:
    """Import files, each completely or not at all; an error names those imported before it."""
    reports: list[ImportRun] = []
    for path in paths:
        try:
            source = path if isinstance(path, Source) else open_source(path)
            source.label_column = label_column
            report = import_source(
                store, source, format=format, strict=strict, reasons=reasons, progress=progress
            )
        except AutoscreenError as error:
            if reports:
                error.hint = f"{error.hint}; " if error.hint else ""
                error.hint += f"imported before it: {', '.join(r.path for r in reports)}"
            raise
        reports.append(report)
    return reports


def import_source(
    store: Store,
    source: Source,
    *,
    format: str | None,
    strict: bool,
    reasons: Sequence[Reason] | None,
    progress: Progress,
    taken: Callable[[int], None] | None = None,
    known: Mapping[bytes, int] | None = None,
) -> ImportRun:
    """
    Import a file completely or not at all.

    Decisions are imported with the codes of these reasons; None leaves them in the file.
    """
    file = _File(
        started=store.time(),
        format=format or detect(source),
        path=source.path.encode("utf-8", "surrogateescape").decode("utf-8", "replace"),
        sha256=fingerprint(source),
        incoming=store.incoming(),
        reasons=reason_codes(reasons or ()),
    )
    try:
        _read(file, source, {**store.imports.seen(file.sha256), **(known or {})}, progress)
        if source.label_column and not source.columns.all:
            raise FormatError(
                f"this format has no columns, so there is no {source.label_column!r}",
                path=file.path,
                hint="import it without --label-column: the decisions in its notes are imported",
            )
        if strict and file.problems:
            raise refusal(file.path, file.problems)
        run = _take(store, file, source, labels=reasons is not None, progress=progress, taken=taken)
    finally:
        file.incoming.discard()
    return replace(run, problems=tuple(file.problems))


def fingerprint(source: Source) -> str:
    """Return the SHA-256 of a file, compressed or not, or of the records that were read of it."""
    total = sha256()
    if source.read is not None:
        for one in source.read:
            total.update(digest(one) if isinstance(one, Record) else b"")
        return total.hexdigest()
    with source.binary() as stream:
        while block := stream.read(1 << 20):
            total.update(block)
    return total.hexdigest()


def _read(file: _File, source: Source, seen: dict[bytes, int], progress: Progress) -> None:
    done = 0
    for result in read(source, format=file.format):
        if isinstance(result, Problem):
            file.problems.append(result)
            file.starts += result.lost
            continue
        file.starts += 1
        _sort_in(file, result, seen)
        if file.starts - done >= _STEP:
            progress(f"reading {source.path}", file.starts - done)
            done = file.starts
    progress(f"reading {source.path}", file.starts - done)


def _sort_in(file: _File, record: Record, seen: dict[bytes, int]) -> None:
    verdicts = [
        replace(one, reason=imported_reason(one.reason, file.reasons)) if one.reason else one
        for one in record.verdicts
    ]
    known = seen.get(digest(record)) if seen else None
    if known is not None:
        file.already_there += 1
        file.known_verdicts += [(known, verdict) for verdict in verdicts]
        return
    key = match_fields(record)
    number = file.incoming.add(record, file.starts, key)
    file.keys.append(key)
    file.verdicts += [(number, verdict) for verdict in verdicts]


def _take(
    store: Store,
    file: _File,
    source: Source,
    *,
    labels: bool,
    progress: Progress,
    taken: Callable[[int], None] | None,
) -> ImportRun:
    """Write all of it in one transaction, after all that takes long."""
    epoch = store.pool.epoch()
    progress(f"finding duplicates of {file.path}", 0)
    duplicates = _duplicates(store, file)
    with store.writing():
        if store.pool.epoch() != epoch:  # another process was faster; now none can be
            duplicates = _duplicates(store, file)
        number = store.imports.open(
            file.path,
            file.format,
            sha256=file.sha256,
            started=file.started,
            starts=file.starts,
            already_there=file.already_there,
            problems=file.problems,
            columns=source.columns,
        )
        file.problems += store.imports.take(number, file.incoming)
        first = store.imports.next_number() - file.incoming.count
        concerned = _concerned(file, duplicates, first)
        before = _conflicts(store, concerned)
        # Before the merges, so that their evidence shows where decisions differ.
        decided = {
            stage: _decide(store, number, first, file, duplicates.groups, stage) if labels else 0
            for stage in Stage
        }
        store.merges.join(duplicates.pairs, import_id=number)
        store.duplicates.add(duplicates.possible, number)
        if taken is not None:
            taken(number)
        made = len(_conflicts(store, concerned) - before)
        return store.imports.close(
            number,
            labels=decided[Stage.TITLE_ABSTRACT],
            full_text=decided[Stage.FULL_TEXT],
            conflicts=made,
        )


def _conflicts(store: Store, concerned: set[int]) -> frozenset[tuple[Stage, int]]:
    return frozenset(
        (stage, number)
        for stage in Stage
        for number in store.screening_of(stage).conflicts_among(concerned)
    )


def _concerned(file: _File, duplicates: _Duplicates, first: int) -> set[int]:
    """Return a source of each record whose label an import may change."""
    merged = {number for one, other, _ in duplicates.pairs for number in (one, other)}
    return merged | {number for number, _ in _verdicts(file, first)}


def _duplicates(store: Store, file: _File) -> _Duplicates:
    """Find the pairs to merge, with the numbers that the records will have."""
    if not file.keys:
        return _Duplicates([], {}, [])
    related = store.imports.related(file.keys)
    numbers = list(related.keys)
    place = {number: position for position, number in enumerate(numbers)}
    first_new, base = len(numbers), store.imports.next_number()
    numbers += range(base, base + len(file.keys))
    keys = [*related.keys.values(), *file.keys]
    apart = [(place[a], place[b]) for a, b in store.merges.apart(related.keys.keys())]
    found = find_duplicates(
        keys, new_from=first_new, apart=apart, pairs=related.pairs, possible=True
    )
    held = [
        DuplicateMatch(first=place[kept], second=place[absorbed], evidence=_HELD)
        for kept, absorbed in store.merges.links(related.keys.keys())
    ]
    pairs: list[tuple[int, int, str]] = []
    groups: dict[int, list[int]] = {}
    joined = clusters(len(keys), held + found, keys, apart)
    for cluster in joined:
        members = [numbers[position] for position in cluster.members]
        groups |= dict.fromkeys(members, members)
        pairs += [
            (numbers[match.first], numbers[match.second], str(match.evidence))
            for match in cluster.merges
            if match.evidence is not _HELD
        ]
    possible = [
        (numbers[match.first], numbers[match.second], str(match.evidence))
        for match in possible_duplicates(found, joined, keys, apart)
    ]
    return _Duplicates(pairs, groups, possible)


def _verdicts(file: _File, first: int) -> list[tuple[int, Verdict]]:
    """Return the decisions of a file with the numbers of their sources, of which `first` is new."""
    came = [(first - 1 + position, verdict) for position, verdict in file.verdicts]
    return file.known_verdicts + came


def _decide(
    store: Store,
    number: int,
    first: int,
    file: _File,
    groups: Mapping[int, list[int]],
    stage: Stage,
) -> int:
    """Record the decisions of a stage that came with a file, unless their record has them."""
    came = [one for one in _verdicts(file, first) if one[1].stage is stage]
    if not came:
        return 0
    alike = {record: groups.get(record, [record]) for record, _ in came}
    said = store.decisions_of(stage).said_of(one for same in alike.values() for one in same)
    nobody = f"{NOBODY}{PurePath(file.path).name}"

    def is_known(record: int, verdict: Verdict, reviewer: str) -> bool:
        before = [old for one in alike[record] for old in said.get(one, ())]
        same = replace(verdict, resolves=False)
        return same in before or replace(same, reviewer=reviewer) in before

    # A new resolution comes with the decisions that it settles, also those that are there already.
    resolved = {
        one
        for record, verdict in came
        if verdict.resolves and not is_known(record, verdict, verdict.reviewer or nobody)
        for one in alike[record]
    }
    new: list[tuple[int, Verdict]] = []
    for record, verdict in came:
        reviewer = verdict.reviewer or nobody
        if record in resolved or not is_known(record, verdict, reviewer):
            said.setdefault(record, []).append(replace(verdict, reviewer=reviewer, resolves=False))
            new.append((record, replace(verdict, reviewer=reviewer)))
    if new:
        store.decisions_of(stage).add_imported(new, number)
    return len(new)


def refusal(path: str, problems: list[Problem]) -> FormatError:
    """Return the error that refuses a file with problems."""
    first = "; ".join(
        f"{'' if problem.line is None else f'line {problem.line}: '}{problem.message}"
        for problem in problems[:_SHOWN]
    )
    count = len(problems)
    more = f"; and {count - _SHOWN} more" if count > _SHOWN else ""
    return FormatError(
        f"not imported: {count} problem{'' if count == 1 else 's'}: {first}{more}",
        path=path,
        hint="correct the file, or import it without strict",
    )
