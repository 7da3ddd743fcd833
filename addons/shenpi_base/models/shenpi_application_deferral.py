import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.clock import Entry
from ..tools.localtime import local_date, to_local
from .shenpi_application import OPEN_STATES

_logger = logging.getLogger(__name__)

BEFORE_ACCEPTANCE = ("received", "correcting")
WITHOUT_GRANT = ("denied", "withdrawn", "terminated", "not_accepted")


class ShenpiApplication(models.Model):
    """Deferral 容缺受理: auxiliary materials follow by days that the applicant promises in writing.

    The case runs meanwhile (review, inspection) and its clock with it; only the grant waits. What
    is not handed in by its day brings the case down: it counts as withdrawn 视为撤回, the broken
    promise is entered in the applicant's credit. Before acceptance nothing has been relied on yet:
    there a lapsed promise only makes the material missing again.
    """

    _inherit = "shenpi.application"

    deferral_due_date = fields.Date(
        string="Materials to follow by",
        readonly=True,
        copy=False,
        prefetch="flow",
        help="Last day of the first promised material that is still outstanding.",
    )
    allow_deferral = fields.Boolean(related="item_id.allow_deferral")
    has_promises = fields.Boolean(compute="_compute_has_promises")
    deemed_withdrawn = fields.Boolean(compute="_compute_deemed_withdrawn")

    _deferral_list = models.Index("(deferral_due_date) WHERE deferral_due_date IS NOT NULL")

    @api.depends("material_ids.promised_date")
    def _compute_has_promises(self):
        for application in self:
            application.has_promises = any(application.material_ids.mapped("promised_date"))

    @api.depends("state")
    def _compute_deemed_withdrawn(self):
        for application in self:
            application.deemed_withdrawn = (
                application.state == "withdrawn"
                and "deem_withdrawn" in application.event_ids.mapped("action")
            )

    # === Guards === #

    def _guard_deferrable(self):
        if not self.sudo().item_id.allow_deferral:
            raise UserError(self.env._("deferred: this item does not let materials follow."))
        if not self._get_deferrable():
            raise UserError(
                self.env._("deferred: no material is missing that may be handed in later.")
            )
        return self.env.user

    def _guard_outstanding(self):
        if not self._get_supplementable():
            raise UserError(self.env._("materials: nothing was promised for later."))
        return self.env.user

    def _guard_broken_promise(self):
        if not self.deferral_due_date or self.deferral_due_date >= self._get_today():
            raise UserError(self.env._("No promise to hand in materials has been broken."))
        return self.env.user

    def _get_grant_blockers(self):
        blockers = super()._get_grant_blockers()
        if self.deferral_due_date:
            names = "、".join(self._get_outstanding().mapped("name"))
            blockers.append(
                self.env._(
                    "Promised materials are outstanding until %(day)s: %(names)s.",
                    day=self._show_date(self.deferral_due_date),
                    names=names,
                )
            )
        return blockers

    # === What may follow, what is to follow === #

    def _get_deferrable(self):
        """Missing materials that may be handed in later."""
        materials = self.sudo().material_ids.with_env(self.env)
        return materials.filtered(lambda m: m.sudo().deferrable and m.status == "missing")

    def _get_outstanding(self):
        """Materials promised for later and not handed in yet."""
        return self.sudo().material_ids.filtered(lambda m: m.status == "deferred")

    def _get_supplementable(self):
        """Hook: materials that may be handed in while nothing is to be corrected."""
        return self._get_outstanding()

    @api.model
    def _get_deferral_due(self, promised_dates):
        """The last day for the first of these promises: a day of rest moves to the next working
        day (民法典 art. 203)."""
        first = min(promised_dates, default=False)
        return first and self.env["shenpi.workday"]._get_calendar().roll_forward(first)

    def _get_latest_promise(self, moment):
        """The promised due date that the case has if it is accepted at ``moment``."""
        entries = [Entry("accepted", to_local(moment), 0)]
        return self._evaluate_entries(entries, self.sudo().item_id).promised_due

    # === Deferring === #

    def _do_receive(self, at=None):
        """A draft's promises are made with its filing."""
        self._open()
        promised = self.sudo().material_ids.filtered("promised_date")
        promises = [(m, m.promised_date) for m in promised if m.status != "provided"]
        promised.filtered(lambda m: m.status == "deferred").write({"status": "missing"})
        promised.write({"promised_date": False})
        super()._do_receive(at=at)
        if promises and self.state == "received":
            self._do_defer(promises, at=at)
        return True

    def _do_defer(self, promises, at=None):
        """Let materials follow by promised days.

        :param list promises: pairs of (material, date)
        :raise ValidationError: naming the promise that is not possible
        :raise UserError: the item offers no deferral, or the applicant's credit bars it
        """
        self._open()
        moment = at or fields.Datetime.now()
        self._check_own_materials(material for material, _day in promises)
        if not promises:
            raise ValidationError(self.env._("deferred: say which materials follow, and when."))
        self._check_state(self._transitions["defer"])
        self._guard_deferrable()
        self._check_credit("deferral")
        self._check_promises(promises, local_date(moment), self._get_latest_promise(moment))
        days = [*self._get_outstanding().mapped("promised_date"), *(day for _m, day in promises)]
        self._transition(
            "defer",
            at=at,
            values={"deferral_due_date": self._get_deferral_due(days)},
            event={
                "opinion": "\n".join(f"{m.code} {m.name}: {day}" for m, day in promises),
                "data": {m.code: day.isoformat() for m, day in promises},
            },
        )
        for material, day in promises:
            material.sudo().write({"status": "deferred", "promised_date": day})
        return True

    def _check_promises(self, promises, first, last):
        """Each promised material may follow, once, between ``first`` and ``last``."""
        seen = set()
        for place, (material, day) in enumerate(promises):
            problem = self._get_promise_problem(material.sudo(), day, first, last)
            if not problem and material in seen:
                problem = self.env._("code: %s appears twice.", material.code)
            if problem:
                raise ValidationError(
                    self.env._("deferred[%(place)s].%(problem)s", place=place, problem=problem)
                )
            seen.add(material)

    def _get_promise_problem(self, material, day, first, last):
        if material.status == "provided":
            return self.env._("code: %s has been handed in.", material.code)
        if material.importance == "main":
            return self.env._("code: %s is a main material and cannot follow.", material.code)
        if not material.deferrable:
            return self.env._("code: %s is not one that may follow.", material.code)
        if not day:
            return self.env._("promised: say by when %s follows.", material.code)
        if day < first:
            return self.env._("promised: %(day)s lies before %(first)s.", day=day, first=first)
        if day > last:
            return self.env._(
                "promised: %(day)s lies after %(last)s, the promised due date of the case.",
                day=day,
                last=last,
            )
        return None

    # === Handing in === #

    def _do_supplement(self, provided, at=None):
        """What comes in while nothing is to be corrected is what was promised for later."""
        self._open()
        if self.state != "correcting" and self._get_outstanding():
            return self._do_hand_in(provided, at=at)
        super()._do_supplement(provided, at=at)
        if self.deferral_due_date:
            left = self._get_outstanding().mapped("promised_date")
            self.sudo().deferral_due_date = self._get_deferral_due(left)
        return True

    def _do_hand_in(self, provided, at=None):
        """Take in materials that were promised for later; the clock is not touched.

        :param dict provided: as of :meth:`_do_supplement`
        :raise ValidationError: a material was not promised, or comes after its day
        """
        self._open()
        self._check_own_materials(provided)
        outstanding = self._get_outstanding()
        day = local_date(at or fields.Datetime.now())
        for place, material in enumerate(provided):
            self._check_handed_in(place, material.sudo(), day)
        given = self._get_supplementable().filtered(lambda m: m.with_env(self.env) in provided)
        left = (outstanding - given).mapped("promised_date")
        self._transition(
            "hand_in",
            at=at,
            values={"deferral_due_date": self._get_deferral_due(left)},
            event={
                "opinion": "\n".join(f"{m.code} {m.name}" for m in given),
                "data": {"materials": given.mapped("code")},
            },
        )
        for material, vals in provided.items():
            material.sudo().write(vals)
        return True

    def _check_handed_in(self, place, material, day):
        if material not in self._get_supplementable():
            raise ValidationError(
                self.env._(
                    "materials[%(place)s].code: %(code)s was not promised for later.",
                    place=place,
                    code=material.code,
                )
            )
        if material.status != "deferred":
            return
        last = self._get_deferral_due([material.promised_date])
        if self.state not in BEFORE_ACCEPTANCE and day > last:
            raise ValidationError(
                self.env._(
                    "materials[%(place)s]: %(code)s was promised by %(last)s; the application"
                    " counts as withdrawn.",
                    place=place,
                    code=material.code,
                    last=last,
                )
            )

    # === Acceptance === #

    def _do_accept(self, at=None):
        """Nothing is accepted on a promise that has been broken already."""
        day = local_date(at or fields.Datetime.now())
        if self.deferral_due_date and self.deferral_due_date < day:
            raise UserError(
                self.env._(
                    "%(document)s cannot be accepted: promised materials were due on %(day)s.",
                    document=self.display_name,
                    day=self._show_date(self.deferral_due_date),
                )
            )
        return super()._do_accept(at=at)

    def _prepare_transition_vals(self, row, moment, **details):
        """A case that ends without a grant waits for nothing."""
        vals = super()._prepare_transition_vals(row, moment, **details)
        if row.target in WITHOUT_GRANT and self.deferral_due_date:
            vals["deferral_due_date"] = False
        return vals

    # === Broken promises === #

    @api.model
    def _cron_end_deferrals(self):
        """End the cases whose promised materials did not come: one case, one commit."""
        domain = fields.Domain("state", "in", OPEN_STATES) & fields.Domain(
            "deferral_due_date", "<", self._get_today()
        )
        due = self.search(domain, limit=500)
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(due))
        for application in due:
            application = application.try_lock_for_update().filtered_domain(domain)
            try:
                application._do_end_deferral()
            except UserError:
                self.env.cr.rollback()
                _logger.exception("%s: the broken promise could not be acted on", application)
            if not crons._commit_progress(1):
                break

    def _do_end_deferral(self):
        """What follows when the day of a promised material has passed without it."""
        for application in self:
            if application.state in BEFORE_ACCEPTANCE:
                application._do_lapse_deferral()
            else:
                application._do_deem_withdrawn()

    def _do_lapse_deferral(self):
        """Nothing has been accepted on the promise: the materials are missing again."""
        self._open()
        outstanding = self._get_outstanding()
        self._transition(
            "lapse_deferral",
            values={"deferral_due_date": False},
            event={"data": {m.code: m.promised_date.isoformat() for m in outstanding}},
        )
        outstanding.write({"status": "missing", "promised_date": False})
        return True

    def _do_deem_withdrawn(self):
        """The case was accepted on a promise that was not kept: it counts as withdrawn."""
        self._open()
        today = self._get_today()
        writing = self._in_writing()
        broken = self._get_outstanding().filtered(
            lambda m: self._get_deferral_due([m.promised_date]) < today
        )
        reason = writing.env._(
            "Promised in writing and not handed in: %s. The application counts as withdrawn.",
            "、".join(f"{m.name}（{m.promised_date}）" for m in broken),
        )
        self._transition(
            "deem_withdrawn",
            values={"reason": reason, "step_id": False, "handler_id": False},
            event={
                "opinion": reason,
                "data": {m.code: m.promised_date.isoformat() for m in broken},
            },
        )
        self.env["shenpi.credit"]._record_breach(self, "broken_promise", reason)
        return True

    # === Reminders === #

    def _remind_of_promises(self, rung):
        """Tell the applicant, by the templates, what he promised and by when.

        :param rung: the rung of the ladder that fires; each reminds once of a day
        :return: the messages
        """
        self.ensure_one()
        writing = self._in_writing()
        day = writing._show_date(self.deferral_due_date)
        names = "、".join(
            f"{m.name}（{writing._show_date(m.promised_date)}）" for m in self._get_outstanding()
        )
        return self.env["shenpi.message"]._notify(
            self,
            "shenpi.deferral.due",
            occasion=f"{rung.id}/{self.deferral_due_date}",
            values={self.id: {"reason": names, "due": day}},
        )

    # === Screens === #

    def _describe_work_received(self):
        if self._get_missing() or not self.deferral_due_date:
            return super()._describe_work_received()
        return self.env._(
            "Everything is there but what may follow until %s: accept.",
            self._show_date(self.deferral_due_date),
        )

    def _describe_work_step(self):
        note = super()._describe_work_step()
        if not note or not self.deferral_due_date:
            return note
        return self.env._(
            "%(note)s Materials are to follow by %(day)s; the grant waits for them.",
            note=note,
            day=self._show_date(self.deferral_due_date),
        )

    # === API === #

    def _take_special_paths(self, values, at=None):
        """What a payload of ``api_submit`` asks for beyond the plain path; nothing in most.

        :param dict values: the payload as read
        """
        if values.get("deferred"):
            self._do_defer(self._read_promises(values["deferred"]), at=at)

    def _read_promises(self, entries):
        by_code = {m.code: m for m in self.material_ids}
        promises = []
        for place, entry in enumerate(entries):
            if entry["code"] not in by_code:
                raise ValidationError(
                    self.env._(
                        "deferred[%(place)s].code: %(code)s is not on the material list.",
                        place=place,
                        code=entry["code"],
                    )
                )
            day = self._api_read_date(entry["promised"], f"deferred[{place}].promised")
            promises.append((by_code[entry["code"]], day))
        return promises

    def _get_status(self):
        status = super()._get_status()
        promised = self.material_ids.filtered("promised_date")
        if promised:
            status["deferred"] = [material._get_promise_dict() for material in promised]
        return status
