"""PDFs of full texts: upload, matching, pages as images, removal, and the list of missing ones."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from starlette.datastructures import UploadFile
from starlette.responses import FileResponse, Response

from autoscreen.errors import AutoscreenError, InputError
from autoscreen.report.handover import write_handover
from autoscreen.review import Review
from autoscreen.store.attachments import Attachment
from autoscreen.web.accounts.members import Role
from autoscreen.web.pages.records import downloaded
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash, Visit

T = TypeVar("T")
_MOST = 2 * 1024**3
_FILES = 1000
_KEPT = "private, max-age=86400, immutable"
"""A page of a PDF never changes: its address has the hash of the content."""


async def upload(visit: Visit) -> Response:
    """Match uploaded PDFs to records; those that are not sure wait on a page."""
    name = visit.visitor.name

    def one(review: Review, path: Path, file: str) -> Attachment | None:
        return review.full_text.files.receive(path, name=file, reviewer=name)

    done, flashes = await _each(visit, one)
    attached = [found.record_id for found in done if found is not None]
    if attached:
        visit.note("attached PDFs", ", ".join(attached))
        flashes.insert(0, Flash(f"Attached: {', '.join(attached)}."))
    waiting = len(done) - len(attached)
    if waiting:
        flashes.append(Flash(f"{waiting} to match: choose the record of each."))
    return visit.redirect("/full-text/pdfs" if waiting else "/full-text", *flashes)


async def attach(visit: Visit) -> Response:
    """Attach uploaded PDFs to a record."""
    ident, name = visit.path("ident"), visit.visitor.name

    def one(review: Review, path: Path, file: str) -> Attachment:
        return review.full_text.files.attach(ident, path, name=file, reviewer=name)

    done, flashes = await _each(visit, one)
    for found in done:
        visit.note("attached a PDF", f"{found.record_id}: {found.name}")
        flashes.append(Flash(f"Attached: {found.name}."))
    return visit.redirect(f"/full-text/{ident}", *flashes)


async def unmatched(visit: Visit) -> Response:
    """List the PDFs that wait for a person to name their record."""

    def work(review: Review) -> dict[str, Any]:
        waiting = review.full_text.files.unmatched()
        idents = {
            ident
            for pdf in waiting
            for ident in (*(one.id for one in pdf.match.possible), pdf.match.record)
            if ident
        }
        titles = {ident: review.record(ident).record.title for ident in idents}
        return {"unmatched": waiting, "titles": titles}

    values = await visit.executor.read(work)
    may = visit.visitor.role >= Role.REVIEWER
    return visit.render("full_text/unmatched.html", may=may, **values)


async def assign(visit: Visit) -> Response:
    """Attach an unmatched PDF to the record that a person chose."""
    sha256, name = visit.path("sha256"), visit.visitor.name
    ident = (await visit.field("record")).strip()
    found = await visit.executor.act(
        lambda review: review.full_text.files.assign(ident, sha256, reviewer=name)
    )
    visit.note("attached a PDF", f"{found.record_id}: {found.name}")
    flash = Flash(
        f"{found.name} attached to {found.record_id}.",
        undo=f"/full-text/{found.record_id}/pdfs/{sha256}/remove",
    )
    return visit.redirect("/full-text/pdfs", flash)


async def set_aside(visit: Visit) -> Response:
    """Note that a PDF belongs to no record."""
    sha256, name = visit.path("sha256"), visit.visitor.name
    await visit.executor.act(lambda review: review.full_text.files.set_aside(sha256, reviewer=name))
    visit.note("set a PDF aside", sha256[:12])
    return visit.redirect("/full-text/pdfs", Flash("The PDF was set aside; its file is kept."))


async def remove(visit: Visit) -> Response:
    """Remove a PDF from its record."""
    ident, sha256, name = visit.path("ident"), visit.path("sha256"), visit.visitor.name

    def work(review: Review) -> Attachment:
        found = review.full_text.files.one(ident, sha256)
        review.full_text.files.remove(found.id, reviewer=name)
        return found

    found = await visit.executor.act(work)
    visit.note("removed a PDF", f"{found.record_id}: {found.name}")
    flash = Flash(
        f"{found.name} removed from {found.record_id}.",
        undo=f"/full-text/{found.record_id}/pdfs/{sha256}/restore",
    )
    return visit.redirect(f"/full-text/{ident}", flash)


async def restore(visit: Visit) -> Response:
    """Attach a PDF again that was removed."""
    ident, sha256, name = visit.path("ident"), visit.path("sha256"), visit.visitor.name
    found = await visit.executor.act(
        lambda review: review.full_text.files.restore(ident, sha256, reviewer=name)
    )
    visit.note("restored a PDF", f"{found.record_id}: {found.name}")
    return visit.redirect(f"/full-text/{ident}", Flash(f"{found.name} restored."))


async def image(visit: Visit) -> Response:
    """Return a page of a PDF as an image."""
    ident, sha256, page = visit.path("ident"), visit.path("sha256"), visit.path("page")
    if not (page.isascii() and page.isdecimal() and len(page) < 6):
        raise InputError("the PDF has no such page", hint="load the page again")
    data = await visit.executor.run_long(
        lambda review: review.full_text.files.image(ident, sha256, int(page))
    )
    return Response(data, media_type="image/png", headers={"Cache-Control": _KEPT})


async def download(visit: Visit) -> Response:
    """Return a PDF as a file; it is never shown inside the site."""
    ident, sha256 = visit.path("ident"), visit.path("sha256")
    attachment, path = await visit.executor.read(
        lambda review: review.full_text.files.get(ident, sha256)
    )
    return FileResponse(path, filename=attachment.name, media_type="application/octet-stream")


async def missing(visit: Visit) -> Response:
    """Return the records without a PDF as RIS."""
    return await downloaded(
        visit,
        "missing-full-texts.ris",
        lambda review, path: review.full_text.files.export_missing(path, format="ris"),
    )


async def handover(visit: Visit) -> Response:
    """Return the reports by what was decided, with their PDFs, as a ZIP file."""

    def work(review: Review, path: Path) -> None:
        write_handover(review, path.with_name("handover"))
        shutil.make_archive(str(path.with_suffix("")), "zip", path.parent, "handover")

    return await downloaded(visit, "handover.zip", work, read=visit.executor.run_long)


async def _each(
    visit: Visit, work: Callable[[Review, Path, str], T]
) -> tuple[list[T], list[Flash]]:
    """Do something with each uploaded file; return results, and a message for each failure."""
    done: list[T] = []
    flashes: list[Flash] = []
    async with visit.request.form(max_files=_FILES) as form:
        files = [one for one in form.getlist("file") if isinstance(one, UploadFile)]
        chosen = [one for one in files if one.filename]
        if not chosen:
            raise InputError("no file was chosen", hint="choose one or more PDFs")
        for file in chosen:
            with tempfile.TemporaryDirectory(prefix="autoscreen-") as folder:
                path, name = Path(folder) / "upload.pdf", file.filename or ""
                await asyncio.to_thread(_save, file, path)
                try:
                    done.append(await visit.executor.run_long(_bound(work, path, name)))
                except AutoscreenError as error:
                    flashes.append(Flash(f"{name}: {visit.message(error)}", kind="problem"))
    return done, flashes


def _bound(work: Callable[[Review, Path, str], T], path: Path, name: str) -> Callable[[Review], T]:
    return lambda review: work(review, path, name)


def _save(file: UploadFile, path: Path) -> None:
    with path.open("wb") as written:
        shutil.copyfileobj(file.file, written)


_PDF = "/full-text/{ident}/pdfs/{sha256}"
ROUTES: tuple[Route[Visit], ...] = (
    Route(path="/full-text/pdfs", handler=unmatched, role=Role.OBSERVER),
    Route(
        path="/full-text/pdfs", handler=upload, role=Role.REVIEWER, method="POST", max_body=_MOST
    ),
    Route(path="/full-text/pdfs/{sha256}", handler=assign, role=Role.REVIEWER, method="POST"),
    Route(
        path="/full-text/pdfs/{sha256}/aside", handler=set_aside, role=Role.REVIEWER, method="POST"
    ),
    Route(path="/full-text/handover", handler=handover, role=Role.OBSERVER),
    Route(path="/full-text/missing", handler=missing, role=Role.OBSERVER),
    Route(
        path="/full-text/{ident}/pdfs",
        handler=attach,
        role=Role.REVIEWER,
        method="POST",
        max_body=_MOST,
    ),
    Route(path=f"{_PDF}/remove", handler=remove, role=Role.REVIEWER, method="POST"),
    Route(path=f"{_PDF}/restore", handler=restore, role=Role.REVIEWER, method="POST"),
    Route(path=f"{_PDF}/pages/{{page}}", handler=image, role=Role.OBSERVER),
    Route(path=f"{_PDF}/file", handler=download, role=Role.OBSERVER),
)
