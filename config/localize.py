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
    # The chatter of the demo's documents was begun before their models had a name in this language.
    env.cr.execute(
        """
        UPDATE mail_message
           SET body = replace(body, model.name->>'en_US', model.name->>%s)
          FROM ir_model AS model
         WHERE model.model = mail_message.model
           AND model.model LIKE 'shenpi.%%'
           AND starts_with(body, '<span>' || (model.name->>'en_US'))
        """,
        [lang],
    )
else:
    env.ref("base.user_admin").write({"lang": lang, "tz": "Asia/Shanghai"})
env.cr.commit()
