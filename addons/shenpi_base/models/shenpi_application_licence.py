from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.identifiers import normalise
from ..tools.localtime import local_date
from .shenpi_application import OPEN_STATES
from .shenpi_licence_status import RENEWABLE_STATUSES

# Ends of a case that leave the licence it is about as it was.
UNGRANTED = ("denied", "not_accepted", "withdrawn", "terminated")


class ShenpiApplication(models.Model):
    """Applications about a licence that its holder has: to renew, to change or to cancel it.

    What is asked is part of what was filed. A renewal received puts the licence into renewal; its
    end without a grant takes it back; the grant of a renewal or change makes the next version, the
    grant of a cancellation cancels it and makes none.
    """

    _inherit = "shenpi.application"

    purpose = fields.Selection(
        [
            ("new", "First application"),
            ("change", "Change of the licence"),
            ("renew", "Renewal"),
            ("cancel", "Cancellation"),
        ],
        string="Kind of application",
        required=True,
        default="new",
        prefetch="flow",
    )
    licence_base_id = fields.Many2one(
        "shenpi.licence",
        string="Licence it is about",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        prefetch="flow",
    )
    licence_base_number = fields.Char(
        string="Number of the licence",
        copy=False,
        help="Of the licence that is to be renewed, changed or cancelled; the applicant holds it.",
    )
    licence_scope = fields.Text(string="Scope asked for")
    licence_conditions = fields.Text(
        string="Conditions of the licence",
        readonly=True,
        copy=False,
        help="What the decision binds the licence to; empty: what its type says.",
    )
    licence_place = fields.Char(string="Place asked for")
    renewal_late = fields.Boolean(
        string="Renewal asked late",
        readonly=True,
        copy=False,
        help="Received after the day by which renewal is to be asked for: the licence ends with its"
        " last day unless it is decided before.",
    )

    _one_open_renewal = models.UniqueIndex(
        "(licence_base_id) WHERE purpose = 'renew' AND state IN"
        " ('received', 'correcting', 'accepted', 'reviewing', 'deciding')",
        "The renewal of this licence is under way already.",
    )
    _base_matches_purpose = models.Constraint(
        "CHECK (purpose <> 'new' OR licence_base_id IS NULL)",
        "A new application is about no licence.",
    )

    # === Onchange === #

    @api.onchange("purpose")
    def _onchange_purpose(self):
        if self.purpose == "new":
            self.licence_base_number = False

    # === Which licence === #

    @api.model
    def _find_base_licence(self, number, holder_number):
        """The licence with this number as sudo, for its holder only: to others it does not exist.

        :raise ValidationError: naming the field
        """
        number = (number or "").strip()
        if not number:
            return self.env["shenpi.licence"]
        licence = self.env["shenpi.licence"]._find_by_number_alone(number)
        holder = normalise(holder_number or "")
        if not licence or not holder or licence.holder_id_number_raw != holder:
            raise ValidationError(
                self.env._("licence: the applicant holds no licence with the number %s.", number)
            )
        return licence

    def _get_base_licence(self):
        """The version now in hand of the licence that the application is about, as sudo."""
        self.ensure_one()
        base = self.sudo().licence_base_id
        return base._get_living()[:1] or base

    def _get_usual_terms(self):
        """Scope and conditions of the licence unless the decision says otherwise: what was asked
        for, what the version before says, what the type binds it to."""
        self.ensure_one()
        base = self._get_base_licence() if self.purpose != "new" else self.env["shenpi.licence"]
        kind = self.sudo().item_id.licence_type_id
        return {
            "licence_scope": self.licence_scope or base.scope,
            "licence_conditions": base.conditions if base else kind.conditions,
        }

    @api.model
    def _check_purpose(self, purpose, licence, item, day):
        """Whether this may be asked about the applicant's licence on a legal date.

        :param licence: the licence, as sudo; empty for a new one
        :raise ValidationError: naming the field
        """
        if purpose == "new":
            if licence:
                raise ValidationError(self.env._("licence: a new application is about none."))
            return
        if not licence:
            raise ValidationError(self.env._("licence: name the licence that it is about."))
        if not self._is_item_of(licence, item):
            raise ValidationError(
                self.env._(
                    "item_code: %(item)s does not handle the licence %(licence)s.",
                    item=item.name,
                    licence=licence.number,
                )
            )
        self._check_licence_status(purpose, licence, day)

    @api.model
    def _is_item_of(self, licence, item):
        kind = licence.type_id
        return bool(
            item.company_id == licence.company_id
            and (
                item.code in (licence.item_id.code, kind.renewal_item_id.code)
                or (kind and item.sudo().licence_type_id == kind)
            )
        )

    @api.model
    def _check_licence_status(self, purpose, licence, day):
        # Of two who ask at once the second one waits here and is told what the first one did.
        licence._lock_document()
        status = licence._get_status_on(day)
        labels = dict(licence._fields["status"]._description_selection(self.env))
        if purpose == "renew" and licence.state == "renewing":
            raise ValidationError(
                self.env._("licence: the renewal of %s is under way already.", licence.number)
            )
        if purpose == "renew" and not licence.valid_to:
            raise ValidationError(self.env._("licence: %s is valid without limit.", licence.number))
        allowed = {
            "renew": RENEWABLE_STATUSES,
            "change": ("valid", "expiring", "renewing"),
            "cancel": ("future", "valid", "expiring", "renewing", "suspended", "expired"),
        }
        if status not in allowed[purpose]:
            raise ValidationError(
                self.env._(
                    "licence: %(licence)s cannot be handled like that, it is: %(status)s.",
                    licence=licence.number,
                    status=labels[status],
                )
            )

    # === Intake === #

    def _do_receive(self, at=None):
        self._open()
        case = self.sudo()
        day = local_date(at or fields.Datetime.now())
        licence = self._find_base_licence(self.licence_base_number, case.applicant_id_number_raw)
        self._check_purpose(self.purpose, licence, case.item_id, day)
        if case.licence_base_id != licence:
            case.licence_base_id = licence
        return super()._do_receive(at=at)

    @api.model
    def _prepare_filing(self, values, items, dates):
        filing = super()._prepare_filing(values, items, dates)
        purpose = values.get("purpose", "new")
        if purpose != "new" or values.get("licence"):
            holder = filing.vals["applicant_id_number_raw"]
            licence = self._find_base_licence(values.get("licence"), holder)
            self._check_purpose(purpose, licence, filing.item, local_date(filing.moment))
            filing.vals |= {
                "purpose": purpose,
                "licence_base_id": licence.id,
                "licence_base_number": licence.number,
                "licence_scope": licence.scope,
                "licence_place": licence.place,
            }
        return filing

    def _get_submit_answers(self, filings):
        answers = super()._get_submit_answers(filings)
        for application, answer in zip(self, answers, strict=True):
            if application.renewal_late:
                answer["late"] = True
        return answers

    def _get_status(self):
        status = super()._get_status()
        if self.purpose != "new":
            status["about"] = {
                "purpose": self.purpose,
                "licence": self.licence_base_number,
                "late": self.renewal_late,
            }
        return status

    # === What follows === #

    def _get_grant_blockers(self):
        """What is about a licence is granted while that is there to be renewed or changed."""
        blockers = super()._get_grant_blockers()
        if self.purpose == "new":
            return blockers
        base = self._get_base_licence()
        labels = base._get_state_labels()
        allowed = ("valid", "renewing")
        if self.purpose == "cancel":
            allowed = ("valid", "renewing", "suspended")
        over = base.valid_to and base.valid_to < self._get_today()
        if base.state not in allowed or (self.purpose == "change" and over):
            status = labels[base.state] if base.state not in allowed else self.env._("Expired")
            blockers.append(
                self.env._(
                    "The licence %(licence)s that it is about is not in force: %(status)s.",
                    licence=base.number,
                    status=status,
                )
            )
        return blockers

    def _make_licences(self, moments):
        """What grants make of licences, each at its own moment: new ones, next versions, or none
        where one is cancelled.

        :return: {application: licence}, empty for one that is cancelled
        """
        licences = self.env["shenpi.licence"].sudo()
        made = dict.fromkeys(self, licences)
        making = [pair for pair in zip(self, moments, strict=True) if pair[0].purpose != "cancel"]
        if making:
            applications = self.browse([application.id for application, _moment in making])
            issued = licences._issue_all(applications, [moment for _a, moment in making])
            made |= zip(applications, issued, strict=True)
        return made

    def _after_transitions(self, events):
        result = super()._after_transitions(events)
        for application, event in zip(self, events, strict=True):
            if application.purpose != "new":
                application._move_base_licence(event)
        return result

    def _move_base_licence(self, event):
        """What happened to the application happens to the licence that it is about."""
        base = self._get_base_licence()
        at = event.happened_at if event.happened_at < event.recorded_at else None
        data = {"application": self.number}
        if event.action == "receive" and self.purpose == "renew":
            day = local_date(event.happened_at)
            in_time = bool(base.renewal_due_date and day <= base.renewal_due_date)
            self.sudo().renewal_late = not in_time
            base._begin_renewal(day, in_time, data, at)
        elif event.state_to in UNGRANTED and event.state_from in OPEN_STATES:
            if self.purpose == "renew":
                base._end_renewal(data, at)
                # The index of open renewals is to know it before the next one is written.
                self.flush_recordset(["state"])
        elif event.state_to == "granted" and self.purpose == "cancel":
            reason = self._in_writing().env._("At the request of the holder, %s.", self.number)
            base._cancel("other", reason, at)

    # === Screens === #

    def action_open_base_licence(self):
        """The licence that the application is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "shenpi.licence",
            "res_id": self.licence_base_id.id,
            "views": [(False, "form")],
        }
