"""``statements``: every line adds up, whatever was posted."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from shenpi_tender.tools.statements import OWED, Posting, summarize

DAY = datetime(2026, 6, 1, tzinfo=UTC)
ACCOUNTS = ("bank", "held", "suspense", "in_refund", "refunded", "forfeited", "transferred")
PAIRS = [
    (debit, credit)
    for debit in (*ACCOUNTS, "interest")
    for credit in (*ACCOUNTS, "interest")
    # Between these nothing is the bidder's, or it goes past what is held for him.
    if debit != credit and (debit in OWED) + (credit in OWED) >= 1
]
postings = st.builds(
    lambda key, days, pair, fen: Posting(key, DAY + timedelta(days=days), *pair, fen),
    st.sampled_from("AB"),
    st.integers(0, 60),
    st.sampled_from(PAIRS),
    st.integers(1, 10**13),
)


def balance(line):
    out = line.refunded + line.forfeited + line.transferred
    return line.opening + line.received + line.interest - out


@given(st.lists(postings), st.integers(0, 61))
def test_every_line_adds_up(rows, days):
    start = DAY + timedelta(days=days)
    lines = summarize(rows, start)
    held = Counter()
    for row in rows:
        held[row.key] += ((row.credit in OWED) - (row.debit in OWED)) * row.fen
    for key, line in lines.items():
        assert line.closing == held[key] == balance(line)


@given(st.lists(postings), st.integers(0, 61))
def test_what_is_left_is_brought_forward(rows, days):
    start = DAY + timedelta(days=days)
    before = summarize([row for row in rows if row.moment < start], DAY)
    after = summarize(rows, start)
    for key, line in before.items():
        assert after[key].opening == line.closing


def test_what_the_statement_shows_later_moves_nothing():
    rows = [
        Posting("A", DAY, "bank", "held", 5),
        Posting("A", DAY, "held", "in_refund", 5),
        Posting("A", DAY, "in_refund", "refunded", 5),
        Posting("A", DAY, "refunded", "bank", 5),
        Posting("A", DAY, "bank", "refunded", 5),
        Posting("A", DAY, "refunded", "held", 5),
    ]
    line = summarize(rows, DAY)["A"]
    assert (line.received, line.refunded, line.closing) == (5, 0, 5)


def test_nothing_to_say():
    assert summarize([], DAY) == {}
    rows = [Posting("A", DAY, "bank", "held", 5), Posting("A", DAY, "held", "refunded", 5)]
    assert summarize(rows, DAY + timedelta(days=1))["A"].is_empty
