"""Fixtures shared by the tests of all Shenpi addons."""

from datetime import UTC, datetime
from itertools import count
from zoneinfo import ZoneInfo

from odoo import Command, fields
from odoo.tests import TransactionCase, freeze_time, new_test_user

from ..tools import identifiers

ROLES = (
    "clerk",
    "reviewer",
    "decider",
    "inspector",
    "navigator",
    "supervisor",
    "manager",
    "integrator",
)
BUREAU_USCC = "11370200MB2855918" + identifiers.uscc_check_digit("11370200MB2855918")
# A Wednesday with a full working week around it.
NOW = "2026-06-10 02:00:00"


def moment(text):
    """Naive UTC of a wall-clock time in Shanghai, as models store it."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    return local.astimezone(UTC).replace(tzinfo=None)


@freeze_time(NOW)
class ShenpiCommon(TransactionCase):
    """A bureau with its window and two offices, another bureau, a user for each role.

    Members of ``root`` see everything of the bureau; ``clerk`` and ``clerk2`` sit at the window;
    ``reviewer2`` works in ``office``, ``outsider`` (a reviewer too) in ``other_office``. ``item``
    is handled by ``office`` in two steps. Time stands still at ``NOW``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.env["res.lang"]._activate_lang("en_US")
        cls.serial = count(1)
        cls.company = cls.env["res.company"].create({"name": "Bureau", "shenpi_uscc": BUREAU_USCC})
        cls.district = cls.env["res.company"].create({"name": "District bureau"})
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.company.ids))
        cls._create_users()
        cls._create_departments()
        cls.item = cls._create_item(name="Food business licence")

    @classmethod
    def _create_user(cls, login, role=None, company=None):
        group = f"shenpi_base.group_shenpi_{role}" if role else "base.group_user"
        company = company or cls.company
        return new_test_user(
            cls.env,
            login=login,
            groups=group,
            lang="en_US",
            tz="Asia/Shanghai",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _create_users(cls):
        cls.users = {role: cls._create_user(f"t_{role}", role) for role in ROLES}
        for role, user in cls.users.items():
            setattr(cls, role, user)
        cls.clerk2 = cls._create_user("t_clerk2", "clerk")
        cls.reviewer2 = cls._create_user("t_reviewer2", "reviewer")
        cls.outsider = cls._create_user("t_outsider", "reviewer")
        cls.clerk_b = cls._create_user("t_clerk_b", "clerk", cls.district)
        cls.stranger = cls._create_user("t_stranger")

    @classmethod
    def _create_departments(cls):
        cls.root = cls._create_department(
            "Bureau", user_ids=cls.env["res.users"].union(*cls.users.values()) - cls.clerk
        )
        cls.window = cls._create_department(
            "Window", kind="window", parent_id=cls.root, user_ids=cls.clerk | cls.clerk2
        )
        cls.office = cls._create_department("Licences", parent_id=cls.root, user_ids=cls.reviewer2)
        cls.other_office = cls._create_department(
            "Works", parent_id=cls.root, user_ids=cls.outsider
        )
        cls.district_root = cls._create_department(
            "District", company_id=cls.district, user_ids=cls.clerk_b
        )
        cls.company.shenpi_window_id = cls.window

    @classmethod
    def _create_department(cls, name, user_ids=None, **values):
        vals = {"name": name, "kind": "office", "company_id": cls.company.id}
        vals.update({key: getattr(value, "id", value) for key, value in values.items()})
        vals["user_ids"] = [Command.set(user_ids.ids if user_ids else [])]
        return cls.env["shenpi.department"].create(vals)

    @classmethod
    def _create_item(cls, *, published=True, chain=("review", "decide"), **values):
        """An item of two required materials and one auxiliary; ``chain``: kinds of its steps."""
        basic_code = f"370117{next(cls.serial):06d}"
        vals = {
            "name": f"Item {basic_code}",
            "basic_code": basic_code,
            "code": f"{BUREAU_USCC}3{basic_code}",
            "company_id": cls.company.id,
            "department_id": cls.office.id,
            "statutory_limit": 20,
            "promised_limit": 5,
            "licence_name": "Licence",
            "licence_validity_years": 5,
            "material_ids": [
                Command.create({"code": "M01", "name": "Application form", "required": True}),
                Command.create({"code": "M02", "name": "Identity document", "required": True}),
                Command.create({"code": "M03", "name": "Floor plan", "required": False}),
            ],
            "step_ids": [
                Command.create({"name": f"{kind} {place}", "kind": kind, "sequence": place})
                for place, kind in enumerate(chain, start=1)
            ],
            **values,
        }
        item = cls.env["shenpi.item"].create(vals)
        if published:
            item.sudo().write(
                {"state": "published", "valid_from": fields.Date.to_date("2024-01-01")}
            )
        return item

    def _as(self, user, records):
        """``records`` (or a model) as the user sees them, in his own bureau."""
        return records.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    # === Applications === #

    @classmethod
    def _prepare_payload(cls, **values):
        """A complete payload of ``api_submit``; what is given replaces what is here."""
        return {
            "client_ref": f"ref-{next(cls.serial)}",
            "item_code": cls.item.code,
            "channel": "api",
            "applicant": {
                "kind": "organisation",
                "name": "青云餐饮有限公司",
                "id_type": "uscc",
                "id_number": "91350100M000100Y43",
                "phone": "13812345678",
            },
            "materials": [{"code": "M01"}, {"code": "M02"}],
            **values,
        }

    @classmethod
    def _submit(cls, user=None, **values):
        """An application received by ``user`` (the clerk)."""
        applications = cls.env["shenpi.application"].with_user(user or cls.clerk)
        answer = applications.api_submit(cls._prepare_payload(**values))
        return cls.env["shenpi.application"].search([("number", "=", answer["number"])])

    @classmethod
    def _bring_to(cls, state, **values):
        """An application brought to ``state`` through the real transitions."""
        if state in ("correcting", "not_accepted"):
            values.setdefault("materials", [])
        application = cls._submit(**values)
        clerk = application.with_user(cls.clerk)
        if state == "correcting":
            clerk._do_request_correction([])
        elif state == "not_accepted":
            clerk._do_not_accept("not_needed", "No permit is needed.")
        elif state == "withdrawn":
            clerk._do_withdraw("Asked for by the applicant.")
        elif state == "terminated":
            application.with_user(cls.decider)._do_terminate("The applicant has ceased to exist.")
        elif state != "received":
            clerk._do_accept()
            cls._bring_on(application, state)
        return application

    @classmethod
    def _bring_on(cls, application, state):
        reviewer, decider = (application.with_user(u) for u in (cls.reviewer, cls.decider))
        if state == "accepted":
            return
        while application.step_id.kind == "review" and application.state != state:
            reviewer._do_review("pass", "In order.")
        if state in ("granted", "denied", "closed"):
            decider._do_decide("deny" if state == "denied" else "grant", "As reviewed.")
        if state == "closed":
            application.with_user(cls.clerk)._do_deliver("window")
