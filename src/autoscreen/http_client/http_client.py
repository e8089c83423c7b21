"""Sends one request to a server, patiently and politely, until the response is valid."""

from __future__ import annotations

import http.client
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import IO, TypeVar
from urllib.parse import urlsplit

from autoscreen.errors import SourceError
from autoscreen.http_client.failures import (
    MalformedAnswer,
    Refused,
    Transient,
    one_line,
    shown,
)
from autoscreen.http_client.rate_limiter import RateLimiter
from autoscreen.http_client.user_settings import state_folder

Say = Callable[[str], None]
"""Receives, in one line, each wait and whatever else a person should know."""
T = TypeVar("T")

TRIES = 5
"""Tries for the same request."""
_LATER = "try again later; the records fetched so far are kept"
_LONGEST_WAIT = 600.0
_LONGEST_ANSWER = 10
"""Time-outs that one answer may take, from the request to its last byte."""
_DAY = 86_400.0
_LARGEST = 512 << 20
_BLOCK = 1 << 16
_TOO_MANY = 429
_TRY_AGAIN = {408, _TOO_MANY, 500, 502, 503, 504}


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service on the web, and how it is asked."""

    name: str  # As people know it: ``PubMed``
    base: str  # Address below which it answers
    variable: str  # Environment variable that sets the address
    rate: float  # Requests a second
    tool: str = "autoscreen"  # Name by which the program calls
    # Seconds to wait for a sign of life; an answer may take ten times as long as a whole
    timeout: float = 30.0
    # Returns what an answer complains of, empty if of nothing; and what such a complaint means
    complaint: Callable[[bytes], str]
    judged: Callable[[str, bytes], SourceError]
    hidden: Callable[[str], str] = str  # Takes what is secret out of a message


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: address and key are for the server that was named, no other."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> None:
        """Refuse."""
        return


class HttpClient:
    """A line to one service."""

    def __init__(
        self, service: Service, *, say: Say, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._service = service
        self._say = say
        self._sleep = sleep
        self._open = urllib.request.build_opener(_NoRedirect, *_proxies(service)).open
        self._turns = RateLimiter(
            state_folder(), urlsplit(service.base).netloc, service.rate, say=say, sleep=sleep
        )

    def ask(
        self,
        address: str,
        read: Callable[[bytes], T],
        *,
        body: bytes | None = None,
        patience: int = TRIES,
    ) -> T:
        """Repeat the request until the response is valid, at most `TRIES` times."""
        attempt = 1
        while True:
            try:
                return self._once(address, read, body)
            except Transient as failure:
                if attempt == TRIES or (
                    isinstance(failure, MalformedAnswer) and attempt >= patience
                ):
                    failure.message = f"after {attempt} tries, {failure.message}"
                    failure.hint = failure.hint or _LATER
                    raise
                self._back_off(failure, attempt)
            attempt += 1

    def _once(self, address: str, read: Callable[[bytes], T], body: bytes | None) -> T:
        self._turns.wait()
        try:
            return read(self._send(address, body))
        except SourceError as error:
            error.message = self._service.hidden(error.message)
            raise

    def _back_off(self, failure: Transient, attempt: int) -> None:
        asked = failure.retry_after
        seconds = 2.0 ** (attempt - 1) if asked is None else asked
        if seconds > _LONGEST_WAIT:
            pause = f"{seconds / 60:.0f} minutes" if seconds < _DAY else "a day or longer"
            raise SourceError(
                f"{self._service.name} asks to wait {pause}: {failure.message}",
                retry_after=seconds,
                hint="start again after that; the records fetched so far are kept",
            ) from failure
        wish = "" if asked is None else f", as {self._service.name} requests"
        self._say(
            f"{failure.message}; asking again in {seconds:.0f} s{wish}"
            f" (try {attempt + 1} of {TRIES})"
        )
        if asked is not None:
            self._turns.hold(seconds)
        self._sleep(seconds)

    def _send(self, address: str, body: bytes | None) -> bytes:
        """Return an answer; end after the time for one, however slowly its bytes come."""
        headers = {"User-Agent": self._service.tool}
        # The settings take http and https only.
        request = urllib.request.Request(address, data=body, headers=headers)  # noqa: S310
        until = time.monotonic() + _LONGEST_ANSWER * self._service.timeout
        done: Future[bytes] = Future()

        def work() -> None:
            try:
                done.set_result(self._received(request, until))
            except BaseException as error:  # raised where it is waited for
                done.set_exception(error)

        # A time-out of a socket begins anew with each byte, so that a thread has to wait for them.
        threading.Thread(target=work, daemon=True).start()
        try:
            return done.result(_LONGEST_ANSWER * self._service.timeout)
        except TimeoutError as error:
            raise self._too_slow() from error

    def _too_slow(self) -> SourceError:
        limit = _LONGEST_ANSWER * self._service.timeout
        return SourceError(
            f"{self._service.name} took more than {limit:g} s over an answer", hint=_LATER
        )

    def _received(self, request: urllib.request.Request, until: float) -> bytes:
        try:
            with self._open(request, timeout=self._service.timeout) as answer:
                return self._body(answer, until)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(error) from error
        except urllib.error.URLError as error:
            raise self._unreachable(error.reason) from error
        except (OSError, http.client.HTTPException) as error:
            raise self._unreachable(error) from error

    def _body(self, answer: http.client.HTTPResponse, until: float) -> bytes:
        parts: list[bytes] = []
        size = 0
        while part := answer.read1(_BLOCK):
            parts.append(part)
            size += len(part)
            if size > _LARGEST:
                raise SourceError(
                    f"{self._service.name} sends more than {_LARGEST >> 20} MB in one answer"
                )
            if time.monotonic() > until:
                raise self._too_slow()
        body = b"".join(parts)
        announced = answer.headers.get("Content-Length", "")
        # http.client does not complain of this when it is read in parts.
        if announced.isdecimal() and size < int(announced):
            raise MalformedAnswer(
                f"{self._service.name} sent an answer cut off after {size} of {announced} bytes",
                body,
            )
        return body

    def _refusal(self, error: urllib.error.HTTPError) -> SourceError:
        """Return what an answer with another status than 200 means."""
        try:
            body = error.read(1 << 20)
        except (OSError, http.client.HTTPException):
            body = b""
        if error.code in _TRY_AGAIN:
            what = self._service.complaint(body) or http.client.responses.get(error.code, "")
            failure = Transient(f"{self._service.name} answered HTTP {error.code} ({what})")
            failure.retry_after = _seconds(error.headers.get("Retry-After"))
            return failure
        if message := self._service.complaint(body):
            return self._service.judged(message, body)
        if to := error.headers.get("Location"):
            host = urlsplit(to).netloc or to[:80]
            return SourceError(
                f"{self._service.base} sends callers on to {host!r}, which is not followed",
                hint=f"set {self._service.variable} to the right address, or leave it out",
            )
        return Refused(
            f"{self._service.base} answers HTTP {error.code} with {shown(body)}",
            hint=f"check {self._service.variable} if it is set; otherwise try again later",
        )

    def _unreachable(self, reason: object) -> SourceError:
        host = urlsplit(self._service.base).netloc
        if isinstance(reason, ssl.SSLCertVerificationError):
            return SourceError(
                f"the certificate of {host} cannot be verified ({reason.verify_message})",
                hint="behind a proxy of a hospital, set SSL_CERT_FILE to its certificates",
            )
        if isinstance(reason, TimeoutError):
            return Transient(f"{host} did not answer within {self._service.timeout:g} s")
        if isinstance(reason, http.client.IncompleteRead):
            return MalformedAnswer(
                f"{self._service.name} sent an answer that was cut off", reason.partial
            )
        why = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
        failure = Transient(f"{host} cannot be reached ({one_line(why)})")
        failure.hint = "check the network connection, and try again later"
        return failure


def _proxies(service: Service) -> list[urllib.request.ProxyHandler]:
    """Keep a proxy away from a server on this machine, which it could not reach."""
    local = urlsplit(service.base).hostname in ("localhost", "127.0.0.1", "::1")
    return [urllib.request.ProxyHandler({})] if local else []


def _seconds(value: str | None) -> float | None:
    """Return the seconds that a Retry-After header means; None if it means nothing."""
    text = (value or "").strip()
    if text.isdecimal():
        return min(_DAY, float(text))
    try:
        moment = parsedate_to_datetime(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (moment - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return None
    return min(_DAY, max(0.0, seconds))
