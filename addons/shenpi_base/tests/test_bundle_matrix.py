from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..models.shenpi_bundle_case import TRANSITIONS
from .common import NOW, ROLES
from .test_bundle import BundleCommon

# What becomes of a child when the case is withdrawn, and whether the child can be filed again and
# counts as done: state of the child -> (status, state) after the withdrawal, refile, done.
MATRIX = {
    "waiting": (("stopped", "draft"), False, False),
    "drafted": (("stopped", "draft"), False, False),
    "stopped": (None, False, True),  # the case has closed: it is not withdrawn any more
    "received": (("failed", "withdrawn"), False, False),
    "correcting": (("failed", "withdrawn"), False, False),
    "accepted": (("failed", "withdrawn"), False, False),
    "reviewing": (("failed", "withdrawn"), False, False),
    "deciding": (("failed", "withdrawn"), False, False),
    "granted": (("granted", "granted"), False, False),
    "delivered": (None, False, True),
    "denied": (("failed", "denied"), True, False),
    "denial served": (None, True, True),
    "not_accepted": (None, True, True),
    "withdrawn": (None, True, True),
    "terminated": (None, True, True),
}
ACTORS = {
    "submit": {"clerk", "integrator", "manager"},
    "refile": {"clerk", "reviewer", "decider", "manager", "integrator"},
    "withdraw": {"clerk", "reviewer", "decider", "manager", "integrator"},
    "extend": {"manager"},
    "start_child": {"manager"},
    "stop_child": {"manager"},
    "close": {"manager"},
}


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestBundleMatrix(BundleCommon):
    """Every state of a child x every action on the whole: ``x`` is the child that is looked at. Of
    a pair, ``y`` has been handed over before; in a row, ``y`` waits for ``x``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        chain = ("review", "review", "decide")
        cls.pair_items = [cls._create_item(name=name, chain=chain) for name in ("x", "y")]
        cls.bundles = {"PAIR": cls._create_pair("PAIR"), "ROW": cls._create_pair("ROW")}

    @classmethod
    def _create_pair(cls, code):
        bundle = cls.env["shenpi.bundle"].create(
            {
                "name": code,
                "code": code,
                "company_id": cls.company.id,
                "department_id": cls.office.id,
                "line_ids": [
                    Command.create({"item_id": item.id, "sequence": place})
                    for place, item in enumerate(cls.pair_items)
                ],
            }
        )
        if code == "ROW":
            bundle.line_ids[1].after_all_ids = bundle.line_ids[0]
        bundle.with_user(cls.manager).action_publish()
        return bundle

    def _submit_pair(self, code, **values):
        return self._submit_bundle(bundle_code=code, **values)

    def _bring_child(self, state, **values):
        """The line of a child brought to a state through the real transitions."""
        if state in ("waiting", "stopped"):
            first, second = self._submit_pair("ROW", **values).line_ids
            if state == "stopped":
                self._refuse(first.application_id)
            return second
        line, other = self._submit_pair("PAIR", **values).line_ids
        self._hand_over(other.application_id)
        self._move(line, state)
        return line

    def _refuse(self, application):
        application.with_user(self.clerk)._do_not_accept("not_needed", "Not needed.")

    def _hand_over(self, application):
        self._grant(application)
        application.with_user(self.clerk)._do_deliver("window")

    def _move(self, line, state):
        application = line.application_id
        clerk = application.with_user(self.clerk)
        if state in ("accepted", "reviewing", "deciding", "granted", "denied"):
            clerk._do_accept()
            self._bring_on(application, state)
        elif state == "delivered":
            self._hand_over(application)
        elif state == "denial served":
            self._deny(application)
            clerk._do_deliver("window")
        elif state in ("not_accepted", "drafted"):
            self._refuse(application)
            if state == "drafted":
                line.with_user(self.clerk).action_refile()
        elif state == "correcting":
            clerk._do_request_correction([{"text": "Sign the form.", "material": None}])
        elif state == "withdrawn":
            clerk._do_withdraw("Not wanted.")
        elif state == "terminated":
            application.with_user(self.decider)._do_terminate("The applicant is gone.")

    def test_every_state_of_a_child_is_there(self):
        states = dict(self.env["shenpi.application"]._fields["state"].selection).keys()
        known = MATRIX.keys() | {"draft", "closed"}
        self.assertLessEqual(states, known)
        statuses = dict(self.env["shenpi.bundle.case.line"]._fields["status"].selection)
        seen = {self._bring_child(state).status for state in MATRIX}
        self.assertEqual(seen, statuses.keys())

    def test_close(self):
        for state, (_withdrawn, _refile, done) in MATRIX.items():
            with self.subTest(child=state):
                case = self._bring_child(state).case_id
                self.assertEqual(case.state, "closed" if done else "running")
                self.assertEqual(bool(case.closed_at), done)

    def test_withdraw(self):
        for state, (after, _refile, _done) in MATRIX.items():
            with self.subTest(child=state):
                line = self._bring_child(state)
                case = line.case_id.with_user(self.clerk)
                if after is None:
                    with self.assertRaises(UserError):
                        case._do_withdraw("Not wanted.")
                    continue
                case._do_withdraw("Not wanted.")
                self.assertEqual((line.status, line.application_id.state), after)
                self.assertEqual(case.state, "withdrawn")
                for other in case.line_ids:
                    with self.assertRaises(UserError):
                        other.with_user(self.clerk).action_refile()

    def test_refile(self):
        for state, (_withdrawn, refile, _done) in MATRIX.items():
            with self.subTest(child=state):
                line = self._bring_child(state).with_user(self.clerk)
                old = line.application_id
                self.assertEqual(line.can_refile, refile)
                if not refile:
                    with self.assertRaises(UserError):
                        line.action_refile()
                    continue
                line.action_refile()
                self.assertEqual((line.status, line.application_id.state), ("drafted", "draft"))
                self.assertNotEqual(line.application_id, old)
                self.assertEqual(line.case_id.state, "running")
                line.application_id._do_receive()
                self.assertEqual(line.status, "running")

    def test_a_refiled_child_frees_what_was_stopped(self):
        line = self._bring_child("stopped")
        first = line.case_id.line_ids[0]
        first.with_user(self.clerk).action_refile()
        self.assertEqual(line.status, "waiting")
        first.application_id.with_user(self.clerk)._do_receive()
        self._grant(first.application_id)
        self.assertEqual(line.status, "running")

    def test_results_together(self):
        """A result waits for what is not decided yet, not for what will never be."""
        held = {"received", "correcting", "accepted", "reviewing", "deciding"}
        for state in (*held, "drafted", "granted", "denied", "not_accepted", "withdrawn"):
            for delivery in ("each", "together"):
                with self.subTest(other=state, delivery=delivery):
                    case = self._submit_pair("PAIR", delivery=delivery)
                    line, other = case.line_ids
                    self._grant(other.application_id)
                    self._move(line, state)
                    clerk = other.application_id.with_user(self.clerk)
                    if delivery == "together" and state in held:
                        with self.assertRaisesRegex(UserError, "all results together"):
                            clerk._do_deliver("window")
                    else:
                        clerk._do_deliver("window")
                        self.assertEqual(clerk.state, "closed")

    def test_every_role(self):
        self.assertEqual(TRANSITIONS.keys(), ACTORS.keys())
        line = self._bring_child("denied")
        for role in ROLES:
            case = line.case_id.with_user(self.users[role])
            allowed = case._get_allowed_actions()
            expected = {action for action, roles in ACTORS.items() if role in roles}
            # No joint limit runs, and the case has been submitted.
            self.assertEqual(allowed, expected - {"submit", "extend"}, role)
            if "withdraw" not in expected:
                with self.assertRaises(AccessError):
                    case._do_withdraw("Not wanted.")


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestBundleAnyOf(BundleCommon):
    """``sign`` needs hygiene or food, both of which need register."""

    def _end(self, case, **fates):
        self._grant(self._line(case, "register").application_id)
        for name, fate in fates.items():
            application = self._line(case, name).application_id
            {"grant": self._grant, "deny": self._deny}[fate](application)
        return self._line(case, "sign").status

    def test_one_of_several_is_enough(self):
        for fates, expected in (
            ({"hygiene": "grant"}, "running"),
            ({"food": "grant"}, "running"),
            ({"hygiene": "grant", "food": "grant"}, "running"),
            ({"hygiene": "deny"}, "waiting"),
            ({"hygiene": "deny", "food": "grant"}, "running"),
            ({"hygiene": "grant", "food": "deny"}, "running"),
            ({"hygiene": "deny", "food": "deny"}, "stopped"),
        ):
            with self.subTest(fates=fates):
                self.assertEqual(self._end(self._submit_bundle(), **fates), expected)

    def test_what_was_stopped_says_why_and_others_go_on(self):
        case = self._submit_bundle()
        self._end(case, hygiene="deny")
        self._deny(self._line(case, "food").application_id)
        sign = self._line(case, "sign")
        self.assertEqual(sign.waits_for, "Stopped: not granted: hygiene、food.")
        told = case.event_ids.filtered(lambda event: event.action == "stop_child")
        self.assertEqual(told.data, {"item": self.items["sign"].code})
        self.assertTrue(told.opinion)
