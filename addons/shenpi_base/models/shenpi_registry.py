from typing import NamedTuple

from odoo import api, models

from ..tools import identifiers
from ..tools.localtime import local_date
from ..tools.requirements import Finding
from .shenpi_application import OPEN_STATES


class Question(NamedTuple):
    """What a registry is asked about one filing: the item it is for (code), the applicant's
    document, the naive UTC moment, and the item the question is about (code, may be empty)."""

    item_code: str
    id_type: str
    id_number: str
    moment: object
    argument: str


class ShenpiRegistry(models.AbstractModel):
    """Look-ups that requirements may ask, by name from a closed list.

    An addon that reaches another registry adds its name to :meth:`_get_questions` and a method
    ``_look_up_<name>(questions)``, which answers all questions of a batch at once. It reads what is
    known here: nothing outside is called while an application is filed.
    """

    _name = "shenpi.registry"
    _description = "Registry look-ups"

    # Look-ups whose answer no other filing of the same applicant can change.
    _independent = frozenset({"id_number"})

    @api.model
    def _get_questions(self):
        """The look-ups there are: (name, label)."""
        return [
            ("licence", self.env._("The applicant holds a valid licence of the item")),
            ("no_open_case", self.env._("The applicant has no open case of this item")),
            ("id_number", self.env._("The applicant's document number is well formed")),
        ]

    @api.model
    def _check_question(self, name, item):
        """The attribute that is wrong with a question to be asked, or None."""
        if name not in dict(self._get_questions()):
            return "lookup"
        return "lookup_item" if name == "licence" and not item else None

    @api.model
    def _look_up(self, name, questions):
        """The answers of one look-up, a ``Finding`` each, in the order of the questions."""
        if name not in dict(self._get_questions()):
            return [Finding(False, "unknown")] * len(questions)
        return getattr(self, f"_look_up_{name}")(questions)

    @api.model
    def _look_up_licence(self, questions):
        """A licence of any version of the item that is in force on the day, held by this document
        number."""
        licences = self.env["shenpi.licence"].sudo()
        found = licences.search(
            [
                ("item_id.code", "in", list({q.argument for q in questions})),
                ("holder_id_number_raw", "in", self._get_numbers(questions)),
            ]
        )
        held = {}
        for licence in found:
            holder = licence.holder_id_number_raw
            held.setdefault((licence.item_id.code, holder), []).append(licence)
        return [
            self._get_licence_finding(held.get((q.argument, q.id_number), ()), q.moment)
            for q in questions
        ]

    def _get_licence_finding(self, licences, moment):
        day = local_date(moment)
        valid = [licence for licence in licences if licence._is_valid(day)]
        if valid:
            return Finding(True, None, valid[0].number)
        if licences:
            return Finding(False, "unmet", licences[0].number)
        return Finding(False, "no_record")

    @api.model
    def _look_up_no_open_case(self, questions):
        """No case of the same item, in whatever version, on which the bureau still works."""
        applications = self.env["shenpi.application"].sudo()
        groups = applications._read_group(
            [
                ("applicant_id_number_raw", "in", self._get_numbers(questions)),
                ("state", "in", OPEN_STATES),
                ("item_id.code", "in", list({q.item_code for q in questions})),
            ],
            ["applicant_id_number_raw", "item_id"],
            ["number:max"],
        )
        open_cases = {(holder, item.code): number for holder, item, number in groups}
        return [
            Finding(False, "unmet", number)
            if (number := open_cases.get((q.id_number, q.item_code)))
            else Finding(True)
            for q in questions
        ]

    @api.model
    def _look_up_id_number(self, questions):
        """A credit code or identity number whose check digit is right."""
        checks = {
            "uscc": lambda q: identifiers.check_uscc(q.id_number),
            "ric": lambda q: identifiers.check_ric(q.id_number, local_date(q.moment)),
        }
        findings = []
        for question in questions:
            check = checks.get(question.id_type)
            found = identifiers.mask_id(question.id_number)
            if not check:
                findings.append(Finding(False, "no_record", found))
            elif check(question):
                findings.append(Finding(False, "unmet", found))
            else:
                findings.append(Finding(True, None, found))
        return findings

    @api.model
    def _get_numbers(self, questions):
        return list({q.id_number for q in questions if q.id_number})
