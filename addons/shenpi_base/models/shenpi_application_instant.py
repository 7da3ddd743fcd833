from odoo import SUPERUSER_ID, api, fields, models

from ..tools import requirements
from ..tools.localtime import local_date
from .shenpi_application_flow import CLOCK_KINDS
from .shenpi_application_intake import CHECKLIST_FIELDS, Filing
from .shenpi_document_mixin import Move
from .shenpi_registry import Question


class ShenpiApplication(models.Model):
    """Instant approval 秒批: the item's requirements are checked when an application is received,
    every result is kept, and an automatic item whose requirements are all fulfilled is granted in
    the same transaction. Otherwise the application goes its normal way, with the reasons."""

    _inherit = "shenpi.application"

    requirement_ids = fields.One2many(
        "shenpi.application.requirement",
        "application_id",
        string="Requirements",
        readonly=True,
    )

    # === Intake === #

    def _do_receive(self, at=None):
        """What is received at the window is checked like what is filed over RPC."""
        self._open()
        filings = [self._get_filing(at)]
        self._check_requirements(filings)
        super()._do_receive(at=at)
        self._keep_findings(filings)
        self._grant_fulfilled(filings)
        return True

    @api.model
    def _file_all(self, filings):
        self._check_requirements(filings)
        applications = super()._file_all(filings)
        applications._keep_findings(filings)
        applications._grant_fulfilled(filings)
        return applications

    def _get_filing(self, at):
        """What a draft asks for, as the requirements read it."""
        draft = self.sudo()
        return Filing(
            item=self.item_id,
            moment=at or fields.Datetime.now(),
            at=at,
            vals={
                "applicant_id_type": draft.applicant_id_type,
                "applicant_id_number_raw": draft.applicant_id_number_raw,
                "form_data": draft.form_data,
            },
            materials=draft.material_ids.read(CHECKLIST_FIELDS),
        )

    @api.model
    def _looks_up(self, item):
        rules = self.env["shenpi.item.requirement"]._get_rules(item) if item else ()
        independent = self.env["shenpi.registry"]._independent
        return any(
            rule.kind == "lookup" and rule.lookup not in independent for _id, _name, rule in rules
        )

    # === Checking === #

    @api.model
    def _check_requirements(self, filings):
        """Note the findings of every filing, before it is written."""
        rules = [self.env["shenpi.item.requirement"]._get_rules(f.item) for f in filings]
        if not any(rules):
            return
        registries = self._ask_registries(filings, rules)
        grades = self._ask_credit(filings, rules)
        for filing, own, answers in zip(filings, rules, registries, strict=True):
            facts = self._get_facts(filing, answers, grades)
            filing.findings = [
                (requirement_id, name, requirements.evaluate(rule, facts))
                for requirement_id, name, rule in own
            ]

    @api.model
    def _get_facts(self, filing, answers, grades):
        return requirements.Facts(
            day=local_date(filing.moment),
            form=filing.vals["form_data"] or {},
            materials=frozenset(
                vals["code"] for vals in filing.materials if vals.get("status") == "provided"
            ),
            answers=answers,
            grade=grades.get(filing.vals["applicant_id_number_raw"]),
        )

    @api.model
    def _ask_registries(self, filings, rules):
        """Every look-up once for all filings; answers by (look-up, argument), for each filing."""
        questions = {}
        for place, (filing, own) in enumerate(zip(filings, rules, strict=True)):
            for _id, _name, rule in own:
                if rule.kind == "lookup":
                    question = Question(
                        item_code=filing.item.code,
                        id_type=filing.vals["applicant_id_type"],
                        id_number=filing.vals["applicant_id_number_raw"],
                        moment=filing.moment,
                        argument=rule.argument,
                    )
                    questions.setdefault(rule.lookup, []).append((place, question))
        answers = [{} for _filing in filings]
        for lookup, asked in questions.items():
            found = self.env["shenpi.registry"]._look_up(lookup, [q for _place, q in asked])
            for (place, question), finding in zip(asked, found, strict=True):
                answers[place][lookup, question.argument] = finding
        return answers

    @api.model
    def _ask_credit(self, filings, rules):
        """The credit grades of the applicants whose items ask for them, by document number."""
        numbers = [
            filing.vals["applicant_id_number_raw"]
            for filing, own in zip(filings, rules, strict=True)
            if any(rule.kind == "credit" for _id, _name, rule in own)
        ]
        return self.env["shenpi.credit"]._get_grades(numbers) if numbers else {}

    # === Results === #

    def _keep_findings(self, filings):
        now = fields.Datetime.now()
        self.env["shenpi.application.requirement"]._insert_all(
            [
                {
                    "application_id": application.id,
                    "requirement_id": requirement_id,
                    "name": name,
                    "fulfilled": finding.fulfilled,
                    "reason": finding.reason,
                    "found": finding.found,
                    "recorded_at": now,
                }
                for application, filing in zip(self, filings, strict=True)
                for requirement_id, name, finding in filing.findings
            ]
        )

    def _get_submit_answers(self, filings):
        answers = super()._get_submit_answers(filings)
        results = self.env["shenpi.application.requirement"]
        for filing, answer in zip(filings, answers, strict=True):
            reasons = results._get_reasons(
                (name, found.reason) for _id, name, found in filing.findings if not found.fulfilled
            )
            if reasons:
                answer["reasons"] = reasons
        return answers

    def _get_status(self):
        status = super()._get_status()
        unmet = self.requirement_ids.filtered(lambda result: not result.fulfilled)
        reasons = unmet._get_reasons((result.name, result.reason) for result in unmet)
        if reasons:
            status["reasons"] = reasons
        return status

    # === Grant === #

    def _grant_fulfilled(self, filings):
        """Grant those received applications of automatic items that fulfil everything."""
        moves, granted = [], self.browse()
        for application, filing in zip(self, filings, strict=True):
            if (
                filing.findings
                and application.state == "received"
                and filing.item.auto_grant
                and not filing.missing
                and all(finding.fulfilled for _id, _name, finding in filing.findings)
                and not application._get_grant_blockers()
            ):
                granted += application
                moves.append(application._prepare_grant_at_once(filing))
        if granted:
            granted.with_user(SUPERUSER_ID)._transition_all("grant_at_once", moves)

    def _prepare_grant_at_once(self, filing):
        writing = self._in_writing().env
        return Move(
            at=filing.at,
            values=self._prepare_spot_vals(filing.moment),
            event={
                "opinion": writing._(
                    "All %s requirements of the item are fulfilled.", len(filing.findings)
                ),
                "data": {"requirements": [name for _id, name, _finding in filing.findings]},
            },
        )

    def _prepare_transitions(self, row, moments, moves):
        """Grants on the spot: clock, dates and licences of all of them in a few statements."""
        if row.action != "grant_at_once":
            return super()._prepare_transitions(row, moments, moves)
        clocks = self.env["shenpi.application.clock"].sudo()
        clocks._append_all(
            [
                {"application_id": application.id, "kind": kind, "happened_at": moment}
                for application, moment in zip(self, moments, strict=True)
                for kind in CLOCK_KINDS[row.action]
            ]
        )
        entries = clocks._get_entries_of(self)
        licences = self._make_licences(moments)
        dates = {}
        prepared = []
        for application in self:
            own = entries[application.id]
            item = application.sudo().item_id
            key = (item.id, *((e.kind, e.at, e.planned_days, e.days, e.supersedes) for e in own))
            if key not in dates:
                dates[key] = self._prepare_clock_vals(self._evaluate_entries(own, item))
            prepared.append(dates[key] | {"licence_id": licences[application].id})
        return prepared
