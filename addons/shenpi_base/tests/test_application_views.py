from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools.safe_eval import safe_eval

from ..models.shenpi_application_flow import TRANSITIONS
from .common import NOW, ShenpiCommon, moment

# The buttons of the form, and the row of the transition table each of them leads to.
BUTTONS = {
    "action_receive": "receive",
    "action_accept": "accept",
    "action_open_correction": "request_correction",
    "action_open_supplement": "supplement",
    "action_open_spare": "spare",
    "action_open_deferral": "defer",
    "action_open_hand_in": "hand_in",
    "action_commit": "commit",
    "action_take_back_commitment": "take_back_commitment",
    "action_open_refusal": "not_accept",
    "action_assign_to_me": "assign",
    "action_open_assign": "assign",
    "action_open_review": "review",
    "action_open_decision": "deny",
    "action_open_delivery": "deliver",
    "action_resume": "resume",
    "action_open_pause": "pause",
    "action_open_extension": "extend",
    "action_open_withdraw": "withdraw",
    "action_open_terminate": "terminate",
}
# Buttons that begin another document, which has a table of its own.
BUTTONS_OF_OTHERS = {
    "action_open_inspection_order",
    "action_look_up",
    "action_act_on_behalf",
    "action_advise_only",
    "action_file_permit",
}


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestApplicationScreens(ShenpiCommon):
    def setUp(self):
        super().setUp()
        self.applications = self._as(self.clerk, self.env["shenpi.application"])

    # === Form === #

    def test_every_button_is_governed_by_the_table(self):
        """A button of the header is hidden unless the flow allows what it does."""
        arch = etree.fromstring(self.applications.get_view(view_type="form")["arch"])
        seen = set()
        for button in arch.iterfind(".//header/button"):
            action = button.get("name")
            seen.add(action)
            if action not in BUTTONS_OF_OTHERS:
                self.assertIn(BUTTONS[action], TRANSITIONS)
            self.assertIn("can_", button.get("invisible"), f"{action} is always shown")
        self.assertEqual(seen, {*BUTTONS, *BUTTONS_OF_OTHERS})

    def test_one_primary_button(self):
        """In each state each role has one obvious next action at most."""
        arch = etree.fromstring(self.applications.get_view(view_type="form")["arch"])
        primary = [
            button.get("invisible")
            for button in arch.iterfind(".//header/button")
            if "btn-primary" in (button.get("class") or "")
        ]
        names = [name for name in self.applications._fields if name.startswith("can_")]
        for state in ("received", "correcting", "accepted", "deciding", "granted", "closed"):
            application = self._bring_to(state)
            for role, user in self.users.items():
                flags = application.with_user(user).sudo(False).read(names)[0]
                shown = [rule for rule in primary if not safe_eval(rule, flags)]
                self.assertLessEqual(len(shown), 1, f"{state}, {role}: {shown}")

    def test_queries_of_a_form(self):
        """Opening a case asks the database a bounded number of questions."""
        application = self._bring_to("deciding")
        specification = {
            name: {}
            for name in self.applications.get_view(view_type="form")["models"]["shenpi.application"]
        }
        reader = application.with_user(self.decider)
        reader.web_read(specification)
        self.env.invalidate_all()
        with self.assertQueryCount(36):
            reader.web_read(specification)

    # === List === #

    def _list_specification(self):
        arch = etree.fromstring(self.applications.get_view(view_type="list")["arch"])
        return {field.get("name"): {} for field in arch.iterfind(".//field")}

    def test_queries_of_a_list(self):
        """A list of many asks no more questions than a list of few."""
        for _n in range(8):
            self._bring_to("accepted")
        specification = self._list_specification()
        # Personal data stands in a column that is off unless asked for.
        specification.pop("applicant_phone")
        applications = self._as(self.reviewer, self.env["shenpi.application"])
        applications.web_search_read([], specification, limit=8)
        counts = []
        for limit in (2, 8):
            self.env.invalidate_all()
            with _QueryCounter(self.env.cr) as counter:
                applications.web_search_read([], specification, limit=limit)
            counts.append(counter())
        self.assertEqual(*counts)

    def test_light_filters_agree_with_the_light(self):
        self._submit()
        for days in range(1, 12):
            with freeze_time(fields.Datetime.to_datetime(NOW) + timedelta(days=days)):
                self.env.invalidate_all()
                for light in ("none", "green", "yellow", "red"):
                    found = self.applications.search([("light", "=", light)])
                    self.assertEqual(set(found.mapped("light")) - {light}, set())

    def test_time_left_in_words(self):
        application = self._submit()
        texts = {}
        for day in ("2026-06-10", "2026-06-16", "2026-06-17", "2026-06-18", "2026-06-22"):
            with freeze_time(moment(f"{day} 10:00:00")):
                application.invalidate_recordset()
                texts[day] = application.due_left
        self.assertEqual(application.due_date.isoformat(), "2026-06-17")
        self.assertEqual(texts["2026-06-10"], "5 working days left")
        self.assertEqual(texts["2026-06-16"], "1 working day left")
        self.assertEqual(texts["2026-06-17"], "Due today")
        self.assertEqual(texts["2026-06-18"], "1 working day late")
        self.assertEqual(texts["2026-06-22"], "2 working days late", "Dragon Boat, 19 to 21 June")

    def test_clock_says_why(self):
        application = self._submit()
        self.assertIn("5 working days", application.clock_note)
        application.with_user(self.clerk)._do_accept()
        self.assertIn("20 working days", application.clock_note)
        self.assertEqual(application.clock_count, "0 working days used, 5 left")
        self.assertFalse(self._bring_to("withdrawn").with_user(self.clerk).due_left)

    def test_kanban_columns(self):
        """Columns of work in hand are shown empty, closed ones only when they hold something."""
        self._bring_to("closed")
        groups = self.applications.formatted_read_group([], ["state"], ["__count"])
        columns = self.applications._group_expand_states([g["state"] for g in groups], [])
        self.assertEqual(
            columns, ["received", "correcting", "accepted", "reviewing", "deciding", "closed"]
        )

    # === Finding === #

    def test_find(self):
        application = self._submit()
        other = self._submit(
            applicant={
                "kind": "person",
                "name": "王小明",
                "id_type": "ric",
                "id_number": "11010519491231002X",
                "phone": "13900001111",
            }
        )
        for text, expected in (
            (application.number, application),
            (application.number_short, application),
            (application.number_short.replace("-", ""), application),
            ("91350100M000100Y43", application),
            ("91350100m000100y43", application),
            ("13812345678", application),
            ("5678", application),
            ("青云", application),
            ("青%", application),
            ("有限", application),
            ("云青", self.applications.browse()),
            ("11010519491231002x", other),
            ("1111", other),
            ("小明", other),
            ("91350100M0001", self.applications.browse()),
            ("99999", self.applications.browse()),
        ):
            with self.subTest(text=text):
                self.assertEqual(self.applications.search([("find", "ilike", text)]), expected)

    def test_my_work(self):
        draft = self.applications.create(
            {
                "item_id": self.item.id,
                "applicant_name": "草稿",
                "applicant_id_number": "91350100M000100Y43",
            }
        )
        received, accepted = self._submit(), self._bring_to("accepted")
        deciding, granted = self._bring_to("deciding"), self._bring_to("granted")
        everything = draft | received | accepted | deciding | granted
        for user, mine in (
            (self.clerk, draft | received),
            (self.clerk2, received),
            (self.reviewer2, accepted),
            (self.decider, deciding),
            (self.outsider, self.applications.browse()),
            (self.supervisor, self.applications.browse()),
        ):
            with self.subTest(user=user.login):
                applications = self._as(user, self.env["shenpi.application"])
                found = applications.search([("is_mine", "=", True), ("id", "in", everything.ids)])
                self.assertEqual(found, mine)
                self.assertEqual(
                    applications.browse(mine.ids).mapped("is_mine"), [True] * len(mine)
                )
        accepted.with_user(self.reviewer)._do_assign(self.reviewer)
        applications = self._as(self.reviewer2, self.env["shenpi.application"])
        self.assertNotIn(accepted, applications.search([("is_mine", "=", True)]))

    def test_saved_filters(self):
        """Every filter of the search view runs, for every role."""
        arch = etree.fromstring(self.applications.get_view(view_type="search")["arch"])
        self._bring_to("deciding")
        for role in ("clerk", "reviewer", "decider", "supervisor", "manager"):
            user = self.users[role]
            applications = self._as(user, self.env["shenpi.application"])
            for node in arch.iterfind(".//filter[@domain]"):
                with self.subTest(role=role, filter=node.get("name")):
                    domain = safe_eval(node.get("domain"), {"uid": user.id})
                    applications.search(domain)

    def test_menus_open(self):
        """Every action in the menus has views that load, and says what an empty list means."""
        actions = self.env["ir.actions.act_window"].search(
            [("res_model", "in", ("shenpi.application", "shenpi.licence", "shenpi.event"))]
        )
        self.assertGreaterEqual(len(actions), 6)
        for action in actions:
            if action.view_mode != "form":
                self.assertTrue(action.help, action.name)
            for mode in action.view_mode.split(","):
                self.env[action.res_model].with_user(self.manager).get_view(view_type=mode)

    # === Events === #

    def test_events_in_words(self):
        application = self._bring_to("accepted")
        self.assertEqual(
            application.event_ids.mapped("change"), ["Draft → Received", "Received → Accepted"]
        )
        answer = application.with_user(self.clerk).action_verify_chain()
        self.assertEqual(answer["params"]["type"], "success")

    def test_form_as_filed(self):
        """What was filed is shown as text, whatever it holds."""
        application = self._submit(form={"用途": "<script>alert(1)</script>", "面积": [1, 2]})
        self.assertIn("&lt;script&gt;", application.form_table)
        self.assertIn("1、2", application.form_table)
        self.assertFalse(self._submit().form_table)


class _QueryCounter:
    """Counts the queries of a block."""

    def __init__(self, cr):
        self.cr = cr

    def __enter__(self):
        self.start = self.cr.sql_log_count
        return lambda: self.end - self.start

    def __exit__(self, *_exception):
        self.end = self.cr.sql_log_count
