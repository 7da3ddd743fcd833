from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.shenpi_base.models.shenpi_api_mixin import REQUIRED, in_callers_language
from odoo.addons.shenpi_base.tools.localtime import format_moment

from .shenpi_grievance import KINDS
from .shenpi_grievance_flow import INTAKE, STAFF

SUBMIT = {
    "client_ref": (str, REQUIRED),
    "source": (str, REQUIRED),
    "external_number": str,
    "kind": (frozenset(dict(KINDS)), REQUIRED),
    "title": (str, REQUIRED),
    "text": (str, REQUIRED),
    "complainant": {"name": str, "phone": str, "address": str},
    "accused": {"department": str, "login": str},
    "window": str,
    "application": str,
    "files": [{"filename": (str, REQUIRED), "content": (str, REQUIRED)}],
    "at": str,
}


class ShenpiGrievance(models.Model):
    """The contract with integrators (DESIGN section 8): plain dicts in and out, one transaction a
    call. Every write answers with the same dict as :meth:`api_status`."""

    _name = "shenpi.grievance"
    _inherit = ["shenpi.grievance", "shenpi.api.mixin"]

    @api.model
    @in_callers_language
    def api_submit(self, payload):
        """Take a grievance in.

        :param dict payload: {client_ref, source: code of the source (hotline_12345, ...),
            external_number?: the order number of the hotline, kind: consult, ask, complain,
            suggest or failed, title, text, complainant?: {name?, phone?, address?} (absent:
            anonymous), accused?: {department?: code, login?}, window?: code of the window where it
            failed, application?: number, files?: [{filename, content: base 64}], at?}
        :return: as :meth:`api_status`, with ``duplicate``. The same ``client_ref``, and the same
            order number of the same source, are taken in once: the second call is told so
        """
        self._api_check_groups(*INTAKE)
        calls = self.env["shenpi.api.call"]
        values = self._api_read(payload, SUBMIT)
        reference, digest = values["client_ref"], calls._get_digest(payload)
        order = f"{values['source']}/{values.get('external_number')}"
        earlier = calls._find(self._name, [reference]).get(reference)
        if earlier:
            return calls._repeat(earlier, digest)
        vals = self._prepare_submitted(values)
        if "external_number" in values:
            found = self._find_order(vals)
            if found:
                return dict(found._get_known_status(), duplicate=True)
            # Claimed before anything is written: of two pushes at once the second is run again.
            calls._keep(self._name, {f"order {order}": (digest, {})})
        files = [self._read_file(*entry) for entry in enumerate(values.get("files", []))]
        grievance = self._take_in(vals, files, at=self._api_read_moment(values))
        answer = dict(grievance._get_status(), duplicate=False)
        calls._keep(self._name, {reference: (digest, answer)})
        return answer

    def _find_order(self, vals):
        """The grievance with this order number of the same source, whoever took it in."""
        names = ("company_id", "source_id", "external_number")
        domain = [(name, "=", vals[name]) for name in names]
        return self.sudo().search(domain, limit=1).with_env(self.env)

    def _get_known_status(self):
        """The status, as far as the caller sees the grievance."""
        if self.has_access("read"):
            return self._get_status()
        return {"number": self.sudo().number, "state": self.sudo().state}

    @api.model
    def _prepare_submitted(self, values):
        """Field values of a payload; codes and numbers are looked up."""
        company = self.env.company
        vals = {name: values[name] for name in ("kind", "title", "text")}
        vals["company_id"] = company.id
        vals["source_id"] = self._find_source(values["source"]).id
        if "external_number" in values:
            vals["external_number"] = values["external_number"]
        for name, value in values.get("complainant", {}).items():
            vals[f"complainant_{name}"] = value
        accused = values.get("accused", {})
        if "department" in accused:
            unit = self._find_unit(accused["department"], "accused.department")
            vals["accused_department_id"] = unit.id
        if "login" in accused:
            person = self.env["res.users"].sudo().search([("login", "=", accused["login"])])
            if company not in person.company_ids:
                raise ValidationError(
                    self.env._("accused.login: nobody here is called %s.", accused["login"])
                )
            vals["accused_user_id"] = person.id
        if "window" in values:
            vals["window_id"] = self._find_unit(values["window"], "window").id
        if "application" in values:
            applications = self.env["shenpi.application"].sudo()
            number = values["application"]
            found = applications.search(
                [("number", "=", number), ("company_id", "=", company.id)], limit=1
            )
            if not found:
                raise ValidationError(
                    self.env._("application: there is no application %s.", number)
                )
            vals["application_id"] = found.id
        return vals

    @api.model
    def _find_source(self, code):
        source = self.env["shenpi.grievance.source"].search([("code", "=", code)])
        if not source:
            raise ValidationError(self.env._("source: there is no source %s.", code))
        return source

    @api.model
    def _find_unit(self, code, path):
        """The unit of the caller's bureau with this code, closed ones included: whoever names one
        is told that it has been closed."""
        units = self.env["shenpi.department"].sudo().with_context(active_test=False)
        unit = units.search([("code", "=", code), ("company_id", "=", self.env.company.id)])
        if not unit:
            raise ValidationError(
                self.env._("%(field)s: there is no unit %(code)s.", field=path, code=code)
            )
        return unit.with_env(self.env)

    # === What is done with it === #

    @api.model
    @in_callers_language
    def api_dispatch(self, number, values):
        """Give it to a unit that leads and others that help. values: {lead: code of the unit,
        helpers?: [{department: code, days: working days}], tier_days?: working days of a tier
        (absent: as the rules propose), task?, at?}"""
        spec = {
            "lead": (str, REQUIRED),
            "helpers": [{"department": (str, REQUIRED), "days": (int, REQUIRED)}],
            "tier_days": int,
            "task": str,
        }
        grievance, values, at = self._api_open(number, values, spec)
        tier = self.env["shenpi.grievance.tier"]
        if "tier_days" in values:
            tier = tier.search([("days", "=", values["tier_days"])], limit=1)
            if not tier:
                raise ValidationError(self.env._("tier_days: there is no such tier."))
        helpers = [
            (self._find_unit(helper["department"], "helpers.department"), helper["days"])
            for helper in values.get("helpers", [])
        ]
        grievance._do_dispatch(
            self._find_unit(values["lead"], "lead"), helpers, tier, values.get("task", ""), at=at
        )
        return grievance._get_status()

    @api.model
    @in_callers_language
    def api_return(self, number, values):
        """Give it back to the desk, within 24 hours and once. values: {reason, at?}"""
        grievance, values, at = self._api_open(number, values, {"reason": (str, REQUIRED)})
        grievance._do_return(values["reason"], at=at)
        return grievance._get_status()

    @api.model
    @in_callers_language
    def api_extend(self, number, values):
        """Ask for more working days, as the unit that leads; or grant them, as whoever may.
        values: {days, reason, at?}"""
        spec = {"days": (int, REQUIRED), "reason": (str, REQUIRED)}
        grievance, values, at = self._api_open(number, values, spec)
        if "extend" in grievance._get_allowed_actions():
            grievance._do_extend(values["days"], values["reason"], at=at)
        else:
            grievance._do_ask_extension(values["days"], values["reason"], at=at)
        return grievance._get_status()

    @api.model
    @in_callers_language
    def api_reply(self, number, values):
        """Write the reply, or let the reply that somebody else wrote go out. values: {text} or
        {approve: True}, at?"""
        grievance, values, at = self._api_open(number, values, {"text": str, "approve": bool})
        if bool(values.get("text")) == bool(values.get("approve")):
            raise ValidationError(self.env._("text: give either a text or approve."))
        if values.get("approve"):
            grievance._do_approve_reply(at=at)
        else:
            grievance._do_answer(values["text"], at=at)
        return grievance._get_status()

    @api.model
    @in_callers_language
    def api_visit(self, number, values):
        """Note a call-back. values: {process, result: levels from 1 (very dissatisfied) to 5 (very
        satisfied), resolved: bool, note? (required below satisfied), at?}, or {reached: False,
        note?, at?}"""
        spec = {"process": int, "result": int, "resolved": bool, "reached": bool, "note": str}
        grievance, values, at = self._api_open(number, values, spec)
        note = values.get("note", "")
        if values.get("reached") is False:
            grievance._do_miss(note, at=at)
        else:
            levels = (str(values.get(name, "")) for name in ("process", "result"))
            grievance._do_visit(*levels, values.get("resolved", False), note, at=at)
        return grievance._get_status()

    @api.model
    @in_callers_language
    def api_close(self, number, values):
        """End it. values: {outcome: resolved, explained, adopted, noted, unfounded, impossible or
        unreachable, note? (required of leaders), at?}"""
        spec = {"outcome": (str, REQUIRED), "note": str}
        grievance, values, at = self._api_open(number, values, spec)
        grievance._do_close(values["outcome"], values.get("note", ""), at=at)
        return grievance._get_status()

    @api.model
    @in_callers_language
    def api_status(self, number):
        """Where a grievance stands.

        :return: {number, state, light, kind, source, external_number?, title, received_at,
            due_date, unit?, helpers?: [{unit, state, due_date}], returned, extension?: asked,
            granted or refused, reopened, reply? (once it has gone out), resolved?, satisfied?,
            outcome?, merged_into?, events: [...]}; nothing of the complainant
        """
        self._api_check_groups(STAFF)
        return self._api_find(number)._get_status()

    def _api_open(self, number, values, spec):
        """The grievance, its payload read by ``spec``, and the moment of the fact."""
        self._api_check_groups(STAFF)
        values = self._api_read(values or {}, dict(spec, at=str))
        return self._api_find(number), values, self._api_read_moment(values)

    def _api_find(self, number):
        """The grievance with this number; one that the caller may not see does not exist."""
        found = isinstance(number, str) and number and self.search([("number", "=", number)])
        if not found:
            raise UserError(self.env._("number: there is no grievance %s.", number))
        return found

    def _get_status(self):
        self.ensure_one()
        grievance = self.sudo()
        visited = bool(grievance.visited_at)
        status = self._api_clean(
            {
                "number": grievance.number,
                "state": grievance.state,
                "light": grievance.light,
                "kind": grievance.kind,
                "source": grievance.source_id.code,
                "external_number": grievance.external_number,
                "title": grievance.title,
                "received_at": format_moment(grievance.received_at),
                "due_date": grievance.due_date.isoformat(),
                "unit": grievance.department_id.code,
                "extension": grievance.extension_state,
                "reply": grievance.replied_at and grievance.answer,
                "outcome": grievance.outcome,
                "merged_into": grievance.main_id.number,
            }
        )
        status["returned"] = grievance.returned
        status["reopened"] = grievance.reopened_count
        if visited:
            status |= {"resolved": grievance.is_resolved, "satisfied": grievance.is_satisfied}
        helpers = grievance.dispatch_ids.filtered(lambda part: part.role == "helper")
        if helpers:
            status["helpers"] = [
                {
                    "unit": part.department_id.code or part.department_id.name,
                    "state": part.state,
                    "due_date": part.due_date.isoformat(),
                }
                for part in helpers
            ]
        status["events"] = [event._get_api_dict() for event in grievance.event_ids]
        return status
