from odoo import Command

from .common import ShenpiCommon


class ProjectServiceCommon(ShenpiCommon):
    """A key project led by ``office``, with two permits; its navigator is ``navigator``.

    Seen by the members of ``root`` and of ``office``; not by ``outsider`` and ``clerk``, who work
    elsewhere.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office.manager_id = cls.decider
        cls.project = cls._create_project("Harbour hotel")
        cls.permit, cls.other_permit = (
            cls._create_permit(name=name) for name in ("Construction permit", "Fire safety")
        )

    @classmethod
    def _create_project(cls, name, **values):
        number = next(cls.serial)
        vals = {
            "name": name,
            "is_key_project": True,
            "key_code": f"T{number:06d}",
            "key_kind": "hotel",
            "key_level": "city",
            "key_state": "under_way",
            "privacy_visibility": "followers",
            "company_id": cls.company.id,
            "department_id": cls.office.id,
            "user_id": cls.navigator.id,
            "applicant_name": "海天酒店投资有限公司",
            "planned_start": "2026-06-01",
            **values,
        }
        return cls.env["project.project"].sudo().create(vals)

    @classmethod
    def _create_permit(cls, project=None, **values):
        vals = {
            "name": f"Permit {next(cls.serial)}",
            "project_id": (project or cls.project).id,
            "phase": "3",
            "permit_state": "waiting",
            "item_id": cls.item.id,
            "user_ids": [Command.clear()],
            **values,
        }
        return cls.env["project.task"].sudo().create(vals)

    @classmethod
    def _add_member(cls, role, user=None, **values):
        vals = {
            "project_id": cls.project.id,
            "role": role,
            "user_id": user.id if user else False,
            "date_from": "2026-06-01",
            **values,
        }
        return cls.env["shenpi.project.member"].create(vals)

    @classmethod
    def _make_blocker(cls, state="draft", **values):
        """A blocker that ``reviewer2`` owns, brought to ``state``."""
        vals = {
            "project_id": cls.project.id,
            "matter": "The road is not open",
            "department_id": cls.office.id,
            "user_id": cls.reviewer2.id,
            "due_days": 3,
            **values,
        }
        blocker = cls.env["shenpi.blocker"].with_user(cls.navigator).create(vals)
        path = {
            "draft": "",
            "raised": "raise",
            "answered": "raise answer",
            "struck_off": "raise answer strike_off",
            "dropped": "raise drop",
        }
        for action in path[state].split():
            cls._go(blocker, action)
        return blocker

    @classmethod
    def _go(cls, blocker, action):
        checker, owner = blocker.with_user(cls.navigator), blocker.with_user(cls.reviewer2)
        lead = blocker.with_user(cls.supervisor)
        {
            "raise": checker._do_raise,
            "answer": lambda: owner._do_answer("The road is open."),
            "send_back": lambda: checker._do_send_back("Half of it is.", 2),
            "strike_off": lambda: checker._do_strike_off("Driven along it."),
            "reopen": lambda: checker._do_reopen("Closed again.", 2),
            "postpone": lambda: lead._do_postpone("Rain.", 4),
            "reassign": lambda: lead._do_reassign(cls.reviewer, cls.office, "Moved.", 2),
            "drop": lambda: lead._do_drop("None of ours."),
        }[action]()
