from datetime import date, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import NOW
from .inspection_common import InspectionCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestInspectionWizards(InspectionCommon):
    def _open(self, record, user, method):
        """What the button behind ``method`` opens, as a filled form."""
        action = getattr(self._as(user, record), method)()
        wizards = self._as(user, self.env[action["res_model"]])
        return Form(wizards.with_context(**action["context"]))

    def test_order(self):
        application = self._bring_to("accepted")
        self.assertIs(application.inspection_note, False)
        form = self._open(application, self.reviewer, "action_open_inspection_order")
        self.assertEqual(form.mode, "on_site")
        form.mode, form.note = "remote", "Photos of the kitchen"
        form.save().action_confirm()
        inspection = application.inspection_ids
        self.assertEqual((inspection.mode, inspection.inspectors_needed), ("remote", 1))
        self.assertEqual(application.action_open_inspections()["res_id"], inspection.id)

    def test_schedule_and_move(self):
        """Whoever inspects is proposed, two hours are proposed, an overlap is said."""
        _application, inspection = self._accept_inspected()
        _other, busy = self._accept_inspected()
        self._bring_inspection_to("scheduled", busy)
        form = self._open(inspection, self.inspector, "action_open_schedule")
        self.assertEqual(form.inspector_ids[:], self.inspector)
        self.assertIn(self.inspector2, form.candidate_ids[:])
        self.assertNotIn(self.reviewer, form.candidate_ids[:])
        form.date_start = busy.date_start
        self.assertEqual(form.date_stop - form.date_start, timedelta(hours=2))
        self.assertIn("1 Harbour Road", form.overlap_note)
        form.place = "2 Harbour Road"
        form.inspector_ids.add(self.inspector2)
        form.save().action_confirm()
        self.assertEqual(inspection.state, "scheduled")
        form = self._open(inspection, self.reviewer, "action_open_reschedule")
        self.assertEqual(form.place, "2 Harbour Road")
        form.date_start = fields.Datetime.add(form.date_start, days=1)
        form.reason = "A storm is coming."
        form.save().action_confirm()
        self.assertEqual(inspection.event_ids[-1].opinion, "A storm is coming.")

    def test_result_follows_the_list(self):
        _application, inspection = self._accept_inspected()
        mine = self._bring_inspection_to("underway", inspection).with_user(self.inspector)
        mine.line_ids[2].write({"result": "fail", "note": "too warm"})
        form = self._open(inspection, self.inspector, "action_open_result")
        self.assertEqual(form.result, "rectify")
        self.assertTrue(form.has_faults)
        self.assertEqual(form.opinion, "Cold store: too warm")
        self.assertIn("Cold store", form.problems)
        form.rectify_date = date(2026, 6, 15)
        action = form.save().action_confirm()
        self.assertEqual(inspection.state, "rectify")
        self.assertEqual(action["report_name"], "shenpi_base.report_inspection")

    def test_cancel(self):
        application, inspection = self._accept_inspected()
        form = self._open(inspection, self.reviewer, "action_open_cancel")
        form.reason = "Ordered by mistake."
        form.save().action_confirm()
        self.assertEqual(inspection.state, "cancelled")
        self.assertEqual(application.inspection_note, "Cancelled")

    def test_nobody_asks_about_what_he_does_not_see(self):
        _application, inspection = self._accept_inspected()
        link = {"inspection_id": inspection.id}
        for model, vals in (
            ("schedule", {"mode": "video"}),
            ("result", {"result": "fail"}),
            ("cancel", {"reason": "x"}),
        ):
            wizards = self._as(self.outsider, self.env[f"shenpi.inspection.{model}.wizard"])
            with self.subTest(wizard=model):
                with self.assertRaises(AccessError):
                    wizards.create(link | vals)
                with self.assertRaises(AccessError):
                    wizards.with_context(default_inspection_id=inspection.id).default_get(
                        ["inspection_id"]
                    )


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestInspectionRecord(InspectionCommon):
    def setUp(self):
        super().setUp()
        documents = type(self.env["shenpi.application.document"])
        self.startPatcher(patch.object(documents, "_get_lang", lambda _self: "en_US"))

    def _render(self, inspection):
        reports = self.env["ir.actions.report"].with_user(self.inspector)
        html = reports._render_qweb_html("shenpi_base.report_inspection", inspection.ids)[0]
        return html.decode() if isinstance(html, bytes) else html

    def test_record(self):
        """Facts, checklist, photos with checksums, room for every signature, no identity."""
        _application, inspection = self._accept_inspected()
        mine = self._bring_inspection_to("underway", inspection).with_user(self.inspector)
        self._tick(mine)
        mine.line_ids[0].note = "82 square metres"
        mine._do_conclude("pass", "As on the plan.")
        photo = inspection.line_ids.attachment_ids
        html = self._render(inspection)
        for text in (
            "Record of the Site Inspection",
            inspection.number,
            inspection.application_id.number,
            "1 Harbour Road",
            "Fly screens and rat guards",
            "82 square metres",
            "Result: Passed.",
            "As on the plan.",
            "photo.png",
            photo.checksum[:12],
            "data:image/png;base64,",
            *self.pair.mapped("name"),
        ):
            self.assertIn(text, html)
        self.assertEqual(html.count("Inspector (signature)"), 2)
        for secret in ("91350100M000100Y43", "13812345678"):
            self.assertNotIn(secret, html)

    def test_rectification(self):
        _application, inspection = self._accept_inspected()
        self._bring_inspection_to("rectify", inspection)
        html = self._render(inspection)
        self.assertIn("The cold store is too warm.", html)
        self.assertIn("To be rectified by", html)

    def test_none_before_it_began(self):
        _application, inspection = self._accept_inspected()
        with self.assertRaisesRegex(UserError, "has not begun"):
            self.env["shenpi.inspection.document"]._prepare(inspection)

    def test_damaged_picture(self):
        """It is listed all the same."""
        _application, inspection = self._accept_inspected()
        mine = self._bring_inspection_to("underway", inspection).with_user(self.inspector)
        mine.line_ids[0].attachment_ids = mine.env["ir.attachment"].create(
            {"name": "broken.png", "raw": b"\x89PNG broken", "mimetype": "image/png"}
        )
        self.assertIn("broken.png", self._render(inspection))
