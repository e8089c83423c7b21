"""The report: the flow of records, where imports came from, the stop, and the folder as a ZIP."""

from __future__ import annotations

from collections import Counter
from importlib.util import find_spec
from typing import Any

from markupsafe import Markup
from starlette.responses import Response

from autoscreen.errors import InputError
from autoscreen.report.flow_boxes import new_review
from autoscreen.report.flow_diagram import flow_svg
from autoscreen.report.report_facts import reason_texts
from autoscreen.review import Review
from autoscreen.store.reporting import ElsewhereSearch, OriginKind
from autoscreen.web.accounts.members import Role
from autoscreen.web.pages.jobs import job_views
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash, Visit


async def page(visit: Visit) -> Response:
    """Show the flow of records, and how to make the report."""
    since = visit.query("since", "").strip()
    values = await visit.executor.read(lambda review: _values(review, since))
    return visit.render(
        "report/page.html",
        kinds=list(OriginKind),
        jobs=await job_views(visit, "report"),
        may=visit.visitor.role >= Role.REVIEWER,
        owner=visit.visitor.role is Role.OWNER,
        with_word=find_spec("docx") is not None,
        **values,
    )


async def run(visit: Visit) -> Response:
    """Start to write the report."""
    options: dict[str, Any] = {
        "since": (await visit.field("since", "")).strip(),
        "until": (await visit.field("until", "")).strip(),
        "versions": (await visit.field("versions", "")).replace(",", " ").split(),
        "docx": await visit.field("docx", "") == "1",
        "folder_": str(visit.executor.files),
    }
    dates = (options["since"], options["until"], *options["versions"])
    await visit.executor.read(lambda review: review.reporting.check_dates(*dates))
    number = await visit.state.jobs.start(
        "report", "Report of the review", options, reviewer=visit.visitor.name
    )
    return visit.redirect(f"/jobs/{number}")


async def set_origin(visit: Visit) -> Response:
    """Note where an import came from."""
    number, name = await visit.field("import"), visit.visitor.name
    kind, words = await visit.field("kind"), await visit.field("name")
    if not number.isdecimal() or len(number) > 9:
        raise InputError(f"{number!r} is no import", hint="reload the page")
    search = ElsewhereSearch(
        **{key: await visit.field(key, "") for key in ("platform", "searched", "limits", "query")}
    )
    await visit.executor.act(
        lambda review: review.reporting.set_origin(
            int(number), kind, words, search=search, reviewer=name
        )
    )
    return visit.redirect("/report", Flash(f"Saved: import {number} is from {words.strip()}."))


async def stop(visit: Visit) -> Response:
    """Stop screening, or resume it."""
    how, note = await visit.field("how"), await visit.field("note", "")
    name = visit.visitor.name

    def work(review: Review) -> str:
        if how == "resume":
            review.reporting.resume_screening(reviewer=name, note=note)
            return "Screening resumed: the remaining records are to be screened."
        review.reporting.stop_screening(automation=how == "automation", reviewer=name, note=note)
        return "Saved: the records without a decision are not screened."

    text = await visit.executor.act(work)
    visit.note("stopped screening" if how != "resume" else "resumed screening", note)
    return visit.redirect("/report", Flash(text))


def _values(review: Review, since: str) -> dict[str, Any]:
    flow = review.reporting.flow()
    form = new_review(flow, reason_texts(review.protocol))
    return {
        "flow": flow,
        "form": form,
        # Every text in it is escaped where it is drawn.
        "picture": Markup(flow_svg(form, title="PRISMA 2020 flow diagram")),  # noqa: S704
        "imports": [*flow.databases.imports, *flow.other.imports],
        "since": since,
        "changes": Counter(
            (str(one.before or "not identified yet"), str(one.now or "merged"))
            for one in (review.reporting.changes(since) if since else ())
        ).most_common(),
        "assessed": any(review.full_text.progress().labels.values()),
        "stopped": review.reporting.stopped,
    }


ROUTES = (
    Route(path="/report", handler=page, role=Role.OBSERVER),
    Route(path="/report", handler=run, role=Role.REVIEWER, method="POST"),
    Route(path="/report/origin", handler=set_origin, role=Role.REVIEWER, method="POST"),
    Route(path="/report/stop", handler=stop, role=Role.OWNER, method="POST"),
)
