from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .test_instant import FORM, RULES, InstantCommon

CHILDREN = {
    "shenpi.application.material": ["code", "name", "required", "status", "provided_at"],
    "shenpi.application.clock": ["kind", "happened_at", "recorded_at", "user_id", "days"],
    "shenpi.event": ["sequence", "action", "state_from", "state_to", "user_id", "opinion", "data"],
    "shenpi.application.requirement": ["name", "fulfilled", "reason", "found", "recorded_at"],
    "shenpi.licence": ["item_id", "company_id", "name", "holder_name", "valid_from", "valid_to"],
}
# What no two filings have in common.
OWN = {"id", "number", "progress_token", "licence_id", "create_date", "write_date"}


@tagged("post_install", "-at_install")
class TestBatch(InstantCommon):
    """What a batch writes is what as many single calls write."""

    def _get_rows(self, numbers):
        applications = self.env["shenpi.application"].search([("number", "in", numbers)])
        self.assertEqual(len(applications), len(numbers))
        self.assertFalse(self.env["shenpi.event"]._get_broken(applications))
        names = [n for n, f in applications._fields.items() if f.store and f.column_type]
        names = [name for name in names if name not in OWN]
        rows = []
        for number in numbers:
            application = applications.filtered(lambda a, n=number: a.number == n).sudo()
            children = {
                model: self.env[model]
                .sudo()
                .search([("application_id", "=", application.id)], order="id")
                .read(columns, load="")
                for model, columns in CHILDREN.items()
            }
            for lines in children.values():
                for line in lines:
                    line.pop("id")
            row = application.read(names, load="")[0]
            row.pop("id")
            rows.append((row, children))
        return rows

    def _prepare_payloads(self):
        """Every kind of filing, some by the same applicant, two with files, one deferred to no
        avail, several wrong."""
        other = self._prepare_applicant(1)
        open_case = self._create_instant(
            [
                {"name": "None open", "kind": "lookup", "lookup": "no_open_case"},
                dict(RULES[0], name="Small", value="50"),
            ]
        )
        file = {"code": "M01", "filename": "a.txt", "content": "aGVsbG8="}
        return [
            {},
            {"materials": []},
            {"item_code": self.instant.code, "form": FORM},
            {"item_code": self.instant.code, "form": FORM, "applicant": other},
            {"item_code": self.instant.code, "form": {"area": 60}},
            {"item_code": open_case.code, "form": {"area": 60}},
            {"item_code": open_case.code, "form": {"area": 40}},
            {"item_code": open_case.code, "form": {"area": 40}, "applicant": other},
            {"materials": [file, {"code": "M02", "digital_ref": "L1"}]},
            {"at": "2026-06-08T10:00:00+08:00", "agent": {"name": "王小明"}},
            {"at": "2026-06-08T16:00:00+08:00", "item_code": self.instant.code, "form": FORM},
            {"item_code": "x"},
            {"channel": "pigeon"},
            {"applicant": dict(other, phone="12")},
            {"deferred": [{"code": "M09", "promised": "2026-06-12"}]},
            {"at": "2027-06-08T10:00:00+08:00"},
        ]

    def test_same_rows_as_single_calls(self):
        values = self._prepare_payloads()
        other = self._create_copy(values)
        batch = self.api.api_submit_batch([self._prepare_payload(**v) for v in values])
        single = [self._submit_single(self._prepare_payload(**v)) for v in other]
        for place, (one, two) in enumerate(zip(batch, single, strict=True)):
            with self.subTest(place=place):
                if "error" in two:
                    self.assertEqual(one["error"], f"payloads[{place}].{two['error']}")
                    continue
                self.assertEqual(
                    {k: v for k, v in one.items() if k != "number"},
                    {k: v for k, v in two.items() if k != "number"},
                )
                self.assertEqual(one["number"][31:39], two["number"][31:39])
        numbers = [[a["number"] for a in answers if "number" in a] for answers in (batch, single)]
        for one, two in zip(*map(self._get_rows, numbers), strict=True):
            for row in (one[0], two[0]):
                row["item_id"] = self.env["shenpi.item"].browse(row["item_id"]).basic_code[:6]
                row["applicant_id_number_raw"] = row["applicant_id_number_raw"][:2]
            for children in (one[1], two[1]):
                for licence in children["shenpi.licence"]:
                    licence.pop("item_id")
                for result in children["shenpi.application.requirement"]:
                    # The number of the other open case.
                    result["found"] = len(result["found"] or "")
            self.assertEqual(one, two)

    def _create_copy(self, values):
        """The same filings by other applicants, so that neither series meets the other's cases."""
        first, second = self._prepare_applicant(2), self._prepare_applicant(3)
        return [
            value | {"applicant": (value["applicant"] | {"id_number": second["id_number"]})}
            if "applicant" in value
            else value | {"applicant": first}
            for value in values
        ]

    def _submit_single(self, payload):
        try:
            with self.env.cr.savepoint():
                return self.api.api_submit(payload)
        except ValidationError as error:
            return {"error": str(error)}

    def test_errors_write_nothing(self):
        count = self.env["shenpi.application"].search_count([])
        answers = self.api.api_submit_batch(
            [
                self._prepare_payload(),
                self._prepare_payload(item_code="x"),
                "not a payload",
                self._prepare_payload(colour="red"),
                self._prepare_payload(deferred=[{"code": "M01", "promised": "2026-06-12"}]),
                self._prepare_payload(),
            ]
        )
        for place, words in (
            (1, r"payloads\[1\].item_code: there is no item"),
            (2, r"payloads\[2\]: must be an object"),
            (3, r"payloads\[3\].colour: unknown field"),
            (4, r"payloads\[4\]"),
        ):
            self.assertRegex(answers[place]["error"], words)
        self.assertEqual(self.env["shenpi.application"].search_count([]), count + 2)
        first, last = answers[0]["number"], answers[5]["number"]
        self.assertLess(first, last)

    def test_the_same_again(self):
        payloads = [self._prepare_payload() for _n in range(3)]
        first = self.api.api_submit_batch(payloads)
        again = self.api.api_submit_batch([*payloads, self._prepare_payload()])
        self.assertEqual(again[:3], [dict(answer, duplicate=True) for answer in first])
        self.assertFalse(again[3]["duplicate"])
        self.assertEqual(self.api.api_submit(payloads[1]), again[1])
        changed = self.api.api_submit_batch([dict(payloads[0], channel="web")])
        self.assertRegex(changed[0]["error"], r"payloads\[0\].client_ref")

    def test_twice_in_one_batch(self):
        payload, wrong = self._prepare_payload(), self._prepare_payload(item_code="x")
        changed = dict(payload, channel="web")
        answers = self.api.api_submit_batch([payload, payload, changed, wrong, wrong])
        self.assertEqual(answers[1], dict(answers[0], duplicate=True))
        self.assertRegex(answers[2]["error"], r"payloads\[2\].client_ref")
        self.assertIn("payloads[4].item_code", answers[4]["error"])

    def test_hook_is_called_once(self):
        calls = []
        model = self.env.registry["shenpi.application"]
        self.patch(
            model, "_after_transitions", lambda self, events: calls.append(events.mapped("action"))
        )
        payloads = [self._prepare_payload() for _n in range(3)]
        payloads += [self._prepare_payload(item_code=self.instant.code, form=FORM)] * 1
        self.api.api_submit_batch(payloads)
        self.assertEqual(calls, [["receive"] * 4, ["grant_at_once"]])

    def test_statements_do_not_grow_with_the_batch(self):
        def submit(count):
            payloads = [
                self._prepare_payload(item_code=item.code, form=FORM)
                for item in (self.item, self.instant)
                for _n in range(count)
            ]
            before = self.env.cr.sql_log_count
            answers = self.api.api_submit_batch(payloads)
            self.env.flush_all()
            self.assertNotIn("error", str(answers))
            return self.env.cr.sql_log_count - before

        submit(2)
        self.assertEqual(submit(3), submit(30))

    def test_who_and_how_many(self):
        payload = self._prepare_payload()
        for user in (self.reviewer, self.supervisor, self.stranger):
            with self.assertRaises(AccessError):
                self.env["shenpi.application"].with_user(user).api_submit_batch([payload])
        clerk = self.env["shenpi.application"].with_user(self.clerk)
        answers = clerk.api_submit_batch([dict(payload, at="2026-06-08T10:00:00+08:00")])
        self.assertIn("payloads[0]", answers[0]["error"])
        for wrong in ([], {}, "x", [payload] * 1001):
            with self.assertRaisesRegex(ValidationError, "payloads"):
                self.api.api_submit_batch(wrong)
