"""What a server says when it refuses a request."""

from __future__ import annotations

import json

from autoscreen.http_client.failures import Refused, one_line


def complaint(body: bytes) -> str:
    """Return what a refusal says, as JSON or as plain text; nothing of a web page."""
    text = body.decode("utf-8", "replace").strip()
    if text.startswith("{"):
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError):
            return ""
        named = (answer.get(name) for name in ("errMsg", "message", "error"))
        return one_line(next((one for one in named if isinstance(one, str)), ""))
    return "" if text.startswith("<") else one_line(text)


def refused(name: str, message: str, hint: str) -> Refused:
    """Return the error of a refusal."""
    return Refused(f"{name} refuses: {message!r}", hint=hint)
