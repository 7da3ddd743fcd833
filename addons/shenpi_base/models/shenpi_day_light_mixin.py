from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ShenpiDayLightMixin(models.AbstractModel):
    """A document that waits for somebody until the end of a day: yellow on that day, red after it,
    none where nobody waits any more. A light is a search on the stored day.

    The document names the day (``_day_field``) and the states in which it waits.
    """

    _name = "shenpi.day.light.mixin"
    _description = "Document that waits until the end of a day"

    _day_field = "due_date"
    _waiting_states = ()

    light = fields.Selection(
        [("green", "In time"), ("yellow", "Due today"), ("red", "Overdue"), ("none", "Done")],
        compute="_compute_light",
        search="_search_light",
    )

    @api.depends(lambda self: ("state", self._day_field))
    def _compute_light(self):
        today = self.env["shenpi.application"]._get_today()
        for document in self:
            day = document[self._day_field]
            if document.state not in self._waiting_states:
                document.light = "none"
            elif day < today:
                document.light = "red"
            else:
                document.light = "yellow" if day == today else "green"

    @api.model
    def _search_light(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env["shenpi.application"]._get_today()
        waiting = Domain("state", "in", self._waiting_states)
        domains = {
            "none": ~waiting,
            "green": waiting & Domain(self._day_field, ">", today),
            "yellow": waiting & Domain(self._day_field, "=", today),
            "red": waiting & Domain(self._day_field, "<", today),
        }
        return Domain.OR(domains[light] for light in value if light in domains)

    def _read_group_groupby(self, alias, groupby_spec, query):
        """The bars of a kanban count by light."""
        if groupby_spec != "light":
            return super()._read_group_groupby(alias, groupby_spec, query)
        return SQL(
            """CASE WHEN %(state)s NOT IN %(waiting)s THEN 'none'
                    WHEN %(day)s < %(today)s THEN 'red'
                    WHEN %(day)s = %(today)s THEN 'yellow' ELSE 'green' END""",
            state=self._field_to_sql(alias, "state", query),
            waiting=tuple(self._waiting_states),
            day=self._field_to_sql(alias, self._day_field, query),
            today=self.env["shenpi.application"]._get_today(),
        )
