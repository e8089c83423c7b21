"""Finds new records in PubMed's update files, which cannot be searched with a query.

Several reviews share one pass: each file is read once, and scored by all their models at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from autoscreen.errors import AutoscreenError, ConfigError, InputError
from autoscreen.formats import Problem
from autoscreen.formats.pubmed_scan import ScannedRecord
from autoscreen.monitor.digest import Kind
from autoscreen.monitor.lookup import LookupTally, import_read, look_at_included, some, sort_out
from autoscreen.presentation.wording import counted
from autoscreen.progress_callback import Progress
from autoscreen.protocol import Protocol
from autoscreen.pubmed import UpdateFile, read_update_files
from autoscreen.records import Record
from autoscreen.review import Review
from autoscreen.store.watch_values import WatchRun
from autoscreen.text.english import NOT_ENGLISH, has_english
from autoscreen.text.highlights import highlights

if TYPE_CHECKING:
    from autoscreen.ranking import ScreeningModel

_BATCH = 1000
_BLOCK = 1 << 20

Failed = Callable[["UpdateReader", AutoscreenError], None]
"""Hears which review cannot go on, and why."""


class UpdateReader:
    """What one review takes from the update files that it has not read before."""

    def __init__(self, review: Review, run: WatchRun, model: ScreeningModel | None) -> None:
        self.model = model
        self.seen = LookupTally()
        self._review = review
        self._run = run
        self._how = _how(review.protocol, model)
        self._required = {concept.key for concept in review.protocol.required}
        self._done = review.watch.read_files()
        self._skipped = 0
        self._kept: dict[str, ScannedRecord] = {}
        self._unread: list[str] = []

    def wants(self, name: str, md5: str) -> bool:
        """Return whether a file was not read before."""
        known = (name, md5) in self._done
        self._skipped += known
        return not known

    def take(
        self, batch: Sequence[ScannedRecord], hopeful: Mapping[UpdateReader, Sequence[int]]
    ) -> None:
        """Keep those records of a file that are found; a model finds only hopeful ones."""
        if self.model is None:
            found = self._by_concepts(batch)
        else:
            found = self._by_model(self.model, batch, hopeful[self])
        known = self._review.watch.known_pmids([one.pmid for one in batch if one.pmid])
        for at, one in enumerate(batch):
            if one.pmid and (at in found or one.pmid in known):
                self._kept[one.pmid] = one
            elif not has_english(one):
                self._unread.append(one.pmid or "unknown")
        self.seen.records += len(batch)

    def finish(self, file: UpdateFile, md5: str, progress: Progress) -> None:
        """Import what was kept of a file that was read to its end."""
        review, run, name = self._review, self._run, file.path.name
        for pmid in file.deleted:
            self._kept.pop(pmid, None)
        kept = {pmid: self._record(one, name) for pmid, one in self._kept.items()}
        self._kept = {}
        if file.note:
            self.seen.notes.append(f"{name}: {file.note}.")
        known = review.watch.known_pmids(file.deleted)
        deleted = [(Kind.DELETED, pmid, "", "") for pmid in file.deleted if pmid in known]
        review.watch.note(run.id, deleted)
        fresh, same = sort_out(review, run, kept)
        self.seen.known += same
        import_read(review, fresh, self.seen, f"{name}, watch {run.id}", progress=progress)
        look_at_included(review, run, kept, self.seen, everywhere=False)
        review.watch.file_read(run.id, name, md5)

    def close(self) -> LookupTally:
        """Return what was found in all files."""
        notes = self.seen.notes
        if self._skipped:
            notes.append(f"{counted(self._skipped, 'file')} of the folder had been read before.")
        if self._unread:
            number = counted(len(self._unread), "record")
            notes.append(f"{number} {NOT_ENGLISH}: PMID {some(self._unread)}.")
        notes.append(
            "Update files cannot be searched with a query: records count as found if "
            f"{self._how}. Included studies are checked only if they are in the files."
        )
        return self.seen

    def _by_model(
        self, model: ScreeningModel, batch: Sequence[ScannedRecord], hopeful: Sequence[int]
    ) -> set[int]:
        english = [at for at in hopeful if has_english(batch[at])]
        scores = model.decision_function([batch[at] for at in english]).tolist()
        both = zip(english, scores, strict=True)
        return {at for at, score in both if score >= model.threshold}

    def _by_concepts(self, batch: Sequence[ScannedRecord]) -> set[int]:
        protocol, found = self._review.protocol, set()
        for at, one in enumerate(batch):
            text = Record(title=one.title, abstract=one.abstract)
            if self._required <= {hit.concept for hit in highlights(text, protocol)}:
                found.add(at)
        return found

    def _record(self, one: ScannedRecord, file: str) -> Record:
        repaired: list[str] = []
        record = one.record(repaired.append)
        if repaired:
            self.seen.repaired[record.pmid] = [
                Problem(path=file, line=None, record=None, message=message, lost=False)
                for message in repaired
            ]
        return record


def read_updates(
    readers: Sequence[UpdateReader], folder: Path, *, failed: Failed, progress: Progress
) -> None:
    """Read the update files of a folder once for all reviews, one after another."""
    from autoscreen.ranking import ScorePass  # noqa: PLC0415  (it loads numpy)

    going = list(readers)
    models = {one: one.model for one in readers if one.model is not None}
    fast = ScorePass(list(models.values()))
    floors = [model.threshold for model in models.values()]

    def attempt(those: Sequence[UpdateReader], what: Callable[[UpdateReader], None]) -> None:
        for one in [each for each in those if each in going]:
            try:
                what(one)
            except AutoscreenError as error:
                going.remove(one)
                failed(one, error)

    try:
        for file in read_update_files(folder):
            if not going:
                return
            if file.fault:
                raise InputError(file.fault, path=str(file.path), hint="download it again")
            md5 = _md5(file.path)
            wanting = [one for one in going if one.wants(file.path.name, md5)]
            lost: list[str] = []
            for batch in _batches(file, lost) if wanting else ():
                rows = [own.tolist() for own in fast.candidates(batch, floors)] if models else []
                hopeful = dict(zip(models, rows, strict=True))
                attempt(wanting, partial(UpdateReader.take, batch=batch, hopeful=hopeful))
                progress(f"reading {file.path.name}", len(batch))
            for one in wanting:
                one.seen.notes += [
                    f"{file.path.name}: a record could not be read: {why}." for why in lost
                ]
            finish = partial(UpdateReader.finish, file=file, md5=md5, progress=progress)
            attempt(wanting, finish)
    except AutoscreenError as error:  # of a file, so that no review can go on
        for one in going:
            failed(one, error)


def _batches(file: UpdateFile, lost: list[str]) -> Iterator[list[ScannedRecord]]:
    """Yield the records of a file; `lost` gets why others could not be read."""

    def records() -> Iterator[ScannedRecord]:
        for one in file.read():
            if not isinstance(one, Problem):
                yield one
            elif one.lost:
                lost.append(one.message)

    stream = records()
    while batch := list(islice(stream, _BATCH)):
        yield batch


def _how(protocol: Protocol, model: ScreeningModel | None) -> str:
    """Return when a record counts as found, as the end of a sentence."""
    if model is not None:
        return f"the saved model {model.name} scores them above its threshold"
    if not protocol.required:
        raise ConfigError(
            f"the protocol {protocol.name} has no required concept, so records of update files "
            "cannot be selected",
            hint="mark concepts as required in the protocol, or name a saved model with --model",
        )
    names = ", ".join(concept.label or concept.key for concept in protocol.required)
    return f"they mention each required concept of the protocol ({names})"


def _md5(path: Path) -> str:
    total = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            total.update(block)
    return total.hexdigest()
