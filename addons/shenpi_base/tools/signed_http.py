"""Signed JSON over HTTP to a service outside: an SMS gateway, a register that is looked up in.

What
====
A POST of JSON with the headers

=====================  =====================================================
``X-Shenpi-Account``   who calls, as the service knows him
``X-Shenpi-Timestamp`` Unix seconds
``X-Shenpi-Nonce``     a word that is used once
``X-Shenpi-Signature`` see ``tools.signing``
=====================  =====================================================

No redirect is followed. What is raised, answered or logged here holds nothing of what was sent.
"""

import json
import secrets
import time
from typing import NamedTuple

import requests

from .signing import sign

TIMEOUT = (5, 20)  # s: to connect, to answer


class Service(NamedTuple):
    """Where to post, as whom; the key is what both sides share."""

    url: str
    account: str
    key: str


def post(service: Service, payload: dict) -> tuple[dict | None, str]:
    """``(answer, reason)``: the object that was answered, or None and why there is none."""
    body = json.dumps(payload, ensure_ascii=False).encode()
    timestamp, nonce = int(time.time()), secrets.token_urlsafe(16)
    headers = {
        "Content-Type": "application/json",
        "X-Shenpi-Account": service.account,
        "X-Shenpi-Timestamp": str(timestamp),
        "X-Shenpi-Nonce": nonce,
        "X-Shenpi-Signature": sign(service.key, timestamp, nonce, body),
    }
    try:
        response = requests.post(
            service.url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False
        )
    except requests.Timeout:
        return None, "timeout"
    except requests.RequestException:
        return None, "unreachable"
    if response.status_code != requests.codes.ok:
        return None, f"http_{response.status_code}"
    try:
        answer = response.json()
    except ValueError:
        return None, "not_understood"
    return (answer, "") if isinstance(answer, dict) else (None, "not_understood")
