from collections import Counter

from markupsafe import Markup

from odoo import api, fields, models

from ..tools.localtime import local_date
from .shenpi_item_elements import LAW

LICENCE = "01"
STAGES_OF_A_LICENCE = 5
STEPS_OF_A_CHAIN = range(1, 4)
VISITS_BY_ONLINE_LEVEL = {"full": 0, "verify": 1, "preview": 2}
CLOSING_BY_SUFFIX = {"证": "certificate", "文": "document", "批复": "approval"}

# ---------------------------------------------------------------------------
# The checks: each takes an item and yields a sentence for everything missing or contradictory.
# To add one, write the function and name it in CHECKS.
# ---------------------------------------------------------------------------


def _public_elements(item):
    """What the guide must show of every item."""
    if not item.legal_basis:
        yield item.env._("Basis in law: not entered.")
    if not item.conditions:
        yield item.env._("Conditions of acceptance: not entered.")
    if not item.material_ids:
        yield item.env._("Materials: none entered.")
    if not item.stage_ids:
        yield item.env._("Procedure: no stage entered.")


def _limits(item):
    """The promise may not be longer than the law allows."""
    if item.promised_limit > item.statutory_limit:
        yield item.env._(
            "Promised limit: %(promised)s is longer than the statutory limit %(statutory)s.",
            promised=item.promised_limit,
            statutory=item.statutory_limit,
        )


def _law(item):
    """A licence is decided within the limits of art. 42, unless a special law is named."""
    if item.item_type != LICENCE or item.statutory_note:
        return
    days, extension = LAW[item.handling]
    if item.statutory_limit > _get_most(item.limit_unit, days):
        yield item.env._(
            "Statutory limit: the licensing law gives %(days)s working days (art. 42). Name the"
            " special law that gives more in the note on the limit.",
            days=days,
        )
    # Other units are extended by calendar days.
    unit = "working_days" if item.limit_unit == "working_days" else "calendar_days"
    if item.extension_days > _get_most(unit, extension):
        yield item.env._(
            "Extension: the licensing law gives %(days)s working days (art. 42). Name the special"
            " law that gives more in the note on the limit.",
            days=extension,
        )


def _get_most(unit, days):
    """The most units that surely are no more than so many working days, weeks of five reckoned."""
    calendar_days = days // 5 * 7
    return {
        "working_days": days,
        "calendar_days": calendar_days,
        "hours": 24 * calendar_days,
        "months": calendar_days // 31,
    }[unit]


def _kind_of_case(item):
    """On the spot = instant and reviewed at once; any other = promised and reviewed afterwards."""
    if item.promised_limit == 0:
        if item.case_kind != "instant":
            yield item.env._("Kind of case: handled on the spot, it must be instant.")
        if item.review_mode != "immediate":
            yield item.env._("Review mode: handled on the spot, it must be reviewed at once.")
    else:
        if item.case_kind == "instant":
            yield item.env._("Kind of case: with a promised limit it must not be instant.")
        if item.review_mode != "staged":
            yield item.env._("Review mode: with a promised limit it must be accepted first.")


def _takes_the_place(item):
    """A new version takes the place of the one in force on the day it is published."""
    today = local_date(fields.Datetime.now())
    if item.version == 1 or not item.valid_from or item.valid_from == today:
        return
    if item.sudo().search_count([("code", "=", item.code), ("state", "=", "published")], limit=1):
        yield item.env._(
            "In force from: another version is in force; leave the date empty and publish on the"
            " day the new one is to take its place."
        )


def _result(item):
    """The name of the result says how the case closes, and a result needs a sample."""
    name = item.result_name or ""
    for suffix, closing in CLOSING_BY_SUFFIX.items():
        if name.endswith(suffix) and item.closing_kind != closing:
            labels = dict(item._fields["closing_kind"]._description_selection(item.env))
            yield item.env._(
                "How it closes: the result “%(result)s” asks for “%(closing)s”.",
                result=name,
                closing=labels[closing],
            )
    if name and not item.result_sample_ids:
        yield item.env._("Sample of the result: not attached.")


def _visits(item):
    """Visits need a reason; without visits papers come online or by post."""
    if item.visits > 0 and not item.visit_reason:
        yield item.env._("Why a visit is necessary: not entered.")
    if item.visits == 0:
        if item.visit_reason:
            yield item.env._("Why a visit is necessary: there is no visit.")
        if item.online_level == "none" and not item.post_in:
            yield item.env._(
                "Materials by post: without visits and online service this is the only way."
            )


def _online_level(item):
    """How far the item goes online limits the number of visits."""
    most = VISITS_BY_ONLINE_LEVEL.get(item.online_level)
    if most is not None and item.visits > most:
        yield item.env._(
            "Visits to the hall: the online service allows at most %(most)s.", most=most
        )


def _fees(item):
    """A fee needs its basis, its lines and online payment; without a fee nothing is paid online."""
    if item.has_fee:
        if not item.fee_basis:
            yield item.env._("Basis of the fee: not entered.")
        if not item.fee_ids:
            yield item.env._("Fees: none entered.")
        if not item.online_payment:
            yield item.env._("Online payment: an item with a fee must offer it.")
    elif item.online_payment:
        yield item.env._("Online payment: the item charges no fee.")


def _phones(item):
    """Complaints do not ring where the case is handled."""
    if item.consult_phone and item.consult_phone == item.complaint_phone:
        yield item.env._("Complaint phone: it must differ from the information phone.")


def _licence_guide(item):
    """A licence's guide answers a question and shows every stage from acceptance to delivery."""
    if item.item_type != LICENCE:
        return
    if not item.faq_ids:
        yield item.env._("Questions: a licence needs at least one question and answer.")
    if 0 < len(item.stage_ids) < STAGES_OF_A_LICENCE:
        yield item.env._(
            "Procedure: a licence needs at least %(number)s stages, from acceptance to delivery.",
            number=STAGES_OF_A_LICENCE,
        )


def _deferral(item):
    """The mode "materials may follow" and the materials that may must go together."""
    deferrable = any(item.material_ids.mapped("deferrable"))
    if item.allow_deferral and not deferrable:
        yield item.env._("Materials may follow: no material is marked so.")
    if deferrable and not item.allow_deferral:
        yield item.env._("Materials may follow: a material is marked so, but not the item.")


def _requirements(item):
    """Every requirement can be checked; without one, or with a visit, nothing is automatic."""
    for requirement in item.requirement_ids:
        if problem := requirement._get_problem():
            yield problem
    codes = set(item.material_ids.mapped("code"))
    for requirement in item.requirement_ids.filtered(lambda r: r.kind == "material"):
        if requirement.material_code not in codes:
            yield item.env._(
                "Requirement “%(name)s”: there is no material %(code)s.",
                name=requirement.name,
                code=requirement.material_code,
            )
    if not item.auto_grant:
        return
    if not item.requirement_ids:
        yield item.env._("Requirements: an automatic item needs at least one.")
    if item.needs_inspection or item.hearing_required:
        yield item.env._("Automatic: not for an item with a site inspection or a hearing.")


def _commitment(item):
    """A commitment says what is promised and how it is verified, and not in an excluded area."""
    if not item.allow_commitment:
        return
    excluded = item._get_excluded_areas(item)
    if excluded:
        yield item.env._(
            "Commitment: not allowed for the subject area “%s”.", "、".join(excluded.mapped("name"))
        )
    if not item.commitment_content:
        yield item.env._("Content of the commitment: not entered.")
    if not item.verification_method:
        yield item.env._("Verification method: not entered.")
    elif item.verification_method != "exempt" and not item.verification_days:
        yield item.env._("Verification days: not entered.")


def _chain(item):
    """One to three steps: reviews first, one decision last."""
    kinds = item.step_ids.sorted("sequence").mapped("kind")
    if len(kinds) not in STEPS_OF_A_CHAIN:
        yield item.env._("Approval chain: it must have one to three steps.")
    elif kinds[-1] != "decide" or "decide" in kinds[:-1]:
        yield item.env._("Approval chain: the last step decides, the others review.")


def _chain_people(item):
    """Whoever a step names must be able to act on it."""
    for step in item.step_ids:
        group = f"shenpi_base.group_shenpi_{step.role}"
        if step.assign == "person" and not step.user_id.sudo().has_group(group):
            yield item.env._(
                "Approval chain: %(person)s does not hold the role of the step “%(step)s”.",
                person=step.user_id.name,
                step=step.name,
            )
        if step.assign == "department" and step.department_id.company_id != item.company_id:
            yield item.env._(
                "Approval chain: the department of the step “%(step)s” is not of this bureau.",
                step=step.name,
            )


CHECKS = (
    _public_elements,
    _limits,
    _law,
    _kind_of_case,
    _takes_the_place,
    _result,
    _visits,
    _online_level,
    _fees,
    _phones,
    _licence_guide,
    _deferral,
    _requirements,
    _commitment,
    _chain,
    _chain_people,
)


class ShenpiItemQuality(models.AbstractModel):
    """Data quality of an item: what is missing before it can be published."""

    _name = "shenpi.item.quality"
    _description = "Quality checks of an item"

    problem_count = fields.Integer(string="Missing", compute="_compute_problems")
    problems = fields.Html(string="What is missing", compute="_compute_problems", sanitize=False)

    def _compute_problems(self):
        for item in self:
            problems = item._get_problems()[item] if item.state == "draft" else []
            item.problem_count = len(problems)
            item.problems = Markup("<ul>%s</ul>") % Markup().join(
                Markup("<li>%s</li>") % problem for problem in problems
            )

    def _get_problems(self):
        """``{item: [sentence]}``: everything that keeps each item from being published."""
        return {item: [text for check in CHECKS for text in check(item)] for item in self}

    @api.model
    def _format_problems(self, problems):
        """The text of the refusal: the sentences of each item, under its name."""
        lines = [self.env._("Not everything is there for publishing:")]
        names = Counter(item.name for item in problems)
        for item, sentences in problems.items():
            if sentences and len(problems) > 1:
                lines.append(item.name if names[item.name] == 1 else f"{item.name} ({item.code})")
            lines += [f"• {sentence}" for sentence in sentences]
        return "\n".join(lines)
