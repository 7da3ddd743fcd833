import base64

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common import NOW
from .project_service_common import ProjectServiceCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestMandate(ProjectServiceCommon):
    """Letters of authority: advice needs none, acting for the investor does."""

    def _mandate(self, state="in_force", **values):
        vals = {
            "project_id": self.project.id,
            "signatory": "王总",
            "agent_id": self.navigator.id,
            "date_from": "2026-06-01",
            "date_to": "2026-06-30",
            **values,
        }
        mandate = self._as(self.navigator, self.env["shenpi.mandate"]).create(vals)
        if state != "draft":
            self._sign(mandate)
            mandate._do_come_into_force()
        if state == "revoked":
            mandate._do_revoke("The investor has his own people now.")
        return mandate

    def _sign(self, mandate):
        content = base64.b64encode(b"signed")
        mandate.attachment_ids = [Command.create({"name": "letter.pdf", "datas": content})]

    def _draft(self, missing=False):
        """A draft of the permit's application, written by the bureau head who may file it."""
        materials = self.item.material_ids.filtered("required")
        draft = self._as(self.manager, self.env["shenpi.application"]).create(
            {
                "item_id": self.item.id,
                "applicant_kind": "organisation",
                "applicant_name": "海天酒店投资有限公司",
                "applicant_id_type": "uscc",
                "applicant_id_number": "91350100M000100Y43",
            }
        )
        lines = draft.material_ids.filtered(lambda line: line.code in materials.mapped("code"))
        (lines[1:] if missing else lines).write({"provided": True})
        self.permit.application_id = draft
        draft.sudo().permit_id = self.permit
        return draft

    # === The letter === #

    def test_it_is_in_force_once_signed(self):
        mandate = self._mandate("draft")
        self.assertRegex(mandate.number, r"WT2026-\d{4}")
        self.assertTrue(mandate.can_come_into_force)
        with self.assertRaisesRegex(UserError, "signed"):
            mandate._do_come_into_force()
        self._sign(mandate)
        mandate._do_come_into_force()
        self.assertEqual(mandate.state, "in_force")
        self.assertIn("letter.pdf", mandate.event_ids.data["files"])
        with self.assertRaisesRegex(UserError, "stays as it is"):
            mandate.date_to = "2030-01-01"
        with self.assertRaisesRegex(UserError, "stays as it is"):
            mandate.unlink()

    def test_the_signed_copy_may_be_attached_before_the_last_day_is_known(self):
        model = self._as(self.navigator, self.env["shenpi.mandate"])
        content = base64.b64encode(b"%PDF-1.4 signed")
        files = self._as(self.navigator, self.env["ir.attachment"])
        form = Form(model.with_context(default_project_id=self.project.id))
        form.signatory = "王总"
        form.attachment_ids.add(files.create({"name": "letter.pdf", "datas": content}))
        form.date_to = "2026-12-31"
        mandate = form.save()
        mandate.action_come_into_force()
        self.assertEqual(mandate.state, "in_force")

    def test_it_names_permits_of_its_project(self):
        other = self._create_permit(self._create_project("Another"))
        with self.assertRaises(ValidationError):
            self._mandate("draft", scope="permits", permit_ids=[Command.set(other.ids)])
        mandate = self._mandate("draft", scope="permits")
        self._sign(mandate)
        with self.assertRaisesRegex(UserError, "name the permits"):
            mandate._do_come_into_force()

    def test_who_writes_letters(self):
        for user in (self.reviewer2, self.supervisor):
            with self.assertRaises(AccessError):
                self._as(user, self.env["shenpi.mandate"]).create(
                    {
                        "project_id": self.project.id,
                        "signatory": "王总",
                        "date_to": "2026-06-30",
                    }
                )
        mandate = self._mandate("draft")
        with self.assertRaises(AccessError):
            self._as(self.reviewer2, mandate)._do_come_into_force()
        with self.assertRaises(AccessError):
            self._as(self.outsider, mandate).read(["number"])

    def test_it_ends_by_itself(self):
        mandate = self._mandate(date_to="2026-06-10")
        self.assertEqual(self.permit.mandate_id, mandate)
        with freeze_time("2026-06-11 02:00:00"):
            self.permit.invalidate_recordset(["mandate_id"])
            self.assertFalse(self.permit.mandate_id, "from the day after, before any cron")
            with self.enter_registry_test_mode():
                self.env.ref("shenpi_base.cron_end_mandates").method_direct_trigger()
            self.assertEqual(mandate.state, "ended")
        self.assertEqual(str(mandate.ended_on), "2026-06-10")

    def test_what_is_in_force_is_not_ended_early(self):
        with self.assertRaisesRegex(UserError, "in force to"):
            self._mandate()._transition("end")

    def test_the_letter_says_that_it_is_free(self):
        mandate = self._mandate("draft", scope="permits", permit_ids=[Command.set(self.permit.ids)])
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "shenpi_base.report_mandate", mandate.ids
        )
        page = html.decode()
        self.assertIn(mandate.number, page)
        self.assertIn("Construction permit", page)
        self.assertNotIn("Fire safety", page)
        self.assertRegex(page, "free of charge|免费|无偿")

    # === Filing on behalf === #

    def test_nobody_acts_without_a_letter(self):
        draft = self._draft()
        for mandate in (
            {"state": "draft"},
            {"state": "revoked"},
            {"date_from": "2026-06-11"},
            {"scope": "permits", "permit_ids": [Command.set(self.other_permit.ids)]},
        ):
            self._mandate(**mandate)
            with self.assertRaisesRegex(UserError, "no letter of authority"):
                draft.action_act_on_behalf()
        self._mandate()
        draft.action_act_on_behalf()
        self.assertEqual((draft.agent_user_id, draft.agent_name), (self.manager, self.manager.name))

    def test_the_letter_is_asked_for_again_when_filing(self):
        mandate = self._mandate()
        draft = self._draft()
        draft.action_act_on_behalf()
        mandate._do_revoke("No longer wanted.")
        with self.assertRaisesRegex(UserError, "no letter of authority"):
            draft._do_receive()
        mandate = self._mandate()
        draft._do_receive()
        self.assertEqual(draft.mandate_id, mandate)

    def test_papers_are_complete(self):
        self._mandate()
        draft = self._draft(missing=True)
        draft.action_act_on_behalf()
        with self.assertRaisesRegex(UserError, "papers missing"):
            draft._do_receive()
        draft.action_advise_only()
        draft._do_receive()
        self.assertFalse(draft.mandate_id)

    def test_an_application_of_its_own_has_nobody_acting(self):
        draft = self._draft()
        draft.sudo().permit_id = False
        with self.assertRaisesRegex(UserError, "no key project"):
            draft.action_act_on_behalf()
        with self.assertRaises(AccessError):
            draft.agent_user_id = self.manager
