"""A small SMTP server on this machine, for tests that send mail."""

from __future__ import annotations

import email
import socket
import ssl
import threading
from contextlib import suppress
from email import policy
from email.message import EmailMessage

__all__ = ["MailBox"]


class MailBox:
    """A small SMTP server: keeps what it gets, and refuses what the test says."""

    def __init__(self, context: ssl.SSLContext | None = None, *, at_once: bool = False) -> None:
        self.messages: list[tuple[list[str], EmailMessage]] = []
        self.commands: list[str] = []
        self.refuse = ""
        self._context, self._at_once = context, at_once
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._open = [connection]
            with suppress(OSError):
                connection.settimeout(10)
                self._talk(self._wrapped(connection) if self._at_once else connection)
            for one in self._open:
                one.close()

    def _wrapped(self, connection: socket.socket) -> ssl.SSLSocket:
        assert self._context is not None
        wrapped = self._context.wrap_socket(connection, server_side=True)
        self._open.append(wrapped)
        return wrapped

    def _talk(self, connection: socket.socket) -> None:
        stream = connection.makefile("rwb")

        def say(text: str) -> None:
            stream.write(f"{text}\r\n".encode())
            stream.flush()

        say("220 here")
        recipients: list[str] = []
        while line := stream.readline().decode().strip():
            self.commands.append(line)
            verb = line.split()[0].upper()
            if self.refuse and line.startswith(self.refuse):
                say("550 no such person here")
            elif verb == "EHLO":
                say("250-here")
                say("250-AUTH PLAIN")
                say("250 STARTTLS")
            elif verb == "STARTTLS":
                say("220 go on")
                connection = self._wrapped(connection)
                stream = connection.makefile("rwb")
            elif verb == "AUTH":
                say("235 welcome")
            elif verb == "RCPT":
                recipients.append(line.partition("<")[2].rstrip(">"))
                say("250 ok")
            elif verb == "DATA":
                say("354 go on")
                body = b""
                while (part := stream.readline()) != b".\r\n":
                    body += part[1:] if part.startswith(b".") else part
                message = email.message_from_bytes(body, policy=policy.default)
                self.messages.append((recipients, message))
                say("250 taken")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")
