from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.localtime import local_date
from .shenpi_application_deferral import BEFORE_ACCEPTANCE

GRANTS = ("grant", "grant_at_once")


class ShenpiApplication(models.Model):
    """Commitment 告知承诺: told the conditions, the applicant states in writing that he meets them,
    and the case is decided on the spot; whether it is true is verified afterwards.

    It is the applicant's free choice, and he may take it back before the decision: then the case
    goes the plain way. Materials that the item spares him for it need not be handed in. What was
    granted on a commitment found false is revoked, with the licence.
    """

    _inherit = "shenpi.application"

    commitment = fields.Boolean(
        string="By written commitment",
        prefetch="flow",
        help="The applicant chose to state in writing that he meets the conditions.",
    )
    allow_commitment = fields.Boolean(related="item_id.allow_commitment")
    commitment_content = fields.Text(related="item_id.commitment_content")
    commitment_ids = fields.One2many(
        "shenpi.commitment", "application_id", string="Verifications", readonly=True
    )
    revoked_at = fields.Datetime(string="Revoked on", readonly=True, copy=False)

    # === Guards === #

    def _guard_commitment(self):
        item = self.sudo().item_id
        if not item.allow_commitment:
            raise UserError(self.env._("commitment: this item does not offer it."))
        excluded = item._get_excluded_areas(item)
        if excluded:
            raise UserError(
                self.env._(
                    "commitment: not allowed for the subject area “%s”.",
                    "、".join(excluded.mapped("name")),
                )
            )
        if self.commitment:
            raise UserError(self.env._("commitment: the applicant has made it already."))
        return self.env.user

    def _guard_taken_back(self):
        if not self.commitment:
            raise UserError(self.env._("commitment: the applicant has made none."))
        spared = self._get_spared()
        if spared and self.state not in BEFORE_ACCEPTANCE:
            raise UserError(
                self.env._(
                    "commitment: to take it back now, the materials it spared are to be handed in"
                    " first: %s.",
                    "、".join(spared.mapped("name")),
                )
            )
        return self.env.user

    def _guard_revocation(self):
        if self.sudo().outcome != "grant" or self.revoked_at:
            raise UserError(self.env._("There is no grant in force that could be revoked."))
        if self.filed_by_id == self.env.user:
            raise AccessError(self.env._("Nobody decides an application he has taken in himself."))
        return self.env.user

    # === The commitment === #

    def _get_spared(self):
        """What the commitment for the whole case spares."""
        return self.sudo().material_ids.filtered(
            lambda m: m.spared_way == "commitment" and not m.stated_at
        )

    @api.onchange("commitment", "item_id")
    def _onchange_commitment(self):
        """Show at once what the commitment spares."""
        if not self.allow_commitment:
            self.commitment = False
        for material in self.material_ids:
            if material.item_material_id.spared_by != "commitment":
                continue
            if self.commitment and material.status == "missing":
                material.update({"status": "spared", "spared_way": "commitment"})
            elif not self.commitment and material.status == "spared" and not material.stated_at:
                material.update({"status": "missing", "spared_way": False})

    def _do_receive(self, at=None):
        """The commitment of a draft is made with its filing."""
        self._open()
        chosen = self.commitment
        if chosen:
            self._get_spared().write({"status": "missing"})
            self.sudo().commitment = False
        super()._do_receive(at=at)
        if chosen and self.state == "received":
            self._do_commit(at=at)
        return True

    def _do_commit(self, at=None):
        """Note the applicant's commitment; a complete application is granted on the spot.

        :raise UserError: the item does not offer it, or the applicant's credit bars it
        """
        self._open()
        self._check_state(self._transitions["commit"])
        self._guard_commitment()
        self._check_credit("commitment")
        item = self.sudo().item_id
        spared = self.sudo().material_ids.filtered(
            lambda m: m.status == "missing" and m.item_material_id.spared_by == "commitment"
        )
        self._transition(
            "commit",
            at=at,
            values={"commitment": True},
            event={
                "opinion": item.commitment_content,
                "legal_basis": item.legal_basis,
                "data": {"spared": spared.mapped("code")},
            },
        )
        spared.write({"status": "spared", "spared_way": "commitment"})
        self._grant_committed(at=at)
        return True

    def _do_take_back_commitment(self, at=None):
        """The applicant takes his commitment back before the decision: what it spared him is
        missing again, and the case goes the plain way."""
        self._open()
        spared = self._get_spared()
        self._transition("take_back_commitment", at=at, values={"commitment": False})
        spared.write({"status": "missing"})
        return True

    # === Decision on the spot === #

    def _grant_committed(self, at=None):
        """Grant a received application that is complete on the applicant's commitment.

        :return: whether it was granted
        """
        if not self._can_grant_committed():
            return False
        writing = self._in_writing().env
        self._do_grant_on_the_spot(
            writing._("Granted on the written commitment of the applicant."),
            {"commitment": True},
            at=at,
        )
        return True

    def _can_grant_committed(self):
        return bool(
            self.commitment
            and self.state == "received"
            and not self._get_missing()
            and not self._get_grant_blockers()
            and not self._is_checked_first()
        )

    def _is_checked_first(self):
        """Whether the applicant's credit calls for a full check before the licence: the commitment
        still spares him materials, but the case goes through its chain."""
        limit = self.sudo().company_id.shenpi_commitment_checked_from
        number = self.sudo().applicant_id_number_raw
        grade = limit and self.env["shenpi.credit"]._get_grades({number}).get(number)
        return bool(grade and grade >= limit)

    def _do_accept(self, at=None):
        """A complete application with a commitment is not only accepted but granted."""
        self._open()
        self._check_state(self._transitions["accept"])
        return self._grant_committed(at=at) or super()._do_accept(at=at)

    def _do_supplement(self, provided, at=None):
        self._open()
        if self.state != "correcting" and self._get_spared():
            self._do_hand_in(provided, at=at)
        else:
            super()._do_supplement(provided, at=at)
        if self.commitment:
            self._grant_committed(at=at)
        return True

    def _get_supplementable(self):
        return super()._get_supplementable() | self._get_spared()

    def _after_transitions(self, events):
        """What was granted on a commitment is to be verified."""
        result = super()._after_transitions(events)
        for application, event in zip(self, events, strict=True):
            if event.action in GRANTS and application._is_to_be_verified():
                application._begin_verification(event)
        return result

    def _is_to_be_verified(self):
        return self.commitment or super()._is_to_be_verified()

    def _begin_verification(self, event):
        commitments = self.env["shenpi.commitment"].with_user(SUPERUSER_ID)
        item = self.sudo().item_id
        day = local_date(event.happened_at)
        exempt = item.verification_method == "exempt" or not item.verification_method
        calendar = self.env["shenpi.workday"]._get_calendar()
        verify_by = False if exempt else calendar.add(day, item.verification_days)
        commitments._begin(
            "exempt" if exempt else "begin_verification",
            {
                "application_id": self.id,
                "company_id": self.sudo().company_id.id,
                "department_id": self.sudo().department_id.id,
                "method": item.verification_method or "exempt",
                "verify_by": verify_by,
                "due_date": verify_by,
            },
            # As of the decision, also when that is entered afterwards.
            at=event.happened_at if event.happened_at < event.recorded_at else None,
        )

    # === Revocation === #

    def _do_revoke(self, ground, reason, at=None):
        """Revoke a grant, and the licence with it (行政许可法 art. 69).

        :param str ground: a value of ``shenpi.licence.revocation_ground``
        :param str reason: the facts, as the decision prints them
        """
        self._open()
        if not (reason or "").strip():
            raise ValidationError(self.env._("reason: a revocation must give its reasons."))
        moment = at or fields.Datetime.now()
        self._transition(
            "revoke",
            at=at,
            values={"revoked_at": moment, "reason": reason},
            event={
                "opinion": reason,
                "legal_basis": self._get_revocation_basis(),
                "data": {"ground": ground},
            },
        )
        self.sudo().licence_id._revoke(ground, reason, at)
        if ground == "false_commitment":
            self.env["shenpi.credit"]._record_breach(self, ground, reason)
        return True

    def _get_revocation_basis(self):
        if self.sudo().item_id.item_type != "01":
            return False
        return self._in_writing().env._("Administrative Licensing Law, art. 69")

    def _prepare_transition_vals(self, row, moment, **details):
        """What is revoked before it was delivered is not delivered any more."""
        vals = super()._prepare_transition_vals(row, moment, **details)
        if row.action == "revoke" and self.state == "granted":
            entries = self.env["shenpi.application.clock"].sudo()
            entries._append(self, "ended", happened_at=moment)
            state = self._evaluate_entries(entries._get_entries(self), self.sudo().item_id)
            vals.update(self._prepare_clock_vals(state))
        return vals

    # === Screens === #

    def action_commit(self):
        """Note the applicant's written commitment; print what follows from it."""
        self.ensure_one()
        self._do_commit()
        return self._print_after_commitment()

    def action_take_back_commitment(self):
        """The applicant takes his commitment back."""
        self.ensure_one()
        return self._do_take_back_commitment()

    def action_receive(self):
        action = super().action_receive()
        return self.action_print_decision() if self.state == "granted" else action

    def action_accept(self):
        action = super().action_accept()
        return self.action_print_decision() if self.state == "granted" else action

    def _print_after_commitment(self):
        if self.state == "granted":
            return self.action_print_decision()
        return self.action_print_commitment_letter()

    def action_open_commitment(self):
        """The verification of what the applicant committed himself to."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "shenpi.commitment",
            "res_id": self.commitment_ids.id,
            "views": [(False, "form")],
        }

    def action_print_commitment_letter(self):
        """Letter of commitment 告知承诺书."""
        return self._print("shenpi_base.action_report_commitment_letter")

    def action_print_rectification(self):
        """Order to rectify 责令限期整改通知书."""
        return self._print("shenpi_base.action_report_rectification")

    def action_print_revocation(self):
        """Decision to revoke 撤销行政许可决定书."""
        return self._print("shenpi_base.action_report_revocation")

    # === API === #

    def _take_special_paths(self, values, at=None):
        result = super()._take_special_paths(values, at=at)
        if values.get("commitment"):
            self._do_commit(at=at)
        return result

    def _get_status(self):
        status = super()._get_status()
        if self.commitment_ids:
            status["commitment"] = self.commitment_ids._get_api_dict()
        elif self.commitment:
            status["commitment"] = {"state": "promised"}
        return status
