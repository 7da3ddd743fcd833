from odoo.tests import tagged

from ..models.shenpi_bulk_insert import COPIED_FROM
from .common import ShenpiCommon, moment

AWKWARD = ("", "\\", "\\N", "\\.", "a\tb", "two\nlines\r\n", "“引号” ' \"", "%s {}", "C:\\新建\\t")


@tagged("post_install", "-at_install")
class TestBulkInsert(ShenpiCommon):
    """What is written many rows at a time is what was given."""

    def test_few_and_many_rows_read_the_same(self):
        application = self._submit()
        entries = self.env["shenpi.application.clock"].sudo()
        for count in (len(AWKWARD), COPIED_FROM + len(AWKWARD)):
            notices = [AWKWARD[place % len(AWKWARD)] for place in range(count)]
            added = entries._append_all(
                [
                    {
                        "application_id": application.id,
                        "kind": "pause",
                        "happened_at": moment("2026-06-10 09:30:00"),
                        "notice": notice,
                        "struck": place % 2 == 0,
                        "planned_days": place,
                    }
                    | ({"legal_basis": "Art. 45"} if place else {})
                    for place, notice in enumerate(notices)
                ]
            )
            self.assertEqual(added.ids, sorted(added.ids))
            cached = added.read(["notice", "struck", "planned_days", "legal_basis", "user_id"])
            self.env.invalidate_all()
            stored = added.read(["notice", "struck", "planned_days", "legal_basis", "user_id"])
            self.assertEqual(stored, cached)
            self.assertEqual([entry["notice"] or "" for entry in stored], notices)
            self.assertEqual(
                [entry["legal_basis"] for entry in stored], [False] + ["Art. 45"] * (count - 1)
            )

    def test_events_copied_keep_their_seals(self):
        cases = self.env["shenpi.application"].union(
            *(self._submit() for _number in range(COPIED_FROM))
        )
        lasts = cases.sudo()._lock_documents()
        data = {"text": "a\tb\\c\n“引号”", "list": [1, None, True]}
        vals = {
            "action": "pause",
            "user_id": self.env.uid,
            "happened_at": moment("2026-06-10 10:00:00"),
            "opinion": "first\nsecond\\third",
            "data": data,
        }
        events = self.env["shenpi.event"].sudo()._append_all(cases, [vals] * len(cases), lasts)
        self.env.invalidate_all()
        self.assertEqual(events.mapped("application_id"), cases)
        self.assertEqual({event.opinion for event in events}, {"first\nsecond\\third"})
        self.assertTrue(all(event.data == data for event in events))
        self.assertFalse(self.env["shenpi.event"]._get_broken(cases))

    def test_each_row_is_given_its_own_values(self):
        cases = self._submit() | self._submit()
        cases.sudo()[0].reason = "pending"
        rows = [
            {
                "reason": "a\\b\n'c'",
                "form_data": {"area": 1},
                "paused": True,
                "step_id": None,
                "decided_at": moment("2026-06-10 10:00:00"),
            },
            {
                "reason": False,
                "form_data": None,
                "paused": False,
                "step_id": None,
                "decided_at": False,
            },
        ]
        self._as(self.clerk, cases).sudo()._update_all(rows)
        names = [*rows[0], "write_uid"]
        cached = cases.read(names)
        self.env.flush_all()
        self.env.invalidate_all()
        stored = cases.read(names)
        self.assertEqual(stored, cached)
        self.assertEqual(stored[0]["reason"], "a\\b\n'c'")
        self.assertEqual((stored[0]["form_data"], stored[1]["form_data"]), ({"area": 1}, False))
        self.assertEqual([line["paused"] for line in stored], [True, False])
        self.assertEqual(stored[0]["decided_at"], moment("2026-06-10 10:00:00"))
        self.assertEqual(cases.write_uid, self.clerk)
