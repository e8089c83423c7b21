"""Errors as HTTP status codes and one-line messages."""

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
from autoscreen.web.visit import SiteVisit

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
    403: "You do not have permission. Ask an owner of the review or of this server.",
    404: "Page not found.",
    405: "This request is not supported.",
    413: "The upload is too large.",
    429: "Too many attempts. Please wait a moment.",
}


def status_of(error: AutoscreenError) -> int:
    """Return the HTTP status for an error of the tree."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def error_response(error: Exception, visit: SiteVisit) -> Response:
    """Return an error page, or JSON for the script."""
    match error:
        case AutoscreenError():
            status, text = status_of(error), visit.message(error)
        case HTTPException():
            status = error.status_code
            text = _WORDS.get(status, error.detail)
        case _:
            _LOG.error("%s failed", visit.request.url.path, exc_info=error)
            status = 500
            text = (
                f"Unexpected {type(error).__name__}. This is a bug in autoscreen. Saved decisions "
                "are safe; details are in the window where autoscreen runs."
            )
    text = text[:1].upper() + text[1:]
    headers = getattr(error, "headers", None)
    if visit.part:
        return JSONResponse({"error": text}, status_code=status, headers=headers)
    response = visit.render("error.html", status=status, text=text)
    response.headers.update(headers or {})
    return response
