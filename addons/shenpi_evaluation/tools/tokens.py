"""Rating tokens: worked out from a secret whenever they are handed out, kept as digests only.

Nothing from which a token could be read lies in the database beside the server's secret, and a
message that is sent a second time after a crash carries the token of the first time.

>>> token = derive("secret", "12/first", "salt")
>>> len(token), token == derive("secret", "12/first", "salt")
(32, True)
>>> token == derive("secret", "12/addition", "salt")
False
>>> is_stamp(make_stamp("secret", token, 1000), "secret", token, 1003, 2, 60)
True
>>> is_stamp(make_stamp("secret", token, 1000), "secret", token, 1001, 2, 60)    # too quick
False
"""

import base64
import hashlib
import hmac
import secrets

TOKEN_LENGTH = 32


def new_salt() -> str:
    """Return a random salt."""
    return secrets.token_urlsafe(16)


def derive(secret: str, purpose: str, salt: str) -> str:
    """Return the token for a purpose: 192 bits in letters, digits, - and _."""
    mac = hmac.new(secret.encode(), f"rating/{purpose}/{salt}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(mac.digest()[:24]).decode()


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_stamp(secret: str, token: str, moment: int) -> str:
    """Return what a form carries to show that it was fetched from us, and when (epoch seconds)."""
    mac = hmac.new(secret.encode(), f"form/{token}/{moment}".encode(), hashlib.sha256)
    return f"{moment}.{mac.hexdigest()[:32]}"


def is_stamp(stamp: str, secret: str, token: str, now: int, least: int, most: int) -> bool:
    """Whether a form was fetched from us for this token, between ``least`` and ``most`` seconds
    ago."""
    text, _dot, _mac = stamp.partition(".")
    if not (stamp.isascii() and text.isdigit() and len(text) <= 12):
        return False
    moment = int(text)
    expected = make_stamp(secret, token, moment)
    return hmac.compare_digest(expected, stamp) and least <= now - moment <= most
