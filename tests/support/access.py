"""Who may read and write what, model by model: the word of the bureau that the tests hold against
the server. A model that is missing here fails the tests.

Staff is everybody with a role. "Read" and "write" are the right at all; which rows of it somebody
sees is another question: those of his cases (`support.surface` finds the way from a row to its
case), of his bureau, or his own.
"""

ROLES = (
    "clerk",
    "clerk2",
    "reviewer",
    "reviewer2",
    "decider",
    "inspector",
    "navigator",
    "supervisor",
    "manager",
    "integrator",
    "clerk_b",
    "reviewer_b",
)
OUTSIDERS = ("demo", "portal")  # an employee without a role, a customer of the web site
LOGINS = (*ROLES, *OUTSIDERS)
STAFF = frozenset(ROLES)
HEADS = frozenset({"supervisor", "manager"})
MANAGER = frozenset({"manager"})
NOBODY = frozenset()
DRAFTERS = frozenset({"clerk", "clerk2", "clerk_b", "manager", "integrator"})

READERS = {
    "shenpi.absence": STAFF,
    "shenpi.absence.calendar": STAFF,
    "shenpi.absence.notice": STAFF,
    "shenpi.api.call": NOBODY,
    "shenpi.application": STAFF,
    "shenpi.application.clock": STAFF,
    "shenpi.application.correction": STAFF,
    "shenpi.application.correction.line": STAFF,
    "shenpi.application.counter": NOBODY,
    "shenpi.application.material": STAFF,
    "shenpi.application.requirement": STAFF,
    "shenpi.application.step": STAFF,
    "shenpi.bulletin": HEADS,
    "shenpi.commitment": STAFF,
    "shenpi.bundle": STAFF,
    "shenpi.bundle.answer": STAFF,
    "shenpi.bundle.case": STAFF,
    "shenpi.bundle.case.line": STAFF,
    "shenpi.bundle.field": STAFF,
    "shenpi.bundle.line": STAFF,
    "shenpi.bundle.material": STAFF,
    "shenpi.bundle.question": STAFF,
    "shenpi.credit": HEADS | {"integrator"},
    "shenpi.department": STAFF,
    "shenpi.deputy": STAFF,
    "shenpi.event": STAFF,
    "shenpi.import.chunk": NOBODY,
    "shenpi.inspection": STAFF,
    "shenpi.inspection.line": STAFF,
    "shenpi.item": STAFF,
    "shenpi.item.checkpoint": STAFF,
    "shenpi.item.faq": STAFF,
    "shenpi.item.fee": STAFF,
    "shenpi.item.import": MANAGER,
    "shenpi.item.material": STAFF,
    "shenpi.item.option": STAFF,
    "shenpi.item.requirement": STAFF,
    "shenpi.item.stage": STAFF,
    "shenpi.item.step": STAFF,
    "shenpi.ladder": HEADS,
    "shenpi.ladder.digest": STAFF,
    "shenpi.ladder.firing": STAFF,
    "shenpi.ladder.run": HEADS,
    "shenpi.ladder.rung": STAFF,
    "shenpi.licence": STAFF,
    "shenpi.message": STAFF,
    "shenpi.message.nonce": NOBODY,
    "shenpi.message.receipt": NOBODY,
    "shenpi.message.template": STAFF,
    "shenpi.push": STAFF,
    "shenpi.push.feedback": STAFF,
    "shenpi.light.rule": STAFF,
    "shenpi.rate": NOBODY,
    "shenpi.recount": MANAGER,
    "shenpi.recount.line": MANAGER,
    "shenpi.scheduled.action": HEADS,
    "shenpi.supervision": STAFF,
    "shenpi.tile": HEADS,
    "shenpi.workday": STAFF,
    "shenpi.workday.year": STAFF,
}
# Who may create, change or delete rows past the flow; of what is not named here, nobody.
WRITERS = {
    "shenpi.absence": STAFF,  # their own, and those of the office they lead
    "shenpi.application": DRAFTERS,  # their own drafts
    "shenpi.application.material": DRAFTERS,
    "shenpi.bulletin": HEADS,
    "shenpi.bundle": MANAGER,
    "shenpi.bundle.answer": MANAGER,
    "shenpi.bundle.field": MANAGER,
    "shenpi.bundle.line": MANAGER,
    "shenpi.bundle.material": MANAGER,
    "shenpi.bundle.question": MANAGER,
    "shenpi.credit": HEADS | {"integrator"},  # create only
    "shenpi.department": MANAGER,
    "shenpi.deputy": STAFF,  # their own
    "shenpi.inspection": frozenset({"inspector"}),  # his own, while it is under way
    "shenpi.inspection.line": frozenset({"inspector"}),
    "shenpi.item": MANAGER,  # drafts
    "shenpi.item.checkpoint": MANAGER,
    "shenpi.item.faq": MANAGER,
    "shenpi.item.fee": MANAGER,
    "shenpi.item.import": MANAGER,
    "shenpi.item.material": MANAGER,
    "shenpi.item.option": MANAGER,
    "shenpi.item.requirement": MANAGER,
    "shenpi.item.stage": MANAGER,
    "shenpi.item.step": MANAGER,
    "shenpi.ladder": MANAGER,
    "shenpi.ladder.rung": MANAGER,
    "shenpi.message.template": MANAGER,
    "shenpi.light.rule": MANAGER,
    "shenpi.supervision": HEADS,
}
# Who may open a wizard; its rows are seen by the person who opened it alone.
WIZARDS = {
    "shenpi.bulk.wizard": STAFF,
    "shenpi.bulk.wizard.line": STAFF,
    "shenpi.clock.wizard": STAFF,
    "shenpi.commitment.wizard": STAFF,
    "shenpi.bundle.case.wizard": STAFF,
    "shenpi.bundle.wizard": DRAFTERS,
    "shenpi.bundle.wizard.field": DRAFTERS,
    "shenpi.bundle.wizard.material": DRAFTERS,
    "shenpi.bundle.wizard.question": DRAFTERS,
    "shenpi.correction.wizard": STAFF,
    "shenpi.correction.wizard.line": STAFF,
    "shenpi.credit.wizard": HEADS,
    "shenpi.decision.wizard": STAFF,
    "shenpi.deferral.wizard": STAFF,
    "shenpi.deferral.wizard.line": STAFF,
    "shenpi.delivery.wizard": STAFF,
    "shenpi.ending.wizard": STAFF,
    "shenpi.extension.wizard": STAFF,
    "shenpi.inspection.cancel.wizard": STAFF,
    "shenpi.inspection.order.wizard": STAFF,
    "shenpi.inspection.result.wizard": STAFF,
    "shenpi.inspection.schedule.wizard": STAFF,
    "shenpi.message.wizard": STAFF,
    "shenpi.pause.wizard": STAFF,
    "shenpi.push.answer.wizard": STAFF,
    "shenpi.push.feedback.wizard": STAFF,
    "shenpi.push.sign.wizard": STAFF,
    "shenpi.push.sign.wizard.line": STAFF,
    "shenpi.refusal.wizard": STAFF,
    "shenpi.review.wizard": STAFF,
    "shenpi.supervision.bulk.wizard": HEADS,
    "shenpi.supervision.bulk.wizard.line": HEADS,
    "shenpi.supervision.wizard": STAFF,
    "shenpi.supplement.wizard": STAFF,
    "shenpi.supplement.wizard.line": STAFF,
    "shenpi.workday.wizard": MANAGER,
    "shenpi.workday.wizard.line": MANAGER,
}
# Rows that all bureaus share, and why.
SHARED = {
    "shenpi.item.option": "code lists of the national standard",
    "shenpi.scheduled.action": "the scheduler is one for all bureaus",
    "shenpi.tile": "questions only; the figures are counted for whoever looks",
    "shenpi.workday": "one calendar for the country",
    "shenpi.workday.year": "one calendar for the country",
}
# Rows that one person sees: the field that names him.
OWN = {"shenpi.ladder.digest": "user_id"}
# Rows that hang on a case and are not seen by exactly those who see the case, and why.
SEEN_APART = {
    "shenpi.push": "to the regulator to whom it was passed on",
    "shenpi.push.feedback": "to the regulator who sent it",
    "shenpi.recount.line": "to the bureau head, whatever his departments",
    "shenpi.bundle.case.line": "seen with the whole matter",
    "shenpi.credit": "a record of the applicant, kept by the bureau",
    "shenpi.ladder.firing": "told to those who were told",
    "shenpi.supervision": "to those to whom it was dispatched",
}
# Routes that ask for no login, and why. All others: `auth="user"`.
PUBLIC_ROUTES = {
    "/shenpi/licence": "a licence by its number and the end of the holder's document number",
    "/shenpi/licence/<string:token>": "the page behind the code on a licence",
    "/shenpi/progress/<string:token>": "the page behind the code on the receipt",
    "/shenpi/sms/<int:company_id>/receipts": "delivery receipts, each signed by the gateway",
}
# What those who may call at all pass; every call of the contract is named here.
CALLS = {
    "shenpi.application": {
        "api_accept",
        "api_decide",
        "api_deliver",
        "api_extend",
        "api_not_accept",
        "api_pause",
        "api_request_correction",
        "api_resume",
        "api_review",
        "api_status",
        "api_submit",
        "api_submit_batch",
        "api_supplement",
        "api_withdraw",
    },
    "shenpi.bundle": {"api_status", "api_submit"},
    "shenpi.item": {"api_list"},
    "shenpi.licence": {"api_verify"},
    "shenpi.workday": {"api_add", "api_count"},
}


def readers(model: str) -> frozenset[str]:
    """Return who may read a model at all; nobody where nothing has been said."""
    return (READERS | WIZARDS).get(model, NOBODY)


def writers(model: str) -> frozenset[str]:
    """Return who may create, change or delete rows of a model past the flow."""
    return (WRITERS | WIZARDS).get(model, NOBODY)
