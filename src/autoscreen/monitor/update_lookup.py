"""Finds new records in PubMed's update files, which cannot be searched with a query."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from autoscreen.errors import ConfigError, InputError
from autoscreen.monitor.digest import Kind
from autoscreen.monitor.lookup import (
    LookupTally,
    import_read,
    look_at_included,
    sort_out,
    whole_records,
)
from autoscreen.presentation.wording import counted
from autoscreen.progress_callback import Progress
from autoscreen.protocol import Protocol
from autoscreen.pubmed import UpdateFile, read_update_files
from autoscreen.records import Record
from autoscreen.review import Review
from autoscreen.store.watch_values import WatchRun
from autoscreen.text.highlights import highlights

if TYPE_CHECKING:
    from autoscreen.ranking import ScreeningModel

_BATCH = 1000
_BLOCK = 1 << 20

Finder = Callable[[Sequence[Record]], list[bool]]
"""Whether a record counts as found."""


def look_in_updates(
    review: Review,
    run: WatchRun,
    folder: Path,
    model: ScreeningModel | None,
    *,
    progress: Progress,
) -> LookupTally:
    """Read the update files that were not read before, one after another."""
    finder, how = _finder(review.protocol, model)
    seen = LookupTally()
    watches = review.watch
    done = watches.read_files()
    skipped = 0
    for file in read_update_files(folder):
        name = file.path.name
        if file.fault:
            raise InputError(file.fault, path=str(file.path), hint="download it again")
        md5 = _md5(file.path)
        if (name, md5) in done:
            skipped += 1
            continue
        if file.note:
            seen.notes.append(f"{name}: {file.note}.")
        _one_file(review, run, file, finder, seen, progress)
        watches.file_read(run.id, name, md5)
    if skipped:
        seen.notes.append(f"{counted(skipped, 'file')} of the folder had been read before.")
    seen.notes.append(
        f"Update files cannot be searched with a query: records count as found if {how}. "
        "Included studies are checked only if they are in the files."
    )
    return seen


def _one_file(
    review: Review,
    run: WatchRun,
    file: UpdateFile,
    finder: Finder,
    seen: LookupTally,
    progress: Progress,
) -> None:
    kept: dict[str, Record] = {}
    for batch in _batches(file, seen):
        found = finder(batch)
        known = review.watch.known_pmids([record.pmid for record in batch if record.pmid])
        for record, good in zip(batch, found, strict=True):
            if record.pmid and (good or record.pmid in known):
                kept[record.pmid] = record
        seen.records += len(batch)
        progress(f"reading {file.path.name}", len(batch))
    for pmid in file.deleted:
        kept.pop(pmid, None)
    known = review.watch.known_pmids(file.deleted)
    deleted = [(Kind.DELETED, pmid, "", "") for pmid in file.deleted if pmid in known]
    review.watch.note(run.id, deleted)
    fresh, same = sort_out(review, run, kept)
    seen.known += same
    import_read(review, fresh, seen, f"{file.path.name}, watch {run.id}", progress=progress)
    look_at_included(review, run, kept, seen, everywhere=False)


def _batches(file: UpdateFile, seen: LookupTally) -> Iterator[list[Record]]:
    records = whole_records(file.read(), seen, file=file.path.name)
    while some := list(islice(records, _BATCH)):
        yield some


def _finder(protocol: Protocol, model: ScreeningModel | None) -> tuple[Finder, str]:
    """Return the function that finds records, and its description as the end of a sentence."""
    if model is not None:

        def by_model(records: Sequence[Record]) -> list[bool]:
            return [bool(score >= model.threshold) for score in model.decision_function(records)]

        return by_model, f"the saved model {model.name} scores them above its threshold"
    required = {concept.key for concept in protocol.required}
    if not required:
        raise ConfigError(
            f"the protocol {protocol.name} has no required concept, so records of update files "
            "cannot be selected",
            hint="mark concepts as required in the protocol, or name a saved model with --model",
        )

    def by_concepts(records: Sequence[Record]) -> list[bool]:
        return [required <= {one.concept for one in highlights(r, protocol)} for r in records]

    names = ", ".join(concept.label or concept.key for concept in protocol.required)
    return by_concepts, f"they mention each required concept of the protocol ({names})"


def _md5(path: Path) -> str:
    total = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            total.update(block)
    return total.hexdigest()
