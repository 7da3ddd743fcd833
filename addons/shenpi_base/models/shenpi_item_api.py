from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.sql import escape_psql

from ..tools.localtime import local_date

MAX_ITEMS = 1000


class ShenpiItemApi(models.AbstractModel):
    """What integrators read of the catalogue."""

    _name = "shenpi.item.api"
    _description = "Catalogue over RPC"

    @api.model
    @api.readonly
    def api_list(self, query):
        """The items in force today.

        :param dict query: all keys optional. ``code`` (31 characters), ``name`` (a part of it),
            ``department`` (name or code of the handling department), ``limit`` (at most and by
            default 1000), ``offset``. Items come in the order of their codes.
        :return: list of ``{code, name, department, statutory_days, promised_days, unit, materials:
            [{code, name, required, deferrable}]}``; the two limits are whole numbers of ``unit``:
            working_days, calendar_days, hours or months; 0 means on the spot
        :raise ValidationError: unknown key or malformed value, named
        :raise AccessError: the caller is not on the approval staff
        """
        self.check_access("read")
        domain, limit, offset = self._parse_query(query)
        items = self.search(domain, limit=limit, offset=offset, order="code")
        return [item._prepare_api_vals() for item in items]

    @api.model
    def _get_in_force_domain(self, day):
        """The versions that are published and in force on a legal date."""
        return Domain(
            [
                ("state", "=", "published"),
                "|",
                ("valid_from", "=", False),
                ("valid_from", "<=", day),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">=", day),
            ]
        )

    def _prepare_api_vals(self):
        return {
            "code": self.code,
            "name": self.name,
            "department": self.department_id.name,
            "statutory_days": self.statutory_limit,
            "promised_days": self.promised_limit,
            "unit": self.limit_unit,
            "materials": [
                {
                    "code": material.code,
                    "name": material.name,
                    "required": material.required,
                    "deferrable": material.deferrable,
                }
                for material in self.material_ids
            ],
        }

    @api.model
    def _parse_query(self, query):
        """Domain, limit and offset of an ``api_list`` query."""
        if not isinstance(query, dict):
            raise ValidationError(self.env._("query: a structure with named values is expected."))
        unknown = sorted(query.keys() - {"code", "name", "department", "limit", "offset"})
        if unknown:
            raise ValidationError(
                self.env._("query: “%s” is not a known key.", ", ".join(map(str, unknown)))
            )
        domain = self._get_in_force_domain(local_date(fields.Datetime.now()))
        if code := self._parse_text(query, "code"):
            domain &= Domain("code", "=", code)
        if name := self._parse_text(query, "name"):
            domain &= Domain("name", "ilike", escape_psql(name))
        if department := self._parse_text(query, "department"):
            domain &= Domain("department_id.name", "=", department) | Domain(
                "department_id.code", "=", department
            )
        limit = self._parse_number(query, "limit", 1, MAX_ITEMS, MAX_ITEMS)
        offset = self._parse_number(query, "offset", 0, 2**31 - 1, 0)
        return domain, limit, offset

    @api.model
    def _parse_text(self, query, key):
        value = query.get(key, "")
        if not isinstance(value, str):
            raise ValidationError(self.env._("%(key)s: a text is expected.", key=key))
        return value.strip()

    @api.model
    def _parse_number(self, query, key, least, most, default):
        value = query.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValidationError(
                self.env._(
                    "%(key)s: a whole number from %(least)s to %(most)s is expected.",
                    key=key,
                    least=least,
                    most=most,
                )
            )
        return value
