from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..tools import messages, reminders
from .shenpi_licence_contact import TASKS

EVENT_KEY = "shenpi.licence.contact.remind"


class Due(NamedTuple):
    """A ledger line that asks for a contact, with what is known of the holder."""

    line_id: int
    channel: str
    epoch: object
    specialist_id: int | None
    company_id: int
    holder_key: str
    holder_name: str
    phone: str | None
    email: str | None
    licence: str
    refused: bool


class ShenpiLicenceContact(models.Model):
    """How lines of the ledger become tasks and messages: merged by bureau, holder and channel."""

    _inherit = "shenpi.licence.contact"

    @api.model
    def _raise(self, lines, today, words=None):
        """Make the tasks and messages that ledger lines ask for, and link the lines to them.

        Lines of a holder with an open task of that kind join it. What cannot be sent (no address,
        the bureau does not send over this channel, no template) becomes a call, unless the holder
        has said that he does not renew.

        :param lines: ``shenpi.licence.reminder``, open
        :param date today: the legal date
        :param words: text to be sent instead of the template's
        :return: the new contacts
        """
        if not lines:
            return self.browse()
        groups, needless = self._group(self._read_lines(lines))
        lines.browse(needless).sudo().state = "stopped"
        if not groups:
            return self.browse()
        joined = self._lock_open(groups)
        fresh = [key for key in groups if key not in joined]
        contacts = self.sudo()._insert_all(
            [self._prepare_contact(key, groups[key], today) for key in fresh]
        )
        self._link(groups, joined | dict(zip(fresh, contacts.ids, strict=True)))
        self._send([(c, groups[key]) for c, key in zip(contacts, fresh, strict=True)], words)
        return contacts

    @api.model
    def _read_lines(self, lines):
        """``Due`` of each line, those of one holder by deadline."""
        rows = self.env.execute_query(
            SQL(
                """SELECT line.id, line.channel, line.epoch, line.specialist_id, l.company_id, %s,
                          l.holder_name, NULLIF(l.holder_phone_raw, ''),
                          NULLIF(l.holder_email, ''), concat_ws(' ', l.name, l.number), %s
                     FROM shenpi_licence_reminder line
                     JOIN shenpi_licence l ON l.id = line.licence_id
                    WHERE line.id = ANY(%s) ORDER BY line.epoch, line.id""",
                lines._get_holder_key(),
                lines._has_refused("line"),
                lines.ids,
            )
        )
        return [Due(*row) for row in rows]

    @api.model
    def _group(self, rows):
        """``({(bureau, holder, channel): rows}, ids of lines)``: the channel as it can be done, and
        the lines that ask for nothing."""
        wished = {}
        for row in rows:
            wished.setdefault((row.company_id, row.holder_key, row.channel), []).append(row)
        groups, needless = {}, []
        for (company_id, holder, channel), members in wished.items():
            possible = channel in TASKS or self._can_send(company_id, channel, members)
            if not possible:
                needless += [row.line_id for row in members if row.refused]
                members = [row for row in members if not row.refused]
            if members:
                key = (company_id, holder, channel if possible else "call")
                groups.setdefault(key, []).extend(members)
        return groups, needless

    @api.model
    def _can_send(self, company_id, channel, rows):
        address = {"sms": "phone", "mail": "email"}[channel]
        known = any(getattr(row, address) for row in rows)
        return known and channel in self._get_channels(company_id)

    @api.model
    def _get_templates(self, company_id):
        """``{channel: template}`` of what licence holders are sent."""
        templates = self.env["shenpi.message.template"].sudo()
        chosen = templates._choose(EVENT_KEY, company_id, self.env["shenpi.item"])
        return {template.channel: template for template in chosen}

    @api.model
    def _get_channels(self, company_id):
        return set(self._get_templates(company_id))

    @api.model
    def _lock_open(self, keys):
        """``{key: id}`` of the open tasks there are, held to the end of the transaction."""
        tasks = [key for key in keys if key[2] in TASKS]
        if not tasks:
            return {}
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT id, company_id, holder_key, channel FROM shenpi_licence_contact
                    WHERE state = 'open' AND (company_id, holder_key, channel) IN %s
                      FOR NO KEY UPDATE""",
                tuple(tasks),
            )
        )
        return {tuple(key): contact_id for contact_id, *key in rows}

    @api.model
    def _prepare_contact(self, key, rows, today):
        company_id, holder_key, channel = key
        return {
            "company_id": company_id,
            "holder_key": holder_key,
            "holder_name": rows[0].holder_name,
            "phone_raw": next((row.phone for row in rows if row.phone), None),
            "email_raw": next((row.email for row in rows if row.email), None),
            "specialist_id": next((row.specialist_id for row in rows if row.specialist_id), None),
            "channel": channel,
            "state": "open" if channel in TASKS else "sending",
            "raised_on": today,
            "next_date": today if channel in TASKS else None,
            "deadline": min(row.epoch for row in rows),
        }

    @api.model
    def _link(self, groups, contact_ids):
        """Tie the lines to their contacts, whose deadline is the nearest of all."""
        pairs = [(row.line_id, contact_ids[key]) for key, rows in groups.items() for row in rows]
        self.env.execute_query(
            SQL(
                """WITH linked AS (
                       UPDATE shenpi_licence_reminder line SET contact_id = pair.contact_id
                         FROM (VALUES %s) pair (line_id, contact_id) WHERE line.id = pair.line_id
                    RETURNING line.contact_id, line.epoch),
                   nearest AS (SELECT contact_id, min(epoch) AS epoch FROM linked GROUP BY 1)
                   UPDATE shenpi_licence_contact contact SET deadline = nearest.epoch FROM nearest
                    WHERE contact.id = nearest.contact_id AND contact.deadline > nearest.epoch
                RETURNING contact.id""",
                SQL(", ").join(SQL("(%s, %s)", *pair) for pair in pairs),
            )
        )
        self.env["shenpi.licence.reminder"].invalidate_model()
        self.invalidate_model(["deadline", "line_ids"])

    # === Messages === #

    @api.model
    def _send(self, raised, words=None):
        """Put the messages of new contacts into the outbox.

        :param raised: list of (contact, its ``Due`` rows)
        :param words: text instead of the template's
        """
        lang = self.env["shenpi.application.document"]._get_lang()
        writer = self.sudo().with_context(lang=lang)
        templates = {
            company: writer._get_templates(company.id)
            for company in {contact.company_id for contact, _rows in raised}
        }
        to_send = [(contact, rows) for contact, rows in raised if contact.state == "sending"]
        # Many holders share few days, and showing one is slow.
        shown = {
            day: format_date(writer.env, day, date_format="long")
            for day in {contact.deadline for contact, _rows in to_send}
        }
        self.env["shenpi.message"].sudo()._outbox_put(
            [
                writer._prepare_message(
                    contact,
                    templates[contact.company_id][contact.channel],
                    writer._get_words(contact, rows, shown[contact.deadline]),
                    words,
                )
                for contact, rows in to_send
            ]
        )

    @api.model
    def _prepare_message(self, contact, template, values, words):
        return {
            "company_id": contact.company_id.id,
            "contact_id": contact.id,
            "origin": f"{EVENT_KEY}/{contact.id}/{contact.channel}",
            "event_key": EVENT_KEY,
            "template_id": template.id,
            "channel": contact.channel,
            "receiver": "holder",
            "receiver_name": contact.holder_name,
            "address_raw": contact.phone_raw if contact.channel == "sms" else contact.email_raw,
            "subject": messages.render(template.subject, values.get) or None,
            "body": words or messages.render(template.body, values.get),
        }

    @api.model
    def _get_words(self, contact, rows, deadline):
        """What takes the place of the placeholders."""
        company = contact.company_id.with_env(self.env)
        return {
            "holder": contact.holder_name,
            "applicant": contact.holder_name,
            "licences": self._name_licences([row.licence for row in rows]),
            "deadline": deadline,
            "bureau": company.name,
            "phone": company.phone or "",
            "place": company.name,
        }

    @api.model
    def _name_licences(self, names):
        separator, more = self.env._(", "), self.env._(" and others, {count} in all")
        return reminders.list_licences(list(dict.fromkeys(names)), separator, more)

    def _note_sending(self, state):
        """What became of the message of a contact: ``sending``, ``sent`` or ``failed``; an answer
        that the holder has given counts more."""
        unanswered = self.sudo().filtered(
            lambda contact: contact.state in ("sending", "sent", "failed")
        )
        unanswered.state = state
        lines = unanswered.line_ids
        if state == "sent":
            moment = fields.Datetime.now()
            lines.filtered(lambda line: line.state in ("open", "failed")).write(
                {"state": "done", "told_at": moment}
            )
        elif state == "failed":
            lines.filtered(lambda line: line.state in ("open", "done")).write(
                {"state": "failed", "told_at": False}
            )
