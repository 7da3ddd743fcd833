from odoo import Command, fields
from odoo.tests import freeze_time

from .common import NOW, ShenpiCommon

USCC = "91350100M000100Y43"


@freeze_time(NOW)
class ProjectCommon(ShenpiCommon):
    """A menu of six permits: ``land``, then ``design``, then ``works``, which needs ``power`` too,
    a permit of another body; ``food`` after ``works`` or ``shop``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        days = {"land": 5, "design": 7, "works": 2, "food": 3, "shop": 1}
        cls.items = {
            name: cls._create_item(name=name, promised_limit=limit) for name, limit in days.items()
        }
        cls.menu = cls.env["shenpi.menu"].create(
            {
                "name": "Menu",
                "company_id": cls.company.id,
                "line_ids": [
                    *(
                        Command.create({"item_id": item.id, "phase": str(place)})
                        for place, item in enumerate(cls.items.values(), start=1)
                    ),
                    Command.create(
                        {
                            "name": "power",
                            "phase": "3",
                            "elsewhere_body": "Power company",
                            "elsewhere_days": 4,
                        }
                    ),
                ],
            }
        )
        cls.lines = {line.name: line for line in cls.menu.line_ids}
        lines = cls.lines
        lines["design"].after_all_ids = lines["land"]
        lines["works"].after_all_ids = lines["design"] | lines["power"]
        lines["food"].after_any_ids = lines["works"] | lines["shop"]

    @classmethod
    def _open(cls, *names, user=None, **values):
        """A project opened by the navigator with the lines of these names and what they need."""
        chosen = cls.menu.line_ids.browse().union(*(cls.lines[name] for name in names))
        selection = cls.menu._select(chosen)
        vals = {
            "name": "Harbour Hotel",
            "key_kind": "hotel",
            "planned_start": fields.Date.to_date("2026-06-10"),
            "applicant_name": "Harbour Hotel Ltd",
            "applicant_id_number": USCC,
            **values,
        }
        user = user or cls.navigator
        projects = cls.env["project.project"].with_user(user).with_company(cls.company)
        return projects._do_open(vals, selection.lines._prepare_permits())

    def _permit(self, project, name):
        return project.permit_ids.filtered(lambda task: task.name == name)

    def _states(self, project):
        return {task.name: task.permit_state for task in project.permit_ids}

    def _days(self, project, name):
        task = self._permit(project, name)
        return f"{task.plan_start:%m-%d}", f"{task.plan_end:%m-%d}"

    def _complete(self, task):
        """Hand in what the draft of a permit lacks."""
        task.application_id.sudo().material_ids.status = "provided"

    def _file(self, task):
        task = task.with_user(self.navigator)
        task._do_file()
        if task.permit_state == "ready":
            self._complete(task)
            task._do_file()

    def _grant(self, task):
        application = task.application_id.with_env(self.env)
        application.with_user(self.manager)._do_accept()
        self._bring_on(application, "granted")

    def _deny(self, task):
        application = task.application_id.with_env(self.env)
        application.with_user(self.manager)._do_accept()
        self._bring_on(application, "denied")
