"""The page of one long task: how far it is, then its result."""

from __future__ import annotations

import mimetypes
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from autoscreen.errors import InputError
from autoscreen.records import Label
from autoscreen.review import Review
from autoscreen.store.job_log import Job
from autoscreen.web.accounts.members import Role
from autoscreen.web.charts import RecallChart, recall_chart
from autoscreen.web.jobs.job_runner import RunningJob
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash, Visit

PAGES = {
    "search": ("/search", "Search PubMed"),
    "watch": ("/watch", "PubMed alerts"),
    "second_look": ("/second-look", "Second look"),
    "simulate": ("/simulate", "Replay a finished review"),
    "train": ("/models", "Models"),
    "score": ("/models", "Models"),
    "report": ("/report", "Report"),
    "embed": ("/overview", "Overview"),
}
"""The page from which each kind of task is started, and its name."""
_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """A task, and how far it is if it is running."""

    job: Job
    running: RunningJob | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _More:
    """What is shown with a result and changes: labels now; or is drawn: a curve."""

    labels: Mapping[str, Label | None]
    curve: RecallChart | None


async def page(visit: Visit) -> Response:
    """Show how far a task is, or its result."""
    shown = await job_view(visit, _number(visit))
    back, name = PAGES[shown.job.kind]
    more = await visit.executor.read(lambda review: _more(review, shown.job))
    return visit.render(
        "tools/job.html",
        shown=shown,
        more=more,
        back=back,
        back_name=name,
        may=visit.visitor.role >= Role.REVIEWER,
    )


async def stop(visit: Visit) -> Response:
    """Stop a task."""
    number = _number(visit)
    shown = await job_view(visit, number)
    visit.state.jobs.stop(number)
    text = "Stopping." if shown.running else "This task has already ended."
    return visit.redirect(f"/jobs/{number}", Flash(text=text))


async def file(visit: Visit) -> Response:
    """Return a file that a task has written."""
    shown = await job_view(visit, _number(visit))
    name = visit.path("name")
    if name not in shown.job.result.get("files", ()):
        raise HTTPException(404)
    path = visit.executor.files / name
    if not path.exists():
        raise InputError(
            f"the file {name} is no longer in the folder {visit.executor.files.name}",
            hint="put it back, or run the task again",
        )
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return FileResponse(path, filename=name, media_type=kind)


async def task_page(visit: Visit, kind: str, *, install: str = "") -> Response:
    """Show how to start a kind of task on the decisions of this review, and earlier results."""
    progress = await visit.executor.read(lambda review: review.progress())
    return visit.render(
        f"tools/{kind}.html",
        progress=progress,
        jobs=await job_views(visit, kind),
        may=visit.visitor.role >= Role.REVIEWER,
        install=install,
    )


async def job_view(visit: Visit, number: int) -> JobView:
    """Return a task with its progress."""
    running = visit.state.jobs.job(number)
    job = await visit.executor.read(lambda review: review.jobs.get(number))
    return JobView(job=job, running=running)


async def job_views(visit: Visit, *kinds: str) -> Sequence[JobView]:
    """Return the newest tasks of some kinds, newest first."""
    running = {one.id: one for kind in kinds if (one := visit.state.jobs.running(kind))}
    jobs = await visit.executor.read(lambda review: review.jobs.all(*kinds))
    return [JobView(job=one, running=running.get(one.id)) for one in jobs]


async def uploaded(visit: Visit, name: str) -> tuple[Path, str]:
    """Save an uploaded file in a folder of its own; return its path and its original name."""
    one = (await visit.form()).get(name)
    if not isinstance(one, UploadFile) or not one.filename:
        raise InputError("no file was chosen", hint="choose a file of records")
    original = re.split(r"[/\\]", one.filename)[-1]
    clean = "".join(char if char.isprintable() else " " for char in original).strip()[-_NAME:]
    path = Path(tempfile.mkdtemp(prefix="autoscreen-")) / "upload"
    with path.open("wb") as target:
        while block := await one.read(1 << 20):
            target.write(block)
    return path, clean or "unnamed"


def _more(review: Review, job: Job) -> _More:
    """Return what the page of a result needs besides the stored values."""
    result = job.result
    listed = (
        [*result.get("records", ()), *result.get("doubtful_included", ())]
        if job.kind == "second_look"
        else ()
    )
    labels = {one["id"]: review.record(one["id"]).label for one in listed}
    curve = None
    if "found_at" in result:
        read, found_at = result["records"] - result["known"], result["found_at"]
        total = float(len(found_at))
        curve = recall_chart(found_at, read, pool=read, estimate=(total, total, total))
    return _More(labels=labels, curve=curve)


def _number(visit: Visit) -> int:
    text = visit.path("number")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise InputError(f"there is no task {text[:20]!r}", hint="open the page Tools")
    return int(text)


ROUTES = (
    Route(path="/jobs/{number}", handler=page, role=Role.OBSERVER),
    Route(path="/jobs/{number}/stop", handler=stop, role=Role.REVIEWER, method="POST"),
    Route(path="/jobs/{number}/files/{name}", handler=file, role=Role.OBSERVER),
)
