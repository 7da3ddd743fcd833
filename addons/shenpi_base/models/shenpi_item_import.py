from odoo import api, fields, models
from odoo.fields import Command

from ..tools import catalogue as columns
from ..tools import identifiers
from .shenpi_item_quality import CLOSING_BY_SUFFIX


class ShenpiItemImport(models.Model):
    """Import of a catalogue from CSV or XLSX: one row per item.

    The bureau head uploads, starts and reads the report. New codes become drafts of version 1,
    codes that are already in the catalogue drafts of the next version.
    """

    _name = "shenpi.item.import"
    _inherit = ["shenpi.import.mixin"]
    _description = "Catalogue import"

    publish = fields.Boolean(
        string="Publish what passes the checks",
        help="Otherwise everything stays a draft. What does not pass stays a draft in any case and"
        " is listed in the report with what is missing.",
    )
    item_ids = fields.One2many("shenpi.item", "import_id", string="Items")
    item_count = fields.Integer(string="Items created", compute="_compute_item_count")

    # === Compute methods === #

    def _compute_item_count(self):
        counts = dict(
            self.env["shenpi.item"]._read_group(
                [("import_id", "in", self.ids)], ["import_id"], ["__count"]
            )
        )
        for record in self:
            record.item_count = counts.get(record, 0)

    # === Actions === #

    def action_view_items(self):
        """The items that this import created."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("shenpi_base.shenpi_item_action")
        return dict(action, domain=[("import_id", "=", self.id)], context={})

    # === Hooks of the import === #

    @api.model
    def _get_import_columns(self):
        return columns.HEADINGS

    @api.model
    def _get_required_columns(self):
        return columns.REQUIRED

    @api.model
    def _get_remark_title(self):
        return self.env._("Not published")

    def _get_template_sheets(self):
        labels = {key: list(self._get_labels(key).values()) for key in columns.SELECTIONS}
        return [
            (
                self.env._("Items"),
                [
                    self._get_heading(key) + ("*" if key in columns.REQUIRED else "")
                    for key in columns.HEADINGS
                ],
                [[columns.EXAMPLE.get(key, "") for key in columns.HEADINGS]],
            ),
            (
                self.env._("Allowed values"),
                [self.env._("Column"), self.env._("Values")],
                [
                    *([self._get_heading(key), " / ".join(v)] for key, v in labels.items()),
                    [self._get_heading("materials"), self._get_materials_help()],
                ],
            ),
        ]

    @api.model
    def _get_materials_help(self):
        return self.env._(
            "Names separated by semicolons. * after a name: a main material that is required;"
            " ~ after a name: required, but may follow later; no mark: not required."
        )

    def _import_begin(self):
        departments = self.env["shenpi.department"].search(
            [("company_id", "=", self.company_id.id)]
        )
        memory = {
            "seen": set(),
            "agency": self.company_id.shenpi_uscc or "",
            "offices": {},
            "regulators": {},
            "licence_types": self._index_licence_types(),
            "words": {key: self._get_accepted_words(key) for key in columns.SELECTIONS},
        }
        for department in departments:
            kind = "regulators" if department.kind == "regulator" else "offices"
            memory[kind].setdefault(department.name, department.id)
            if department.code:
                memory[kind].setdefault(department.code, department.id)
        return memory

    def _index_licence_types(self):
        """``{name or code: id}``; a type of the bureau goes before one of all bureaus."""
        kinds = self.env["shenpi.licence.type"].search(
            [("company_id", "in", (self.company_id.id, False))]
        )
        names = {}
        for kind in kinds.sorted(lambda kind: not kind.company_id):
            names.setdefault(kind.name, kind.id)
            names.setdefault(kind.code, kind.id)
        return names

    def _import_check(self, rows, memory):
        checked = [self._check_row(row, memory) for row in rows]
        codes = [values["code"] for values, reasons in checked if not reasons]
        versions, drafts = self._get_versions(codes)
        result = []
        for values, reasons in checked:
            code = values.get("code")
            if not reasons and code in drafts:
                reasons = [self.env._("Item code: %s already has a draft.", code)]
            values["version"] = versions.get(code, 0) + 1
            result.append((values, reasons))
        return result

    def _import_create(self, vals_list):
        extra = {"company_id": self.company_id.id, "import_id": self.id}
        # The version number and the link to the import are no one's to enter but ours.
        return self.env["shenpi.item"].sudo().create([dict(vals, **extra) for vals in vals_list])

    def _import_needs_finishing(self):
        return self.publish

    def _import_finish(self, record_ids):
        items = self.env["shenpi.item"].browse(record_ids)
        problems = items._get_problems()
        good = items.filtered(lambda item: not problems[item])
        if good:
            good._do_publish()
        return [(item.id, item.name, problems[item]) for item in items - good]

    def _import_undo(self, record_ids):
        self.env["shenpi.item"].browse(record_ids).unlink()

    # === Checking a row === #

    def _get_versions(self, codes):
        """``({code: newest version}, codes with a draft)`` of what is in the catalogue already."""
        versions, drafts = {}, set()
        for code, version, states in (
            self.env["shenpi.item"]
            .sudo()
            ._read_group([("code", "in", codes)], ["code"], ["version:max", "state:array_agg"])
        ):
            versions[code] = version
            if "draft" in states:
                drafts.add(code)
        return versions, drafts

    def _check_row(self, row, memory):
        """``(values, reasons)`` of one row, as far as the row alone tells."""
        reasons = [
            self.env._("%s: is empty.", self._get_heading(key))
            for key in columns.REQUIRED
            if not row[key]
        ]
        values = self._read_code(row, memory, reasons)
        self._read_simple_values(row, values, memory, reasons)
        self._read_departments(row, values, memory, reasons)
        self._read_licence_type(row, values, memory, reasons)
        self._read_date(row, values, reasons)
        self._read_parts(row, values, reasons)
        if not reasons:
            self._complete(values)
        return values, reasons

    def _read_simple_values(self, row, values, memory, reasons):
        """Texts, numbers, flags and words of code lists."""
        values.update({key: row[key] for key in columns.TEXTS if row[key]})
        for key in columns.NUMBERS:
            if row[key]:
                values[key] = self._read_number(key, row[key], reasons)
        for key in columns.FLAGS:
            values[key] = self._read_flag(key, row[key], reasons)
        for key in columns.SELECTIONS:
            if row[key] and key != "level":
                values[key] = self._read_word(key, row[key], memory, reasons)

    def _read_departments(self, row, values, memory, reasons):
        for key, field_name, kind in columns.DEPARTMENTS:
            if not row[key]:
                continue
            values[field_name] = memory[kind].get(row[key])
            if not values[field_name]:
                reasons.append(
                    self.env._(
                        "%(column)s: “%(value)s” is not a department of this bureau.",
                        column=self._get_heading(key),
                        value=row[key],
                    )
                )

    def _read_licence_type(self, row, values, memory, reasons):
        text = row["licence_type"]
        if not text:
            return
        values["licence_type_id"] = memory["licence_types"].get(text)
        if not values["licence_type_id"]:
            reasons.append(
                self.env._(
                    "%(column)s: “%(value)s” is no licence type of this bureau.",
                    column=self._get_heading("licence_type"),
                    value=text,
                )
            )

    def _read_code(self, row, memory, reasons):
        """Code, level and basic code, of which the code or the other two must be given."""
        code = identifiers.normalise(row["code"])
        level = self._read_word("level", row["level"], memory, reasons) if row["level"] else ""
        basic = identifiers.normalise(row["basic_code"])
        if not code and not (level and basic):
            reasons.append(
                self.env._("Item code: is empty, and so is the basic code or the level.")
            )
            return {}
        code = code or memory["agency"] + level + basic
        error = identifiers.check_item_code(code)
        if error or code[18] != (level or code[18]) or code[19:] != (basic or code[19:]):
            reasons.append(
                self.env._(
                    "Item code: %s is not valid, or does not go with level and basic code.", code
                )
            )
        elif code in memory["seen"]:
            reasons.append(self.env._("Item code: %s is in the file more than once.", code))
        memory["seen"].add(code)
        return {"code": code, "level": code[18:19], "basic_code": code[19:]}

    def _read_number(self, key, text, reasons):
        try:
            number = int(text)
        except ValueError:
            number = -1
        if not 0 <= number <= columns.LARGEST_NUMBER:
            reasons.append(
                self.env._(
                    "%(column)s: “%(value)s” is not a whole number from 0 to %(most)s.",
                    column=self._get_heading(key),
                    value=text,
                    most=columns.LARGEST_NUMBER,
                )
            )
        return number

    def _read_flag(self, key, text, reasons):
        flag = columns.FLAG_WORDS.get(text.casefold())
        if flag is None:
            reasons.append(
                self.env._(
                    "%(column)s: “%(value)s” is neither yes nor no.",
                    column=self._get_heading(key),
                    value=text,
                )
            )
        return flag

    def _read_date(self, row, values, reasons):
        if row["valid_from"]:
            values["valid_from"] = self._read_day("valid_from", row["valid_from"], reasons)

    def _read_parts(self, row, values, reasons):
        """Materials, chain and question of the row."""
        materials = columns.split_materials(row["materials"])
        values["material_ids"] = [
            Command.create(dict(material, sequence=10 * number, code=f"M{number:02}"))
            for number, material in enumerate(materials, start=1)
        ]
        if any(material.get("spared_by") == "deferral" for material in materials):
            values["allow_deferral"] = True
        if row["question"] and row["answer"]:
            values["faq_ids"] = [
                Command.create({"question": row["question"], "answer": row["answer"]})
            ]
        if row["fee_name"]:
            values["fee_ids"] = [
                Command.create({"name": row["fee_name"], "standard": row["fee_standard"] or "-"})
            ]
        instant = values.get("promised_limit") == 0
        steps = row["steps"] or ("1" if instant else "2")
        if steps in columns.CHAINS:
            names = {"review": self.env._("Review"), "decide": self.env._("Decision")}
            values["step_ids"] = [
                Command.create({"sequence": 10 * number, "kind": kind, "name": names[kind]})
                for number, kind in enumerate(columns.CHAINS[steps], start=1)
            ]
        else:
            reasons.append(self.env._("Approval steps: “%s” is not 1, 2 or 3.", row["steps"]))

    def _complete(self, values):
        """What follows from the rest where the row leaves it open."""
        instant = values["promised_limit"] == 0
        values.setdefault("case_kind", "instant" if instant else "promise")
        values["review_mode"] = "immediate" if instant else "staged"
        for suffix, closing in CLOSING_BY_SUFFIX.items():
            if values.get("result_name", "").endswith(suffix):
                values.setdefault("closing_kind", closing)

    # === Words === #

    @api.model
    def _get_labels(self, key):
        return dict(self.env["shenpi.item"]._fields[key]._description_selection(self.env))

    @api.model
    def _get_usual_words(self, key):
        return columns.WORDS.get(key, {})
