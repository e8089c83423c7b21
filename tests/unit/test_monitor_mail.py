"""Mailing a digest to a server on this machine that speaks SMTP."""

from __future__ import annotations

import email
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from autoscreen.errors import ConfigError, SourceError
from autoscreen.monitor.digest import Coverage, Digest, DigestEntry, Kind, guid_of
from autoscreen.monitor.mail import KEYRING, compose_mail, mail_server, recipients_from, send
from autoscreen.monitor.watch_run import MailTarget
from autoscreen.records import Record
from mail_box import MailBox


@pytest.fixture
def box() -> Iterator[MailBox]:
    """A server without encryption, as it may run on one's own machine."""
    made = MailBox()
    yield made
    made.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A key and a certificate for this machine, made for this run."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    folder = tmp_path_factory.mktemp("certificate")
    key, signed = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-keyout", str(key), "-out", str(signed), "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
        ],
        check=True,
        capture_output=True,
    )
    return key, signed


@pytest.fixture
def digest() -> Digest:
    """One new record with a difficult title."""
    entry = DigestEntry(
        kind=Kind.NEW,
        subject="7",
        guid=guid_of("r", "new", "7", ""),
        id="r7",
        record=Record(title="Über <b>coils</b>\r\nBcc: someone \ud800", pmid="7"),
    )
    return Digest(
        review="rms\r\nBcc: x@example.org",
        protocol="Coils",
        run=2,
        at="2026-11-25T06:17:00.000Z",
        coverage=Coverage(source="PubMed"),
        entries=(entry,),
    )


def settings(box: MailBox, **more: str) -> dict[str, str]:
    values = {"HOST": "127.0.0.1", "PORT": str(box.port), "TLS": "off", "FROM": "me@example.org"}
    return {f"AUTOSCREEN_SMTP_{name}": value for name, value in (values | more).items()}


def mail(digest: Digest, *recipients: str) -> bytes:
    return compose_mail(
        digest, sender="me@example.org", recipients=recipients, guid=guid_of("r", "mail", "2", "")
    )


def test_a_digest_is_mailed_as_text_and_page(box: MailBox, digest: Digest) -> None:
    """One message of two forms, to all; a hostile name adds no line to its head."""
    content = mail(digest, "a@example.org", "b@example.org")
    send(mail_server(settings(box)), ["a@example.org", "b@example.org"], content)
    ((recipients, message),) = box.messages
    assert recipients == ["a@example.org", "b@example.org"]
    assert message["To"] == "a@example.org, b@example.org"
    assert message["Subject"] == "rms Bcc: x@example.org: 1 new record to read"
    assert message["Bcc"] is None
    assert message["Date"].datetime.isoformat() == "2026-11-25T06:17:00+00:00"
    assert message.get_content_type() == "multipart/alternative"
    text, page = (part.get_content() for part in message.iter_parts())
    assert "Über <b>coils</b>" in text
    assert "Über &lt;b&gt;coils&lt;/b&gt;" in page
    assert max(map(len, content.split(b"\r\n"))) <= 998


def test_the_same_digest_is_the_same_message(digest: Digest) -> None:
    """Should it come twice, mail programs know it by its Message-ID."""
    one, two = (email.message_from_bytes(mail(digest, "a@example.org")) for _ in range(2))
    assert one["Message-ID"] == two["Message-ID"]


@pytest.mark.parametrize("safety", ["starttls", "tls"])
def test_mail_goes_out_encrypted_and_with_a_password(
    safety: str,
    certificate: tuple[Path, Path],
    digest: Digest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The password is said only after the line is safe."""
    key, signed = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(signed, key)
    box = MailBox(context, at_once=safety == "tls")
    monkeypatch.setenv("SSL_CERT_FILE", str(signed))
    try:
        server = mail_server(settings(box, TLS=safety, USER="me", PASSWORD="s3cret"))
        assert "s3cret" not in repr(server)
        send(server, ["a@example.org"], mail(digest, "a@example.org"))
    finally:
        box.close()
    assert len(box.messages) == 1
    verbs = [line.split()[0] for line in box.commands]
    assert "AUTH" in verbs
    assert safety == "tls" or verbs.index("STARTTLS") < verbs.index("AUTH")


def test_a_server_with_a_strange_certificate_gets_nothing(
    certificate: tuple[Path, Path], digest: Digest
) -> None:
    """Nobody else's server is trusted with digest and password."""
    key, signed = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(signed, key)
    box = MailBox(context)
    try:
        with pytest.raises(SourceError, match="did not accept the message"):
            send(mail_server(settings(box, TLS="starttls")), ["a@example.org"], b"x")
    finally:
        box.close()
    assert box.messages == []


def test_what_the_server_refuses_is_said(box: MailBox, digest: Digest) -> None:
    """In its own words, or by whom it did not want it for."""
    server = mail_server(settings(box))
    box.refuse = "mail FROM"
    with pytest.raises(SourceError, match="550 no such person"):
        send(server, ["a@example.org"], mail(digest))
    box.refuse = "rcpt TO:<b@"
    both = ["a@example.org", "b@example.org"]
    assert send(server, both, mail(digest)) == {"b@example.org": "550 no such person here"}
    assert box.messages[0][0] == ["a@example.org"]


def test_no_server_answers(box: MailBox) -> None:
    """It says which one was asked, and that the message is kept."""
    server = mail_server(settings(box))
    box.close()
    with pytest.raises(SourceError, match=f"127.0.0.1:{box.port}.*next run"):
        send(server, ["a@example.org"], b"x")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"HOST": ""}, "AUTOSCREEN_SMTP_HOST"),
        ({"TLS": "ssl"}, "starttls, tls or off"),
        ({"HOST": "mail.example.org"}, "another machine"),
        ({"PORT": "0"}, "AUTOSCREEN_SMTP_PORT"),
        ({"FROM": "", "USER": "me"}, "AUTOSCREEN_SMTP_FROM"),
    ],
)
def test_settings_that_do_not_hold_together(values: dict[str, str], message: str) -> None:
    """Said before anything is asked of PubMed."""
    fake: Any = SimpleNamespace(port=25)
    with pytest.raises(ConfigError, match=message):
        mail_server(settings(fake, **values))


def test_what_is_not_set_is_as_usual() -> None:
    """STARTTLS at 587, and the user is the sender."""
    server = mail_server({"AUTOSCREEN_SMTP_HOST": "m.example.org", "AUTOSCREEN_SMTP_USER": "a@b.c"})
    assert (server.port, server.safety, server.sender) == (587, "starttls", "a@b.c")


def test_the_password_may_lie_in_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the name of autoscreen and the user."""
    keyring: Any = ModuleType("keyring")
    keyring.__spec__ = SimpleNamespace(name="keyring")
    keyring.errors = SimpleNamespace(KeyringError=RuntimeError)
    keyring.get_password = lambda name, user: f"{name} of {user}"
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    values = {"AUTOSCREEN_SMTP_HOST": "m.example.org", "AUTOSCREEN_SMTP_USER": "a@b.c"}
    assert mail_server(values).password == f"{KEYRING} of a@b.c"

    def locked(name: str, user: str) -> str:
        raise RuntimeError("locked")

    keyring.get_password = locked
    with pytest.raises(ConfigError, match="keyring"):
        mail_server(values)


def test_addresses_are_checked() -> None:
    """Several may stand in one; each once."""
    assert recipients_from(["a@x.org, b@x.org", "a@x.org"]) == ("a@x.org", "b@x.org")
    for wrong in ("a", "a@", "@x.org", "a b@x.org", "a@x.org\nBcc: c@x.org", "<a@x.org>"):
        with pytest.raises(ConfigError, match="not a mail address"):
            recipients_from([wrong])


def test_a_post_knows_whom_to_mail(box: MailBox) -> None:
    """With news only, if that is wanted."""
    post = MailTarget(server=mail_server(settings(box)), recipients=("a@example.org",))
    assert not post.only_news
