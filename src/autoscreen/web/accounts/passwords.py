"""Passwords as scrypt hashes (RFC 7914): 32 MB and a tenth of a second for each guess."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading

from autoscreen.errors import InputError
from autoscreen.web.accounts.password_strength import weakness

SHORTEST = 10
"""Fewest characters of a password."""

_COST, _BLOCK, _PARALLEL = 2**15, 8, 1
_LONGEST = 1000
_AT_ONCE = threading.BoundedSemaphore(4)
"""Keeps the memory that many sign-ins at once take to 128 MB."""


def check_password(password: str, name: str = "") -> None:
    """Refuse a password that is easy to guess, also for somebody who knows the member's name."""
    if not SHORTEST <= len(password) <= _LONGEST:
        raise InputError(
            f"the password has {len(password)} characters",
            hint=f"use {SHORTEST} to {_LONGEST}; three or four words work well",
        )
    if problem := weakness(password, name):
        raise InputError(f"the password {problem}", hint="use three or four words of your own")


def hash_password(password: str) -> str:
    """Return what is stored of a password: ``scrypt$n$r$p$salt$hash``, the last two as hex."""
    return _kept(password, secrets.token_bytes(16), _COST, _BLOCK, _PARALLEL)


def is_outdated(kept: str) -> bool:
    """Return whether a hash was made with other costs than those of new ones."""
    return not kept.startswith(f"scrypt${_COST}${_BLOCK}${_PARALLEL}$")


def matches(password: str, kept: str) -> bool:
    """Return whether this is the password; without a stored one it takes as long to refuse."""
    password = password[:_LONGEST]
    if not kept:
        hash_password(password)
        return False
    _, cost, block, parallel, salt, _ = kept.split("$")
    found = _kept(password, bytes.fromhex(salt), int(cost), int(block), int(parallel))
    return hmac.compare_digest(found, kept)


def _kept(password: str, salt: bytes, cost: int, block: int, parallel: int) -> str:
    with _AT_ONCE:
        made = hashlib.scrypt(
            password.encode("utf-8", "replace"),
            salt=salt,
            n=cost,
            r=block,
            p=parallel,
            maxmem=256 * cost * block * parallel,  # twice what scrypt needs
            dklen=32,
        )
    return f"scrypt${cost}${block}${parallel}${salt.hex()}${made.hex()}"
