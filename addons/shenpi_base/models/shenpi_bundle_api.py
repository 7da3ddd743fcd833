from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..tools.localtime import format_moment
from .shenpi_api_mixin import REQUIRED, in_callers_language
from .shenpi_application_api import MATERIAL, STAFF
from .shenpi_application_flow import INTAKE
from .shenpi_application_submit import SUBMIT

BUNDLE = {
    **{key: SUBMIT[key] for key in ("client_ref", "channel", "at", "form", "agent", "applicant")},
    "bundle_code": (str, REQUIRED),
    "materials": [dict(MATERIAL, spared=frozenset({"shared_data", "commitment"}))],
    "answers": dict,
    "delivery": frozenset({"each", "together"}),
}


class ShenpiBundle(models.Model):
    """Bundles over RPC (DESIGN section 8)."""

    _name = "shenpi.bundle"
    _inherit = ["shenpi.bundle", "shenpi.api.mixin"]

    @api.model
    @in_callers_language
    def api_submit(self, payload):
        """File a bundle from one form.

        :param dict payload: client_ref, bundle_code, channel, at?, form? (label -> value), agent?,
            applicant, as in ``shenpi.application.api_submit``; materials: [{code (of the bundle's
            material), name?, content?, filename?, digital_ref?, spared? (shared_data or
            commitment)}], each passed on to every item that asks for it, or that offers to spare it
            that way; what is asked of a source is missing until it has been found; answers:
            {question code: answer code}; delivery: each (default) or together
        :return: {number, state, children: [{number?, item (its code), item_name, state, status}],
            promised_due_date, duplicate}; a child that still waits has no number
        :raise ValidationError: naming the field that is wrong
        """
        self._api_check_groups(*INTAKE)
        values = self._api_read(payload, BUNDLE)
        calls = self.env["shenpi.api.call"]
        reference, digest = values["client_ref"], calls._get_digest(payload)
        known = calls._find(self._name, {reference})
        if known:
            return calls._repeat(known[reference], digest)
        at = self._api_read_moment(values)
        bundle = self._get_bundle(values["bundle_code"])
        answers = bundle._read_answers(values.get("answers", {}))
        lines = bundle._select_lines(answers)
        case = self.env["shenpi.bundle.case"]._do_submit(
            bundle,
            lines,
            {
                "applicant_name": values["applicant"]["name"],
                "delivery": values.get("delivery", "each"),
                "answer_ids": [Command.set(answers.ids)],
            },
            bundle._prepare_children(lines, values, at),
            at=at,
        )
        asked = [m for m in values.get("materials", ()) if m.get("spared") == "shared_data"]
        if asked:
            case._look_up(bundle._index_names(asked), at)
        answer = dict(case._get_api_dict(), duplicate=False)
        calls._keep(self._name, {reference: (digest, answer)})
        return answer

    @api.model
    @in_callers_language
    def api_status(self, number):
        """Where a bundle case stands: the same dict as ``api_submit``, with submitted_at, progress
        and, where a joint limit runs, statutory_due_date."""
        self._api_check_groups(STAFF)
        cases = self.env["shenpi.bundle.case"]
        case = isinstance(number, str) and number and cases.search([("number", "=", number)])
        if not case:
            raise UserError(self.env._("number: there is no bundle case %s.", number))
        return case._get_api_dict()

    def _get_bundle(self, code):
        bundle = self.search([("code", "=", code), ("state", "=", "published")])
        if len(bundle) != 1:
            raise ValidationError(self.env._("bundle_code: there is no bundle %s.", code))
        return bundle

    def _read_answers(self, given):
        """The answers named by a payload."""
        questions = {question.code: question for question in self.question_ids}
        answers = self.env["shenpi.bundle.answer"]
        for key, value in given.items():
            if key not in questions:
                raise ValidationError(self.env._("answers.%s: there is no such question.", key))
            answer = questions[key].answer_ids.filtered(lambda a, v=value: a.code == v)
            if not answer:
                codes = ", ".join(questions[key].answer_ids.mapped("code"))
                raise ValidationError(
                    self.env._(
                        "%(field)s: must be one of %(values)s.",
                        field=f"answers.{key}",
                        values=codes,
                    )
                )
            answers |= answer
        return answers

    def _prepare_children(self, lines, values, at):
        """Values of the application of each line; a material goes to every item that asks for it
        under one of its names.

        :return: dict line -> values
        """
        self._check_form(values.get("form", {}))
        names = self._index_names(values.get("materials", []))
        shared = {
            key: values[key] for key in ("channel", "applicant", "agent", "form") if key in values
        }
        applications = self.env["shenpi.application"]
        items = applications._get_items(set(lines.item_id.mapped("code")))
        children, taken = {}, set()
        for line in lines:
            item = applications._check_item_code(line.item_id.code, items)
            entries = []
            for material in item.material_ids.filtered(lambda m: m.name in names):
                path, entry = names[material.name]
                if entry.get("spared") in (None, material.spared_by):
                    entries.append((path, dict(entry, code=material.code)))
            taken.update(path for path, _entry in entries)
            children[line] = applications._prepare_draft_vals(
                shared, item, entries, at or fields.Datetime.now()
            )
        for path, entry in names.values():
            if entry.get("spared") and path not in taken:
                raise ValidationError(
                    self.env._("%s.spared: no item that is needed spares it that way.", path)
                )
        return children

    def _check_form(self, form):
        for field in self.field_ids:
            if field.required and form.get(field.name) in (None, ""):
                raise ValidationError(self.env._("form.%s: is required.", field.name))

    def _index_names(self, entries):
        """(What names it in errors, entry) by every name under which an item may ask for it."""
        materials = {material.code: material for material in self.material_ids}
        names = {}
        for place, entry in enumerate(entries):
            if entry["code"] not in materials:
                raise ValidationError(
                    self.env._(
                        "materials[%(place)s].code: %(code)s is not on the material list.",
                        place=place,
                        code=entry["code"],
                    )
                )
            given = (f"materials[{place}]", entry)
            names.update(dict.fromkeys(materials[entry["code"]]._get_names(), given))
        return names


class ShenpiBundleCase(models.Model):
    _inherit = "shenpi.bundle.case"

    def _get_api_dict(self):
        self.ensure_one()
        answer = {
            "number": self.number,
            "state": self.state,
            "submitted_at": format_moment(self.submitted_at),
            "promised_due_date": self.promised_due_date.isoformat(),
            "progress": self.progress,
            "children": [line._get_api_dict() for line in self.sudo().line_ids],
        }
        if self.statutory_due_date:
            answer["statutory_due_date"] = self.statutory_due_date.isoformat()
        return answer


class ShenpiBundleCaseLine(models.Model):
    _inherit = "shenpi.bundle.case.line"

    def _get_api_dict(self):
        answer = {
            "number": self.application_id.number,
            "item": self.item_id.code,
            "item_name": self.item_name,
            "state": self.application_id.state,
            "status": self.status,
        }
        return {key: value for key, value in answer.items() if value}
