from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..models.shenpi_supervision_flow import TRANSITIONS
from .common import NOW, ROLES, ShenpiCommon

ADDRESSEE = "addressee"
# The decider is the head of the office that is addressed.
PARTS = {"supervisor": "leads", "manager": "leads", "decider": ADDRESSEE}
# What each may do, by state; nobody else may do anything.
EXPECTED = {
    "draft": {"leads": "dispatch cancel"},
    "dispatched": {"leads": "cancel", ADDRESSEE: "sign"},
    "signed": {"leads": "cancel", ADDRESSEE: "answer"},
    "answered": {"leads": "rectify send_back check cancel"},
    "rectifying": {"leads": "cancel", ADDRESSEE: "rectified"},
    "rectified": {"leads": "send_back check cancel"},
    "checked": {"leads": "close cancel"},
    "closed": {},
    "cancelled": {},
}


class SupervisionCommon(ShenpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office.manager_id = cls.decider
        cls.case = cls._bring_to("accepted")

    @classmethod
    def _make_order(cls, state="draft", **values):
        """An order about the case, addressed to ``reviewer2``, brought to ``state``."""
        vals = {
            **cls.case._prepare_supervision_vals(),
            "user_id": cls.reviewer2.id,
            "demand": "Say why.",
            "kind": "other",
            **values,
        }
        order = cls.env["shenpi.supervision"].with_user(cls.supervisor).create(vals)
        path = {
            "draft": "",
            "dispatched": "dispatch",
            "signed": "dispatch sign",
            "answered": "dispatch sign answer",
            "rectifying": "dispatch sign answer rectify",
            "rectified": "dispatch sign answer rectify rectified",
            "checked": "dispatch sign answer check",
            "closed": "dispatch sign answer check close",
            "cancelled": "dispatch cancel",
        }
        for action in path[state].split():
            cls._go(order, action)
        return order

    @classmethod
    def _go(cls, order, action):
        lead, addressee = order.with_user(cls.supervisor), order.with_user(cls.reviewer2)
        {
            "dispatch": lead._do_dispatch,
            "sign": addressee._do_sign,
            "answer": lambda: addressee._do_answer("The expert was ill."),
            "rectify": lambda: lead._do_rectify("Decide by Friday.", 2),
            "rectified": lambda: addressee._do_answer("Decided."),
            "send_back": lambda: lead._do_send_back("That is no reason.", 1),
            "check": lambda: lead._do_check("Seen in the file."),
            "close": lead._do_close,
            "cancel": lambda: lead._do_cancel("Issued by mistake."),
        }[action]()


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestSupervision(SupervisionCommon):
    """Supervision orders: who may do what, what is due when, what is written down."""

    def test_every_state_role_and_action(self):
        people = {role: self.users[role] for role in ROLES}
        people |= {ADDRESSEE: self.reviewer2, "outsider": self.outsider}
        for state, expected in EXPECTED.items():
            for role, user in people.items():
                allowed = set(expected.get(PARTS.get(role, role), "").split())
                order = self._as(user, self._make_order(state))
                if order.has_access("read"):
                    self.assertEqual(order._get_allowed_actions(), allowed, (role, state))
                else:
                    self.assertFalse(allowed)
                for action in TRANSITIONS:
                    with self.subTest(state=state, role=role, action=action):
                        self._try(order, action, action in allowed)

    def _try(self, order, action, allowed):
        savepoint = self.env.cr.savepoint(flush=True)
        events = len(order.sudo().event_ids)
        if allowed:
            values = {"number": f"T{next(self.serial)}"} if action == "dispatch" else None
            order._transition(action, values=values, days=1)
            self.assertEqual(order.state, TRANSITIONS[action].target)
            self.assertEqual(len(order.sudo().event_ids), events + 1)
        else:
            with self.assertRaises(UserError):
                order._transition(action)
        savepoint.close(rollback=True)
        self.env.invalidate_all()

    def test_the_whole_way(self):
        order = self._make_order("closed")
        self.assertEqual(
            order.event_ids.mapped("action"), ["dispatch", "sign", "answer", "check", "close"]
        )
        self.assertFalse(self.env["shenpi.event"]._get_broken(order))
        self.assertEqual(order.signed_by_id, self.reviewer2)
        self.assertEqual(order.light, "none")
        self.assertFalse(order.answered_late)

    # === Deadlines === #

    def test_the_answer_is_due_in_working_days(self):
        with freeze_time("2026-06-12 02:00:00"):  # a Friday
            order = self._make_order("dispatched", due_days=2)
        self.assertEqual(order.due_date, fields.Date.to_date("2026-06-16"))
        lights = {"2026-06-12": "green", "2026-06-15": "yellow", "2026-06-17": "red"}
        for day, light in lights.items():
            with freeze_time(f"{day} 02:00:00"):
                order.invalidate_recordset(["light"])
                self.assertEqual(order.light, light)
                self.assertIn(order, order.search([("light", "=", light)]))

    def test_a_late_answer_is_noted(self):
        order = self._make_order("signed", due_days=1)
        with freeze_time("2026-06-15 02:00:00"):
            self._go(order, "answer")
        self.assertTrue(order.answered_late)
        self.assertEqual(order.light, "none", "nothing is asked of the department now")

    def test_what_is_asked_again_has_a_deadline_of_its_own(self):
        order = self._make_order("answered")
        with freeze_time("2026-06-22 02:00:00"):
            self._go(order, "send_back")
            self.assertEqual(order.due_date, fields.Date.to_date("2026-06-23"))
            self.assertEqual(order.state, "signed")
            self._go(order, "answer")
            self._go(order, "rectify")
        self.assertEqual(order.due_date, fields.Date.to_date("2026-06-24"))

    def test_reasons_are_given_in_writing(self):
        lead = self._make_order("answered").with_user(self.supervisor)
        for ask in (
            lambda: lead._do_send_back(" ", 1),
            lambda: lead._do_rectify("", 1),
            lambda: lead._do_check(""),
            lambda: lead._do_cancel(False),
            lambda: lead._do_rectify("Decide.", 0),
        ):
            with self.assertRaises(ValidationError):
                ask()
        with self.assertRaises(ValidationError):
            self._make_order("signed").with_user(self.reviewer2)._do_answer("")

    # === Who answers === #

    def test_head_of_department_and_deputy_answer_too(self):
        order = self._make_order("dispatched")
        order.with_user(self.decider)._do_sign()
        self.env["shenpi.deputy"].create(
            {
                "principal_id": self.reviewer2.id,
                "deputy_id": self.outsider.id,
                "date_from": "2026-06-01",
                "company_id": self.company.id,
            }
        )
        deputy = self._as(self.outsider, order)
        self.assertTrue(deputy.is_mine)
        deputy._do_answer("I stand in.")
        self.assertEqual(order.event_ids[-1].for_user_id, self.reviewer2)

    def test_with_nobody_named_any_member_signs(self):
        order = self._make_order("dispatched", user_id=False)
        with self.assertRaises(AccessError):
            order.with_user(self.reviewer)._do_sign()
        order.with_user(self.reviewer2)._do_sign()
        self.assertEqual(order.signed_by_id, self.reviewer2)

    def test_nobody_checks_his_own_answer(self):
        order = self._make_order("dispatched", user_id=self.supervisor.id)
        own = order.with_user(self.supervisor)
        own._do_sign()
        own._do_answer("All is well.")
        with self.assertRaisesRegex(AccessError, "his own answer"):
            own._do_check("All is well indeed.")
        order.with_user(self.manager)._do_check("So it is.")

    # === Who sees what === #

    def test_who_reads(self):
        draft, sent = self._make_order(), self._make_order("dispatched")
        for user in (self.reviewer2, self.reviewer, self.supervisor, self.manager):
            self.assertEqual(self._as(user, sent).demand, "Say why.")
        for user in (self.outsider, self.clerk, self.clerk_b):
            with self.assertRaises(AccessError):
                self._as(user, sent).read(["demand"])
            self.assertFalse(
                self._as(user, sent.event_ids).search([("id", "in", sent.event_ids.ids)])
            )
        with self.assertRaises(AccessError):
            self._as(self.reviewer2, draft).read(["demand"])
        with self.assertRaises(UserError):
            self._as(self.reviewer2, sent).write({"demand": "Nothing."})

    def test_what_was_asked_stays_as_asked(self):
        order = self._make_order("dispatched").with_user(self.supervisor)
        for vals in ({"demand": "Less."}, {"due_days": 90}, {"department_id": self.window.id}):
            with self.assertRaises(UserError):
                order.write(vals)
        with self.assertRaises(UserError):
            order.unlink()
        for vals in ({"state": "closed"}, {"number": "1"}, {"due_date": "2030-01-01"}):
            with self.assertRaises(AccessError):
                order.write(vals)
        self._make_order().with_user(self.supervisor).unlink()

    def test_numbers_are_unique_in_a_bureau(self):
        first, second = self._make_order("dispatched"), self._make_order("dispatched")
        self.assertRegex(first.number, r"^DB2026-\d{4}$")
        self.assertNotEqual(first.number, second.number)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            second.sudo().number = first.number
            self.env.flush_all()

    def test_the_addressee_has_something_to_do(self):
        order = self._make_order("dispatched")
        self.assertEqual(order.activity_ids.user_id, self.reviewer2)
        self.assertEqual(order.activity_ids.date_deadline, order.due_date)
        self.assertTrue(self._as(self.reviewer2, order).is_mine)
        self._go(order, "sign")
        self.assertFalse(order.activity_ids)
        self._go(order, "answer")
        self.assertFalse(self._as(self.reviewer2, order).is_mine)

    # === Screens === #

    def test_from_the_case(self):
        order = self._make_order("dispatched")
        self.assertEqual(self._as(self.supervisor, self.case).supervision_count, 1)
        action = self._as(self.supervisor, self.case).action_open_supervision()
        self.assertEqual(order.search(action["domain"]), order)
        self.assertEqual(action["context"]["default_application_id"], self.case.id)
        opened = self._as(self.reviewer2, order).action_open_subject()
        self.assertEqual((opened["res_model"], opened["res_id"]), (self.case._name, self.case.id))

    def test_from_cases_in_sight_only(self):
        """The orders of a case carry its department and number: who does not read it asks in
        vain."""
        for user in (self.outsider, self.clerk_b, self.stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user, self.case).action_open_supervision()

    def test_about_an_inspection_and_what_was_passed_on(self):
        """They go to those who answer for it, and are seen from the case."""
        inspection = (
            self.env["shenpi.inspection"]
            .sudo()
            .new({"company_id": self.company.id, "department_id": self.office.id})
        )
        vals = inspection._prepare_supervision_vals()
        self.assertEqual(vals["document_model"], "shenpi.inspection")
        self.assertEqual(
            (vals["department_id"], vals["user_id"]), (self.office.id, self.decider.id)
        )
        regulator = self._create_department("Market regulator", kind="regulator")
        push = (
            self.env["shenpi.push"]
            .sudo()
            .new(
                {
                    "company_id": self.company.id,
                    "department_id": self.office.id,
                    "regulator_id": regulator.id,
                    "application_id": self.case.id,
                }
            )
        )
        vals = push._prepare_supervision_vals()
        self.assertEqual(vals["department_id"], regulator.id)
        self.assertEqual(vals["application_id"], self.case.id)
        order = self._make_order("dispatched", document_model="shenpi.push", document_id=4711)
        case = self._as(self.supervisor, self.case)
        self.assertEqual(case.supervision_count, 1)
        self.assertIn(order, order.search(case.action_open_supervision()["domain"]))

    def test_wizard(self):
        order = self._make_order("signed")
        wizards = self._as(self.reviewer2, self.env["shenpi.supervision.wizard"])
        wizards.create(
            {"supervision_id": order.id, "action": "answer", "text": "Ill."}
        ).action_confirm()
        self.assertEqual(order.answer, "Ill.")
        lead = self._as(self.supervisor, self.env["shenpi.supervision.wizard"])
        lead.create(
            {"supervision_id": order.id, "action": "rectify", "text": "Decide.", "days": 2}
        ).action_confirm()
        self.assertEqual(order.state, "rectifying")
        hidden = self._as(self.outsider, wizards)
        with self.assertRaises(AccessError):
            hidden.create({"supervision_id": order.id, "action": "answer", "text": "Ill."})
        with self.assertRaises(AccessError):
            hidden.with_context(default_supervision_id=order.id).default_get(["supervision_id"])

    def test_bulk_dispatch_lists_what_was_refused(self):
        orders = self._make_order() | self._make_order() | self._make_order("closed")
        wizards = self._as(self.supervisor, self.env["shenpi.supervision.bulk.wizard"])
        wizard = wizards.create({"supervision_ids": [Command.set(orders.ids)]})
        wizard.action_confirm()
        self.assertEqual(wizard.done_count, 2)
        self.assertEqual(wizard.line_ids.mapped("name"), [orders[2].display_name])
        with self.assertRaises(UserError):
            wizard.action_confirm()

    def test_bulk_orders_about_cases(self):
        cases = self.case | self._bring_to("accepted")
        self._make_order("dispatched", kind="no_reasons")
        wizards = self._as(self.supervisor, self.env["shenpi.supervision.bulk.wizard"])
        wizard = wizards.with_context(
            active_model="shenpi.application", active_ids=cases.ids
        ).create(
            {"kind": "no_reasons", "severity": "red", "demand": "Give reasons.", "due_days": 2}
        )
        self.assertEqual(wizard.selected_count, 2)
        wizard.action_confirm()
        self.assertEqual(wizard.line_ids.mapped("name"), [self.case.display_name])
        order = self.env["shenpi.supervision"].search([("application_id", "=", cases[1].id)])
        self.assertRecordValues(
            order,
            [{"state": "dispatched", "severity": "red", "source": "manual", "kind": "no_reasons"}],
        )
        self.assertEqual(order.user_id, self.decider)

    def test_documents(self):
        order = self._make_order("checked")
        pages = self.env["shenpi.supervision.document"]
        page = pages._prepare("order", order)
        self.assertIn(order.number, str(page["rows"]) + order.number)
        self.assertEqual(page["addressee"], self.office.name)
        reply = pages._prepare("reply", order)
        self.assertIn("The expert was ill.", [value for _name, value in reply["rows"]])
        for name in ("order", "reply"):
            with self.assertRaises(UserError):
                pages._prepare(name, self._make_order())
        for xmlid in ("report_supervision", "report_supervision_reply"):
            report = self.env["ir.actions.report"]
            html, _kind = report._render_qweb_html(f"shenpi_base.{xmlid}", order.ids)
            self.assertIn(order.number, html.decode())


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestSupervisionLadder(SupervisionCommon):
    """Orders from the ladder, and orders that climb it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("shenpi_base.cron_ladder")

    def _run_on(self, day):
        with freeze_time(f"{day} 02:00:00"), self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def _orders(self):
        return self.env["shenpi.supervision"].search([("application_id", "=", self.case.id)])

    def _digests(self, user):
        return self.env["shenpi.ladder.digest"].search([("user_id", "=", user.id)])

    def test_a_late_case_is_ordered_once(self):
        late = self.env["shenpi.workday"]._get_calendar().add(self.case.due_date, 3)
        self._run_on(late - timedelta(days=1))
        self.assertFalse(self._orders())
        for _turn in range(2):
            self._run_on(late)
        order = self._orders()
        self.assertRecordValues(
            order, [{"state": "dispatched", "source": "ladder", "severity": "yellow"}]
        )
        self.assertEqual(order.user_id, self.decider)
        self.assertIn(self.case.number, order.demand)
        self.assertEqual(len(self._digests(self.decider).activity_ids), 1)
        self.assertFalse(order.activity_ids, "told in the reminder, not twice")
        firing = self.env["shenpi.ladder.firing"].search(
            [("document_id", "=", self.case.id), ("state", "=", "done")], limit=1
        )
        self.assertIn(order.number, firing.result)

    def test_an_open_order_is_not_doubled(self):
        order = self._make_order("dispatched", kind="overdue", due_days=90)
        self._run_on("2026-06-30")
        self.assertEqual(self._orders(), order)

    def test_an_order_that_is_not_answered_climbs(self):
        self.case.with_user(self.clerk)._do_withdraw("Asked for.")
        order = self._make_order("dispatched", due_days=2)
        self._run_on("2026-06-11")
        self.assertIn(order.number, self._digests(self.reviewer2).firing_ids.document_name)
        self._run_on("2026-06-15")
        self.assertIn(order.number, self._digests(self.decider).firing_ids.document_name)
        self._run_on("2026-06-17")
        self.assertIn(order.number, self._digests(self.manager).firing_ids.document_name)

    def test_an_answered_order_rests(self):
        self.case.with_user(self.clerk)._do_withdraw("Asked for.")
        self._make_order("answered", due_days=2)
        self._run_on("2026-06-30")
        self.assertFalse(self._digests(self.reviewer2) | self._digests(self.manager))

    def test_no_orders_about_orders(self):
        ladder = self.env.ref("shenpi_base.ladder_supervision")
        with self.assertRaisesRegex(ValidationError, "What is done"):
            ladder.rung_ids[0].action = "order"
