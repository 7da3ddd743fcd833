from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from ..models.shenpi_commitment import TRANSITIONS
from .common import NOW, ROLES, ShenpiCommon, moment

NUMBER = "91350100M000100Y43"
VERIFIERS = ("inspector", "reviewer", "decider", "manager")
EXPECTED = {
    "verifying": {
        "inspector": "assign confirm rectify report_false",
        "reviewer": "assign confirm rectify report_false",
        "decider": "assign confirm rectify report_false revoke",
        "supervisor": "assign",
        "manager": "assign confirm rectify report_false revoke",
    },
    "rectifying": {
        "inspector": "assign confirm report_false",
        "reviewer": "assign confirm report_false",
        "decider": "assign confirm report_false revoke",
        "supervisor": "assign",
        "manager": "assign confirm report_false revoke",
    },
    "reported": {
        "inspector": "assign",
        "reviewer": "assign",
        "decider": "assign confirm rectify revoke",
        "supervisor": "assign",
        "manager": "assign confirm rectify revoke",
    },
    "fulfilled": {},
    "exempt": {},
    "false": {},
}


class CommitmentCommon(ShenpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trusted = cls._create_item(**cls._prepare_trusted(verification_days=20))

    @classmethod
    def _prepare_trusted(cls, **values):
        return {
            "name": "Trusted licence",
            "allow_commitment": True,
            "commitment_content": "The premises are lawful.",
            "verification_method": "on_site",
            "material_ids": [
                Command.create({"code": "M01", "name": "Application form"}),
                Command.create(
                    {"code": "M02", "name": "Proof of premises", "spared_by": "commitment"}
                ),
            ],
            **values,
        }

    def _commit(self, user=None, **values):
        values = {"item_code": self.trusted.code, "materials": [{"code": "M01"}], **values}
        return self._submit(user, commitment=True, **values)

    def _status(self, case):
        return self._as(self.integrator, case).api_status(case.number)

    def _bring(self, state):
        """A verification brought to ``state``."""
        if state == "exempt":
            item = self._create_item(**self._prepare_trusted(verification_method="exempt"))
            return self._commit(item_code=item.code).commitment_ids
        commitment = self._commit().commitment_ids
        decided = commitment.with_user(self.decider)
        if state == "rectifying":
            decided._do_rectify("A door is missing.", date(2026, 6, 30))
        elif state == "reported":
            commitment.with_user(self.inspector)._do_report_false("There are no premises.")
        elif state == "fulfilled":
            decided._do_confirm("All is as stated.")
        elif state == "false":
            decided._do_revoke("There are no premises.")
        return commitment


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCommitment(CommitmentCommon):
    """The written commitment: who may choose it, what it spares, when it decides."""

    def test_granted_on_the_spot(self):
        case = self._commit()
        self.assertEqual(case.state, "granted")
        self.assertEqual(case.event_ids.mapped("action"), ["receive", "commit", "grant_at_once"])
        self.assertEqual(case.event_ids[1].opinion, "The premises are lawful.")
        self.assertEqual(case.event_ids[1].data, {"spared": ["M02"]})
        self.assertEqual(case.licence_id.state, "valid")
        self.assertEqual(
            self._status(case)["commitment"],
            {
                "state": "verifying",
                "method": "on_site",
                "due": "2026-07-09",
                "verify_by": "2026-07-09",
            },
        )

    def test_only_who_chooses_it(self):
        case = self._submit(item_code=self.trusted.code, materials=[{"code": "M01"}])
        self.assertEqual(case.state, "received")
        self.assertEqual(case._get_missing().mapped("code"), ["M02"])
        self.assertNotIn("commitment", self._status(case))

    def test_granted_when_complete(self):
        case = self._commit(materials=[])
        self.assertEqual(case.state, "received")
        self.assertEqual(self._status(case)["commitment"], {"state": "promised"})
        self.assertEqual(case._get_missing().mapped("code"), ["M01"])
        case.with_user(self.clerk)._do_request_correction([])
        answer = self._as(self.integrator, case).api_supplement(
            case.number, {"materials": [{"code": "M01"}]}
        )
        self.assertEqual(answer["state"], "granted")
        self.assertEqual(answer["missing"], [])

    def test_acceptance_grants(self):
        case = self._submit(item_code=self.trusted.code, materials=[{"code": "M01"}])
        case.sudo().commitment = True
        case.material_ids[1].sudo().write({"status": "spared", "spared_way": "commitment"})
        case.with_user(self.clerk)._do_accept()
        self.assertEqual(case.state, "granted")

    def test_chosen_after_filing(self):
        case = self._submit(item_code=self.trusted.code, materials=[{"code": "M01"}])
        clerk = case.with_user(self.clerk)
        self.assertTrue(clerk.can_commit)
        action = clerk.action_commit()
        self.assertEqual(action["report_name"], "shenpi_base.report_decision")
        self.assertEqual(case.state, "granted")

    def test_taken_back_before_the_decision(self):
        case = self._commit(materials=[])
        case.with_user(self.clerk).action_take_back_commitment()
        self.assertFalse(case.commitment)
        self.assertEqual(case._get_missing().mapped("code"), ["M01", "M02"])
        self.assertEqual(case.event_ids[-1].action, "take_back_commitment")
        with self.assertRaisesRegex(UserError, "commitment: the applicant has made none"):
            case.with_user(self.clerk)._do_take_back_commitment()

    def test_not_taken_back_after_the_decision(self):
        with self.assertRaisesRegex(UserError, "is not possible"):
            self._commit().with_user(self.clerk)._do_take_back_commitment()

    def test_refusals(self):
        with self.assertRaisesRegex(UserError, "commitment: this item does not offer it"):
            self._submit(commitment=True)
        with self.assertRaisesRegex(ValidationError, "commitment: must be of type bool"):
            self._submit(commitment="yes")
        case = self._commit(materials=[])
        with self.assertRaisesRegex(UserError, "commitment: the applicant has made it already"):
            case.with_user(self.clerk)._do_commit()

    def test_excluded_areas(self):
        """Not published in one, and not taken in once the list has grown."""
        area = self.env["shenpi.item.option"].create(
            {"kind": "area", "code": "t", "name": "Test area"}
        )
        draft = self._create_item(published=False, **self._prepare_trusted(area_ids=area.ids))
        self.assertNotIn("Test area", str(draft._get_problems()[draft]))
        area.excludes_commitment = True
        self.assertIn("Test area", str(draft._get_problems()[draft]))
        draft.sudo().write({"state": "published", "valid_from": date(2024, 1, 1)})
        with self.assertRaisesRegex(UserError, "commitment: not allowed .*Test area"):
            self._commit(item_code=draft.code)

    def test_what_publishing_asks_for(self):
        values = self._prepare_trusted(commitment_content=False, verification_method=False)
        draft = self._create_item(published=False, **values)
        problems = "\n".join(draft._get_problems()[draft])
        self.assertIn("Content of the commitment", problems)
        self.assertIn("Verification method", problems)
        draft.verification_method = "online"
        self.assertIn("Verification days", "\n".join(draft._get_problems()[draft]))
        draft.verification_method = "exempt"
        self.assertNotIn("Verification days", "\n".join(draft._get_problems()[draft]))

    # === Credit === #

    def _enter(self, grade):
        return self.env["shenpi.credit"].create(
            {"subject_name": "A", "id_number": NUMBER, "grade": grade, "source": "Platform"}
        )

    def test_bad_credit_bars(self):
        self._enter("D")
        with self.assertRaisesRegex(UserError, "commitment: the applicant's credit bars it"):
            self._commit()

    def test_poor_credit_is_checked_first(self):
        """Not granted at once: through the chain, still without what the commitment spares."""
        self._enter("C")
        case = self._commit()
        self.assertEqual(case.state, "received")
        case.with_user(self.clerk)._do_accept()
        self.assertEqual(case.state, "accepted")
        with self.assertRaisesRegex(UserError, "handed in first: Proof of premises"):
            case.with_user(self.clerk)._do_take_back_commitment()
        case.with_user(self.reviewer)._do_review("pass")
        case.with_user(self.decider)._do_decide("grant")
        self.assertEqual(case.commitment_ids.state, "verifying")

    def test_spared_material_handed_in_after_all(self):
        self._enter("C")
        case = self._commit()
        case.with_user(self.clerk)._do_accept()
        self._as(self.clerk, case).api_supplement(case.number, {"materials": [{"code": "M02"}]})
        case.with_user(self.clerk)._do_take_back_commitment()
        self.assertFalse(case.commitment)

    # === At the window === #

    def test_window(self):
        drafts = self._as(self.clerk, self.env["shenpi.application"])
        with Form(drafts) as form:
            form.item_id = self.trusted
            form.applicant_id_number = NUMBER
            form.applicant_name = "青云餐饮有限公司"
            form.commitment = True
            with form.material_ids.edit(0) as line:
                line.provided = True
        case = form.record
        self.assertEqual(case.material_ids.mapped("status"), ["provided", "spared"])
        action = case.action_receive()
        self.assertEqual(action["report_name"], "shenpi_base.report_decision")
        self.assertEqual(case.state, "granted")

    def test_what_was_filed_stays(self):
        case = self._submit(item_code=self.trusted.code, materials=[])
        with self.assertRaises(UserError):
            case.with_user(self.clerk).commitment = True


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestVerification(CommitmentCommon):
    """What was stated is looked at afterwards; what was false does not stand."""

    def test_every_state_role_and_action(self):
        for state, by_role in EXPECTED.items():
            commitment = self._bring(state)
            self.assertEqual(commitment.state, state)
            for role in ROLES:
                user, allowed = self.users[role], set(by_role.get(role, "").split())
                acting = commitment.with_user(user)
                self.assertEqual(acting._get_allowed_actions(), allowed, f"{role} in {state}")
                for action in TRANSITIONS:
                    with self.subTest(state=state, role=role, action=action):
                        self._try(acting, action, action in allowed)

    def _try(self, commitment, action, allowed):
        events = len(commitment.sudo().event_ids)
        closes = TRANSITIONS[action].target in ("fulfilled", "false", "exempt")
        values = {"due_date": False} if closes else {}
        savepoint = self.env.cr.savepoint(flush=True)
        if allowed:
            commitment._transition(action, values=values)
            self.assertEqual(len(commitment.sudo().event_ids), events + 1)
        else:
            with self.assertRaises(UserError):
                commitment._transition(action, values=values)
            self.assertEqual(len(commitment.sudo().event_ids), events)
        savepoint.close(rollback=True)
        self.env.invalidate_all()

    def test_due_in_working_days(self):
        commitment = self._bring("verifying")
        self.assertEqual(commitment.verify_by, date(2026, 7, 9))
        self.assertEqual(commitment.event_ids.user_id, self.env.ref("base.user_root"))
        commitments = self.env["shenpi.commitment"]
        for day, light in (
            ("2026-06-10", "green"),
            ("2026-07-02", "yellow"),
            ("2026-07-09", "yellow"),
            ("2026-07-10", "red"),
        ):
            with freeze_time(moment(f"{day} 09:00")):
                self.env.invalidate_all()
                self.assertEqual(commitment.light, light, day)
                found = commitments.search([("light", "=", light), ("id", "=", commitment.id)])
                self.assertEqual(found, commitment)

    def test_entered_afterwards(self):
        """A decision of last week, and its verification of the day after it."""
        case = self._commit(self.integrator, at="2026-06-02T10:00:00+08:00")
        self.assertEqual(case.commitment_ids.verify_by, date(2026, 7, 1))
        acting = case.commitment_ids.with_user(self.inspector)
        with self.assertRaisesRegex(ValidationError, "preceding"):
            acting._do_confirm("All is as stated.", at=moment("2026-06-01 09:00"))
        acting._do_confirm("All is as stated.", at=moment("2026-06-03 09:00"))
        self.assertEqual(case.commitment_ids.verified_at, moment("2026-06-03 09:00"))

    def test_exempt_is_closed_at_once(self):
        commitment = self._bring("exempt")
        self.assertFalse(commitment.due_date)
        self.assertEqual(
            self._status(commitment.application_id)["commitment"],
            {"state": "exempt", "method": "exempt"},
        )

    def test_true(self):
        commitment = self._bring("verifying")
        commitment.with_user(self.inspector)._do_confirm("All is as stated.")
        self.assertRecordValues(
            commitment,
            [{"state": "fulfilled", "due_date": False, "verified_by_id": self.inspector.id}],
        )
        self.assertEqual(commitment.application_id.licence_id.state, "valid")

    def test_rectified(self):
        commitment = self._bring("rectifying")
        self.assertEqual(commitment.due_date, date(2026, 6, 30))
        status = self._status(commitment.application_id)["commitment"]
        self.assertEqual((status["due"], status["rectify_by"]), ("2026-06-30", "2026-06-30"))
        commitment.with_user(self.inspector)._do_confirm("The door is there.")
        self.assertEqual(commitment.state, "fulfilled")

    def test_false(self):
        case = self._bring("reported").application_id
        with self.assertRaises(AccessError):
            case.commitment_ids.with_user(self.inspector)._do_revoke("There are no premises.")
        case.commitment_ids.with_user(self.decider)._do_revoke("There are no premises.")
        self.assertEqual(case.commitment_ids.state, "false")
        self.assertEqual(case.state, "closed", "it is not delivered any more")
        self.assertEqual(case.event_ids[-1].action, "revoke")
        self.assertEqual(case.clock_ids[-1].kind, "ended")
        self.assertFalse(case.due_date)
        self.assertRecordValues(
            case.licence_id,
            [
                {
                    "state": "revoked",
                    "revoked_on": date(2026, 6, 10),
                    "revocation_ground": "false_commitment",
                    "revocation_reason": "There are no premises.",
                }
            ],
        )
        status = self._status(case)
        self.assertEqual(status["licence"]["status"], "revoked")
        self.assertEqual(status["licence"]["revoked_on"], "2026-06-10")
        self.assertEqual(status["commitment"]["state"], "false")

    def test_false_bars_until_repaired(self):
        case = self._bring("false").application_id
        credit = self.env["shenpi.credit"].search([("application_id", "=", case.id)])
        self.assertEqual((credit.ground, credit.grade), ("false_commitment", "D"))
        with self.assertRaisesRegex(UserError, "credit bars it"):
            self._commit()
        credit.with_user(self.manager)._do_repair("Has paid and rectified.")
        self.assertEqual(self._commit().state, "granted")

    def test_false_by_a_decision_about_the_licence(self):
        for before, after in (("verifying", "false"), ("fulfilled", "fulfilled")):
            case = self._bring(before).application_id
            case.licence_id.with_user(self.decider)._do_revoke("false_commitment", "No premises.")
            self.assertEqual((case.licence_id.state, case.commitment_ids.state), ("revoked", after))
            credit = self.env["shenpi.credit"].search([("application_id", "=", case.id)])
            self.assertEqual(credit.ground, "false_commitment")
            credit.with_user(self.manager)._do_repair("Has paid and rectified.")

    def test_revoked_after_delivery(self):
        case = self._bring("verifying").application_id
        case.with_user(self.clerk)._do_deliver("window")
        case.commitment_ids.with_user(self.manager)._do_revoke("There are no premises.")
        self.assertEqual((case.state, case.clock_ids[-1].kind), ("closed", "delivered"))
        with self.assertRaisesRegex(UserError, "no grant in force"):
            case.with_user(self.manager)._do_revoke("fraud", "Again.")

    def test_nobody_revokes_what_he_took_in(self):
        commitment = self._bring("verifying")
        commitment.application_id.sudo().filed_by_id = self.decider
        with self.assertRaisesRegex(AccessError, "taken in himself"):
            commitment.with_user(self.decider)._do_revoke("There are no premises.")
        self.assertEqual(commitment.application_id.licence_id.state, "valid")

    def test_what_is_wrong_is_named(self):
        acting = self._bring("verifying").with_user(self.decider)
        for call, words in (
            (lambda: acting._do_confirm(" "), "findings"),
            (lambda: acting._do_revoke(""), "findings"),
            (lambda: acting._do_rectify("A door.", False), "rectify_by"),
            (lambda: acting._do_rectify("A door.", date(2026, 6, 9)), "rectify_by"),
        ):
            with self.assertRaisesRegex(ValidationError, words):
                call()
        self.assertEqual(acting.state, "verifying")

    # === Who === #

    def test_assigned(self):
        commitment = self._bring("verifying")
        inspector2 = self._create_user("t_inspector2", "inspector")
        self.office.user_ids += inspector2
        with self.assertRaises(AccessError):
            commitment.with_user(self.inspector)._do_assign(inspector2)
        with self.assertRaisesRegex(UserError, "may not verify for"):
            commitment.with_user(self.supervisor)._do_assign(self.clerk)
        commitment.with_user(self.supervisor)._do_assign(inspector2)
        with self.assertRaisesRegex(AccessError, "assigned to somebody else"):
            commitment.with_user(self.inspector)._do_confirm("Fine.")
        self.env["shenpi.deputy"].create(
            {
                "principal_id": inspector2.id,
                "deputy_id": self.inspector.id,
                "date_from": "2026-06-01",
                "company_id": self.company.id,
            }
        )
        commitment.with_user(self.inspector)._do_confirm("Fine.")
        self.assertEqual(commitment.event_ids[-1].for_user_id, inspector2)

    def test_seen_with_the_case(self):
        commitment = self._bring("verifying")
        self.assertTrue(self._as(self.reviewer2, commitment).read(["state"]))
        for user in (self.outsider, self.clerk_b, self.stranger):
            with self.assertRaises(AccessError):
                self._as(user, commitment).read(["state"])
        for user in self.users.values():
            with self.assertRaises(AccessError):
                self._as(user, commitment).write({"findings": "Nothing."})

    def test_chain_is_sealed(self):
        commitment = self._bring("false")
        self.assertEqual(commitment.event_ids.mapped("action"), ["begin_verification", "revoke"])
        self.assertFalse(self.env["shenpi.event"]._get_broken(commitment))

    # === Screens and documents === #

    def test_wizard(self):
        commitment = self._bring("verifying")
        wizards = self.env["shenpi.commitment.wizard"].with_user(self.inspector)
        with Form(wizards.with_context(default_commitment_id=commitment.id)) as form:
            self.assertEqual(form.allowed, ["confirm", "rectify", "report_false"])
            form.outcome = "rectify"
            form.rectify_by = "2026-06-30"
            form.findings = "A door is missing."
        action = form.record.action_confirm()
        self.assertEqual(action["report_name"], "shenpi_base.report_rectification")
        wizards = wizards.with_user(self.decider)
        with Form(wizards.with_context(default_commitment_id=commitment.id)) as form:
            form.outcome = "revoke"
            form.findings = "Still missing."
        action = form.record.action_confirm()
        self.assertEqual(action["report_name"], "shenpi_base.report_revocation")
        with self.assertRaises(AccessError):
            self._as(self.outsider, self.env["shenpi.commitment.wizard"]).with_context(
                default_commitment_id=commitment.id
            ).default_get(["applicant_name", "commitment_id"])

    def test_wizard_assigns(self):
        commitment = self._bring("verifying")
        action = commitment.with_user(self.supervisor).action_open_assign()
        wizards = self.env["shenpi.commitment.wizard"].with_user(self.supervisor)
        with Form(wizards.with_context(**action["context"])) as form:
            form.user_id = self.inspector
        form.record.action_confirm()
        self.assertEqual(commitment.handler_id, self.inspector)

    def test_documents(self):
        documents = self.env["shenpi.application.document"]
        self.startPatcher(patch.object(type(documents), "_get_lang", lambda _self: "en_US"))
        other = self._bring("verifying").application_id
        commitment = self._bring("rectifying")
        case = commitment.application_id
        commitment.with_user(self.decider)._do_revoke("Still missing.")
        for kind, words in (
            ("commitment_letter", "The premises are lawful."),
            ("rectification", "A door is missing."),
            ("revocation", "Still missing."),
        ):
            html = self.env["ir.actions.report"]._render_qweb_html(
                f"shenpi_base.report_{kind}", case.ids
            )[0]
            self.assertIn(words, str(html))
        for kind in ("rectification", "revocation"):
            with self.assertRaisesRegex(UserError, "no such document"):
                documents._prepare(kind, other)

    def test_letter_is_signed_before_filing(self):
        draft = self._as(self.clerk, self.env["shenpi.application"]).create(
            {"item_id": self.trusted.id, "applicant_name": "A", "commitment": True}
        )
        html = self.env["ir.actions.report"]._render_qweb_html(
            "shenpi_base.report_commitment_letter", draft.ids
        )[0]
        self.assertIn("The premises are lawful.", str(html))
