"""Run in Odoo's shell on a new database: the language, the time zone, the currency."""

import os

lang = os.environ["LANG_CODE"]
company = env.ref("base.main_company")
if lang == "zh_CN":
    cny = env.ref("base.CNY")
    cny.active = True
    company.write({"currency_id": cny.id, "country_id": env.ref("base.cn").id})
    env["res.lang"]._lang_get("zh_CN").week_start = "1"
    env["ir.default"].set("res.partner", "lang", lang)
    env["ir.default"].set("res.partner", "tz", "Asia/Shanghai")
users = env["res.users"].with_context(active_test=False).search([])
if os.environ["DEMO"] and lang != "en_US":
    users.write({"lang": lang, "tz": "Asia/Shanghai"})
else:
    env.ref("base.user_admin").write({"lang": lang, "tz": "Asia/Shanghai"})
env.cr.commit()
