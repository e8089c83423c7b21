"""What the owner of a review does with it as a whole: archive, copy, back up, delete, restore."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from autoscreen.errors import AutoscreenError, ConflictError, InputError
from autoscreen.review import Review
from autoscreen.review.review_backups import Backup
from autoscreen.web.accounts.members import Role
from autoscreen.web.home.deleted_reviews import DeletedReview
from autoscreen.web.home.home_visit import HomeVisit
from autoscreen.web.home.review_registry import RegisteredReview
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash


async def page(visit: HomeVisit) -> Response:
    """Show what can be done with a review."""
    return await _page(visit, _owned(visit))


async def archive(visit: HomeVisit) -> Response:
    """Move a review to the archive, or back."""
    review = _owned(visit)
    archived = await visit.field("archived") == "1"
    visit.reviews.registry.archive(review.id, archived=archived)
    what = "archived" if archived else "restored from the archive"
    visit.note(f"{what} a review", review.name)
    flash = Flash(
        text=f"{review.name} was {'archived' if archived else 'moved back to the list'}.",
        undo=f"/manage/{review.id}/archive",
        values=(("archived", str(int(not archived))),),
    )
    return visit.redirect("/", flash)


async def copy(visit: HomeVisit) -> Response:
    """Copy a review under another name."""
    review, name = _owned(visit), await visit.field("name")
    try:
        made = await asyncio.to_thread(visit.reviews.copy, review, name, by=visit.visitor.name)
    except AutoscreenError as error:
        return await _page(visit, review, text=visit.message(error), status=400)
    visit.own(made, what="copied a review")
    return visit.redirect("/", Flash(text=f"{review.name} was copied to {made.name}."))


async def back_up(visit: HomeVisit) -> Response:
    """Make a backup of a review."""
    review = _owned(visit)
    made = await asyncio.to_thread(_make_backup, visit, review)
    visit.note("backed up a review", made.path.name)
    text = f"The backup {made.path.name} was made."
    return visit.redirect(f"/manage/{review.id}", Flash(text=text))


async def backup_file(visit: HomeVisit) -> Response:
    """Return a backup as a file."""
    found = await asyncio.to_thread(_backup, visit, _owned(visit), visit.path("file"))
    return FileResponse(found.path, filename=found.path.name, media_type="application/vnd.sqlite3")


async def restore_backup(visit: HomeVisit) -> Response:
    """Open a backup as a new review beside the present one."""
    review = _owned(visit)
    found = await asyncio.to_thread(_backup, visit, review, await visit.field("file"))
    made = await asyncio.to_thread(
        visit.reviews.copy_file, found.path, f"{review.name} {found.at[:10]}", by=visit.visitor.name
    )
    visit.own(made, what="restored a backup")
    text = f"The backup is now the review {made.name}; {review.name} was not changed."
    return visit.redirect("/", Flash(text=text))


async def delete(visit: HomeVisit) -> Response:
    """Delete a review, whose name was typed to confirm it."""
    review, typed = _owned(visit), (await visit.field("name")).strip()
    if typed != review.name:
        text = f"Type the name {review.name} to delete this review."
        return await _page(visit, review, text=text, status=400)
    opened = visit.state.opened
    if opened.working(review.id) or not await opened.shut(review.id):
        raise ConflictError(
            f"an import or another task is running in {review.name}",
            hint="wait until it has finished, or stop it in the review",
        )
    await asyncio.to_thread(visit.state.deleted.delete, review, by=visit.visitor.name)
    visit.note("deleted a review", review.name)
    flash = Flash(
        text=f"{review.name} was deleted. It can be restored for 30 days.",
        undo="/deleted/restore",
        values=(("review", str(review.id)),),
    )
    return visit.redirect("/", flash)


async def forget(visit: HomeVisit) -> Response:
    """Remove a review from the list whose file was moved elsewhere."""
    review = _owned(visit)
    if visit.reviews.file_of(review).exists():
        raise ConflictError("the file is in the folder again", hint="load the page again")
    visit.reviews.registry.gone(review.id, by=visit.visitor.name)
    visit.note("removed a missing review from the list", review.name)
    return visit.redirect("/", Flash(text=f"{review.name} was removed from the list."))


async def deleted(visit: HomeVisit) -> Response:
    """Show the deleted reviews."""
    return visit.render("home/deleted.html", reviews=_deleted(visit))


async def restore(visit: HomeVisit) -> Response:
    """Restore a deleted review."""
    number = await visit.field("review")
    if number not in {str(one.review.id) for one in _deleted(visit)}:
        raise InputError("this review cannot be restored any more", hint="load the page again")
    review = await asyncio.to_thread(visit.state.deleted.restore, int(number))
    visit.note("restored a review", review.name)
    return visit.redirect("/", Flash(text=f"{review.name} was restored."))


async def _page(
    visit: HomeVisit, review: RegisteredReview, *, text: str = "", status: int = 200
) -> Response:
    listed = await asyncio.to_thread(visit.reviews.listed, review, visit.visitor.name)
    backups = await asyncio.to_thread(_backups, visit, review) if listed.summary else []
    missing = not visit.reviews.file_of(review).exists()
    return visit.render(
        "home/manage.html",
        status=status,
        listed=listed,
        review=review,
        backups=backups,
        missing=missing,
        text=text,
    )


def _owned(visit: HomeVisit) -> RegisteredReview:
    """Return the review of the path, of which the visitor is an owner."""
    number = visit.path("number")
    found = visit.reviews.by_number(int(number)) if number.isdecimal() else None
    if found is None or visit.role_in(found) is Role.ANYONE:
        raise HTTPException(404)
    if visit.role_in(found) is not Role.OWNER:
        raise HTTPException(403)
    return found


def _deleted(visit: HomeVisit) -> Sequence[DeletedReview]:
    return [one for one in visit.state.deleted.all() if visit.role_in(one.review) is Role.OWNER]


def _backups(visit: HomeVisit, review: RegisteredReview) -> list[Backup]:
    with Review.open(visit.reviews.file_of(review)) as opened:
        return opened.backups.all()


def _make_backup(visit: HomeVisit, review: RegisteredReview) -> Backup:
    with Review.open(visit.reviews.file_of(review)) as opened:
        return opened.backups.make()


def _backup(visit: HomeVisit, review: RegisteredReview, name: str) -> Backup:
    with Review.open(visit.reviews.file_of(review)) as opened:
        return opened.backups.get(name)


ROUTES = (
    Route(path="/manage/{number}", handler=page, role=Role.OBSERVER),
    Route(path="/manage/{number}/archive", handler=archive, role=Role.OBSERVER, method="POST"),
    Route(path="/manage/{number}/copy", handler=copy, role=Role.OBSERVER, method="POST"),
    Route(path="/manage/{number}/backup", handler=back_up, role=Role.OBSERVER, method="POST"),
    Route(path="/manage/{number}/backups/{file}", handler=backup_file, role=Role.OBSERVER),
    Route(
        path="/manage/{number}/restore",
        handler=restore_backup,
        role=Role.OBSERVER,
        method="POST",
    ),
    Route(path="/manage/{number}/delete", handler=delete, role=Role.OBSERVER, method="POST"),
    Route(path="/manage/{number}/forget", handler=forget, role=Role.OBSERVER, method="POST"),
    Route(path="/deleted", handler=deleted, role=Role.OBSERVER),
    Route(path="/deleted/restore", handler=restore, role=Role.OBSERVER, method="POST"),
)
"""Who may do what is decided by the role in the review, which `_owned` checks."""
