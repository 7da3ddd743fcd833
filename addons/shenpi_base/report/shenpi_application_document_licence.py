from odoo import models


class ShenpiApplicationDocument(models.AbstractModel):
    """Decisions about a licence that the applicant has: to renew it 准予延续 (行政许可法 §50), to
    change it 准予变更 (§49), to cancel it 准予注销 (§70), or not to."""

    _inherit = "shenpi.application.document"

    def _prepare_grant(self, application):
        page = super()._prepare_grant(application)
        if application.purpose == "new":
            return page
        act = self._get_act(application)
        if self._is_licence(application):
            page["title"] = self.env._(
                "Decision to Grant the %s of the Administrative Licence", act
            )
        else:
            page["title"] = self.env._("Decision to Grant the %s", act)
        if application.purpose == "cancel":
            base = application.sudo().licence_base_id
            page["rows"] += [
                (self.env._("Licence name"), base.name),
                (self.env._("Licence number"), base.number),
                (self.env._("Cancelled on"), self._show_date(application.decided_at)),
            ]
        return page

    def _prepare_denial(self, application):
        page = super()._prepare_denial(application)
        if application.purpose == "new":
            return page
        act = self._get_act(application)
        if self._is_licence(application):
            page["title"] = self.env._("Decision to Deny the %s of the Administrative Licence", act)
        else:
            page["title"] = self.env._("Decision to Deny the %s", act)
        return page

    # === Sentences === #

    def _get_act(self, application):
        acts = {
            "renew": self.env._("renewal"),
            "change": self.env._("change"),
            "cancel": self.env._("cancellation"),
        }
        return acts[application.purpose]

    def _describe_act(self, application):
        articles = {
            "renew": self.env._("article 50"),
            "change": self.env._("article 49"),
            "cancel": self.env._("article 70"),
        }
        return {
            "item": application.item_id.name,
            "number": application.licence_base_number,
            "date": self._show_date(application.accepted_date),
            "act": self._get_act(application),
            "article": articles[application.purpose],
        }

    def _get_grant(self, application):
        if application.purpose == "new":
            return super()._get_grant(application)
        words = self._describe_act(application)
        if self._is_licence(application):
            return self.env._(
                "Your application for the %(act)s of the licence %(number)s (“%(item)s”), accepted"
                " on %(date)s, has been examined. It meets the conditions and standards set by law."
                " In accordance with %(article)s of the Administrative Licensing Law of the"
                " People's Republic of China the %(act)s is granted.",
                **words,
            )
        return self.env._(
            "Your application for the %(act)s of the licence %(number)s (“%(item)s”), accepted on"
            " %(date)s, has been examined. It meets the conditions set by law: the %(act)s is"
            " granted.",
            **words,
        )

    def _get_denial(self, application):
        if application.purpose == "new":
            return super()._get_denial(application)
        words = self._describe_act(application)
        if self._is_licence(application):
            return self.env._(
                "Your application for the %(act)s of the licence %(number)s (“%(item)s”), accepted"
                " on %(date)s, has been examined. It does not meet the conditions and standards set"
                " by law. In accordance with %(article)s of the Administrative Licensing"
                " Law of the People's Republic of China the %(act)s is denied.",
                **words,
            )
        return self.env._(
            "Your application for the %(act)s of the licence %(number)s (“%(item)s”), accepted on"
            " %(date)s, has been examined. It does not meet the conditions set by law: the %(act)s"
            " is denied.",
            **words,
        )
