"""Runs the tasks in processes of this machine, or on a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from joblib import Parallel, delayed
from joblib.externals.loky.process_executor import TerminatedWorkerError

from autoscreen.errors import MissingExtraError, SourceError
from autoscreen.medline.file_task import FileTask, ScoredFile, score_file

_ANSWERS_IN = 20
_LOST = "its worker was ended from outside, perhaps for want of memory; run the command again"


def on_this_machine(tasks: Sequence[FileTask], jobs: int) -> Iterator[ScoredFile]:
    """Yield the outcome of each task, in any order."""
    if jobs == 1:
        yield from map(score_file, tasks)
        return
    left = list(tasks)
    while left:
        done: set[str] = set()
        try:
            for one in _parallel(left, jobs):
                done.add(one.name)
                yield one
            return
        except TerminatedWorkerError:
            left = [task for task in left if task.file.name not in done]
        # It is not known which file it was. Those that were started run again alone, to find it.
        for task in left[: 2 * jobs]:
            yield _alone(task)
        left = left[2 * jobs :]


def _parallel(tasks: Sequence[FileTask], jobs: int) -> Iterator[ScoredFile]:
    results: Iterator[ScoredFile] = Parallel(
        n_jobs=jobs, return_as="generator_unordered", batch_size=1, pre_dispatch=2 * jobs
    )(delayed(score_file)(task) for task in tasks)
    return results


def _alone(task: FileTask) -> ScoredFile:
    try:
        (one,) = _parallel([task], 2)
    except TerminatedWorkerError:
        return ScoredFile(name=task.file.name, fault=f"{task.file.name}: {_LOST}")
    return one


def on_cluster(tasks: Sequence[FileTask], scheduler: str) -> Iterator[ScoredFile]:
    """Yield the outcome of each task, in any order; paths are those on the workers."""
    try:
        from distributed import Client, KilledWorker, as_completed  # noqa: PLC0415  (an extra)
    except ImportError as error:
        raise MissingExtraError("--scheduler", extra="cluster") from error
    try:
        client = Client(scheduler, timeout=_ANSWERS_IN, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SourceError(
            f"no Dask scheduler answers at {scheduler}",
            hint="start one with: dask scheduler; and workers with: dask worker ADDRESS",
        ) from error
    with client:
        futures = {client.submit(score_file, task, pure=False): task for task in tasks}
        for future in as_completed(list(futures), loop=client.loop):
            name = futures[future].file.name
            try:
                yield future.result()
            except KilledWorker:
                yield ScoredFile(name=name, fault=f"{name}: {_LOST}")
