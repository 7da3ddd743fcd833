from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .shenpi_inspection_flow import RESULTS

# What an inspection with several results is called: something to be put right means another visit.
GRAVEST = ("rectify", "fail", "pass")
PART_RESULTS = {"pass": "passed", "rectify": "rectify", "fail": "failed"}
NOT_BEGUN = ("ordered", "scheduled")


class ShenpiInspection(models.Model):
    """One inspection for all cases of a bundle that need one 一同核查.

    * The first child that is to be inspected orders it; one that becomes due later joins it as long
      as it has not begun, else has another one. On site everything can be looked at; an inspection
      in another mode is joined only by items that ask for that mode.
    * There is one appointment, one visit, one checklist ordered by item, one record to sign. As
      many inspectors are needed as the strictest item asks for; the earliest day of all counts.
    * Every case has its own result. Those to be rectified are looked at again together.
    * A case that ends leaves it; with the last one it lapses.

    An inspection of one case has no parts.
    """

    _inherit = "shenpi.inspection"

    bundle_case_id = fields.Many2one(
        "shenpi.bundle.case",
        string="Common inspection of",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    part_ids = fields.One2many("shenpi.inspection.part", "inspection_id", string="Cases")
    items_display = fields.Char(string="Items", compute="_compute_items_display")

    @api.depends("item_id", "part_ids")
    def _compute_items_display(self):
        for inspection in self:
            items = inspection.sudo().part_ids.item_id or inspection.sudo().item_id
            inspection.items_display = "、".join(items.mapped("name"))

    def _get_pending_parts(self):
        return self.part_ids.filtered(lambda part: not part.result)

    def _count_needed(self, mode):
        parts = self.sudo()._get_pending_parts()
        needed = [self._get_needed(item, mode) for item in parts.item_id]
        return max(needed) if needed else super()._count_needed(mode)

    # === Order === #

    @api.model
    def _order_common(self, action, application, case, at=None, **values):
        """Have a child of a bundle inspected: with others of the case, or first of them.

        :param case: the ``shenpi.bundle.case``; other arguments as :meth:`_do_order`
        """
        # Of two children that are due at once, the second one meets the order of the first.
        case.sudo()._touch()
        mode = values.get("mode") or application.sudo().item_id.inspection_mode
        open_one = self._find_joinable(case, mode)
        if open_one:
            return open_one._join(application, values.get("note"))
        inspection = self._do_order(
            action, application, at=at, bundle_case_id=case.id, line_ids=[], **values
        )
        inspection._add_part(application)
        return inspection

    @api.model
    def _find_joinable(self, case, mode):
        found = self.sudo().search(
            [
                ("bundle_case_id", "=", case.id),
                ("state", "in", NOT_BEGUN),
                ("mode", "in", list({mode, "on_site"})),
            ],
            order="id",
            limit=1,
        )
        return found.with_env(self.env)

    def _add_part(self, application, lines=None):
        """Take a case in, with what its item asks to check, or with these lines asked again."""
        inspection = self.sudo()
        # The index that allows one pending part of a case looks at the rows of the others.
        inspection.part_ids.flush_model(["result"])
        part = inspection.part_ids.create(
            {"inspection_id": inspection.id, "application_id": application.id}
        )
        asked = lines and lines._prepare_again()
        if asked is None:
            asked = inspection.line_ids._prepare_from_item(application.sudo().item_id)
        place = len(inspection.line_ids)
        for _command, _id, vals in asked:
            place += 1
            vals.update(part_id=part.id, sequence=place)
        inspection.line_ids = asked
        return part

    def _join(self, application, note=None):
        """A further child is looked at on the same visit."""
        item = application.sudo().item_id
        today = application._get_today()
        due = self.env["shenpi.workday"]._get_due("due_date", today, item.inspection_days)
        self._transition(
            "join_inspection",
            values={
                "due_date": min(self.due_date, due),
                "inspectors_needed": max(self.inspectors_needed, self._get_needed(item, self.mode)),
                "note": "\n".join(filter(None, (self.note, note))) or False,
            },
            event={
                "opinion": item.name,
                "data": {"application": application.number, "item": item.code},
            },
        )
        self._add_part(application)
        return self

    def _leave(self, application, reason):
        """A child has ended: the others are inspected without it."""
        inspection = self.sudo()
        part = inspection._get_pending_parts().filtered(
            lambda part: part.application_id == application
        )
        others = inspection._get_pending_parts() - part
        if not others:
            return self._do_lapse(reason)
        lead = others.application_id[:1]
        self._transition(
            "leave_inspection",
            values={
                "application_id": lead.id,
                "item_id": lead.item_id.id,
                "department_id": lead.department_id.id,
            },
            event={"opinion": reason, "data": {"application": application.number}},
        )
        part.result = "cancelled"
        own = inspection.line_ids.filtered(lambda line: line.part_id == part)
        if self.state in NOT_BEGUN:
            own.unlink()
        else:
            own.filtered(lambda line: not line.result).write({"result": "na", "note": reason})
        return True

    # === Results === #

    def _do_conclude(self, result, opinion="", rectify_date=None, at=None):
        """As for one case; the result is that of every case of a common inspection."""
        self._open()
        parts = self.sudo()._get_pending_parts()
        if not parts:
            return super()._do_conclude(result, opinion, rectify_date, at=at)
        return self._do_conclude_parts(dict.fromkeys(parts, (result, opinion)), rectify_date, at=at)

    def _do_conclude_parts(self, findings, rectify_date=None, at=None):
        """State the results of a common inspection.

        :param dict findings: part -> (pass, rectify or fail; what was found), for every part
        :param date rectify_date: by when what was found is put right; the cases that are to be
            rectified are then looked at again together
        :raise UserError: the checklist does not bear out that a case passes
        """
        self._open()
        parts = self.sudo()._get_pending_parts()
        if parts.browse().union(*findings) != parts:
            raise ValidationError(self.env._("result: every case of the inspection needs one."))
        for part, (result, opinion) in findings.items():
            part.sudo()._check_finding(result, opinion)
        gravest = next(
            result
            for result in GRAVEST
            if result in {result for result, _opinion in findings.values()}
        )
        for part, (result, opinion) in findings.items():
            part.sudo().write({"result": PART_RESULTS[result], "opinion": opinion})
        return self._conclude(gravest, self._join_opinions(findings), rectify_date, at=at)

    def _join_opinions(self, findings):
        told = {opinion for _result, opinion in findings.values()}
        if len(told) == 1:
            return told.pop()
        return "\n".join(
            f"{part.sudo().item_name}：{opinion}"
            for part, (_result, opinion) in findings.items()
            if opinion
        )

    def _get_sealed_data(self, lines):
        data = super()._get_sealed_data(lines)
        parts = self.sudo().part_ids
        if parts:
            data["cases"] = [
                {"application": part.application_number, "result": part.result} for part in parts
            ]
        return data

    def _order_again(self, lines, at, application=None):
        """What is to be rectified is looked at again on one visit."""
        parts = self.sudo().part_ids.filtered(lambda part: part.result == "rectify")
        if not parts:
            return super()._order_again(lines, at, application=application)
        again = super()._order_again(lines.browse(), at, application=parts.application_id[:1])
        for part in parts:
            own = part._get_lines()
            again._add_part(part.application_id, own._get_open() or own)
        return again

    def _prepare_again_vals(self):
        return super()._prepare_again_vals() | {"bundle_case_id": self.sudo().bundle_case_id.id}

    def _do_end(self, action, reason, at):
        self.sudo()._get_pending_parts().write({"result": "cancelled"})
        return super()._do_end(action, reason, at)


class ShenpiInspectionPart(models.Model):
    _inherit = "shenpi.inspection.part"

    def _check_finding(self, result, opinion):
        if result not in RESULTS:
            raise ValidationError(self.env._("result: must be pass, rectify or fail."))
        if result != "pass" and not (opinion or "").strip():
            raise ValidationError(self.env._("findings: say what was found."))
        problems = self._get_lines()._get_problems() if result == "pass" else []
        if problems:
            raise UserError(
                self.env._(
                    "%(document)s cannot pass yet:\n%(problems)s",
                    document=self.item_name,
                    problems="\n".join(problems),
                )
            )


class ShenpiBundleCase(models.Model):
    _inherit = "shenpi.bundle.case"

    common_inspection = fields.Boolean(readonly=True)
    inspection_ids = fields.One2many("shenpi.inspection", "bundle_case_id", readonly=True)
    inspection_note = fields.Char(compute="_compute_inspection_note")

    @api.depends("inspection_ids.state")
    def _compute_inspection_note(self):
        """The state of the newest common inspection."""
        labels = self.env["shenpi.inspection"]._get_state_labels()
        for case in self:
            case.inspection_note = labels.get(case.sudo().inspection_ids.sorted("id")[-1:].state)

    def action_open_inspections(self):
        """The common inspections of this case: the only one opened at once."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("shenpi_base.shenpi_inspection_action")
        action |= {"domain": [("bundle_case_id", "=", self.id)], "context": {}}
        if len(self.inspection_ids) == 1:
            action |= {"views": [(False, "form")], "res_id": self.inspection_ids.id}
        return action

    def _prepare_case_vals(self, bundle, slots, moment):
        vals = super()._prepare_case_vals(bundle, slots, moment)
        return vals | {"common_inspection": bundle.common_inspection}
