"""Models: trained from the decisions of this review; the records of a file scored by one."""

from __future__ import annotations

import asyncio
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response

from autoscreen.errors import InputError
from autoscreen.ranking import shipped_models
from autoscreen.resources import resource
from autoscreen.web.accounts.members import Role
from autoscreen.web.pages.jobs import job_views, uploaded
from autoscreen.web.routes import Route
from autoscreen.web.visit import Visit

_MOST = 2 * 1024**3
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,60}[A-Za-z0-9])?")
_PARTS = (".json", ".npz", ".md")
FEWEST = 5
"""Included and other records that training needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Model:
    """A saved model as the page lists it."""

    name: str
    path: Path
    card: str
    own: bool


async def page(visit: Visit) -> Response:
    """Show the models, and the forms to train one and to score a file."""
    progress = await visit.executor.read(lambda review: review.progress())
    models = await asyncio.to_thread(_models, visit.executor.files)
    return visit.render(
        "tools/models.html",
        models=models,
        progress=progress,
        fewest=FEWEST,
        proposed=_free_name(visit.executor.path.stem, {one.name for one in models}),
        jobs=await job_views(visit, "train", "score"),
        may=visit.visitor.role >= Role.REVIEWER,
    )


async def train(visit: Visit) -> Response:
    """Start to train a model."""
    name = (await visit.field("name")).strip()
    if not _NAME.fullmatch(name):
        raise InputError(
            f"{name[:40]!r} cannot be the name of a model",
            hint="use letters of a to z, digits and hyphens",
        )
    models = await asyncio.to_thread(_models, visit.executor.files)
    if name in {one.name for one in models}:
        raise InputError(f"there is a model {name} already", hint="choose another name")
    number = await visit.state.jobs.start(
        "train",
        f"Training the model {name}",
        {
            "name": name,
            "sensitivity": _share(await visit.field("sensitivity")),
            "folder_": str(visit.executor.files),
        },
        reviewer=visit.visitor.name,
    )
    return visit.redirect(f"/jobs/{number}")


async def score(visit: Visit) -> Response:
    """Start to score an uploaded file."""
    model = await _model(visit, await visit.field("model"))
    path, name = await uploaded(visit, "file")
    number = await visit.state.jobs.start(
        "score",
        f"Scoring {name} with the model {model.name}",
        {
            "model": model.name,
            "file": name,
            "model_": str(model.path),
            "upload_": str(path),
            "folder_": str(visit.executor.files),
        },
        reviewer=visit.visitor.name,
        folder=path.parent,
    )
    return visit.redirect(f"/jobs/{number}")


async def download(visit: Visit) -> Response:
    """Return the files of a model in one archive."""
    model = await _model(visit, visit.path("name"))
    content = await asyncio.to_thread(_archive, model.path)
    return Response(
        content,
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{model.name}.zip"'},
    )


async def _model(visit: Visit, name: str) -> _Model:
    for one in await asyncio.to_thread(_models, visit.executor.files):
        if one.name == name:
            return one
    raise HTTPException(404)


def _models(folder: Path) -> list[_Model]:
    """Return the models of this review, then those that come with autoscreen."""
    own = [
        path.with_suffix(".json")
        for path in sorted(folder.glob("*.md"))
        if all(path.with_suffix(part).exists() for part in _PARTS)
    ]
    shipped = [resource("models", f"{name}.json") for name in shipped_models()]
    found = [
        _Model(
            name=path.stem,
            path=path,
            card=path.with_suffix(".md").read_text("utf-8"),
            own=path in own,
        )
        for path in (*own, *shipped)
    ]
    return list({one.name: one for one in reversed(found)}.values())[::-1]


def _archive(path: Path) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in _PARTS:
            archive.write(path.with_suffix(part), path.with_suffix(part).name)
    return content.getvalue()


def _free_name(stem: str, taken: set[str]) -> str:
    name = re.sub(r"[^A-Za-z0-9]+", "-", stem).strip("-")[:40] or "model"
    names = (name if number == 1 else f"{name}-{number}" for number in range(1, len(taken) + 2))
    return next(one for one in names if one not in taken)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = 0.0
    if not 0.5 <= share <= 1:
        raise InputError(f"{text[:20]!r} is not a sensitivity", hint="choose one from the list")
    return share


ROUTES = (
    Route(path="/models", handler=page, role=Role.OBSERVER),
    Route(path="/models/train", handler=train, role=Role.REVIEWER, method="POST"),
    Route(path="/models/score", handler=score, role=Role.REVIEWER, method="POST", max_body=_MOST),
    Route(path="/models/{name}/download", handler=download, role=Role.OBSERVER),
)
