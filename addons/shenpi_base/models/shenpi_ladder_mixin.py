from dataclasses import dataclass

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


@dataclass(frozen=True, slots=True)
class Track:
    """A deadline that a ladder may stand on.

    ``label`` names it on the screens, in the language of whoever looks. ``anchors`` are the stored
    date fields a rung counts from, by their part in the deadline: ``warn``, ``alarm``, ``due`` (a
    track needs ``due``, the others where the document has them). ``live`` is the domain of the
    documents whose deadline still runs: a ladder looks at no others.
    """

    label: str
    anchors: dict[str, str]
    live: Domain


class ShenpiLadderMixin(models.AbstractModel):
    """A document with deadlines that climb: from its handler to the head of his office, the head of
    the bureau and a supervision order (see ``shenpi.ladder``).

    A model joins by inheriting this and naming its tracks in :meth:`_get_ladder_tracks`. The rest
    has defaults for models with ``company_id`` and ``department_id``.
    """

    _name = "shenpi.ladder.mixin"
    _description = "Documents on an escalation ladder"

    @api.model
    def _get_ladder_tracks(self):
        """Hook: the tracks of this model, ``{key: Track}``; keys stay as they are for ever."""
        return {}

    @api.model
    def _get_ladder_epoch(self, key, alias, query):
        """Hook: SQL text that names the round of a document's deadline.

        A rung fires once per round. A moved deadline is a new round; by default the due date itself
        is the name. Models whose several deadlines share one date field add what tells them apart.
        """
        due = self._get_ladder_tracks()[key].anchors["due"]
        return SQL("%s::text", self._field_to_sql(alias, due, query))

    @api.model
    def _get_ladder_company_field(self):
        """Hook: the stored field (or path) that says which bureau a document belongs to."""
        return "company_id"

    @api.model
    def _get_ladder_roles(self):
        """Hook: whom these documents are reported to, from below; whoever is not there is passed
        by. Each role has a method ``_get_ladder_<role>``."""
        return ("handler", "head", "bureau")

    def _get_ladder_people(self, role):
        """The people whom one document is reported to.

        :param str role: one of :meth:`_get_ladder_roles`
        :return: res.users, active, who is away replaced by who stands in; empty: there is nobody
        """
        self.ensure_one()
        document = self.sudo()
        people = getattr(document, f"_get_ladder_{role}")().filtered("active")
        return self.env["shenpi.absence"]._get_present(people, document._get_ladder_department())

    def _get_ladder_handler(self):
        """Hook: who works on the document. With nobody there, the head of the office is told."""
        return self.handler_id if "handler_id" in self._fields else self.env["res.users"]

    def _get_ladder_department(self):
        """Hook: the department that answers for the document."""
        return self.department_id if "department_id" in self._fields else None

    def _get_ladder_head(self):
        """The head of the department, or of the nearest one above that has one."""
        department = self._get_ladder_department()
        return department._get_head() if department else self.env["res.users"]

    def _get_ladder_bureau(self):
        """The heads of the bureau."""
        company = self.mapped(self._get_ladder_company_field())
        return company._get_shenpi_heads()
