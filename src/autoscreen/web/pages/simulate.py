"""Replay of a finished review: this one, or one from a file."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from autoscreen.errors import InputError
from autoscreen.presentation.embedding_words import INSTALL
from autoscreen.sentence_encoder.encoder import is_installed
from autoscreen.web.accounts.members import Role
from autoscreen.web.pages.jobs import task_page, uploaded
from autoscreen.web.routes import Route
from autoscreen.web.visit import Visit

_MOST = 2 * 1024**3
_TITLE = 500


async def page(visit: Visit) -> Response:
    """Show both forms, and the earlier results."""
    return await task_page(visit, "simulate", install="" if is_installed() else INSTALL)


async def run(visit: Visit) -> Response:
    """Start a replay."""
    form = await visit.form()
    options: dict[str, Any] = {
        "unlabelled": form.get("unlabelled") == "irrelevant",
        "cold": form.get("start") == "cold",
        "embeddings": form.get("embeddings") == "use",
    }
    match await visit.field("of"):
        case "this":
            title, folder = "Replay of this review", None
        case "file":
            path, name = await uploaded(visit, "file")
            title, folder = f"Replay of {name}", path.parent
            options |= {
                "file": name,
                "upload_": str(path),
                "column": (await visit.field("column", "")).strip(),
                "title": (await visit.field("title", "")).strip()[:_TITLE],
            }
        case _:
            raise InputError("the form is invalid", hint="reload the page")
    number = await visit.state.jobs.start(
        "simulate", title, options, reviewer=visit.visitor.name, folder=folder
    )
    return visit.redirect(f"/jobs/{number}")


ROUTES = (
    Route(path="/simulate", handler=page, role=Role.OBSERVER),
    Route(path="/simulate", handler=run, role=Role.REVIEWER, method="POST", max_body=_MOST),
)
