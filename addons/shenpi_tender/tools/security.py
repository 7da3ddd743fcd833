"""How much bid security a lot may ask for, and what one bidder of it owes.

What
====
The law caps the security at a share of the estimate or budget (招标投标法实施条例 art. 26,
政府采购法实施条例 art. 33: two per cent) and, for some kinds of work, at an amount. Provinces
exempt kinds of lots, and reduce what small firms or firms of good credit owe
(发改法规〔2023〕27号).

Example
=======
>>> works = AmountRule(percent_bp=200, cap=80_000_000)
>>> ceiling(works, 3_000_000_000)       # 2 % of 30 million yuan
60000000
>>> ceiling(works, 10_000_000_000)      # 2 % would be 2 million: at most 800,000 yuan
80000000
>>> payable(AmountRule(200, reductions={"small": 50}), 60_000_001, {"small"})
30000000

How it works
============
Everything is whole fen. A cap rounds down, since more than two per cent is unlawful by a fraction
of a fen too; a reduction rounds what is owed down, in favour of the bidder. Of several reductions
the largest one counts; they do not add up.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AmountRule:
    """``percent_bp``: hundredths of a per cent; ``cap`` in fen (None: no cap by amount);
    ``exempt``: no security at all; ``reductions``: per cent off by class of bidder."""

    percent_bp: int
    cap: int | None = None
    exempt: bool = False
    reductions: Mapping[str, int] = field(default_factory=dict)


def ceiling(rule: AmountRule, base: int) -> int:
    """The most that a lot of this estimate or budget may ask for, in fen."""
    if rule.exempt:
        return 0
    share = base * rule.percent_bp // 10_000
    return share if rule.cap is None else min(share, rule.cap)


def payable(rule: AmountRule, amount: int, classes: Collection[str]) -> int:
    """What a bidder of these classes owes of the amount that the lot asks for, in fen."""
    if rule.exempt:
        return 0
    off = max((rule.reductions.get(name, 0) for name in classes), default=0)
    return amount * (100 - off) // 100
