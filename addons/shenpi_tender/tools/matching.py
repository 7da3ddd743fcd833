"""What the payments of one bidder for one lot are worth: rules, never tolerance.

What
====
All payments that reached the bidder's sub-account are judged together, in the order in which the
bank received them. Each gets a code, and so does the whole:

=====================  ==================================================================
``ok``                 with this payment the security is there, to the fen
``amount_short``       not enough so far; more may follow before the deadline
``amount_over``        there is more than is owed: the rest goes back
``late``               arrived after the deadline
``payer_other_party``  paid by somebody else than the bidder
``payer_not_basic``    paid by the bidder, but not from his basic account
``after_withdrawal``   arrived when the bidder had withdrawn
``lot_cancelled``      arrived when the lot had failed or been terminated
``unpaid``             (of the whole) nothing has arrived
=====================  ==================================================================

``no_subaccount`` is no judgement: a payment that names no sub-account is nobody's.

Example
=======
>>> from datetime import datetime
>>> claim = Claim(amount=100, deadline=datetime(2026, 6, 10, 9), bidder="青云建工（集团）有限公司")
>>> first = Payment(1, 60, datetime(2026, 6, 9, 9), "6222", "青云建工(集团)有限公司")
>>> verdict = judge(claim, [first])
>>> verdict.code, verdict.kept, verdict.surplus
('amount_short', 0, 60)
>>> second = Payment(2, 40, datetime(2026, 6, 10, 9), "6222", "青云建工(集团)有限公司")
>>> judge(claim, [second, first]).codes
{1: 'amount_short', 2: 'ok'}

How it works
============
Names are compared without regard to width and blanks, since banks write brackets and letters in
full or half width as they like; nothing else is forgiven. The outcome hangs on the payments alone,
not on the order in which they are told.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

CODES = (
    "ok",
    "amount_short",
    "amount_over",
    "late",
    "payer_not_basic",
    "payer_other_party",
    "lot_cancelled",
    "no_subaccount",
    "after_withdrawal",
)
EFFECTIVE = ("ok", "amount_over")
PAYER_CHECKS = ("basic", "name", "none")


@dataclass(frozen=True, slots=True)
class Claim:
    """What is owed, until when and by whom; moments are of one time zone, amounts are fen.

    ``payer_check``: ``basic`` asks for the bidder's basic account (招标投标法实施条例 art. 26),
    ``name`` for his name, ``none`` for nothing.
    """

    amount: int
    deadline: datetime
    bidder: str
    basic_account: str = ""
    payer_check: str = "name"
    cancelled_at: datetime | None = None
    withdrawn_at: datetime | None = None


class Payment(NamedTuple):
    """One line of the bank; ``key`` tells lines apart and orders those of the same second."""

    key: int
    amount: int
    arrived: datetime
    account: str
    name: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """``code`` of the whole, ``codes`` by payment, and what becomes of the money: ``kept`` secures
    the bid, ``surplus`` is to go back."""

    code: str
    codes: dict[int, str]
    kept: int
    surplus: int

    @property
    def effective(self) -> bool:
        """Whether the bid is secured."""
        return self.code in EFFECTIVE


def judge(claim: Claim, payments: Iterable[Payment]) -> Verdict:
    """Judge all payments that reached one bidder's sub-account for one lot."""
    ordered = sorted(payments, key=lambda payment: (payment.arrived, payment.key))
    codes: dict[int, str] = {}
    counted = 0
    for payment in ordered:
        fault = _find_fault(claim, payment)
        if not fault:
            counted += payment.amount
            fault = _compare(counted, claim.amount)
        codes[payment.key] = fault
    decided = counted or not claim.amount  # who owes nothing has paid it
    code = _compare(counted, claim.amount) if decided else next(iter(codes.values()), "unpaid")
    kept = claim.amount if code in EFFECTIVE else 0
    return Verdict(code, codes, kept, sum(payment.amount for payment in ordered) - kept)


def _find_fault(claim, payment):
    if claim.cancelled_at and payment.arrived >= claim.cancelled_at:
        return "lot_cancelled"
    if claim.withdrawn_at and payment.arrived >= claim.withdrawn_at:
        return "after_withdrawal"
    if payment.arrived > claim.deadline:
        return "late"
    if claim.payer_check != "none" and plain(payment.name) != plain(claim.bidder):
        return "payer_other_party"
    if claim.payer_check == "basic" and plain(payment.account) != plain(claim.basic_account):
        return "payer_not_basic"
    return ""


def _compare(counted, amount):
    if counted == amount:
        return "ok"
    return "amount_short" if counted < amount else "amount_over"


def plain(text: str) -> str:
    """A name or account number without regard to width and blanks."""
    joined = "".join(unicodedata.normalize("NFKC", text).split())
    # What a blank kept apart may go together now.
    return unicodedata.normalize("NFKC", joined)


def split_back(verdict: Verdict, payments: Iterable[Payment]) -> dict[int, int]:
    """How much of each payment goes back at once, by key; what secures the bid stays.

    The payments that count fill up what is kept in the order in which they arrived; what did not
    count, or is too much, goes back to where it came from.

    >>> from datetime import datetime
    >>> claim = Claim(100, datetime(2026, 6, 10), "A", payer_check="none")
    >>> paid = [Payment(1, 60, datetime(2026, 6, 1), "x", "A")]
    >>> paid.append(Payment(2, 50, datetime(2026, 6, 2), "y", "A"))
    >>> split_back(judge(claim, paid), paid)
    {1: 0, 2: 10}
    """
    left, back = verdict.kept, {}
    for payment in sorted(payments, key=lambda payment: (payment.arrived, payment.key)):
        counts = verdict.codes[payment.key] in ("ok", "amount_short", "amount_over")
        kept = min(left, payment.amount) if counts else 0
        left -= kept
        back[payment.key] = payment.amount - kept
    return back
