"""What went wrong, as a status and one line for people: the tree of errors, on the web."""

from __future__ import annotations

import logging

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from autoscreen.errors import (
    AutoscreenError,
    BusyError,
    ConflictError,
    InputError,
    MissingExtraError,
    SourceError,
    StoreError,
    UnknownRecordError,
)
from autoscreen.web.visit import Visit

__all__ = ["error_response", "status_of"]

_LOG = logging.getLogger(__name__)
_STATUS: tuple[tuple[type[AutoscreenError], int], ...] = (
    (UnknownRecordError, 404),
    (InputError, 400),
    (BusyError, 503),
    (ConflictError, 409),
    (StoreError, 503),
    (SourceError, 502),
    (MissingExtraError, 501),
)
_WORDS = {
    403: "You may not do this; ask an owner of the review.",
    404: "There is no such page.",
    405: "This page cannot be used in this way.",
    413: "This is more than the page takes.",
    429: "Too many attempts; wait a little.",
}


def status_of(error: AutoscreenError) -> int:
    """Return the HTTP status for an error of the tree."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def error_response(error: Exception, visit: Visit) -> Response:
    """Answer with a page, or a line for the script, that says what went wrong and what to do."""
    match error:
        case AutoscreenError():
            status, text = status_of(error), str(error)
        case HTTPException():
            status = error.status_code
            text = _WORDS.get(status, error.detail)
        case _:
            _LOG.error("%s failed", visit.request.url.path, exc_info=error)
            status = 500
            text = (
                f"Unexpected {type(error).__name__}; this is a fault in autoscreen. Nothing that "
                "was saved is lost; the server's window says more."
            )
    text = text[:1].upper() + text[1:]
    headers = getattr(error, "headers", None)
    if visit.part:
        return JSONResponse({"error": text}, status_code=status, headers=headers)
    response = visit.render("error.html", status=status, text=text)
    response.headers.update(headers or {})
    return response
