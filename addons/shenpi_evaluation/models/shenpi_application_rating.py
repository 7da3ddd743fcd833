from odoo import SUPERUSER_ID, fields, models

# Filed here, a case is served online; everywhere else somebody stood at a counter.
ONLINE_CHANNELS = ("web", "mobile", "video", "api")
COUNTER_CHANNEL = "window"
DECISIONS = ("grant", "deny", "not_accept")


class ShenpiApplication(models.Model):
    """The services that end in a case: a visit when it is filed at the window (一次一评), the case
    itself when it is closed or not accepted, the handing over when a licence is handed over
    (一事一评)."""

    _inherit = "shenpi.application"

    def _after_transitions(self, events):
        result = super()._after_transitions(events)
        ended = [
            vals
            for application, event in zip(self, events, strict=True)
            if (vals := application._prepare_rating_service(event))
        ]
        if ended:
            services = self.env["shenpi.rating.service"]._finish(ended)
            services._invite()
        return result

    def _prepare_rating_service(self, event):
        """The service that ends with this event, as values; empty when none does."""
        case = self.sudo()
        if event.action == "receive" and case.channel == COUNTER_CHANNEL and case.window_id:
            kind, department, clerk = "visit", case.window_id, case.filed_by_id
        elif event.action == "not_accept" or (
            event.action == "deliver" and event.state_to == "closed"
        ):
            kind = "delivery" if event.action == "deliver" and case.licence_id else "case"
            department, clerk = case.department_id, case._get_rated_person()
        else:
            return {}
        return {
            "kind": kind,
            "res_model": case._name,
            "res_id": case.id,
            "application_id": case.id,
            "company_id": case.company_id.id,
            "department_id": department.id,
            "window_id": case.window_id.id,
            "clerk_id": clerk.id,
            "item_id": case.item_id.id,
            "online": case.channel in ONLINE_CHANNELS,
            "finished_at": event.happened_at,
            "asked": True,
        }

    def _get_rated_person(self):
        """Whoever decided, or answered for not accepting; with nobody there, who took the case
        in."""
        decided = self.env["shenpi.event"].search_fetch(
            [
                ("application_id", "=", self.id),
                ("action", "in", DECISIONS),
                ("user_id", "!=", SUPERUSER_ID),
            ],
            ["user_id"],
            order="id desc",
            limit=1,
        )
        return decided.user_id or self.filed_by_id

    def _get_rating_url(self, *kinds):
        """The address that rates a service of this case, for a paper handed to the applicant; none
        when there is no such service, or it has been rated."""
        token = self._find_rating_tokens([("service_id.kind", "in", kinds)])[:1]
        return token._get_url("qr") if token else None

    def _find_rating_tokens(self, domain=()):
        """The tokens, as sudo, by which services of this case can be rated now."""
        self.ensure_one()
        tokens = self.env["shenpi.rating.token"].sudo()
        return tokens.search(
            [
                ("service_id.application_id", "=", self.id),
                ("service_id.answered", "!=", True),
                ("turn", "=", "first"),
                ("used_at", "=", False),
                ("expires_at", ">", fields.Datetime.now()),
                *domain,
            ]
        )

    def _get_progress(self):
        """Whoever reads how his case stands may rate what has ended of it."""
        kinds = self.env["shenpi.rating.service"]._fields["kind"]
        names = dict(kinds._description_selection(self.env))
        ratings = [
            (names[token.service_id.kind], token._get_url("pc"))
            for token in self._find_rating_tokens()
        ]
        return super()._get_progress() | {"ratings": ratings}
