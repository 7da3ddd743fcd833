"""A trading floor in a database without demo data: people, an account, lots and bidders by the
thousand."""

import itertools
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from .identity import uscc

_ROLES = {
    "integrator": "shenpi_base.group_shenpi_integrator",
    "cashier": "shenpi_tender.group_tender_cashier",
    "checker": "shenpi_tender.group_tender_checker",
}
_serial = itertools.count(secrets.randbelow(10**4) * 10**5)
OWED = "20000.00"


@dataclass(frozen=True)
class Floor:
    """Ids only, so that it outlives the transaction that made it."""

    account_id: int
    account: str
    users: dict[str, int]

    def of(self, env, role: str, model: str):
        """Return a model as somebody of the floor uses it."""
        context = {"lang": "en_US", "tz": "Asia/Shanghai", "allowed_company_ids": [1]}
        return env(user=self.users[role], context=context)[model]


def make_floor(env, pool: int) -> Floor:
    """Make an account with a pool of sub-accounts, and one person per role."""
    number = str(6_200_000_000_000_000 + next(_serial))
    account = env["shenpi.bank.account"].create(
        {"name": "专户", "number": number, "bank_name": "银行", "company_id": 1}
    )
    account._add_subaccounts(pool)
    users = {role: _make_user(env, role, group) for role, group in _ROLES.items()}
    return Floor(account.id, number, users)


def _make_user(env, role, group):
    login = f"floor_{role}"
    users = env["res.users"].with_context(no_reset_password=True)
    found = users.search([("login", "=", login)])
    groups = env.ref("base.group_user") | env.ref(group)
    return (found or users.create({"name": role, "login": login, "group_ids": groups.ids})).id


def publish_lots(env, floor: Floor, count: int, opening: datetime) -> list[int]:
    """Publish lots that are opened at a moment (naive UTC); return their ids."""
    tender = env["shenpi.tender"].create(
        {
            "code": f"P{next(_serial)}",
            "name": "项目",
            "regime": "other",
            "owner_name": "业主",
            "company_id": 1,
        }
    )
    lots = env["shenpi.tender.lot"].create(
        [
            {
                "tender_id": tender.id,
                "code": f"L{next(_serial)}",
                "name": "标段",
                "kind": "works",
                "estimate": 1_000_000,
                "amount": float(OWED),
                "deadline": opening,
                "opening_at": opening,
                "account_id": floor.account_id,
            }
            for _ in range(count)
        ]
    )
    published = floor.of(env, "integrator", "shenpi.tender.lot").browse(lots.ids)
    for lot in published:
        lot._do_publish(at=opening - timedelta(days=20))
    return lots.ids


def register_bidders(env, floor: Floor, lot_ids: list[int], each: int) -> list[dict]:
    """Register so many bidders for each lot, in few statements; return the lines of the bank that
    pay for them, as ``api_import`` takes them."""
    from odoo.addons.shenpi_base.tools.localtime import format_moment

    lots = env["shenpi.tender.lot"].browse(lot_ids)
    lots_of_bidders = [lot for lot in lots for _ in range(each)]
    free = _take_subaccounts(env, floor, len(lots_of_bidders))
    vals_list = [
        _prepare_bidder(floor, lot, number)
        for lot, (_id, number) in zip(lots_of_bidders, free, strict=True)
    ]
    moments = [vals["registered_at"] for vals in vals_list]
    deposits = floor.of(env, "integrator", "shenpi.deposit")
    for vals in vals_list:
        vals["number"] = deposits._draw_number(vals["registered_at"])
    made = deposits._begin_all("register", vals_list, moments)
    env.flush_all()
    env.cr.execute(
        "UPDATE shenpi_bank_subaccount s SET deposit_id = d.deposit_id"
        " FROM unnest(%s, %s) d(id, deposit_id) WHERE s.id = d.id",
        [[row_id for row_id, _number in free], made.ids],
    )
    return [
        {
            "txn_no": f"T{next(_serial)}",
            "amount": OWED,
            "payer_account": vals["basic_account"],
            "payer_name": vals["bidder_name"],
            "payer_bank": "银行",
            "sub_account": vals["subaccount"],
            "at": format_moment(lot.deadline - timedelta(days=2)),
            "text": "投标保证金",
        }
        for lot, vals in zip(lots_of_bidders, vals_list, strict=True)
    ]


def fill_ledger(env, floor: Floor, count: int) -> list[int]:
    """Post a year of receipts of a thousand bidders, who need as many sub-accounts; return the
    lots, still sealed. The trigger of the totals is spared: neither a proof nor an export reads
    them."""
    today = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    lot_ids = publish_lots(env, floor, 20, today - timedelta(days=30))
    register_bidders(env, floor, lot_ids, 50)
    deposits = env(su=True)["shenpi.deposit"].search([("lot_id", "in", lot_ids)])
    env.flush_all()
    env.cr.execute("ALTER TABLE shenpi_ledger_entry DISABLE TRIGGER shenpi_ledger_entry_total")
    env.cr.execute(
        """WITH line AS (
               INSERT INTO shenpi_bank_line (account_id, company_id, identity, digest, direction,
                                             fen, arrived_at, recorded_at, deposit_id)
               SELECT %(account)s, 1, 'F' || n, 'x', 'in', 2000000,
                      timestamp '2025-11-01' + n %% 365 * interval '1 day', now(),
                      (%(deposits)s::int[])[1 + n %% 1000]
                 FROM generate_series(1, %(count)s) n
            RETURNING *)
           INSERT INTO shenpi_ledger_entry
                  (account_id, company_id, deposit_id, line_id, kind, debit, credit, fen,
                   booked_at, recorded_at, user_id)
           SELECT account_id, 1, deposit_id, id, 'receipt', 'bank', 'held', fen,
                  arrived_at, now(), 2
             FROM line""",
        {"account": floor.account_id, "deposits": deposits.ids, "count": count},
    )
    env.cr.execute("ALTER TABLE shenpi_ledger_entry ENABLE TRIGGER shenpi_ledger_entry_total")
    env.cr.execute("ANALYZE shenpi_bank_line, shenpi_ledger_entry, shenpi_deposit")
    return lot_ids


def _take_subaccounts(env, floor, count):
    env.cr.execute(
        "SELECT id, number FROM shenpi_bank_subaccount WHERE account_id = %s"
        " AND deposit_id IS NULL ORDER BY id LIMIT %s",
        [floor.account_id, count],
    )
    return env.cr.fetchall()


def _prepare_bidder(floor, lot, subaccount):
    serial = next(_serial)
    return {
        "lot_id": lot.id,
        "company_id": 1,
        "account_id": floor.account_id,
        "bidder_name": f"投标人{serial}有限公司",
        "bidder_uscc": uscc(serial % 10**7),
        "basic_account": f"62{serial}",
        "amount": float(OWED),
        "subaccount": subaccount,
        "registered_at": lot.deadline - timedelta(days=9),
    }
