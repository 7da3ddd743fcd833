"""Fixtures shared by the tests of this addon."""

from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.shenpi_base.tests.common import ShenpiCommon
from odoo.addons.shenpi_base.tools import identifiers

DISTRICT_USCC = "11370202MB2855918" + identifiers.uscc_check_digit("11370202MB2855918")


class EvaluationCommon(ShenpiCommon):
    """The bureau of the approvals, with ``officer`` and ``officer2``, who work on what people say
    of it, and ``chief``, who leads them and is an officer too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._create_evaluator("t_officer", "officer")
        cls.officer2 = cls._create_evaluator("t_officer2", "officer")
        cls.chief = cls._create_evaluator("t_chief", "officer", "manager")

    @classmethod
    def _create_evaluator(cls, login, *roles, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login=login,
            groups=",".join(f"shenpi_evaluation.group_evaluation_{role}" for role in roles),
            lang="en_US",
            tz="Asia/Shanghai",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def _run_cron(self, name):
        """Run a scheduled action as the scheduler does."""
        with self.enter_registry_test_mode():
            self.env.ref(f"shenpi_evaluation.cron_{name}").method_direct_trigger()
        self.env.invalidate_all()

    # === Ratings === #

    @classmethod
    def _get_service(cls, state="closed", kind=None, **values):
        """The service that ends when an application reaches ``state``."""
        application = cls._bring_to(state, **values)
        domain = [("application_id", "=", application.id)]
        if kind:
            domain.append(("kind", "=", kind))
        return cls.env["shenpi.rating.service"].search(domain, limit=1)

    @classmethod
    def _rate(cls, level="very_satisfied", service=None, turn="first", **values):
        """A rating of a service, a new one when none is given."""
        service = service or cls._get_service()
        vals = {"level": level, "channel": "sms", **values}
        return cls.env["shenpi.rating"]._take(service, vals, turn).with_env(cls.env)

    @classmethod
    def _open_bad(cls, name="王芳", phone="13900001111", **values):
        """The case of a bad rating, with a name unless it is left out."""
        return cls._rate("unsatisfied", name=name, phone=phone, **values).case_ids
