from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common import NOW, ShenpiCommon


class WizardCommon(ShenpiCommon):
    def _wizard(self, model, application, user, **values):
        wizards = self._as(user, self.env[model])
        return wizards.with_context(default_application_id=application.id).create(values)

    def _open(self, application, user, method):
        """What the button behind ``method`` opens, as a filled form."""
        action = getattr(application.with_user(user), method)()
        wizards = self._as(user, self.env[action["res_model"]]).with_context(**action["context"])
        return Form(wizards)


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestIntakeButtons(WizardCommon):
    def _draft(self, **values):
        vals = {
            "item_id": self.item.id,
            "applicant_name": "青云餐饮有限公司",
            "applicant_id_number": "91350100M000100Y43",
            "applicant_phone": "13812345678",
            **values,
        }
        return self._as(self.clerk, self.env["shenpi.application"]).create(vals)

    def test_take_in_at_the_window(self):
        """A clerk fills the form, ticks what is there, receives and gets the receipt to print."""
        with Form(self._as(self.clerk, self.env["shenpi.application"])) as form:
            form.item_id = self.item
            form.applicant_id_number = "91350100m000100y43"
            form.applicant_name = "青云餐饮有限公司"
            with form.material_ids.edit(0) as material:
                material.provided = True
        draft = form.record
        self.assertEqual(draft.material_ids.mapped("provided"), [True, False, False])
        action = draft.action_receive()
        self.assertEqual(draft.state, "received")
        self.assertEqual(draft.applicant_id_number, "91350100M000100Y43")
        self.assertEqual(action["report_name"], "shenpi_base.report_filing")

    def test_receipt_needs_the_number(self):
        draft = self._draft(applicant_id_number=False)
        with self.assertRaisesRegex(ValidationError, "id_number"):
            draft.action_receive()

    def test_empty_and_oversize_files(self):
        draft = self._draft()
        files = self.env["ir.attachment"].with_user(self.clerk)
        empty = files.create({"name": "empty.pdf", "raw": b""})
        with self.assertRaisesRegex(ValidationError, "M01.*empty.pdf is empty"):
            draft.material_ids[0].attachment_ids = [Command.link(empty.id)]
        big = files.create({"name": "big.pdf", "raw": b"0123456789"})
        module = "odoo.addons.shenpi_base.models.shenpi_application_material.MAX_FILE_SIZE"
        with patch(module, 9), self.assertRaisesRegex(ValidationError, "larger than 50 MB"):
            draft.material_ids[1].attachment_ids = [Command.link(big.id)]

    def test_buttons_follow_the_table(self):
        draft = self._draft()
        self.assertTrue(draft.can_receive)
        self.assertTrue(draft.can_edit)
        self.assertFalse(draft.with_user(self.manager).can_edit)
        incomplete = self._submit(materials=[])
        self.assertTrue(incomplete.with_user(self.clerk).can_request_correction)
        self.assertFalse(incomplete.with_user(self.clerk).can_accept)
        self.assertFalse(incomplete.with_user(self.supervisor).can_request_correction)
        complete = self._submit()
        self.assertTrue(complete.with_user(self.clerk).can_accept)
        accepted = self._bring_to("accepted")
        self.assertFalse(accepted.with_user(self.clerk).can_review)
        self.assertTrue(accepted.with_user(self.reviewer2).can_review)
        self.assertTrue(accepted.with_user(self.reviewer2).can_take)
        self.assertFalse(accepted.with_user(self.reviewer2).can_assign)
        self.assertTrue(accepted.with_user(self.supervisor).can_assign)
        self.assertFalse(accepted.with_user(self.outsider).can_take)
        deciding = self._bring_to("deciding")
        self.assertFalse(deciding.with_user(self.reviewer).can_decide)
        self.assertTrue(deciding.with_user(self.decider).can_decide)
        self.assertTrue(self._bring_to("granted").with_user(self.clerk).can_deliver)

    def test_take_it(self):
        application = self._bring_to("accepted")
        application.with_user(self.reviewer2).action_assign_to_me()
        self.assertEqual(application.handler_id, self.reviewer2)
        self.assertFalse(application.with_user(self.reviewer2).can_take)
        self.assertFalse(application.with_user(self.reviewer).can_review, "it is another's now")


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCompletenessWizards(WizardCommon):
    def test_correction_lists_everything(self):
        application = self._submit(materials=[])
        form = self._open(application, self.clerk, "action_open_correction")
        self.assertEqual(len(form.line_ids), 2)
        with form.line_ids.new() as line:
            line.text = "盖章处请加盖公章。"
        with form.line_ids.edit(0) as line:
            line.text = "请补交申请表原件。"
        action = form.save().action_confirm()
        self.assertEqual(application.state, "correcting")
        self.assertEqual(action["report_name"], "shenpi_base.report_correction")
        texts = application.correction_ids.line_ids.mapped("text")
        self.assertEqual(len(texts), 3)
        self.assertIn("请补交申请表原件。", texts)
        self.assertIn("盖章处请加盖公章。", texts)

    def test_correction_cannot_leave_out(self):
        """A required material whose line is deleted is in the notice all the same."""
        application = self._submit(materials=[])
        form = self._open(application, self.clerk, "action_open_correction")
        form.line_ids.remove(0)
        form.save().action_confirm()
        self.assertEqual(len(application.correction_ids.line_ids), 2)

    def test_second_correction_is_the_supervisors(self):
        application = self._submit(materials=[])
        self._wizard("shenpi.correction.wizard", application, self.clerk).action_confirm()
        wizard = self._wizard("shenpi.supplement.wizard", application, self.clerk)
        wizard.line_ids[0].provided = True
        wizard.action_confirm()
        self.assertFalse(application.with_user(self.clerk).can_request_correction)
        with self.assertRaises(UserError):
            self._wizard("shenpi.correction.wizard", application, self.clerk).action_confirm()
        again = self._wizard(
            "shenpi.correction.wizard", application, self.supervisor, override_reason="漏告知"
        )
        self.assertTrue(again.is_repeated)
        again.action_confirm()
        self.assertEqual(application.state, "correcting")
        told = self._wizard("shenpi.supplement.wizard", application, self.clerk)
        self.assertEqual(told.line_ids.material_id.mapped("code"), ["M02", "M03"])

    def test_supplement(self):
        application = self._bring_to("correcting")
        wizard = self._wizard("shenpi.supplement.wizard", application, self.clerk)
        self.assertEqual(wizard.line_ids.material_id.mapped("code"), ["M01", "M02", "M03"])
        with self.assertRaisesRegex(ValidationError, "Tick"):
            wizard.action_confirm()
        file = self.env["ir.attachment"].with_user(self.clerk)
        file = file.create({"name": "form.pdf", "raw": b"paper", "res_model": wizard._name})
        with Form(wizard) as form:
            for place in (0, 1):
                with form.line_ids.edit(place) as line:
                    line.provided = True
        wizard.line_ids[0].attachment_ids = file
        wizard.action_confirm()
        material = application.material_ids[0]
        self.assertEqual(application.state, "received")
        self.assertEqual(material.status, "provided")
        self.assertEqual(material.attachment_ids, file)
        self.assertEqual((file.res_model, file.res_id), (material._name, material.id))
        self.assertEqual(file.with_user(self.reviewer).raw, b"paper", "who reads the case reads it")
        self.assertTrue(application.with_user(self.clerk).can_accept)

    def test_supplement_with_a_strangers_file(self):
        """Nobody publishes another person's private file by naming its id."""
        application = self._bring_to("correcting")
        file = self.env["ir.attachment"].with_user(self.reviewer)
        file = file.create({"name": "private.pdf", "raw": b"private"})
        wizard = self._wizard("shenpi.supplement.wizard", application, self.clerk)
        wizard.line_ids[0].provided = True
        with self.assertRaises(AccessError):
            wizard.line_ids[0].attachment_ids = [Command.link(file.id)]
            wizard.action_confirm()

    def test_refusal(self):
        application = self._submit(materials=[])
        with self.assertRaisesRegex(ValidationError, "redirect"):
            self._wizard(
                "shenpi.refusal.wizard",
                application,
                self.clerk,
                refusal_code="not_ours",
                reason="属于省级权限。",
            ).action_confirm()
        wizard = self._wizard(
            "shenpi.refusal.wizard",
            application,
            self.clerk,
            refusal_code="not_ours",
            reason="属于省级权限。",
            redirect="省卫生健康委员会",
        )
        action = wizard.action_confirm()
        self.assertEqual(application.state, "not_accepted")
        self.assertEqual(action["report_name"], "shenpi_base.report_refusal")

    def test_refusal_after_correction(self):
        application = self._bring_to("correcting")
        application.with_user(self.clerk)._do_supplement({})
        form = self._open(application, self.clerk, "action_open_refusal")
        self.assertEqual(form.refusal_code, "incomplete")

    def test_ending(self):
        application = self._bring_to("accepted")
        form = self._open(application, self.clerk, "action_open_withdraw")
        form.reason = "申请人书面撤回。"
        form.save().action_confirm()
        self.assertEqual(application.state, "withdrawn")
        application = self._bring_to("accepted")
        form = self._open(application, self.decider, "action_open_terminate")
        form.reason = "申请人已注销。"
        form.save().action_confirm()
        self.assertEqual(application.state, "terminated")

    def test_wizard_checks_the_role_itself(self):
        """The button was hidden; the wizard, called over RPC, refuses too and changes nothing."""
        application = self._bring_to("accepted")
        for model, values in (
            ("shenpi.ending.wizard", {"action": "terminate", "reason": "x"}),
            ("shenpi.decision.wizard", {"outcome": "grant"}),
            ("shenpi.review.wizard", {"decision": "pass"}),
        ):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self._wizard(model, application, self.clerk, **values).action_confirm()
        self.assertEqual(application.state, "accepted")

    def test_wizard_needs_sight_of_the_case(self):
        application = self._submit(materials=[])
        wizard = self.env["shenpi.ending.wizard"].create(
            {"application_id": application.id, "reason": "x"}
        )
        with self.assertRaises(AccessError):
            wizard.with_user(self.clerk_b).sudo(False).action_confirm()


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestDecisionWizards(WizardCommon):
    def test_review(self):
        application = self._bring_to("accepted")
        form = self._open(application, self.reviewer2, "action_open_review")
        self.assertEqual(form.step_id, application.step_id)
        form.opinion = "材料齐全，拟同意。"
        form.save().action_confirm()
        self.assertEqual(application.state, "deciding")
        self.assertEqual(application.step_ids[0].opinion, "材料齐全，拟同意。")

    def test_review_needs_reasons_to_reject(self):
        application = self._bring_to("accepted")
        with self.assertRaisesRegex(ValidationError, "opinion"):
            self._wizard(
                "shenpi.review.wizard", application, self.reviewer2, decision="reject"
            ).action_confirm()

    def test_grant(self):
        application = self._bring_to("deciding")
        form = self._open(application, self.decider, "action_open_decision")
        self.assertEqual(form.outcome, "grant", "what the reviewers propose")
        action = form.save().action_confirm()
        self.assertEqual(application.state, "granted")
        self.assertTrue(application.licence_id)
        self.assertEqual(action["report_name"], "shenpi_base.report_decision")
        licence = application.with_user(self.decider).action_open_licence()
        self.assertEqual(licence["res_id"], application.licence_id.id)

    def test_deny_needs_reasons(self):
        application = self._bring_to("deciding")
        wizard = self._wizard("shenpi.decision.wizard", application, self.decider, outcome="deny")
        with self.assertRaisesRegex(ValidationError, "reason"):
            wizard.action_confirm()
        wizard.reason = "场所不符合规定。"
        wizard.action_confirm()
        self.assertEqual(application.state, "denied")

    def test_return(self):
        application = self._bring_to("deciding")
        self._wizard(
            "shenpi.decision.wizard",
            application,
            self.decider,
            outcome="return",
            reason="请补充意见",
        ).action_confirm()
        self.assertEqual(application.state, "accepted")
        single = self._bring_to("accepted", item_code=self._create_item(chain=("decide",)).code)
        with self.assertRaisesRegex(UserError, "no review"):
            self._wizard(
                "shenpi.decision.wizard", single, self.decider, outcome="return", reason="x"
            ).action_confirm()

    def test_delivery(self):
        application = self._bring_to("granted")
        form = self._open(application, self.clerk, "action_open_delivery")
        form.method = "post"
        form.tracking = "EM123456789CN"
        action = form.save().action_confirm()
        self.assertEqual(application.state, "closed")
        self.assertEqual(application.tracking_number, "EM123456789CN")
        self.assertEqual(action["report_name"], "shenpi_base.report_delivery")


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestBulkWizard(WizardCommon):
    def _bulk(self, applications, user, method, **answers):
        action = getattr(applications.with_user(user), method)()
        wizards = self._as(user, self.env[action["res_model"]]).with_context(**action["context"])
        form = Form(wizards)
        for name, value in answers.items():
            setattr(form, name, value)
        return form.save()

    def test_decide_those_that_can_be_decided(self):
        ready = self._bring_to("deciding")
        early = self._bring_to("accepted")
        own = self._bring_to("deciding")
        own.sudo().filed_by_id = self.decider
        done = self._bring_to("granted")
        everything = ready | early | own | done
        wizard = self._bulk(everything, self.decider, "action_open_bulk_decide")
        action = wizard.action_confirm()
        self.assertEqual(ready.state, "granted")
        self.assertEqual(early.state, "accepted")
        self.assertEqual(own.state, "deciding")
        self.assertEqual(action["res_id"], wizard.id)
        self.assertEqual(wizard.done_count, 1)
        self.assertEqual(wizard.line_ids.application_id, early | own | done)
        self.assertTrue(all(wizard.line_ids.mapped("reason")))
        with self.assertRaisesRegex(UserError, "already"):
            wizard.action_confirm()

    def test_a_refusal_leaves_nothing_half_done(self):
        """The failing case is rolled back to its savepoint, licence and event included."""
        first, second = self._bring_to("deciding"), self._bring_to("deciding")
        issue, reason = type(self.env["shenpi.licence"])._issue_all, "No number."

        def fail_for_first(licences, application, moment):
            if application == first:
                raise UserError(reason)
            return issue(licences, application, moment)

        events = len(first.event_ids)
        with patch.object(type(self.env["shenpi.licence"]), "_issue_all", fail_for_first):
            wizard = self._bulk(first | second, self.decider, "action_open_bulk_decide")
            wizard.action_confirm()
        self.assertEqual(first.state, "deciding")
        self.assertEqual(len(first.event_ids), events)
        self.assertEqual(second.state, "granted")
        self.assertEqual(wizard.line_ids.reason, reason)

    def test_review(self):
        accepted, received = self._bring_to("accepted"), self._bring_to("received")
        wizard = self._bulk(accepted | received, self.reviewer2, "action_open_bulk_review")
        wizard.action_confirm()
        self.assertEqual(accepted.state, "deciding")
        self.assertEqual(wizard.line_ids.application_id, received)

    def test_reasons_are_required(self):
        accepted = self._bring_to("accepted")
        wizard = self._bulk(
            accepted, self.reviewer2, "action_open_bulk_review", decision="reject", reason="不符"
        )
        wizard.reason = False
        wizard.action_confirm()
        self.assertEqual(accepted.state, "accepted")
        self.assertIn("opinion", wizard.line_ids.reason)

    def test_assign(self):
        first, second = self._bring_to("accepted"), self._bring_to("accepted")
        wizard = self._bulk(
            first | second, self.supervisor, "action_open_bulk_assign", user_id=self.reviewer2
        )
        self.assertIn(self.reviewer2, wizard.candidate_ids)
        self.assertNotIn(self.outsider, wizard.candidate_ids)
        wizard.action_confirm()
        self.assertEqual((first | second).handler_id, self.reviewer2)
        self.assertFalse(wizard.line_ids)

    def test_assign_needs_a_person(self):
        accepted = self._bring_to("accepted")
        wizards = self._as(self.supervisor, self.env["shenpi.bulk.wizard"])
        wizard = wizards.create({"operation": "assign", "application_ids": accepted.ids})
        with self.assertRaisesRegex(ValidationError, "Assign to"):
            wizard.action_confirm()

    def test_single_assignment_closes_the_dialog(self):
        accepted = self._bring_to("accepted")
        wizard = self._bulk(accepted, self.supervisor, "action_open_assign", user_id=self.reviewer2)
        self.assertEqual(wizard.action_confirm()["type"], "ir.actions.act_window_close")

    def test_a_clerk_can_open_but_not_do(self):
        deciding = self._bring_to("deciding")
        wizard = self._bulk(deciding, self.clerk, "action_open_bulk_decide")
        wizard.action_confirm()
        self.assertEqual(deciding.state, "deciding")
        self.assertEqual(wizard.done_count, 0)


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestDeputyWizards(WizardCommon):
    def test_deputy_decides_under_his_own_name(self):
        deputy = self._create_user("t_deputy", "decider")
        application = self._bring_to("deciding")
        self.assertFalse(application.with_user(deputy).can_decide)
        self.env["shenpi.deputy"].create(
            {
                "principal_id": self.decider.id,
                "deputy_id": deputy.id,
                "date_from": fields.Date.today() - timedelta(days=1),
                "company_id": self.company.id,
            }
        )
        self.env.invalidate_all()
        self.assertTrue(application.with_user(deputy).can_decide)
        mine = self._as(deputy, self.env["shenpi.application"]).search([("is_mine", "=", True)])
        self.assertIn(application, mine)
        self._wizard("shenpi.decision.wizard", application, deputy).action_confirm()
        event = application.event_ids[-1]
        self.assertEqual(event.user_id, deputy)
        self.assertEqual(event.for_user_id, self.decider)
