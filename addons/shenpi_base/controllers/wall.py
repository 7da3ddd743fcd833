from odoo import fields, http
from odoo.http import request
from odoo.tools import format_date, format_datetime

from .public_page import HEADERS

SECONDS = 30  # until the next page, or the same one anew
STAFF = "shenpi_base.group_shenpi_user"


class WallController(http.Controller):
    """The wall map of key projects: one page for a big screen, which turns by itself."""

    @http.route("/shenpi/wall", type="http", auth="user", methods=["GET"], readonly=True)
    def wall(self, page="1"):
        """The key projects that whoever is logged in sees; no script, nothing to press."""
        user = request.env.user
        if not user.has_group(STAFF):
            raise request.not_found()
        request.update_context(allowed_company_ids=user.company_ids.ids)
        number = int(page) if page.isdecimal() and len(page) < 4 else 1
        wall = request.env["project.project"]._get_wall(number)
        following = wall["page"] % wall["pages"] + 1
        env = request.env
        return request.render(
            "shenpi_base.wall_page",
            {
                "wall": wall,
                "title": env._("Key projects"),
                "lang": env.lang or "en_US",
                "bureau": env.company.name,
                "now": format_datetime(
                    env, fields.Datetime.now(), tz="Asia/Shanghai", dt_format="yyyy-MM-dd HH:mm"
                ),
                "show_day": lambda day: format_date(env, day, date_format="MM-dd") if day else "",
            },
            headers={**HEADERS, "Refresh": f"{SECONDS}; url=/shenpi/wall?page={following}"},
        )
