from odoo import fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools import flow
from ..tools.localtime import local_date
from .shenpi_application_flow import DECIDE, DESK, INTAKE, MANAGER

LIVE = "valid renewing suspended"

TRANSITIONS = flow.table(
    flow.Transition(action, frozenset(sources.split()), target, frozenset(groups), guard)
    for action, sources, target, groups, guard in (
        ("issue", "new", "valid", DECIDE, None),
        ("import_licence", "new", "valid", (MANAGER,), None),
        ("prepare_renewal", "valid", None, INTAKE, "_guard_renewable"),
        ("ask_renewal", "valid", "renewing", DESK, None),
        ("end_renewal", "renewing suspended", None, DESK, None),
        ("deem_renewed", "renewing", None, (MANAGER,), "_guard_deemed"),
        ("supersede", LIVE, "changed", DECIDE, None),
        ("suspend", "valid renewing", "suspended", DECIDE, "_guard_in_force"),
        ("restore", "suspended", None, DECIDE, None),
        ("revoke", LIVE, "revoked", DECIDE, "_guard_revocation"),
        ("cancel_licence", f"{LIVE} revoked", "cancelled", DECIDE, None),
        ("correct_dates", LIVE, None, DECIDE, None),
    )
)


class ShenpiLicence(models.Model):
    """The life of a licence: the transition table above and the workers that apply it.

    ``at`` is a naive UTC moment for facts entered afterwards.
    """

    _inherit = "shenpi.licence"

    _transitions = TRANSITIONS

    def _get_state_labels(self):
        return {"new": self.env._("New"), **super()._get_state_labels()}

    # === Guards: raise, or answer the person on whose behalf the user acts === #

    def _guard_in_force(self):
        if not self._is_valid(self._get_today()):
            labels = dict(self._fields["status"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(licence)s is not in force today: %(status)s.",
                    licence=self.display_name,
                    status=labels[self._get_status_on(self._get_today())],
                )
            )
        return self.env.user

    def _guard_renewable(self):
        if not self.valid_to:
            raise UserError(
                self.env._("%s is valid without limit: there is nothing to renew.", self.number)
            )
        return self._guard_in_force()

    def _guard_deemed(self):
        over = self.valid_to and self.valid_to < self._get_today()
        if self.deemed_renewed or not over or not self.renewal_in_time:
            raise UserError(
                self.env._("%s: nothing here counts as renewed by law.", self.display_name)
            )
        return self.env.user

    def _guard_revocation(self):
        if self.sudo().application_id.filed_by_id == self.env.user:
            raise AccessError(self.env._("Nobody decides an application he has taken in himself."))
        return self.env.user

    # === Decisions about a licence === #

    def _do_suspend(self, reason, at=None):
        """Suspend it: it is not in force until it is restored."""
        self._open()
        self._require_reason(reason)
        values = {
            "suspended_on": local_date(at or fields.Datetime.now()),
            "suspension_reason": reason,
        }
        self._transition("suspend", at=at, values=values, event={"opinion": reason})
        return True

    def _do_restore(self, reason, at=None):
        """Lift the suspension: it is what it was before, a renewal under way goes on."""
        self._open()
        self._require_reason(reason)
        self._transition(
            "restore",
            at=at,
            values={"suspended_on": False, "suspension_reason": False},
            event={
                "opinion": reason,
                "state_to": "renewing" if self._get_open_renewal() else "valid",
            },
        )
        return True

    def _do_revoke(self, ground, reason, at=None):
        """Revoke the licence (行政许可法 §69), and the grant that it rests on.

        :param str ground: a value of ``revocation_ground``
        :param str reason: the facts, as the decision prints them
        """
        self._open()
        self._require_reason(reason)
        self._check_ground("revocation_ground", ground)
        self._check_state(self._transitions["revoke"])
        application = self.sudo().application_id
        verification = application.commitment_ids.filtered("due_date")
        if ground == "false_commitment" and verification:
            verification.with_env(self.env)._do_revoke(reason, at=at)
        elif application.outcome == "grant" and not application.revoked_at:
            application.with_env(self.env)._do_revoke(ground, reason, at=at)
        else:
            self._revoke(ground, reason, at)
        return True

    def _revoke(self, ground, reason, at=None):
        """Revoke what is left in force of the licences that an application made; its flow has
        checked who does it and why."""
        for licence in self._get_living():
            licence._transition_all(
                "revoke",
                [licence._prepare_revocation(ground, reason, at)],
            )

    def _do_cancel(self, ground, reason, at=None):
        """Cancel the licence (注销, 行政许可法 §70).

        :param str ground: a value of ``cancellation_ground``
        """
        self._open()
        self._require_reason(reason)
        self._check_ground("cancellation_ground", ground)
        day = local_date(at or fields.Datetime.now())
        self._check_cancellation(ground, day)
        self._cancel(ground, reason, at)
        return True

    def _cancel(self, ground, reason, at=None):
        """Cancel a licence; the caller has checked who does it and why."""
        self._transition_all("cancel_licence", [self._prepare_cancellation(ground, reason, at)])

    def _check_cancellation(self, ground, day):
        """The ground must be what the record says: see :meth:`_do_cancel`."""
        over = self.valid_to and self.valid_to < day
        held = self.state == "renewing" and self.renewal_in_time
        if ground == "expired" and (not over or held):
            raise UserError(
                self.env._("ground: %s has not expired without renewal.", self.display_name)
            )
        if self.state == "revoked" and ground != "revoked":
            raise UserError(
                self.env._("ground: what has been revoked is cancelled on that ground.")
            )

    def _do_correct_dates(self, valid_to, reason, at=None):
        """Correct the last day of the validity; the old and the new one stay on record.

        :param date valid_to: empty for a licence without limit
        """
        self._open()
        self._require_reason(reason)
        if valid_to and valid_to < self.valid_from:
            raise ValidationError(
                self.env._("valid_to: lies before the licence begins on %s.", self.valid_from)
            )
        if (valid_to or False) == self.valid_to:
            raise ValidationError(self.env._("valid_to: is the same as before."))
        dates = {
            "from": self.valid_to and self.valid_to.isoformat(),
            "to": valid_to and valid_to.isoformat(),
        }
        self._transition(
            "correct_dates",
            at=at,
            values={
                "valid_to": valid_to,
                **self._prepare_renewal_dates(self.sudo().type_id, valid_to),
            },
            event={"opinion": reason, "data": {k: day for k, day in dates.items() if day}},
        )
        return True

    def _do_supersede(self, moment):
        """The next version is issued: this one is replaced. Written before that one is, since of a
        number one version is in force."""
        self._transition("supersede", at=self._get_past(moment))
        self.flush_recordset()

    def _get_past(self, moment):
        """The moment of a fact entered afterwards, or None where it happens now."""
        return moment if moment < fields.Datetime.now() else None

    # === Checks === #

    def _require_reason(self, reason):
        if not (reason or "").strip():
            raise ValidationError(self.env._("reason: give the reasons in writing."))

    def _check_ground(self, name, ground):
        grounds = dict(self._fields[name].selection)
        if ground not in grounds:
            raise ValidationError(
                self.env._("ground: must be one of %s.", ", ".join(sorted(grounds)))
            )

    # === Which of its versions === #

    def _get_living(self):
        """Of the numbers of these licences, the versions that are in force or suspended."""
        ended = self.sudo().filtered(lambda licence: licence.state == "changed")
        living = self.filtered(lambda licence: licence.state in LIVE.split())
        if ended:
            domain = [("number", "in", ended.mapped("number")), ("state", "in", LIVE.split())]
            living |= self.sudo().search(domain).with_env(self.env)
        return living
