from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.sql import escape_psql

from ..tools.localtime import local_date
from .shenpi_api_mixin import in_callers_language

MAX_ITEMS = 1000
QUERY = {"code": str, "name": str, "department": str, "limit": int, "offset": int}


class ShenpiItemApi(models.AbstractModel):
    """What integrators read of the catalogue."""

    _name = "shenpi.item.api"
    _inherit = ["shenpi.api.mixin"]
    _description = "Catalogue over RPC"

    @api.model
    @api.readonly
    @in_callers_language
    def api_list(self, query):
        """The items in force today.

        :param dict query: all keys optional. ``code`` (31 characters), ``name`` (a part of it),
            ``department`` (name or code of the handling department), ``limit`` (at most and by
            default 1000), ``offset``. Items come in the order of their codes.
        :return: list of ``{code, name, department, statutory_days, promised_days, unit, materials:
            [{code, name, required, deferrable, spared?: law, shared_data, commitment or combined}],
            licence_type?: {code, name}}``; the two limits are whole numbers of ``unit``:
            working_days, calendar_days, hours or months; 0 means on the spot; ``spared``: how
            ``api_submit`` may spare the material; ``licence_type``: the kind of licence that it
            makes
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
        vals = {
            "code": self.code,
            "name": self.name,
            "department": self.department_id.name,
            "statutory_days": self.statutory_limit,
            "promised_days": self.promised_limit,
            "unit": self.limit_unit,
            "materials": [self._prepare_api_material(m) for m in self.material_ids],
        }
        if kind := self.licence_type_id:
            vals["licence_type"] = {"code": kind.code, "name": kind.name}
        return vals

    def _prepare_api_material(self, material):
        vals = {
            "code": material.code,
            "name": material.name,
            "required": material.required,
            "deferrable": material.deferrable,
        }
        # One that may follow later is deferrable, and not spared.
        ways = dict(self.env["shenpi.application.material"]._fields["spared_way"].selection)
        return vals | {"spared": material.spared_by} if material.spared_by in ways else vals

    @api.model
    def _parse_query(self, query):
        """Domain, limit and offset of an ``api_list`` query."""
        query = self._api_read(query, QUERY)
        domain = self._get_in_force_domain(local_date(fields.Datetime.now()))
        if "code" in query:
            domain &= Domain("code", "=", query["code"])
        if "name" in query:
            domain &= Domain("name", "ilike", escape_psql(query["name"]))
        if department := query.get("department"):
            domain &= Domain("department_id.name", "=", department) | Domain(
                "department_id.code", "=", department
            )
        limit, offset = query.get("limit", MAX_ITEMS), query.get("offset", 0)
        if not 1 <= limit <= MAX_ITEMS:
            raise ValidationError(self.env._("limit: must lie between 1 and %s.", MAX_ITEMS))
        if offset < 0:
            raise ValidationError(self.env._("offset: cannot be negative."))
        return domain, limit, offset
