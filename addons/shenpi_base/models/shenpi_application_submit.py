from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.identifiers import normalise
from ..tools.localtime import local_date
from .shenpi_api_mixin import REQUIRED, in_callers_language
from .shenpi_application_api import MATERIAL
from .shenpi_application_flow import INTAKE
from .shenpi_application_intake import Filing
from .shenpi_application_material import WAYS

MAX_BATCH = 1000
# Keys of a payload that ask for more than the plain path.
SPECIAL_PATHS = ("deferred", "commitment")
# What a filing needs of the item, a wide table.
ITEM_FIELDS = ("code", "state", "valid_from", "company_id", "department_id", "auto_grant")
CHANNELS = frozenset({"window", "web", "mobile", "mail", "terminal", "video", "api"})

AGENT = {
    "name": (str, REQUIRED),
    "id_type": frozenset({"ric", "passport", "other"}),
    "id_number": str,
    "phone": str,
}
SUBMIT = {
    "client_ref": (str, REQUIRED),
    "item_code": (str, REQUIRED),
    "channel": (CHANNELS, REQUIRED),
    "at": str,
    "form": dict,
    "agent": AGENT,
    "applicant": (
        {
            "kind": (frozenset({"person", "organisation"}), REQUIRED),
            "name": (str, REQUIRED),
            "id_type": (frozenset({"ric", "uscc", "passport", "other"}), REQUIRED),
            "id_number": (str, REQUIRED),
            "phone": str,
            "email": str,
        },
        REQUIRED,
    ),
    "materials": [dict(MATERIAL, spared=frozenset(dict(WAYS)))],
    "deferred": [{"code": (str, REQUIRED), "promised": (str, REQUIRED)}],
    "commitment": bool,
    "purpose": frozenset({"new", "change", "renew", "cancel"}),
    "licence": str,
}


@dataclass(slots=True)
class Entry:
    """A payload on its way in: ``path`` names it in errors, ``values`` is what it says, ``digest``
    that of its content, ``filing`` what is to be written, ``answer`` a dict or ``UserError``."""

    path: str
    values: dict | None = None
    digest: str = ""
    filing: Filing | None = None
    answer: dict | UserError | None = None

    @property
    def reference(self):
        return self.values["client_ref"]

    def refuse(self, error):
        """Answer with an error, its field named from the whole call."""
        if self.path and isinstance(error, ValidationError):
            error = ValidationError(f"{self.path}{error}")
        elif self.path:
            error = UserError(f"{self.path.rstrip('.')}: {error}")
        self.answer = error


class ShenpiApplication(models.Model):
    """Filing over RPC: one application, or up to a thousand that are prepared one by one and then
    written together. A single call is a batch of one."""

    _inherit = "shenpi.application"

    @api.model
    @in_callers_language
    def api_submit(self, payload):
        """File and receive an application.

        :param dict payload: client_ref, item_code, channel (window, web, mobile, mail, terminal,
            video or api), at? (ISO 8601 with offset; integrators and managers only), form? (dict),
            agent? {name, id_type?, id_number?, phone?}, applicant {kind, name, id_type, id_number,
            phone?, email?}, materials [{code, name?, content? (base64), filename?, digital_ref?,
            spared?}]; a material named by its code alone has been handed in on paper, one that is
            spared is not: law, commitment (the applicant states it in writing), combined (it came
            in with the case that digital_ref names), or shared_data (the source is asked; the
            material is missing until it has found it), as the item offers it; deferred? [{code,
            promised}]: auxiliary materials that follow by the promised date (YYYY-MM-DD);
            commitment?: true when the applicant commits himself in writing (告知承诺), a complete
            application is then granted at once; purpose? (new, change, renew or cancel; new when
            absent), licence: the number of the applicant's licence that the other ones are about
        :return: {number, state, missing, duplicate, correction_due_date?, statutory_due_date?,
            promised_due_date?, reasons?, late?}; late: true for a renewal asked for after its last
            day, it does not keep the licence in force beyond its end; an automatic item whose
            requirements are all fulfilled is granted at once, reasons [{requirement, reason, text}]
            say which ones were not. The same ``client_ref`` with the same content answers as the
            first time, with ``duplicate`` true
        :raise ValidationError: naming the field that is wrong, or client_ref when it was used with
            other content
        """
        self._api_check_groups(*INTAKE)
        (answer,) = self._submit_all([payload], [""], self._file_together)
        if isinstance(answer, UserError):
            raise answer
        return answer

    @api.model
    @in_callers_language
    def api_submit_batch(self, payloads):
        """File and receive up to 1,000 applications in one transaction.

        :param list payloads: as of :meth:`api_submit`
        :return: a list in the same order: for each payload the answer of :meth:`api_submit`, or
            ``{"error": message}`` that names the field with its place, as in
            ``payloads[3].item_code: ...``. A payload with an error leaves nothing behind, the
            others go in
        :raise ValidationError: not a list of 1 to 1,000
        """
        self._api_check_groups(*INTAKE)
        if not isinstance(payloads, list) or not 1 <= len(payloads) <= MAX_BATCH:
            raise ValidationError(
                self.env._("payloads: must be a list of 1 to %s applications.", MAX_BATCH)
            )
        paths = [f"payloads[{place}]." for place in range(len(payloads))]
        answers = self._submit_all(payloads, paths, self._file_apart)
        return [
            {"error": str(answer)} if isinstance(answer, UserError) else answer
            for answer in answers
        ]

    # === Many payloads === #

    @api.model
    def _submit_all(self, payloads, paths, file):
        """File payloads; ``paths`` name each of them in errors, ``file`` is the method that writes
        what passed the checks.

        :return: for each payload its answer, or the ``UserError`` that it met
        """
        entries = [self._read_entry(*pair) for pair in zip(payloads, paths, strict=True)]
        read = [entry for entry in entries if not entry.answer]
        calls = self.env["shenpi.api.call"]
        known = calls._find(self._name, {entry.reference for entry in read})
        items = self._get_items({entry.values["item_code"] for entry in read})
        new, dates = {}, {}
        for run in self._split_runs(read, items):
            for entry in run:
                self._prepare_entry(entry, known, items, dates)
            ready = [entry for entry in run if entry.filing]
            answers = file([entry.filing for entry in ready]) if ready else []
            for entry, answer in zip(ready, answers, strict=True):
                if isinstance(answer, UserError):
                    entry.refuse(answer)
                else:
                    entry.answer = answer
                    new[entry.reference] = known[entry.reference] = (entry.digest, answer)
        calls._keep(self._name, new)
        return [entry.answer for entry in entries]

    @api.model
    def _read_entry(self, payload, path):
        """The payload read by its specification, or refused."""
        try:
            values = self._api_read(payload, SUBMIT, path)
        except ValidationError as error:
            return Entry(path, answer=error)
        return Entry(path, values, digest=self.env["shenpi.api.call"]._get_digest(payload))

    @api.model
    def _prepare_entry(self, entry, known, items, dates):
        """Give the first answer again, or check what is asked for."""
        call = known.get(entry.reference)
        try:
            if call:
                entry.answer = self.env["shenpi.api.call"]._repeat(call, entry.digest)
            else:
                entry.filing = self._prepare_filing(entry.values, items, dates)
        except UserError as error:
            entry.refuse(error)

    @api.model
    def _split_runs(self, entries, items):
        """Lists of entries that may be filed together: none of them looks at what another one
        brings in, be it by the same reference or by what is known of the same applicant."""
        run, references, applicants = [], set(), set()
        for entry in entries:
            applicant = normalise(entry.values["applicant"]["id_number"])
            looks_up = self._looks_up(items.get(entry.values["item_code"]))
            if entry.reference in references or (looks_up and applicant in applicants):
                yield run
                run, references, applicants = [], set(), set()
            run.append(entry)
            references.add(entry.reference)
            applicants.add(applicant)
        if run:
            yield run

    @api.model
    def _looks_up(self, item):
        """Hook: whether an application for this item depends on the applicant's other ones."""
        return False

    @api.model
    def _file_together(self, filings):
        return self._file_all(filings)._get_submit_answers(filings)

    @api.model
    def _file_apart(self, filings):
        """File together; what a constraint or hook refuses is found by halves and left out.

        :return: for each filing its answer, or the ``UserError`` it met
        """
        try:
            with self.env.cr.savepoint():
                return self._file_together(filings)
        except UserError as error:
            if len(filings) == 1:
                return [error]
        middle = len(filings) // 2
        return self._file_apart(filings[:middle]) + self._file_apart(filings[middle:])

    def _get_submit_answers(self, filings):
        return [
            self._api_clean(
                {
                    "number": application.number,
                    "state": application.state,
                    **application._get_api_dates(),
                }
            )
            | {"missing": filing.missing, "duplicate": False}
            for application, filing in zip(self, filings, strict=True)
        ]

    # === One payload === #

    @api.model
    def _prepare_filing(self, values, items, dates):
        """Check what a payload says; answers the ``Filing`` it asks for.

        :param dict values: as read by ``SUBMIT``; :param dict items: items by code
        :param dict dates: what has been found to follow from a receipt, by item and day
        """
        at = self._api_read_moment(values)
        moment = at or fields.Datetime.now()
        item = self._check_item_code(values["item_code"], items)
        self._check_item(item, moment)
        day = (item.id, local_date(moment))
        if day not in dates:
            dates[day] = self._prepare_receipt_dates(item, moment)
        materials, files = self._prepare_checklist(item, values.get("materials", []), moment)
        return Filing(
            item=item,
            at=at,
            moment=moment,
            vals=self._prepare_submit_vals(values, item) | dates[day],
            materials=materials,
            files=files,
            special={key: values[key] for key in SPECIAL_PATHS if values.get(key)},
        )

    @api.model
    def _prepare_submit_vals(self, values, item):
        applicant, agent = values["applicant"], values.get("agent", {})
        self._check_id_number("applicant.id_number", applicant["id_type"], applicant["id_number"])
        if agent.get("id_number"):
            kind = agent.get("id_type", "ric")
            self._check_id_number("agent.id_number", kind, agent["id_number"])
        personal = self._prepare_personal_vals(
            {
                "applicant_id_number": applicant["id_number"],
                "applicant_phone": applicant.get("phone"),
                "agent_id_number": agent.get("id_number"),
                "agent_phone": agent.get("phone"),
            }
        )
        self._check_phone("applicant.phone", personal.get("applicant_phone_raw"))
        self._check_phone("agent.phone", personal.get("agent_phone_raw"))
        return {
            "item_id": item.id,
            "company_id": item.company_id.id,
            "department_id": item.department_id.id,
            "channel": values["channel"],
            "applicant_kind": applicant["kind"],
            "applicant_name": applicant["name"],
            "applicant_id_type": applicant["id_type"],
            "applicant_email": applicant.get("email"),
            "agent_name": agent.get("name"),
            "form_data": values.get("form"),
            **personal,
        }

    @api.model
    def _get_items(self, codes):
        """The versions of items that the caller sees, by code: the published one, else any."""
        versions = self.env["shenpi.item"].search_fetch([("code", "in", list(codes))], ITEM_FIELDS)
        items = {}
        for item in versions:
            if item.state == "published" or item.code not in items:
                items[item.code] = item
        return items

    @api.model
    def _check_item_code(self, code, items):
        item = items.get(code)
        if not item:
            raise ValidationError(self.env._("item_code: there is no item %s.", code))
        if item.state != "published":
            raise ValidationError(self.env._("item_code: %s has been retired.", code))
        return item

    @api.model
    def _prepare_checklist(self, item, entries, moment):
        """The item's checklist, what the payload carries marked as provided, and its files."""
        materials = self.env["shenpi.application.material"]
        checklist = materials._prepare_from_item(item)
        given = self._index_materials(entries, {vals["code"] for vals in checklist})
        files = {}
        for vals in checklist:
            entry = given.get(vals["code"])
            if entry and not entry.get("spared"):
                vals |= materials._prepare_provided_vals(entry, moment)
                for command in vals.pop("attachment_ids", ()):
                    files[vals["code"]] = command[2]
        return checklist, files
