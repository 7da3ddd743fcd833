"""Signatures of what is posted to and received from a gateway: HMAC-SHA256 with a shared key.

What
====
The sender signs ``timestamp + "\\n" + nonce + "\\n" + body`` and sends what he signed. The receiver
takes a call whose signature fits and whose timestamp (Unix seconds) is not further than ``WINDOW``
away; a nonce he has seen within that time is a replay, which is his to remember.

Example
=======
>>> signature = sign("key", 1781056800, "n-1", b"{}")
>>> verify("key", "1781056800", "n-1", b"{}", signature, now=1781056900)
True
>>> verify("key", "1781056800", "n-1", b"{ }", signature, now=1781056900)
False
>>> verify("key", "1781056800", "n-1", b"{}", signature, now=1781057200)
False
"""

import hashlib
import hmac
import re
from collections.abc import Mapping

WINDOW = 300  # s
_NONCE = re.compile(r"[0-9A-Za-z_-]{1,64}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")


def sign(key: str, timestamp: int, nonce: str, body: bytes) -> str:
    """The signature, in hexadecimal."""
    told = f"{timestamp}\n{nonce}\n".encode() + body
    return hmac.new(key.encode(), told, hashlib.sha256).hexdigest()


def verify(key: str, timestamp: str, nonce: str, body: bytes, signature: str, now: float) -> bool:
    """Whether a call was signed with this key, now; without a key nothing was.

    The comparison takes the same time whatever is wrong.
    """
    well_formed = _TIMESTAMP.fullmatch(timestamp) and _NONCE.fullmatch(nonce)
    moment = int(timestamp) if well_formed else 0
    expected = sign(key or "-", moment, nonce if well_formed else "", body)
    same = hmac.compare_digest(expected.encode(), signature.encode())
    return bool(key and well_formed and same and abs(now - moment) <= WINDOW)


def verify_headers(key: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Whether a call was signed with this key, now, its signature in the headers as we send it."""
    names = ("X-Shenpi-Timestamp", "X-Shenpi-Nonce", "X-Shenpi-Signature")
    timestamp, nonce, signature = (headers.get(name, "") for name in names)
    return verify(key or "", timestamp, nonce, body, signature, now)
