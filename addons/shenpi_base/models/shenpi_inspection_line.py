from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class ShenpiInspectionLine(models.Model):
    """One line of an inspection's checklist, copied from the item version, or added on the spot.

    The inspectors named on it write results, notes and photos while it is under way; before and
    afterwards nobody does. What a line asks for is fixed unless an inspector added it himself.
    """

    _name = "shenpi.inspection.line"
    _inherit = ["shenpi.attachment.owner"]
    _description = "Checklist line of an inspection"
    _order = "sequence, id"

    _asked_fields = frozenset(
        {"name", "standard", "needs_photo", "inspection_id", "checkpoint_id", "part_id"}
    )

    inspection_id = fields.Many2one(
        "shenpi.inspection", required=True, index=True, ondelete="cascade"
    )
    inspection_state = fields.Selection(related="inspection_id.state")
    checkpoint_id = fields.Many2one(
        "shenpi.item.checkpoint", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    part_id = fields.Many2one(
        "shenpi.inspection.part",
        string="Item",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('inspection_id', '=', inspection_id)]",
        help="In a common inspection: the item it is checked for. Empty: it counts for all.",
    )
    item_name = fields.Char(related="part_id.item_name")
    sequence = fields.Integer(default=1000)
    name = fields.Char(string="What is checked", required=True)
    standard = fields.Char()
    needs_photo = fields.Boolean(string="Photo needed")
    result = fields.Selection(
        [("pass", "In order"), ("fail", "Fault"), ("na", "Not applicable")], copy=False
    )
    note = fields.Char()
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "shenpi_inspection_line_attachment_rel",
        "line_id",
        "attachment_id",
        string="Photos",
        copy=False,
    )
    can_edit = fields.Boolean(compute="_compute_can_edit")

    # === Compute methods === #

    @api.depends("inspection_id.state", "inspection_id.inspector_ids")
    @api.depends_context("uid")
    def _compute_can_edit(self):
        for line in self:
            inspection = line.inspection_id
            line.can_edit = (
                inspection.state == "underway" and self.env.user in inspection.inspector_ids
            )

    # === Constraint methods === #

    @api.constrains("part_id", "inspection_id")
    def _check_part(self):
        for line in self:
            if line.part_id and line.part_id.sudo().inspection_id != line.inspection_id:
                raise ValidationError(
                    self.env._("Item: “%s” is checked for a case of its inspection.", line.name)
                )

    # === Low-level methods === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_underway()
        lines._adopt_attachments("attachment_ids")
        return lines

    def write(self, vals):
        self._check_underway()
        if not self.env.su and not self._asked_fields.isdisjoint(vals):
            self._check_own()
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._adopt_attachments("attachment_ids")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        self._check_underway()
        self._check_own()

    def _check_underway(self):
        if self.env.su:
            return
        for inspection in self.inspection_id:
            if inspection.state != "underway":
                raise UserError(
                    self.env._(
                        "%s is not under way: its checklist is written while it is.",
                        inspection.display_name,
                    )
                )

    def _check_own(self):
        """What the item asks for is neither changed nor dropped."""
        if any(line.checkpoint_id for line in self) and not self.env.su:
            raise UserError(
                self.env._("The checklist comes from the item: only results are entered.")
            )

    def _check_adopted(self, files):
        for file in files:
            if not file.file_size:
                raise ValidationError(
                    self.env._(
                        "photos: %(file)s of “%(line)s” is empty.", file=file.name, line=self.name
                    )
                )

    # === Actions: one press on a phone each === #

    def action_pass(self):
        """In order."""
        return self._set_result("pass")

    def action_fail(self):
        """A fault was found."""
        return self._set_result("fail")

    def action_not_applicable(self):
        """There is nothing of the kind here."""
        return self._set_result("na")

    def _set_result(self, result):
        self.write({"result": result})
        return True

    # === Business methods === #

    @api.model
    def _prepare_from_item(self, item):
        """Commands that copy the checklist of an item version."""
        return [
            fields.Command.create(
                {
                    "checkpoint_id": checkpoint.id,
                    "sequence": place,
                    "name": checkpoint.name,
                    "standard": checkpoint.standard,
                    "needs_photo": checkpoint.needs_photo,
                }
            )
            for place, checkpoint in enumerate(item.sudo().checkpoint_ids, start=1)
        ]

    def _prepare_again(self):
        """Commands that ask once more for these lines."""
        return [fields.Command.create(line.copy_data({"inspection_id": False})[0]) for line in self]

    def _describe_faults(self):
        """The faults as they were noted, one a line."""
        return "\n".join(
            self.env._("%(what)s: %(fault)s", what=line.name, fault=line.note)
            if line.note
            else line.name
            for line in self
        )

    def _get_open(self):
        """Those that are looked at again."""
        return self.filtered(lambda line: line.result not in ("pass", "na"))

    def _get_problems(self):
        """Why an inspection with these lines does not pass yet."""
        problems = []
        for line in self:
            if not line.result:
                problems.append(self.env._("• “%s” has not been checked.", line.name))
            elif line.result == "fail":
                problems.append(self.env._("• “%s” has a fault.", line.name))
            elif line.result == "pass" and line.needs_photo and not line.attachment_ids:
                problems.append(self.env._("• “%s” needs a photo.", line.name))
        return problems

    def _get_sealed(self):
        """What the event of the result keeps of the checklist, photos by their checksums."""
        return [
            {
                "name": line.name,
                "result": line.result or "",
                "note": line.note or "",
                "photos": [[file.name, file.checksum] for file in line.attachment_ids],
            }
            for line in self
        ]
