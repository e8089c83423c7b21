"""Comments on records, and the list of those that mention the visitor."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response

from autoscreen.errors import InputError
from autoscreen.review import Review
from autoscreen.review.review_comments import mentioned
from autoscreen.store.comments import Comment
from autoscreen.web.accounts.members import Role
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash, Visit


async def add(visit: Visit) -> Response:
    """Add a comment to a record."""
    ident, text, name = visit.path("ident"), await visit.field("text"), visit.visitor.name
    people = await _people(visit)
    made = await visit.executor.act(
        lambda review: review.comments.add(ident, text, reviewer=name, people=people)
    )
    return await _answer(visit, made, mentioned(made.text, people)[1], people)


async def withdraw(visit: Visit) -> Response:
    """Withdraw one's own comment."""
    number, name = _number(visit), visit.visitor.name
    done = await visit.executor.act(lambda review: review.comments.withdraw(number, reviewer=name))
    return await _answer(visit, done, (), ())


async def mentions(visit: Visit) -> Response:
    """Show the comments that mention the visitor; those that are done come last."""
    name = visit.visitor.name

    def found(review: Review) -> list[tuple[Comment, str]]:
        listed = sorted(review.comments.mentions(name), key=lambda one: one.done)
        return [(one, review.record(one.record_id).record.title) for one in listed]

    return visit.render("team/mentions.html", mentions=await visit.executor.read(found))


async def set_done(visit: Visit) -> Response:
    """Mark a mention as done, or as open again."""
    number, name = _number(visit), visit.visitor.name
    done = await visit.field("done") == "1"
    await visit.executor.act(
        lambda review: review.comments.set_done(number, reviewer=name, done=done)
    )
    return visit.redirect("/mentions", Flash(text="Marked as done." if done else "Reopened."))


async def _answer(
    visit: Visit, one: Comment, unknown: Sequence[str], people: Sequence[str]
) -> Response:
    visit.hub.publish("counts")
    if visit.part:
        name = visit.visitor.name
        thread = await visit.executor.read(
            lambda review: review.comments.thread(one.record_id, name)
        )
        return visit.render(
            "records/comments.html",
            ident=one.record_id,
            thread=thread,
            unknown=unknown,
            people=people,
        )
    text = (
        f"Nobody is called {', '.join(unknown)}, so nobody was notified." if unknown else "Saved."
    )
    flash = Flash(text=text, kind="problem" if unknown else "done")
    return visit.redirect(f"/records/{one.record_id}#comments", flash)


async def _people(visit: Visit) -> list[str]:
    """Return the names that can be mentioned."""
    accounts = visit.state.access.accounts() if visit.state.access.team else []
    readers = await visit.executor.read(lambda review: review.status().reviewers)
    names = {*readers, *(one.name for one in accounts if not one.left_at)}
    return sorted(names - {visit.visitor.name, ""})


def _number(visit: Visit) -> int:
    number = visit.path("number")
    if not number.isdecimal() or len(number) > 18:
        raise InputError(f"{number!r} is not a comment", hint="load the page again")
    return int(number)


ROUTES = (
    Route(path="/records/{ident}/comments", handler=add, role=Role.REVIEWER, method="POST"),
    Route(path="/comments/{number}/withdraw", handler=withdraw, role=Role.REVIEWER, method="POST"),
    Route(path="/mentions", handler=mentions, role=Role.OBSERVER),
    Route(path="/mentions/{number}", handler=set_done, role=Role.OBSERVER, method="POST"),
)
