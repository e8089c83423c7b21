"""Passwords as scrypt hashes (RFC 7914): 32 MB and a tenth of a second for each guess."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from autoscreen.errors import InputError

__all__ = ["SHORTEST", "check_password", "hash_password", "matches"]

SHORTEST = 10
"""Fewest characters of a password."""

_COST = 2**15
_BLOCK = 8
_MEMORY = 64 * 1024 * 1024
_LONGEST = 1000


def check_password(password: str) -> None:
    """Refuse a password that is too easy to guess."""
    if not SHORTEST <= len(password) <= _LONGEST:
        raise InputError(
            f"the password has {len(password)} characters",
            hint=f"choose one of {SHORTEST} or more; three or four words are good",
        )


def hash_password(password: str) -> str:
    """Return what is kept of a password: a random salt and the hash, in hexadecimal."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}:{_scrypt(password, salt).hex()}"


def matches(password: str, kept: str) -> bool:
    """Whether this is the password."""
    salt, _, expected = (kept or f"{'00' * 16}:").partition(":")
    found = _scrypt(password[:_LONGEST], bytes.fromhex(salt)).hex()
    return hmac.compare_digest(found, expected)


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        password.encode("utf-8", "replace"),
        salt=salt,
        n=_COST,
        r=_BLOCK,
        p=1,
        maxmem=_MEMORY,
        dklen=32,
    )
