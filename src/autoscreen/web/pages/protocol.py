"""The protocol: view, edit with a preview of the effect, and history."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import unified_diff

from starlette.responses import Response

from autoscreen.errors import ConfigError, ConflictError, InputError
from autoscreen.protocol import Element, Protocol, parse_protocol, protocol_toml
from autoscreen.review import Review
from autoscreen.store.stored_values import ProtocolVersion
from autoscreen.web.accounts.members import Role
from autoscreen.web.protocol_form import (
    ConceptFields,
    ProtocolForm,
    ReasonFields,
    form_of,
    read_form,
)
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash, Visit

_MOST = 2 * 1024 * 1024
_FIELDS = 5000
_COMMENT = re.compile(r"^\s*#", re.MULTILINE)


async def page(visit: Visit) -> Response:
    """Show the current protocol, and all versions before it."""
    protocol, versions = await visit.executor.read(
        lambda review: (review.protocol, review.protocols.versions())
    )
    return visit.render(
        "protocol/page.html",
        protocol=protocol,
        versions=versions,
        elements=list(Element),
        owner=visit.visitor.role >= Role.OWNER,
    )


async def edit(visit: Visit) -> Response:
    """Show the form with the draft, the current protocol, or nothing."""
    draft = visit.state.drafts.of(visit.visitor.session)
    if visit.query("from") == "nothing":
        return _form(visit, ProtocolForm(concepts=[ConceptFields()], reasons=[ReasonFields()]))
    protocol = await visit.executor.read(lambda review: review.protocol)
    if visit.query("from") == "draft" and draft is not None:
        protocol = draft.protocol
    return _form(visit, form_of(protocol), comments=bool(_COMMENT.search(protocol.source)))


async def change(visit: Visit) -> Response:
    """Add or remove a row of the form, or compute the preview."""
    form = read_form(await visit.request.form(max_fields=_FIELDS))
    act, _, place = (await visit.field("act", "show")).partition("-")
    if act != "show":
        _rearrange(form, act, place)
        return _form(visit, form)
    protocol = form.protocol()
    if protocol is None:
        return _form(visit, form, status=400)
    present = await visit.executor.read(lambda review: review.protocol)
    # The form formats the text differently; only the content counts here.
    return await _begin(visit, present if protocol == present else protocol)


async def source(visit: Visit) -> Response:
    """Show the protocol as its TOML text, to be edited there."""
    draft = visit.state.drafts.of(visit.visitor.session)
    protocol = await visit.executor.read(lambda review: review.protocol)
    if visit.query("from") == "draft" and draft is not None:
        protocol = draft.protocol
    return visit.render("protocol/source.html", text=protocol_toml(protocol), error="", line=None)


async def change_source(visit: Visit) -> Response:
    """Compute the preview for this TOML text."""
    text = (await visit.field("text")).replace("\r\n", "\n")
    try:
        protocol = parse_protocol(text, origin="protocol")
    except ConfigError as problem:
        error = f"{problem.message}; {problem.hint}" if problem.hint else problem.message
        return visit.render(
            "protocol/source.html", status=400, text=text, error=error, line=problem.line
        )
    return await _begin(visit, protocol)


async def preview(visit: Visit) -> Response:
    """Show the effect of the draft, or the progress of computing it."""
    draft = visit.state.drafts.of(visit.visitor.session)
    if draft is None:
        return visit.redirect("/protocol", Flash(text="There is no change to preview."))
    present, status = await visit.executor.read(lambda review: (review.protocol, review.status()))
    return visit.render(
        "protocol/preview.html",
        draft=draft,
        effect=draft.effect,
        records=status.records,
        difference=_difference(present, draft.protocol),
    )


async def apply(visit: Visit) -> Response:
    """Apply the draft."""
    draft = visit.state.drafts.of(visit.visitor.session)
    note, name = await visit.field("note", ""), visit.visitor.name
    if draft is None or draft.effect is None:
        raise InputError("there is no change to apply", hint="edit the protocol again")
    effect = draft.effect
    try:
        await visit.executor.act(
            lambda review: review.protocols.apply(effect, reviewer=name, note=note)
        )
    except ConflictError as problem:
        visit.state.drafts.begin(visit.visitor.session, draft.protocol)
        message = f"{problem.message[:1].upper()}{problem.message[1:]}"
        text = f"{message}. The preview now compares your change with that version."
        return visit.redirect("/protocol/preview", Flash(text=text, kind="problem"))
    visit.state.drafts.drop(visit.visitor.session)
    visit.note("changed the protocol")
    visit.hub.publish("order")
    visit.hub.publish("counts")
    return visit.redirect("/protocol", Flash(text="The new protocol is in use."))


async def discard(visit: Visit) -> Response:
    """Discard the draft."""
    visit.state.drafts.drop(visit.visitor.session)
    return visit.redirect("/protocol", Flash(text="Nothing was changed."))


async def version(visit: Visit) -> Response:
    """Show an earlier version and its changes."""
    shown, before = await visit.executor.read(lambda review: _version(review, visit.path("number")))
    return visit.render(
        "protocol/version.html",
        version=shown,
        difference=_difference(_read(before), _read(shown)) if before else [],
        owner=visit.visitor.role >= Role.OWNER,
    )


async def restore(visit: Visit) -> Response:
    """Make an earlier version the draft."""
    shown, _ = await visit.executor.read(lambda review: _version(review, visit.path("number")))
    return await _begin(visit, _read(shown))


async def file(visit: Visit) -> Response:
    """Return the current protocol as a file."""
    protocol = await visit.executor.read(lambda review: review.protocol)
    return Response(
        protocol_toml(protocol),
        media_type="application/toml",
        headers={"Content-Disposition": f'attachment; filename="{protocol.name}.toml"'},
    )


async def _begin(visit: Visit, protocol: Protocol) -> Response:
    present = await visit.executor.read(lambda review: review.protocol)
    if present.source == protocol.source:
        return visit.redirect("/protocol", Flash(text="Nothing has changed."))
    visit.state.drafts.begin(visit.visitor.session, protocol)
    return visit.redirect("/protocol/preview")


def _form(
    visit: Visit, form: ProtocolForm, *, comments: bool = False, status: int = 200
) -> Response:
    return visit.render(
        "protocol/edit.html",
        status=status,
        form=form,
        comments=comments,
        elements=list(Element),
    )


def _rearrange(form: ProtocolForm, act: str, place: str) -> None:
    """Add or remove the fields of a concept or a reason."""
    if act == "concept":
        form.concepts.append(ConceptFields())
    elif act == "reason":
        form.reasons.append(ReasonFields())
    elif act in ("unconcept", "unreason") and place.isdecimal():
        rows: list[ConceptFields] | list[ReasonFields]
        rows = form.concepts if act == "unconcept" else form.reasons
        del rows[int(place) : int(place) + 1]


def _version(review: Review, number: str) -> tuple[ProtocolVersion, ProtocolVersion | None]:
    versions = review.protocols.versions()
    for at, one in enumerate(versions):
        if str(one.id) == number:
            return one, versions[at + 1] if at + 1 < len(versions) else None
    raise InputError(f"there is no version {number[:20]!r} of the protocol")


def _read(version: ProtocolVersion) -> Protocol:
    return parse_protocol(version.text, origin=version.origin)


def _difference(before: Protocol, after: Protocol) -> Sequence[str]:
    """Return the lines that differ; of the original texts only if their content is the same."""
    texts = [protocol_toml(replace(one, source="")) for one in (before, after)]
    if texts[0] == texts[1]:
        texts = [before.source, after.source]
    lines = unified_diff(texts[0].splitlines(), texts[1].splitlines(), lineterm="", n=1)
    return [line for line in list(lines)[2:] if not line.startswith("@@")]


ROUTES = (
    Route(path="/protocol", handler=page, role=Role.OBSERVER),
    Route(path="/protocol/file", handler=file, role=Role.OBSERVER),
    Route(path="/protocol/versions/{number}", handler=version, role=Role.OBSERVER),
    Route(path="/protocol/edit", handler=edit, role=Role.OWNER),
    Route(path="/protocol/edit", handler=change, role=Role.OWNER, method="POST", max_body=_MOST),
    Route(path="/protocol/source", handler=source, role=Role.OWNER),
    Route(
        path="/protocol/source",
        handler=change_source,
        role=Role.OWNER,
        method="POST",
        max_body=_MOST,
    ),
    Route(path="/protocol/preview", handler=preview, role=Role.OWNER),
    Route(path="/protocol/apply", handler=apply, role=Role.OWNER, method="POST"),
    Route(path="/protocol/discard", handler=discard, role=Role.OWNER, method="POST"),
    Route(path="/protocol/versions/{number}", handler=restore, role=Role.OWNER, method="POST"),
)
