from odoo import fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools import clock_order
from ..tools.clock_entries import Entry, in_force, in_order
from ..tools.localtime import format_moment, local_date, to_local, to_utc
from .shenpi_event import BEGINNING

# Entries that may come on record after facts of another kind: they move the limit, not the case.
LATE_ACTIONS = ("pause", "resume", "extend")
# What is written about the record itself, not about the case.
BOOKKEEPING = ("recompute", "correct_clock")
# Entries after which the days for asking or accepting run.
BEFORE_ACCEPTANCE = ("received", "correction_sent", "supplement_received")
# Entries that may turn out not to have been; the others are steps of the flow itself.
STRIKABLE = ("pause", "resume", "extend")


class ShenpiApplication(models.Model):
    """Clock entries that come late, and those that were wrong.

    A special procedure or an extension may be entered after a review that followed it, as long as
    the entries of the clock can have happened in their order (``tools.clock_order``). An entry that
    was wrong is corrected by another version of it, or struck out; both stay on record, and every
    date, the days used and the lights follow from what is in force.
    """

    _inherit = "shenpi.application"

    # === Order === #

    def _check_moment(self, at, last, row):
        """What moves only the limit is asked for its place among the clock entries, everything else
        for its place among all facts; notes about the record itself do not count."""
        if row.action in LATE_ACTIONS:
            last = BEGINNING
        elif self:
            last = last._replace(happened_at=self._get_last_moment())
        return super()._check_moment(at, last, row)

    def _get_last_moment(self):
        ((moment,),) = self.env.execute_query(
            SQL(
                "SELECT max(happened_at) FROM shenpi_event"
                " WHERE application_id = %s AND action NOT IN %s",
                self.id,
                BOOKKEEPING,
            )
        )
        return moment

    def _check_clock_order(self, entries):
        """Refuse ``clock.Entry`` that cannot have happened in their order, naming the first."""
        problem = clock_order.first_impossible(entries, to_local(fields.Datetime.now()))
        if not problem:
            return
        entry = self._describe_entry(problem.entry)
        if problem.reason == "future":
            raise ValidationError(self.env._("at: %(entry)s lies in the future.", entry=entry))
        if not problem.previous:
            raise ValidationError(
                self.env._("at: %(entry)s cannot come before everything else.", entry=entry)
            )
        raise ValidationError(
            self.env._(
                "at: %(entry)s cannot come after %(previous)s.",
                entry=entry,
                previous=self._describe_entry(problem.previous),
            )
        )

    def _describe_entry(self, entry):
        kinds = self.env["shenpi.application.clock"]._fields["kind"]
        labels = dict(kinds._description_selection(self.env))
        return self.env._(
            "“%(kind)s” of %(moment)s",
            kind=labels[entry.kind],
            moment=format_moment(to_utc(entry.at)),
        )

    # === Correction === #

    def _do_correct_clock(self, entry, reason, *, struck=False, **values):
        """Put an entry of the clock right; everything after it is counted again.

        :param entry: the ``shenpi.application.clock`` that was wrong
        :param str reason: why; kept with the correction
        :param bool struck: it should not have been there at all; with a pause its resume goes too
        :param values: what it should say: happened_at (naive UTC), planned_days (of a pause), days
            (of an extension)
        :raise ValidationError: naming what cannot be
        """
        self._open()
        self._check_state(self._transitions["correct_clock"])
        self._check_actor(self._transitions["correct_clock"])
        self._check_correctable(entry, reason, struck)
        changes = {name: value for name, value in values.items() if value != entry[name]}
        if not struck:
            self._check_correction(entry, changes)
        corrections = self._prepare_corrections(entry, reason, struck, changes)
        self._check_corrected_order(corrections)
        self._transition(
            "correct_clock",
            event={
                "opinion": reason,
                "data": {
                    "kind": entry.kind,
                    "struck": struck,
                    "old": {name: self._show_value(entry[name]) for name in changes},
                    "new": {name: self._show_value(value) for name, value in changes.items()},
                },
            },
            corrections=corrections,
        )
        entry.invalidate_recordset(["superseded_by_ids", "standing"], flush=False)
        self._align_notices()
        return True

    def _show_value(self, value):
        return value if isinstance(value, int) else format_moment(value)

    def _check_correctable(self, entry, reason, struck):
        if entry.sudo().application_id != self or entry.standing != "in_force":
            raise ValidationError(
                self.env._("entry: is not in force on this case; correct its last version.")
            )
        if not (reason or "").strip():
            raise ValidationError(self.env._("reason: say why the entry is corrected."))
        if struck and entry.kind not in STRIKABLE:
            raise ValidationError(
                self.env._(
                    "struck: only stops of the clock and extensions can be struck out; correct the"
                    " moment instead."
                )
            )

    def _check_correction(self, entry, changes):
        """What an entry of this kind may say."""
        if not changes:
            raise ValidationError(self.env._("at: nothing has been changed."))
        if "planned_days" in changes:
            if entry.kind != "pause":
                raise ValidationError(
                    self.env._("planned_days: only a stop of the clock is planned for some days.")
                )
            self._check_planned_days(changes["planned_days"])
        if "days" in changes:
            if entry.kind != "extend":
                raise ValidationError(self.env._("days: only an extension has days."))
            self._check_extension_days(changes["days"])
        moment = changes.get("happened_at")
        if moment and entry.kind == "extend":
            self._check_extendable(moment, entry)
        if moment and entry.kind == "received":
            self._check_item_in_force(local_date(moment))
        if moment and entry.kind == "accepted" and self.deemed:
            self._check_accepted_in_time(moment)

    def _check_accepted_in_time(self, moment):
        """What counts as accepted by law because nothing was said can only have been accepted
        within the days for saying it: nothing later takes that back."""
        entries = self.env["shenpi.application.clock"]._get_entries(self)
        before = [e for e in in_force(entries) if e.kind in BEFORE_ACCEPTANCE]
        last = self._evaluate_entries(before, self.sudo().item_id).correction_due
        if last and local_date(moment) > last:
            raise ValidationError(
                self.env._(
                    "at: nothing was said by %s, so it counts as accepted by law"
                    " (Administrative Licensing Law, art. 32).",
                    last,
                )
            )

    def _check_item_in_force(self, day):
        item = self.sudo().item_id
        if item.valid_from and day < item.valid_from:
            raise ValidationError(
                self.env._(
                    "at: %(day)s lies before %(item)s came into force on %(start)s.",
                    day=day,
                    item=item.display_name,
                    start=item.valid_from,
                )
            )

    def _prepare_corrections(self, entry, reason, struck, changes):
        """The versions that come on record: of the entry, and of what hangs on it."""
        versions = [self._prepare_version(entry, reason, struck, changes)]
        entries = self.sudo().clock_ids._in_force()
        if struck and entry.kind == "pause":
            later = entries.filtered(
                lambda e: e.kind == "resume" and e.happened_at >= entry.happened_at
            )
            versions += [self._prepare_version(e, reason, True, {}) for e in later[:1]]
        if self.deemed and entry.kind in ("received", "supplement_received"):
            # Accepted by law as of the moment that is corrected here.
            same = entries.filtered(
                lambda e: e.kind == "accepted" and e.happened_at == entry.happened_at
            )
            versions += [self._prepare_version(e, reason, False, changes) for e in same]
        return versions

    def _prepare_version(self, entry, reason, struck, changes):
        """The columns of a further version of an entry."""
        names = (
            "kind",
            "happened_at",
            "pause_kind",
            "planned_days",
            "days",
            "notice",
            "legal_basis",
            "approver",
            "approval_reference",
        )
        return {
            **{name: entry[name] for name in names},
            **changes,
            "supersedes_id": entry.id,
            "struck": struck,
            "correction_reason": reason,
        }

    def _check_corrected_order(self, corrections):
        """Refuse corrections after which the entries could not have happened in their order."""
        entries = self.env["shenpi.application.clock"]._get_entries(self)
        last = max(entry.seq for entry in entries)
        entries += [
            Entry(
                kind=version["kind"],
                at=to_local(version["happened_at"]),
                seq=seq,
                supersedes=version["supersedes_id"],
                struck=version["struck"],
            )
            for seq, version in enumerate(corrections, start=last + 1)
        ]
        self._check_clock_order(entries)

    def _prepare_transition_vals(self, row, moment, **details):
        if row.action != "correct_clock":
            return super()._prepare_transition_vals(row, moment, **details)
        entries = self.env["shenpi.application.clock"].sudo()
        corrections = details.get("corrections", ())
        for version in corrections:
            entries._append(self, **version)
        vals = self._prepare_entry_vals(entries._get_entries(self))
        if self.deemed and corrections and corrections[0]["kind"] == "accepted":
            # It was accepted in time after all.
            vals.update(deemed=False, accepted_at=corrections[0]["happened_at"])
        return vals

    def _prepare_entry_vals(self, entries):
        """Everything of the case that is read from its clock entries."""
        state = self._evaluate_entries(entries, self.sudo().item_id)
        moments = {e.kind: to_utc(e.at) for e in sorted(in_force(entries), key=in_order)}
        vals = {
            **self._prepare_clock_vals(state),
            "extended": "extend" in moments,
            "received_at": moments.get("received"),
            "accepted_date": state.start,
            "decided_at": moments.get("decided"),
            "delivered_at": moments.get("delivered"),
        }
        if not self.deemed:
            vals["accepted_at"] = moments.get("accepted")
        return vals

    def _align_notices(self):
        """The correction notices say when they were sent and answered, as the clock does."""
        entries = self.sudo().clock_ids._in_force()
        notices = self.sudo().correction_ids
        for name, kind in (
            ("sent_at", "correction_sent"),
            ("supplemented_at", "supplement_received"),
        ):
            moments = entries.filtered(lambda e, kind=kind: e.kind == kind).mapped("happened_at")
            for notice, moment in zip(notices, moments, strict=False):
                if notice[name] != moment:
                    notice[name] = moment

    # === Extension === #

    def _check_extendable(self, moment, entry=None):
        """An extension is given before the limit ends, or while the clock stands still.

        :param entry: the entry that is corrected, which is left out
        """
        entries = self.env["shenpi.application.clock"]._get_entries(self)
        if entry:
            entries.append(Entry("extend", to_local(moment), 0, supersedes=entry.id, struck=True))
        before = [e for e in in_force(entries) if e.at <= to_local(moment)]
        state = self._evaluate_entries(before, self.sudo().item_id)
        if state.statutory_due and local_date(moment) > state.statutory_due and not state.paused:
            raise UserError(self.env._("The statutory limit ended on %s.", state.statutory_due))
