"""The invariants of bid security, whatever happens in whatever order: two people at a time, each on
a connection of their own, do what comes to their minds, and after every step the books are right.
"""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from support.api import at_once
from support.fake_bank import FakeBank
from support.floor import KEY, LINE, REFUND, Floor, at, day
from support.rpc import Fault

OURS = settings(
    database=None,
    # Shrinking a walk over a server that remembers would tell nothing.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
PEOPLE = 3
whose = st.integers(0, PEOPLE - 1)
amounts = st.sampled_from(("100000.00", "60000.00", "40000.00", "0.01", "150000.00"))
moments = st.sampled_from((-3.0, -1.0, 0.01, 2.0))
acts = st.one_of(
    st.tuples(st.just("pay"), whose, amounts, moments),
    st.tuples(st.just("repeat")),
    st.tuples(st.just("withdraw"), whose),
    st.tuples(st.just("open")),
    st.tuples(st.just("award"), whose),
    st.tuples(st.just("contract")),
    st.tuples(st.just("fail")),
    st.tuples(st.just("hold")),
    st.tuples(st.just("release")),
    *(st.tuples(st.just(name)) for name in ("approve", "check", "send", "send_back")),
    st.tuples(st.just("tell"), st.sampled_from(("accepted", "settled", "returned", "rejected"))),
    st.tuples(st.just("show"), st.sampled_from(("out", "in"))),
    st.tuples(st.just("renew")),
)

# What must be nothing, account by account: each query counts what is wrong.
WRONG = {
    "a bid security whose totals are not its postings": """
        SELECT d.number FROM shenpi_deposit d
          LEFT JOIN LATERAL (
               SELECT COALESCE(sum(CASE WHEN credit = 'held' THEN fen END), 0)
                      - COALESCE(sum(CASE WHEN debit = 'held' THEN fen END), 0) AS held,
                      COALESCE(sum(CASE WHEN credit = 'in_refund' THEN fen END), 0)
                      - COALESCE(sum(CASE WHEN debit = 'in_refund' THEN fen END), 0) AS in_refund,
                      COALESCE(sum(CASE WHEN kind IN ('receipt', 'assign') THEN fen END), 0)
                      AS received
                 FROM shenpi_ledger_entry WHERE deposit_id = d.id) e ON true
         WHERE d.account_id = %s AND (d.held * 100 <> e.held OR d.in_refund * 100 <> e.in_refund
                                      OR d.received * 100 <> e.received)""",
    "a bid security that does not add up, or below nothing": """
        SELECT number FROM shenpi_deposit
         WHERE account_id = %s
           AND (received <> held + in_refund + refunded + forfeited + transferred
                OR LEAST(held, in_refund, refunded, forfeited, transferred) < 0)""",
    "a line of the bank that is posted twice, or not at all": """
        SELECT l.id FROM shenpi_bank_line l
          LEFT JOIN shenpi_ledger_entry e ON e.line_id = l.id AND e.kind <> 'assign'
         WHERE l.account_id = %s AND (l.direction = 'in' OR l.instruction <> '')
      GROUP BY l.id HAVING count(e.id) <> 1""",
    "an instruction that is settled twice": """
        SELECT refund_id FROM shenpi_ledger_entry
         WHERE account_id = %s AND kind IN ('settle', 'return')
      GROUP BY refund_id, kind HAVING count(*) > 1""",
    "more under way or paid than was received": """
        SELECT d.number FROM shenpi_deposit d JOIN shenpi_refund r ON r.deposit_id = d.id
         WHERE d.account_id = %s AND r.state NOT IN ('due', 'rejected', 'returned')
      GROUP BY d.id HAVING sum(r.amount) > d.received""",
    "an event chain with a gap": """
        SELECT refund_id FROM shenpi_event e JOIN shenpi_refund r ON r.id = e.refund_id
         WHERE r.account_id = %s GROUP BY refund_id HAVING max(e.sequence) <> count(*)""",
    "a refund that was checked by who has approved it": """
        SELECT number FROM shenpi_refund
         WHERE account_id = %s AND approved_by_id = checked_by_id""",
}


@pytest.fixture(scope="module")
def bank():
    with FakeBank(KEY) as bank:
        yield bank


@pytest.fixture
def open_floor(xmlrpc, sql, server, bank):
    bank.control(faults=[], status="accepted", skew=0)
    return lambda: Walk(Floor(xmlrpc, sql, server, bank))


class Walk:
    """A lot with three bidders, and what may happen to it. Every act may be refused: it is out of
    turn then, and must have changed nothing."""

    def __init__(self, floor):
        self.floor = floor
        floor.publish()
        self.bidders = [floor.register() for _ in range(PEOPLE)]
        self.lines = []

    def do(self, act):
        name, *arguments = act
        return getattr(self, f"do_{name}")(*arguments)

    def do_pay(self, who, amount, moment):
        line = self.floor.line(self.bidders[who], amount, at(moment))
        self.lines.append(line)
        return self.floor.take_in(line)

    def do_repeat(self):
        answer = self.floor.take_in(*self.lines)
        assert answer["conflict"] == 0
        return answer

    def do_withdraw(self, who):
        values = {"reason": "撤回", "at": at(-2)}
        number = self.bidders[who]["number"]
        return self.floor.client("integrator")("shenpi.deposit", "api_withdraw", number, values)

    def do_open(self):
        return self.floor.event("open", 0)

    def do_award(self, who):
        return self.floor.event("award", 8, winners=[self.bidders[who]["number"]])

    def do_contract(self):
        return self.floor.event("contract", 20)

    def do_fail(self):
        return self.floor.event("fail", 1, reason="流标")

    def do_hold(self):
        hold = {"name": "冻结通知", "kind": "freeze", "lot_id": self.lot_id, "document": "UERG"}
        hold |= {"date_from": day(0), "date_to": day(400)}
        return self.floor.client("trade")("shenpi.hold", "create", [hold])

    def do_release(self):
        desk = self.floor.client("trade")
        domain = [("lot_id", "=", self.lot_id), ("released_at", "=", False)]
        for hold_id in desk("shenpi.hold", "search", domain):
            values = {"hold_id": hold_id, "reason": "解除冻结"}
            wizard_ids = desk("shenpi.hold.wizard", "create", [values])
            desk("shenpi.hold.wizard", "action_confirm", wizard_ids)

    def do_approve(self):
        return self._step("cashier", "approve", "due")

    def do_check(self):
        return self._step("checker", "check", "approved")

    def do_send(self):
        return self._step("cashier", "send", "checked")

    def do_send_back(self):
        for refund_id, _number in self._refunds("approved", "checked"):
            vals = {"refund_id": refund_id, "action": "send_back", "reason": "核对"}
            self._ask("checker", vals)

    def do_renew(self):
        for refund_id, _number in self._refunds("returned", "rejected"):
            self._ask("cashier", {"refund_id": refund_id, "action": "renew", "reason": "重新退款"})

    def do_tell(self, word):
        told = [{"number": n, "status": word} for _id, n in self._refunds("sent", "accepted")]
        return self.floor.client("integrator")(REFUND, "api_result", told)

    def do_show(self, direction):
        return [
            self.floor.show({"number": number, "amount": float(amount)}, direction)
            for _id, number, amount in self._read("settled", "returned")
        ]

    # === Helpers === #

    @property
    def lot_id(self):
        ((lot_id,),) = self.floor.sql(
            "SELECT id FROM shenpi_tender_lot WHERE code = %s", self.floor.code
        )
        return lot_id

    def _read(self, *states):
        return self.floor.sql(
            "SELECT id, number, amount FROM shenpi_refund"
            " WHERE account_id = %s AND state = ANY(%s) ORDER BY id",
            self.floor.account_id,
            list(states),
        )

    def _refunds(self, *states):
        return [row[:2] for row in self._read(*states)]

    def _step(self, login, step, state):
        numbers = [number for _id, number in self._refunds(state)]
        return self.floor.client(login)(REFUND, f"api_{step}", numbers)

    def _ask(self, login, vals):
        client = self.floor.client(login)
        client(
            "shenpi.refund.wizard",
            "action_confirm",
            client("shenpi.refund.wizard", "create", [vals]),
        )

    # === The books === #

    def check(self, before):
        """What must hold after every step; ``before`` is what :meth:`look` told before it."""
        for what, query in WRONG.items():
            assert not self.floor.sql(query, self.floor.account_id), what
        now = self.look()
        if before["held"] and now["held"]:
            moved = {
                number
                for number, state in now["states"].items()
                if state in ("approved", "checked", "sent", "batched")
                and before["states"].get(number, "due") != state
            }
            # What was sent back is due again, what had been handed over goes on at the bank.
            assert all(before["states"].get(number) in ("batched", "sent") for number in moved), (
                moved
            )
        if now["sealed"]:
            assert (
                self.floor.client("tendermanager")(
                    LINE, "search_count", [("account_id", "=", self.floor.account_id)]
                )
                == 0
            )
        return now

    def look(self):
        """Whether the lot is held and sealed, and where its refunds stand."""
        ((sealed, held),) = self.floor.sql(
            """SELECT l.sealed, EXISTS (SELECT 1 FROM shenpi_hold h
                                         WHERE h.lot_id = l.id AND h.released_at IS NULL)
                 FROM shenpi_tender_lot l WHERE l.code = %s""",
            self.floor.code,
        )
        rows = self.floor.sql(
            "SELECT number, state FROM shenpi_refund WHERE account_id = %s", self.floor.account_id
        )
        return {"sealed": sealed, "held": held, "states": dict(rows)}


@settings(OURS, max_examples=6)
@given(data=st.data())
def test_the_books_are_right_after_every_step(open_floor, data):
    walk = open_floor()
    steps = data.draw(st.lists(st.tuples(acts, acts), min_size=8, max_size=14))
    # Most walks would end before the opening otherwise.
    begin = [(("pay", 0, "100000.00", -1.0), ("pay", 1, "60000.00", -1.0)), (("open",), ("open",))]
    before = walk.look()
    for pair in [*begin[: data.draw(st.integers(0, 2))], *steps]:
        answers = at_once(*[lambda act=act: walk.do(act) for act in pair])
        for answer in answers:
            if isinstance(answer, Fault):
                assert answer.name in ("UserError", "ValidationError", "AccessError", "LockError")
        before = walk.check(before)
    book = walk.floor.bank.book()
    numbers = [number for _id, number in walk._refunds("sent", "accepted", "settled", "returned")]
    assert all(book[number]["times"] == 1 for number in numbers if number in book)


@settings(OURS, max_examples=5)
@given(order=st.permutations(["line 0", "line 1", "line 2", "late", "open", "all", "fail"]))
def test_facts_in_any_order_end_alike(open_floor, order):
    """Lines told before or after the opening and the end, once or again: the same verdicts, the
    same money held, the same refunds due."""
    walk = open_floor()
    floor, (right, short, late) = walk.floor, walk.bidders
    lines = {
        "line 0": floor.line(right),
        "line 1": floor.line(short, "60000.00"),
        "line 2": floor.line(short, "39999.99"),
        "late": floor.line(late, moment=at(seconds=1)),
    }
    # A lot is opened before it fails, whatever else happens between.
    if order.index("fail") < order.index("open"):
        order = [{"fail": "open", "open": "fail"}.get(name, name) for name in order]
    for name in order:
        if name in lines:
            floor.take_in(lines[name])
        elif name == "all":
            floor.take_in(*lines.values())
        elif name == "open":
            floor.event("open", 0)
        else:
            floor.event("fail", 1, reason="流标")
    before = walk.look()
    walk.check(before)
    told = [floor.deposit(bidder) for bidder in walk.bidders]
    assert [row["code"] for row in told] == ["ok", "amount_short", "late"]
    assert [row["held"] for row in told] == ["100000.00", "99999.99", "100000.00"]
    due = [sum(round(r["amount"] * 100) for r in floor.refunds(b)) for b in walk.bidders]
    assert due == [10_000_000, 9_999_999, 10_000_000]
    proof = floor.proof(1)
    assert (proof["ledger"], proof["difference"]) == ("299999.99", "0.00")
