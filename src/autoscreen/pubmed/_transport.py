"""Sends one request to the E-utilities, patiently and politely, until the response is valid."""

from __future__ import annotations

import http.client
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import IO, TypeVar
from urllib.parse import quote_plus, urlencode, urlsplit

from autoscreen.errors import ConfigError, SourceError
from autoscreen.pubmed._answers import (
    MalformedAnswer,
    Transient,
    complaint_in,
    judged,
    one_line,
    shown,
)
from autoscreen.pubmed._eutils_settings import Settings, config_file, state_folder
from autoscreen.pubmed._rate_limiter import RateLimiter

Say = Callable[[str], None]
"""Hears, in one line, of each wait and whatever else a person should know."""
T = TypeVar("T")

TRIES = 5
"""Tries for the same request."""
_LATER = "try again later; the records fetched so far are kept"
_LONGEST_WAIT = 600.0
_LONGEST_ANSWER = 10
"""Time-outs that one answer may take, from the request to its last byte."""
_DAY = 86_400.0
_LARGEST = 512 << 20
_SHOWN_OF_SECRET = 6
_BLOCK = 1 << 16
_LONGEST_QUERY = 1000
_MANY_IDS = 200
_TOO_MANY = 429
_TRY_AGAIN = {408, _TOO_MANY, 500, 502, 503, 504}


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


class Transport:
    """A line to one server."""

    def __init__(
        self, settings: Settings, *, say: Say, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        if not settings.email and settings.is_ncbi:
            raise ConfigError(
                "no e-mail address is set, and NCBI requires one with each request",
                hint="say it once with: autoscreen search REVIEW --dry-run --email you@example.org "
                f"(kept in {config_file()}), or set NCBI_EMAIL",
            )
        if not settings.email:
            say("no e-mail address is set; NCBI itself would require one (NCBI_EMAIL)")
        self._settings = settings
        self._say = say
        self._sleep = sleep
        self._open = urllib.request.build_opener(_NoRedirect, *_proxies(settings)).open
        self._turns = RateLimiter(
            state_folder(),
            urlsplit(settings.base).netloc,
            settings.requests_per_second,
            say=say,
            sleep=sleep,
        )

    def ask(
        self,
        utility: str,
        read: Callable[[bytes], T],
        parameters: Mapping[str, str | int],
        *,
        patience: int = TRIES,
    ) -> T:
        """Repeat the request until the response is valid, at most `TRIES` times."""
        attempt = 1
        while True:
            try:
                return self._once(utility, read, parameters)
            except Transient as failure:
                if attempt == TRIES or (
                    isinstance(failure, MalformedAnswer) and attempt >= patience
                ):
                    failure.message = f"after {attempt} tries, {failure.message}"
                    failure.hint = failure.hint or _LATER
                    raise
                self._back_off(failure, attempt)
            attempt += 1

    def _once(
        self, utility: str, read: Callable[[bytes], T], parameters: Mapping[str, str | int]
    ) -> T:
        self._turns.wait()
        try:
            return read(self._send(utility, parameters))
        except SourceError as error:
            error.message = self._hidden(error.message)
            raise

    def _back_off(self, failure: Transient, attempt: int) -> None:
        asked = failure.retry_after
        seconds = 2.0 ** (attempt - 1) if asked is None else asked
        if seconds > _LONGEST_WAIT:
            pause = f"{seconds / 60:.0f} minutes" if seconds < _DAY else "a day or longer"
            raise SourceError(
                f"PubMed asks to wait {pause}: {failure.message}",
                retry_after=seconds,
                hint="start again after that; the records fetched so far are kept",
            ) from failure
        wish = "" if asked is None else ", as PubMed requests"
        self._say(
            f"{failure.message}; asking again in {seconds:.0f} s{wish}"
            f" (try {attempt + 1} of {TRIES})"
        )
        if asked is not None:
            self._turns.hold(seconds)
        self._sleep(seconds)

    def _send(self, utility: str, parameters: Mapping[str, str | int]) -> bytes:
        """Return an answer; end after the time for one, however slowly its bytes come."""
        request = self._request(utility, parameters)
        until = time.monotonic() + _LONGEST_ANSWER * self._settings.timeout
        done: Future[bytes] = Future()

        def work() -> None:
            try:
                done.set_result(self._received(request, until))
            except BaseException as error:  # raised where it is waited for
                done.set_exception(error)

        # A time-out of a socket begins anew with each byte, so that a thread has to wait for them.
        threading.Thread(target=work, daemon=True).start()
        try:
            return done.result(_LONGEST_ANSWER * self._settings.timeout)
        except TimeoutError as error:
            raise self._too_slow() from error

    def _too_slow(self) -> SourceError:
        limit = _LONGEST_ANSWER * self._settings.timeout
        return SourceError(f"PubMed took more than {limit:g} s over an answer", hint=_LATER)

    def _received(self, request: urllib.request.Request, until: float) -> bytes:
        try:
            with self._open(request, timeout=self._settings.timeout) as answer:
                return self._body(answer, until)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(error) from error
        except urllib.error.URLError as error:
            raise self._unreachable(error.reason) from error
        except (OSError, http.client.HTTPException) as error:
            raise self._unreachable(error) from error

    def _request(self, utility: str, parameters: Mapping[str, str | int]) -> urllib.request.Request:
        """
        Build a request: GET, or POST if it is long, as the E-utilities ask for.

        The public functions of Bio.Entrez take neither a time-out nor another address, and do not
        wait after HTTP 429.
        """
        who = {"tool": self._settings.tool, "email": self._settings.email}
        if self._settings.key:
            who["api_key"] = self._settings.key
        query = urlencode({**parameters, **who})
        address = f"{self._settings.base.rstrip('/')}/{utility}.fcgi"
        many = str(parameters.get("id", "")).count(",") >= _MANY_IDS - 1
        headers = {"User-Agent": self._settings.tool}
        body = None
        if many or len(query) > _LONGEST_QUERY:
            body = query.encode()
        else:
            address = f"{address}?{query}"
        # The settings take http and https only.
        return urllib.request.Request(address, data=body, headers=headers)  # noqa: S310

    def _body(self, answer: http.client.HTTPResponse, until: float) -> bytes:
        parts: list[bytes] = []
        size = 0
        while part := answer.read1(_BLOCK):
            parts.append(part)
            size += len(part)
            if size > _LARGEST:
                raise SourceError(f"PubMed sends more than {_LARGEST >> 20} MB in one answer")
            if time.monotonic() > until:
                raise self._too_slow()
        body = b"".join(parts)
        announced = answer.headers.get("Content-Length", "")
        # http.client does not complain of this when it is read in parts.
        if announced.isdecimal() and size < int(announced):
            raise MalformedAnswer(
                f"PubMed sent an answer cut off after {size} of {announced} bytes", body
            )
        return body

    def _refusal(self, error: urllib.error.HTTPError) -> SourceError:
        """Return what an answer with another status than 200 means."""
        try:
            body = error.read(1 << 20)
        except (OSError, http.client.HTTPException):
            body = b""
        if error.code in _TRY_AGAIN:
            what = complaint_in(body) or http.client.responses.get(error.code, "")
            failure = Transient(f"PubMed answered HTTP {error.code} ({what})")
            failure.retry_after = _seconds(error.headers.get("Retry-After"))
            return failure
        # EFetch also says 400 where a server behind it did not answer.
        if message := complaint_in(body):
            return judged(message, body)
        if to := error.headers.get("Location"):
            host = urlsplit(to).netloc or to[:80]
            return SourceError(
                f"{self._settings.base} sends callers on to {host!r}, which is not followed",
                hint="set NCBI_EUTILS_URL to the right address, or leave it out",
            )
        return SourceError(
            f"{self._settings.base} answers HTTP {error.code} with {shown(body)}",
            hint="check NCBI_EUTILS_URL if it is set; otherwise try again later",
        )

    def _unreachable(self, reason: object) -> SourceError:
        host = urlsplit(self._settings.base).netloc
        if isinstance(reason, ssl.SSLCertVerificationError):
            return SourceError(
                f"the certificate of {host} cannot be verified ({reason.verify_message})",
                hint="behind a proxy of a hospital, set SSL_CERT_FILE to its certificates",
            )
        if isinstance(reason, TimeoutError):
            return Transient(f"{host} did not answer within {self._settings.timeout:g} s")
        if isinstance(reason, http.client.IncompleteRead):
            return MalformedAnswer("PubMed sent an answer that was cut off", reason.partial)
        why = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
        failure = Transient(f"{host} cannot be reached ({one_line(why)})")
        failure.hint = "check the network connection, and try again later"
        return failure

    def _hidden(self, text: str) -> str:
        """Take key and e-mail address out of what a server wrote back, also where they are cut."""
        key, email = self._settings.key, self._settings.email
        parts = {key[at:end] for at in range(len(key)) for end in range(at + 1, len(key) + 1)}
        parts |= {form[:end] for form in (email, quote_plus(email)) for end in range(len(form) + 1)}
        short = {key, quote_plus(key), email} - {""}
        hidden = {part for part in parts if len(part) >= _SHOWN_OF_SECRET} | short
        for part in sorted(hidden, key=len, reverse=True):
            text = text.replace(part, "***")
        return text


def _proxies(settings: Settings) -> list[urllib.request.ProxyHandler]:
    """Keep a proxy away from a server on this machine, which it could not reach."""
    local = urlsplit(settings.base).hostname in ("localhost", "127.0.0.1", "::1")
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
