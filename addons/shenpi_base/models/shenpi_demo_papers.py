import random
import secrets

from odoo import api, models

from ..tools import lookups

PORT = 8069  # of `./shenpi run`
BASIS = "《政务数据共享条例》（示例数据，具体依据由法规科核定）"
# What the law or the list of the bureau dropped, and what comes in with another item.
DROPPED = {"项目代码回执"}
COMBINED = {("公安消防", "场所平面布置图")}
SHARE = 0.6


class ShenpiDemo(models.AbstractModel):
    """Demo of intake without papers: a source of shared data that invents its proofs, and
    applications whose papers were spared."""

    _inherit = "shenpi.demo"

    @api.model
    def _load_lookup_source(self):
        """Connect the city with the demonstration source on this machine, once."""
        sources = self.env["shenpi.lookup.source"]
        city = self.env.ref("base.main_company")
        if sources.search_count([("company_id", "=", city.id)], limit=1):
            return
        names = {
            row["name"]
            for row in self._read_csv("materials84.csv")
            if row["spared_by"] == "shared_data" and row["name"] not in DROPPED
        }
        sources.create(
            {
                "name": "市公共数据共享平台（演示）",
                "company_id": city.id,
                "material_names": "\n".join(sorted(names)),
                "legal_basis": BASIS,
                "is_demo": True,
                "url": f"http://127.0.0.1:{PORT}/shenpi/demo/lookup",
                "account": "qingyun-demo",
                "key": secrets.token_urlsafe(24),
            }
        )

    # === Materials that are spared === #

    def _prepare_parts(self, row, materials):
        vals = super()._prepare_parts(row, materials)
        for command in vals["material_ids"]:
            self._spare_by_rule(row, command)
        return vals

    def _spare_by_rule(self, row, command):
        _create, _id, material = command
        if material["name"] in DROPPED:
            material["spared_by"] = "law"
        elif (row["phase"], material["name"]) in COMBINED:
            material["spared_by"] = "combined"

    def _tick_materials(self, dice, application, state):
        """Some applicants bring no paper that the source knows."""
        super()._tick_materials(dice, application, state)
        dropped = application.material_ids.filtered(lambda m: "law" in m._get_ways())
        dropped.write({"status": "spared", "spared_way": "law"})
        own = random.Random(application.id)
        if application.item_id.auto_grant or own.random() > SHARE:
            return
        known = application.material_ids.filtered(
            lambda m: m.item_material_id.spared_by == "shared_data" and m.status == "provided"
        )
        known.write({"status": "missing", "provided_at": False})

    def _walk(self, dice, application, state, suffix, moments):
        if state != "received":
            self._look_up(application)
        return super()._walk(dice, application, state, suffix, moments)

    def _look_up(self, application):
        """Ask at the moment of the filing, and enter what is found."""
        if not application._get_askable():
            missing = application._get_missing()
            missing.filtered(lambda m: m.item_material_id.spared_by == "shared_data").sudo().write(
                {"status": "provided"}
            )
            return
        at = application.received_at
        sources = self.env["shenpi.lookup.source"].sudo()
        for lookup in application._do_look_up(at=at):
            told = sources._invent_answer(lookup._prepare_question())
            found = lookups.read(told, told["id"], application._get_today())
            lookup._note_answer(found)
            lookup.taken = True
            if found.status == "found":
                application._do_spare(lookup.material_id, "shared_data", found.evidence, at=at)
            else:
                lookup.material_id.sudo().write({"status": "provided", "provided_at": at})
