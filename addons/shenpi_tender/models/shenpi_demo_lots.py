import base64
import random
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.shenpi_base.tools.identifiers import uscc_check_digit
from odoo.addons.shenpi_base.tools.localtime import format_moment

from ..tools.money import to_yuan

ACCOUNT = "6228481290000018"
LOTS = 30
# Each lot: regime, kind, project, estimate in ten thousand yuan.
PROJECTS = (
    ("bidding", "works", "青云大道快速化改造工程", 18600),
    ("bidding", "works", "市第三中学教学楼新建工程", 4280),
    ("bidding", "survey_design", "滨河片区雨污分流勘察设计", 620),
    ("bidding", "goods", "市政务服务中心电梯采购及安装", 390),
    ("procurement", "goods", "市疾控中心检测设备采购", 260),
    ("bidding", "services", "老旧小区改造工程监理", 310),
    ("procurement", "goods", "公安交通信号设备采购", 540),
    ("bidding", "works", "临港区污水处理厂二期", 9800),
    ("other", "goods", "市属国有企业办公家具采购", 85),
    ("bidding", "works", "农村公路提升工程", 2300),
)
OWNERS = (
    "青云市住房和城乡建设局",
    "青云市教育局",
    "青云市城市投资集团有限公司",
    "青云市卫生健康委员会",
)
AGENCIES = ("青云诚信招标代理有限公司", "中正工程咨询有限公司")
FIRMS = (
    "恒远",
    "鲁川",
    "宏图",
    "天合",
    "瑞丰",
    "中泰",
    "海岳",
    "金石",
    "同济",
    "华盛",
    "永固",
    "东升",
)
TRADES = {
    "works": "建设工程有限公司",
    "goods": "设备有限公司",
    "services": "工程管理有限公司",
    "survey_design": "勘察设计院有限公司",
}


class ShenpiDemo(models.AbstractModel):
    """Thirty demo lots: a third not opened yet, the others from the opening to the last refund,
    entered as platform, bank, cashier and checker would."""

    _inherit = "shenpi.demo"

    @api.model
    def _load_lots(self):
        """Run the trading floor of the last weeks, once."""
        city = self.env.ref("base.main_company")
        accounts = self.env["shenpi.bank.account"]
        if accounts.search_count([("number", "=", ACCOUNT)]):
            return
        account = accounts.create(
            {
                "name": "投标保证金专户",
                "number": ACCOUNT,
                "bank_name": "青云农商银行营业部",
                "company_id": city.id,
            }
        )
        account._add_subaccounts(1000)
        self._load_format(account)
        dice = random.Random(2026)
        for place in range(LOTS):
            self._load_lot(dice, place)
        self._load_interest()
        self._load_unclear(dice)
        self._load_matters()
        self.env["shenpi.ledger.seal"]._seal(account)

    def _load_format(self, account):
        """How its bank writes the statements that the cashier takes in."""
        columns = {
            "date": "交易日期",
            "time": "交易时间",
            "amount_in": "贷方发生额",
            "amount_out": "借方发生额",
            "payer_account": "对方账号",
            "payer_name": "对方户名",
            "sub_account": "虚拟子账号",
            "txn_no": "交易流水号",
            "text": "摘要",
            "instruction": "指令号",
        }
        self._as_role("cashier", self.env["shenpi.bank.format"]).create(
            {
                "name": "青云农商银行账户明细",
                "account_id": account.id,
                "header_row": 3,
                "direction": "columns",
                "date_format": "%Y%m%d %H:%M:%S",
                "end_mark": "合计",
                "column_ids": [
                    fields.Command.create({"key": key, "heading": heading})
                    for key, heading in columns.items()
                ],
            }
        )

    def _load_lot(self, dice, place):
        """One lot: those at the end are opened in the days to come."""
        now = fields.Datetime.now()
        # Half past nine to half past two in Shanghai.
        day = now.replace(hour=1, minute=30, second=0, microsecond=0)
        deadline = day + timedelta(days=place * 3 - 60, hours=dice.randrange(6))
        project = PROJECTS[place % len(PROJECTS)]
        code = self._publish_lot(dice, place, project, deadline)
        bidders = [
            self._register_firm(place, number, project, code, deadline)
            for number in range(dice.randrange(3, 6))
        ]
        lines = [self._pay(dice, number, b, deadline) for number, b in enumerate(bidders)]
        arrived = [line for line in lines if line["at"] <= format_moment(fields.Datetime.now())]
        platform = self._get_user("integrator")
        self.env["shenpi.bank.line"].with_user(platform).api_import(ACCOUNT, arrived)
        if deadline < now:
            self._run_lot(dice, code, deadline, now)

    def _publish_lot(self, dice, place, project, deadline):
        regime, kind, name, estimate = project
        code = f"QY{deadline:%Y}-{place + 1:03d}"
        amount = min(estimate * 10**6 * 2 // 100, 80_000_000)
        if kind == "survey_design":
            amount = min(amount, 10_000_000)
        lots = self.env["shenpi.tender.lot"].with_user(self._get_user("integrator"))
        lots.api_publish(
            {
                "client_ref": f"demo-{code}",
                "tender": {
                    "code": f"QY{deadline:%Y}-{place + 1:03d}",
                    "name": name,
                    "regime": regime,
                    "owner": dice.choice(OWNERS),
                    "agency": dice.choice(AGENCIES),
                },
                "code": f"{code}-01",
                "name": f"{name}（一标段）",
                "kind": kind,
                "estimate": to_yuan(estimate * 10**6),
                "amount": to_yuan(amount // 1_000_000 * 1_000_000 or amount),
                "deadline": format_moment(deadline),
                "opening": format_moment(deadline),
                "account": ACCOUNT,
                "at": format_moment(
                    min(deadline - timedelta(days=20), fields.Datetime.now() - timedelta(days=2))
                ),
            }
        )
        return f"{code}-01"

    def _register_firm(self, place, number, project, code, deadline):
        firm = f"青云{FIRMS[(place * 5 + number) % len(FIRMS)]}{TRADES[project[1]]}"
        body = f"91379900MA{place * 10 + number + 1000:07d}"
        body = body[:17].ljust(17, "0")
        basic = f"62179900{place:04d}{number:04d}"
        deposits = self.env["shenpi.deposit"].with_user(self._get_user("integrator"))
        answer = deposits.api_register(
            {
                "client_ref": f"demo-{code}-{number}",
                "lot": code,
                "bidder": {"name": firm, "uscc": body + uscc_check_digit(body)},
                "basic_account": basic,
                "classes": ["small"] if number == 1 else [],
                "at": format_moment(
                    min(deadline - timedelta(days=9), fields.Datetime.now() - timedelta(days=1))
                ),
            }
        )
        return answer | {"name": firm, "account": basic}

    def _pay(self, dice, number, bidder, deadline):
        """Most pay right; now and then one is late, short, or paid by somebody else."""
        line = {
            "txn_no": f"N{bidder['sub_account'][-6:]}{dice.randrange(10**6):06d}",
            "amount": bidder["amount"],
            "payer_account": bidder["account"],
            "payer_name": bidder["name"],
            "payer_bank": "青云农商银行",
            "sub_account": bidder["sub_account"],
            "at": format_moment(deadline - timedelta(hours=dice.randrange(3, 160))),
            "text": "投标保证金",
        }
        fault = dice.choices(("", "late", "short", "other"), weights=(86, 5, 5, 4))[0]
        if fault == "late":
            line["at"] = format_moment(deadline + timedelta(minutes=7))
        elif fault == "short":
            line["amount"] = f"{float(line['amount']) / 2:.2f}"
        elif fault == "other" and number:
            line["payer_name"] = "李志强"
        return line

    def _run_lot(self, dice, code, deadline, now):
        """From the opening as far as the lot has come by now."""
        platform = self._get_user("integrator")
        lots = self.env["shenpi.tender.lot"].with_user(platform)

        def event(name, days, **values):
            moment = deadline + timedelta(days=days)
            if moment < now:
                lots.api_event(code, {"event": name, "at": format_moment(moment), **values})
            return moment < now

        event("open", 0)
        if dice.random() < 0.1:
            event("fail", 1, reason="有效投标不足三家，流标。")
        elif event("candidates", 3):
            deposits = self.env["shenpi.deposit"].search(
                [("lot_id.code", "=", code), ("state", "=", "effective")], order="id", limit=1
            )
            winners = deposits.mapped("number")
            lot = lots.search([("code", "=", code)])
            # Between 88 and 99 per cent of the estimate.
            amount = to_yuan(round(lot.estimate * dice.randrange(880, 990) / 10))
            if event("award", 8, winners=winners, amount=amount):
                event("contract", 20)
        self._refund(code, now)

    def _refund(self, code, now):
        """What was due more than a week ago is paid; of the rest some is on its way."""
        refunds = self.env["shenpi.refund"].search([("lot_id.code", "=", code)], order="id")
        today = self.env["shenpi.application"]._get_today()
        late = refunds.filtered(lambda refund: refund.due_date < today - timedelta(days=7))
        soon = (refunds - late).filtered(lambda refund: refund.due_date <= today)
        self._as_role("cashier", late | soon[1:])._do_approve()
        self._as_role("checker", late | soon[2:])._do_check()
        self._as_role("cashier", late)._do_send()
        lines = [
            {
                "txn_no": f"P{refund.number}",
                "direction": "out",
                "amount": f"{refund.amount:.2f}",
                "payer_account": refund.payee_account,
                "payer_name": refund.payee_name,
                "at": format_moment(now - timedelta(hours=2)),
                "instruction": refund.number,
                "text": "退还投标保证金",
            }
            for refund in late
        ]
        platform = self._get_user("integrator")
        self.env["shenpi.bank.line"].with_user(platform).api_import(ACCOUNT, lines)

    def _load_interest(self):
        """The bank credits interest and pays it with the refunds; one it has forgotten, and of one
        it has reckoned less than we have."""
        refunds = self.env["shenpi.refund"].search(
            [("account_id.number", "=", ACCOUNT)], order="id"
        )
        owed = {refund: refund.interest for refund in refunds if refund.interest >= 1}
        if len(owed) < 2:
            return
        less = list(owed)[1]
        now = format_moment(fields.Datetime.now() - timedelta(hours=1))
        interest = {"purpose": "interest", "at": now}
        lines = [
            interest
            | {
                "txn_no": f"L{refund.number}",
                "direction": "out",
                "amount": f"{yuan - (0.31 if refund == less else 0):.2f}",
                "payer_account": refund.payee_account,
                "payer_name": refund.payee_name,
                "instruction": refund.number,
                "text": "投标保证金利息",
            }
            for refund, yuan in list(owed.items())[1:]
        ]
        credit = {"txn_no": "JX", "amount": f"{sum(owed.values()) + 100:.2f}", "text": "结息"}
        platform = self._get_user("integrator")
        lines.insert(0, interest | credit)
        self.env["shenpi.bank.line"].with_user(platform).api_import(ACCOUNT, lines)

    def _as_role(self, login, records):
        return records.with_user(self._get_user(login))

    def _load_matters(self):
        """A complaint about one lot, and a bid of another one that was revoked."""
        deposits = self.env["shenpi.deposit"].search(
            [
                ("lot_id.tender_id.code", "=like", "QY%"),
                ("lot_id.state", "in", ("opened", "candidates", "awarded")),
                ("state", "=", "effective"),
                ("held", ">", 0),
            ],
            order="id",
        )
        lots = deposits.lot_id
        if len(lots) < 2:
            return
        paper = base64.b64encode("示例文书".encode())
        self._as_role("integrator", lots[0]).api_event(
            lots[0].code,
            {
                "event": "complaint",
                "document": "投诉受理通知书〔示例〕1号",
                "content": paper.decode(),
                "filename": "投诉受理通知书.txt",
            },
        )
        deposit = deposits.filtered(lambda d: d.lot_id == lots[1])[:1]
        self._as_role("trade", self.env["shenpi.deposit.decision"])._do_propose(
            deposit,
            {
                "kind": "forfeit",
                "ground": "revoked",
                "amount": deposit.held,
                "reason": "开标后书面撤销投标文件，招标人尚未作出决定。",
                "document": paper,
                "filename": "撤销投标文件函.txt",
            },
        )

    def _load_unclear(self, dice):
        """Money that names no sub-account."""
        moment = fields.Datetime.now() - timedelta(days=9)
        lines = [
            {
                "txn_no": f"U{number}",
                "amount": amount,
                "payer_account": f"6217990000{number}",
                "payer_name": name,
                "at": format_moment(moment + timedelta(days=number, hours=dice.randrange(8))),
                "text": text,
            }
            for number, (amount, name, text) in enumerate(
                (
                    ("50000.00", "青云瑞丰设备有限公司", "投标保证金 设备采购"),
                    ("1280.50", "王建国", "货款"),
                    ("20000.00", "青云永固建设工程有限公司", "保证金"),
                ),
                start=1,
            )
        ]
        platform = self._get_user("integrator")
        self.env["shenpi.bank.line"].with_user(platform).api_import(ACCOUNT, lines)
