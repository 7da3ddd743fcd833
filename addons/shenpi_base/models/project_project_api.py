from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .project_project import KINDS
from .project_project_flow import LEADS, NAVIGATOR
from .shenpi_api_mixin import REQUIRED, in_callers_language
from .shenpi_application_flow import INTEGRATOR, MANAGER, SUPERVISOR

READERS = (NAVIGATOR, INTEGRATOR, MANAGER, SUPERVISOR)
PROJECT = {
    "client_ref": (str, REQUIRED),
    "name": (str, REQUIRED),
    "kind": (frozenset(kind for kind, _label in KINDS), REQUIRED),
    "level": frozenset({"city", "district"}),
    "start": (str, REQUIRED),
    "applicant": (
        {"name": (str, REQUIRED), "id_number": str, "phone": str, "contact": str},
        REQUIRED,
    ),
    "investment": str,
    "investment_code": str,
    "department": str,
    "navigator": str,
    "menu": str,
    "items": [str],
    "choices": dict,
    "auto_file": bool,
}


class ProjectProject(models.Model):
    """Key projects over RPC (DESIGN section 8)."""

    _name = "project.project"
    _inherit = ["project.project", "shenpi.api.mixin"]

    @api.model
    @in_callers_language
    def api_open(self, payload):
        """Open a key project with the permits it needs.

        :param dict payload: client_ref, name, kind (industry, hotel, housing, renewal, city_works
            or green_channel), start (YYYY-MM-DD), applicant {name, id_number? (the social credit
            code), phone?, contact?}; menu: the name of a set on a menu, and/or items: [codes of
            items on a menu, or names of permits handled elsewhere]; what they wait for is pulled
            in; choices?: {code or name of a permit that waits for one of several: that of the one
            it takes}; level? (city, district), investment? ("800000.00", yuan), investment_code?,
            department? (its code; the caller's own when absent), navigator? (a login; the caller
            when absent), auto_file?
        :return: {code, tasks: [{code?, item, start, end, critical}], working_days, duplicate}; a
            permit handled elsewhere has no code
        :raise ValidationError: naming the field that is wrong, or what stands in the way
        """
        self._api_check_groups(*LEADS)
        values = self._api_read(payload, PROJECT)
        calls = self.env["shenpi.api.call"]
        reference, digest = values["client_ref"], calls._get_digest(payload)
        known = calls._find(self._name, {reference})
        if known:
            return calls._repeat(known[reference], digest)
        vals = self._api_prepare_vals(values)
        project = self._do_open(vals, self._api_select(values)._prepare_permits())
        answer = {
            "code": project.key_code,
            "tasks": [task._get_api_dict() for task in project._get_api_tasks()],
            "working_days": project.working_days_total,
            "duplicate": False,
        }
        calls._keep(self._name, {reference: (digest, answer)})
        return answer

    @api.model
    @in_callers_language
    def api_progress(self, code):
        """Where a key project stands.

        :return: {code, name, state, light, progress, path_progress, needed, granted, working_days,
            end, baseline_end?, tasks: [{code?, item, start, end, critical, phase, state, light,
            slack, baseline_end?, application?}]}
        """
        self._api_check_groups(*READERS)
        project = isinstance(code, str) and code and self.search([("key_code", "=", code)])
        if not project:
            raise UserError(self.env._("code: there is no key project %s.", code))
        answer = {
            "code": project.key_code,
            "name": project.name,
            "state": project.key_state,
            "light": project.light,
            "progress": round(project.progress, 2),
            "path_progress": round(project.path_progress, 2),
            "needed": project.permit_needed,
            "granted": project.permit_granted,
            "working_days": project.working_days_total,
            "end": project.critical_end.isoformat(),
            "tasks": [task._get_api_progress() for task in project._get_api_tasks()],
        }
        baseline = project.sudo().baseline_ids[:1]
        if baseline:
            answer["baseline_end"] = baseline.critical_end.isoformat()
        return answer

    def _get_api_tasks(self):
        return (
            self.sudo().permit_ids._get_planned().sorted(lambda t: (t.plan_start, t.plan_end, t.id))
        )

    @api.model
    def _api_prepare_vals(self, values):
        applicant = values["applicant"]
        applications = self.env["shenpi.application"]
        if applicant.get("id_number"):
            applications._check_id_number("applicant.id_number", "uscc", applicant["id_number"])
        applications._check_phone("applicant.phone", applicant.get("phone"))
        vals = {
            "name": values["name"],
            "key_kind": values["kind"],
            "key_level": values.get("level"),
            "planned_start": self._api_read_date(values["start"], "start"),
            "applicant_name": applicant["name"],
            "applicant_id_number": applicant.get("id_number"),
            "applicant_phone": applicant.get("phone"),
            "applicant_contact": applicant.get("contact"),
            "investment": self._api_read_amount(values.get("investment")),
            "investment_code": values.get("investment_code"),
            "auto_file": values.get("auto_file", False),
        }
        if values.get("department"):
            vals["department_id"] = self._api_find_department(values["department"]).id
        if values.get("navigator"):
            vals["user_id"] = self._api_find_navigator(values["navigator"]).id
        return vals

    @api.model
    def _api_read_amount(self, text):
        if not text:
            return 0
        whole, _dot, cents = text.partition(".")
        if not (
            whole.isascii() and whole.isdigit() and (cents + "00").isdigit() and len(cents) < 3
        ):
            raise ValidationError(
                self.env._("investment: must be an amount in yuan, such as “800000.00”.")
            )
        return float(text)

    @api.model
    def _api_find_department(self, code):
        department = self.env["shenpi.department"].search(
            [("code", "=", code), ("company_id", "=", self.env.company.id)]
        )
        if not department:
            raise ValidationError(self.env._("department: there is no department %s.", code))
        return department

    @api.model
    def _api_find_navigator(self, login):
        user = self.env["res.users"].sudo().search([("login", "=", login)])
        if self.env.company not in user.company_ids or not user.has_group(NAVIGATOR):
            raise ValidationError(self.env._("navigator: %s is no navigator here.", login))
        return user

    @api.model
    def _api_select(self, values):
        """The lines of a menu that a payload names, with what they wait for."""
        menus = self.env["shenpi.menu"].search([("company_id", "=", self.env.company.id)])
        chosen = self.env["shenpi.menu.line"]
        if values.get("menu"):
            found = menus.set_ids.filtered(lambda one: one.name == values["menu"])[:1]
            if not found:
                raise ValidationError(self.env._("menu: there is no set %s.", values["menu"]))
            menus, chosen = found.menu_id, found.line_ids
        items = values.get("items", [])
        if not (items or chosen):
            raise ValidationError(self.env._("%s: is required.", "items"))
        menu, by_code = self._api_find_menu(menus, items)
        chosen |= chosen.union(*(by_code[code] for code in items))
        return self._api_choose(menu, chosen, by_code, values.get("choices", {}))

    @api.model
    def _api_find_menu(self, menus, items):
        """The first menu that has all of the items, and its lines by code or name."""
        missing = 0
        for menu in menus:
            by_code = {line.item_id.code or line.name: line for line in menu.line_ids}
            place = next((p for p, code in enumerate(items) if code not in by_code), None)
            if place is None:
                return menu, by_code
            missing = max(missing, place)
        if not items:
            return menus, {}
        raise ValidationError(
            self.env._(
                "items[%(place)s]: %(code)s is on no menu together with those before it.",
                place=missing,
                code=items[missing],
            )
        )

    @api.model
    def _api_choose(self, menu, chosen, by_code, choices):
        """The selection, with the answers to what it asks; every question asked is answered once,
        none that is not asked."""
        left = dict(choices)
        selection = menu._select(chosen)
        while True:
            answered = chosen.browse()
            for line, options in selection.questions:
                key = line.item_id.code or line.name
                option = by_code.get(left.pop(key, None))
                if option and option in options:
                    answered |= option
                elif option or key in choices:
                    raise ValidationError(
                        self.env._(
                            "%(field)s: must be one of %(values)s.",
                            field=f"choices.{key}",
                            values=", ".join(o.item_id.code or o.name for o in options),
                        )
                    )
            if not answered:
                break
            chosen |= answered
            selection = menu._select(chosen)
        menu._check_selection(selection)
        if left:
            raise ValidationError(
                self.env._(
                    "choices.%s: is not asked, the project needs no choice there.", next(iter(left))
                )
            )
        return selection.lines


class ProjectTask(models.Model):
    _inherit = "project.task"

    def _get_api_dict(self):
        answer = {
            "item": self.name,
            "start": self.plan_start.isoformat(),
            "end": self.plan_end.isoformat(),
            "critical": self.is_critical,
        }
        return answer | ({"code": self.item_id.code} if self.item_id else {})

    def _get_api_progress(self):
        optional = {
            "baseline_end": self.baseline_end and fields.Date.to_string(self.baseline_end),
            "application": self.application_id.number,
        }
        return (
            self._get_api_dict()
            | {
                "phase": self.phase,
                "state": self.permit_state,
                "light": self.light,
                "slack": self.slack,
            }
            | {key: value for key, value in optional.items() if value}
        )
