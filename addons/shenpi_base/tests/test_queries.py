from odoo.tests import tagged

from .test_instant import FORM, InstantCommon


@tagged("post_install", "-at_install")
class TestQueries(InstantCommon):
    """What a case costs in queries, caches warm, each step as in a request of its own.

    Whoever hangs something on a step that happens a thousand times a day meets these numbers.
    """

    def _count(self, limit, user, work, prepare=None):
        """``work`` on a case that ``prepare`` brings there, done once before to warm the caches."""
        for turn in range(2):
            case = prepare() if prepare else self.env["shenpi.application"]
            self.env.flush_all()
            self.env.invalidate_all()
            with self.assertQueryCount(limit if turn else 100):
                work(case.with_user(user))

    def test_submit(self):
        self._count(9, self.integrator, lambda cases: cases.api_submit(self._prepare_payload()))

    def test_submit_and_grant(self):
        def file(cases):
            payload = self._prepare_payload(item_code=self.instant.code, form=FORM)
            self.assertEqual(cases.api_submit(payload)["state"], "granted")

        self._count(19, self.integrator, file)

    def test_many_at_once_cost_as_few_queries_as_some(self):
        """Granted and passed on to the regulator in the same call, whatever their number."""
        regulator = self._create_department("Market supervision", kind="regulator")
        rule = {"name": "Form", "kind": "material", "material_code": "M01"}
        item = self._create_instant([rule], regulator_id=regulator.id)
        queries = []
        for first, count in ((0, 20), (20, 20), (40, 100)):
            payloads = [
                self._prepare_payload(item_code=item.code, applicant=self._prepare_applicant(n))
                for n in range(first, first + count)
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            answers = self.api.api_submit_batch(payloads)
            queries.append(self.env.cr.sql_log_count - before)
            self.assertEqual({answer["state"] for answer in answers}, {"granted"})
        self.assertEqual(queries[2], queries[1])
        pushes = self.env["shenpi.push"].search([("regulator_id", "=", regulator.id)])
        self.assertEqual(len(pushes.licence_id), 140)

    def test_accept(self):
        self._count(9, self.clerk, lambda case: case._do_accept(), self._submit)

    def test_review(self):
        self._count(
            8,
            self.reviewer,
            lambda case: case._do_review("pass", "In order."),
            lambda: self._bring_to("accepted"),
        )

    def test_grant(self):
        self._count(
            14,
            self.decider,
            lambda case: case._do_decide("grant"),
            lambda: self._bring_to("deciding"),
        )

    def test_deliver(self):
        """Handing over ends a service: with the addon of evaluation it is kept, with its token."""
        rated = "shenpi.rating.service" in self.env
        self._count(
            10 if rated else 7,
            self.clerk,
            lambda case: case._do_deliver("window"),
            lambda: self._bring_to("granted"),
        )
