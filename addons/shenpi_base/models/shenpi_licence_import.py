import re

from odoo import api, fields, models

from ..tools import identifiers
from ..tools import licence_columns as columns

PHONE = re.compile(r"\+?[\d-]{5,20}")


class ShenpiLicenceImport(models.Model):
    """Licences of before, taken over from CSV or XLSX: one row per licence.

    The bureau head uploads, starts and reads the report. Every licence begins its life with an
    event that says so; an entry in the register is not removed again, so good rows are kept
    whatever the others are. When it is done, the reminders see to what is due already.
    """

    _name = "shenpi.licence.import"
    _inherit = ["shenpi.import.mixin"]
    _description = "Import of licences"

    department_id = fields.Many2one(
        "shenpi.department",
        string="Issued by",
        ondelete="restrict",
        domain="[('company_id', '=', company_id), ('kind', '!=', 'regulator')]",
        help="The department of the licences whose row and item say nothing of one.",
    )

    _keep_good = models.Constraint(
        "CHECK (keep = 'good')",
        "Licences that were imported are not removed again: the good rows are kept in any case.",
    )

    # === Hooks of the import === #

    @api.model
    def _get_import_columns(self):
        return columns.HEADINGS

    @api.model
    def _get_required_columns(self):
        return columns.REQUIRED

    def _get_template_sheets(self):
        keys = columns.HEADINGS
        marked = [self._get_heading(key) + ("*" if key in columns.REQUIRED else "") for key in keys]
        words = [
            [self._get_heading(key), " / ".join(self._get_labels(key).values())]
            for key in columns.WORDS
        ]
        return [
            (self.env._("Licences"), marked, [[columns.EXAMPLE.get(key, "") for key in keys]]),
            (
                self.env._("Allowed values"),
                [self.env._("Column"), self.env._("Values")],
                [*words, [self._get_heading("valid_from"), "YYYY-MM-DD"]],
            ),
        ]

    @api.model
    def _get_labels(self, key):
        licences = self.env["shenpi.licence"]
        return dict(licences._fields[key]._description_selection(self.env))

    @api.model
    def _get_usual_words(self, key):
        return columns.WORDS[key]

    def _import_begin(self):
        company = self.company_id
        kinds = self.env["shenpi.licence.type"].search(
            [("company_id", "in", (company.id, False))], order="company_id NULLS FIRST"
        )
        items = self.env["shenpi.item"].search_fetch(
            [("company_id", "=", company.id), ("state", "=", "published")],
            ["code", "department_id"],
        )
        departments = self.env["shenpi.department"].search([("company_id", "=", company.id)])
        return {
            "seen": set(),
            "today": self.env["shenpi.licence"]._get_today(),
            "types": {name: kind.id for kind in kinds for name in (kind.name, kind.code) if name},
            "items": {item.code: (item.id, item.department_id.id) for item in items},
            "departments": {name: d.id for d in departments for name in (d.name, d.code) if name},
            "words": {key: self._get_accepted_words(key) for key in columns.WORDS},
        }

    def _import_check(self, rows, memory):
        known = self._get_known_numbers([row["number"] for row in rows])
        result = []
        for row in rows:
            reasons = [
                self.env._("%s: is empty.", self._get_heading(key))
                for key in columns.REQUIRED
                if not row[key]
            ]
            values = {"number": row["number"], "holder_name": row["holder_name"]}
            self._read_number(row["number"], known, memory, reasons)
            self._read_references(row, values, memory, reasons)
            self._read_holder(row, values, memory, reasons)
            self._read_dates(row, values, reasons)
            values.update({key: row[key] for key in columns.TEXTS if row[key]})
            result.append((values, reasons))
        return result

    def _import_create(self, vals_list):
        licences = self.env["shenpi.licence"]
        kinds = self.env["shenpi.licence.type"].browse({vals["type_id"] for vals in vals_list})
        names = {kind.id: kind.name for kind in kinds.sudo()}
        company = self.company_id.id
        prepared = [self._prepare_licence(vals, names, company) for vals in vals_list]
        rows = [vals | licences._prepare_derived(vals) for vals in prepared]
        return licences._begin_all("import_licence", rows, [None] * len(rows))

    def _close(self, state):
        if state == "done":
            self.env.ref("shenpi_base.cron_licence_reminder").sudo()._trigger()
        return super()._close(state)

    # === Checking a row === #

    @api.model
    def _get_known_numbers(self, numbers):
        """Those of these numbers that are in the register, whichever bureau's."""
        licences = self.env["shenpi.licence"].sudo()
        return {
            number for (number,) in licences._read_group([("number", "in", numbers)], ["number"])
        }

    def _read_number(self, number, known, memory, reasons):
        if number in known:
            reasons.append(
                self.env._(
                    "%(column)s: %(number)s is in the register already.",
                    column=self._get_heading("number"),
                    number=number,
                )
            )
        elif number in memory["seen"]:
            reasons.append(
                self.env._(
                    "%(column)s: %(number)s is in the file more than once.",
                    column=self._get_heading("number"),
                    number=number,
                )
            )
        memory["seen"].add(number)

    def _read_references(self, row, values, memory, reasons):
        """Type, item and department."""
        values["type_id"] = self._find("type", row, memory["types"], reasons)
        item = self._find("item_code", row, memory["items"], reasons)
        department = self._find("department", row, memory["departments"], reasons)
        values["item_id"] = item and item[0]
        values["department_id"] = department or (item and item[1]) or self.department_id.id

    def _find(self, key, row, known, reasons):
        found = known.get(row[key])
        if row[key] and not found:
            reasons.append(
                self.env._(
                    "%(column)s: “%(value)s” is not known in this bureau.",
                    column=self._get_heading(key),
                    value=row[key],
                )
            )
        return found

    def _read_holder(self, row, values, memory, reasons):
        """Kind, document and addresses of the holder; never a number in a reason."""
        number = identifiers.normalise(row["holder_id_number"])
        kind, document = columns.guess_document(number, memory["today"])
        if row["holder_kind"]:
            kind = self._read_word("holder_kind", row["holder_kind"], memory, reasons)
        if row["holder_id_type"]:
            document = self._read_word("holder_id_type", row["holder_id_type"], memory, reasons)
        wrong = {
            "uscc": identifiers.check_uscc,
            "ric": lambda value: identifiers.check_ric(value, memory["today"]),
        }.get(document)
        if number and wrong and wrong(number):
            reasons.append(
                self.env._("%s: is not a valid number.", self._get_heading("holder_id_number"))
            )
        phone = identifiers.normalise(row["phone"])
        if phone and not PHONE.fullmatch(phone):
            reasons.append(self.env._("%s: is not a phone number.", self._get_heading("phone")))
        values.update(
            holder_kind=kind,
            holder_id_type=document if number else None,
            holder_id_number_raw=number or None,
            holder_phone_raw=phone or None,
        )

    def _read_dates(self, row, values, reasons):
        for key in ("valid_from", "valid_to"):
            values[key] = self._read_day(key, row[key], reasons) if row[key] else None
        first, last = values["valid_from"], values["valid_to"]
        if first and last and last < first:
            reasons.append(
                self.env._("%s: lies before the beginning.", self._get_heading("valid_to"))
            )

    # === Creating === #

    @api.model
    def _prepare_licence(self, vals, names, company_id):
        """Values of a licence for those of a checked row.

        :param dict names: type id -> name of its licences
        """
        days = {
            key: vals[key] and fields.Date.to_date(vals[key]) for key in ("valid_from", "valid_to")
        }
        texts = {
            "holder_email": vals.get("email"),
            **{key: vals.get(key) for key in ("scope", "conditions", "place")},
        }
        stored = {key: value for key, value in vals.items() if key not in columns.TEXTS}
        return {
            **stored,
            **texts,
            **days,
            "in_force_from": days["valid_from"],
            "version": 1,
            "name": names[vals["type_id"]],
            "company_id": company_id,
        }
