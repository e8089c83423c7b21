"""All tags of the review: how many records have them, renaming, merging and deleting."""

from __future__ import annotations

from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.responses import Response

from autoscreen.errors import InputError
from autoscreen.presentation.wording import counted
from autoscreen.review import Review
from autoscreen.store.record_tags import TagAct
from autoscreen.web.accounts.members import Role
from autoscreen.web.pages.bulk_actions import seen_tag_acts
from autoscreen.web.records_query import parse_text
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash, Visit


async def page(visit: Visit) -> Response:
    """Show the tags."""
    name = visit.visitor.name
    tags = await visit.executor.read(lambda review: review.tags.counts(name))
    return visit.render("records/tags.html", tags=tags, may=visit.visitor.role >= Role.REVIEWER)


async def rename(visit: Visit) -> Response:
    """Rename a tag, or merge it with another one."""
    tag, new, name = await visit.field("tag"), await visit.field("new"), visit.visitor.name
    return await _change(
        visit,
        lambda review: review.tags.rename(tag, new, reviewer=name),
        lambda act: f"“{tag}” is now “{act.renamed_to}” on {counted(act.records, 'record')}.",
    )


async def delete(visit: Visit) -> Response:
    """Remove a tag from all records."""
    tag, name = await visit.field("tag"), visit.visitor.name
    return await _change(
        visit,
        lambda review: review.tags.delete(tag, reviewer=name),
        lambda act: f"“{tag}” was removed from {counted(act.records, 'record')}.",
    )


async def undo(visit: Visit) -> Response:
    """Undo a change of tags: one's own, or any if an owner."""
    number = await visit.field("act")
    if not number.isdecimal() or len(number) > 18:
        raise InputError(f"{number!r} is not a change of tags", hint="load the page again")
    name, owner = visit.visitor.name, visit.visitor.role >= Role.OWNER

    def work(review: Review) -> TagAct | None:
        found = next((one for one in seen_tag_acts(review, name) if one.id == int(number)), None)
        if found is None:
            raise InputError(f"there is no change of tags {number}", hint="load the page again")
        if found.reviewer != name and not owner:
            return None
        return review.tags.undo(int(number), reviewer=name)

    done = await visit.executor.act(work)
    if done is None:
        raise HTTPException(403)
    visit.hub.publish("counts")
    # The table that shows all records has an empty text.
    from_table = "table" in await visit.request.form()
    back = parse_text(await visit.field("table"), name).address if from_table else "/tags"
    return visit.redirect(back, Flash(text="Undone. The earlier tags are back."))


async def _change(
    visit: Visit, work: Callable[[Review], TagAct], words: Callable[[TagAct], str]
) -> Response:
    try:
        act = await visit.executor.act(work)
    except InputError as error:
        return visit.redirect("/tags", Flash(text=f"{visit.message(error)}.", kind="problem"))
    visit.hub.publish("counts")
    return visit.redirect(
        "/tags", Flash(text=words(act), undo="/tags/undo", values=(("act", str(act.id)),))
    )


ROUTES = (
    Route(path="/tags", handler=page, role=Role.OBSERVER),
    Route(path="/tags/rename", handler=rename, role=Role.REVIEWER, method="POST"),
    Route(path="/tags/delete", handler=delete, role=Role.REVIEWER, method="POST"),
    Route(path="/tags/undo", handler=undo, role=Role.REVIEWER, method="POST"),
)
