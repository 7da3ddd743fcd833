"""All that a server of ours offers to the outside, read from its registry: what a test must cover.

A model, route, report or `api_*` method that is new appears here by itself; the tests fail until
somebody has said who may use it (`support.access`).
"""

from dataclasses import dataclass

from .server import in_shell

_READ = """
import inspect

from odoo.http import Controller

# Models of Odoo's own that we extend with rows, buttons and calls of ours.
EXTENDED = ("project.project", "project.task")

def is_ours(name):
    return name.startswith("shenpi.") or name in EXTENDED

def path_to(model, target, depth=2):
    # The chain of stored Many2one fields from a model of ours to another one, the shortest first.
    links = [
        field for field in model._fields.values()
        if field.type == "many2one" and field.store and not field.name.endswith("_uid")
    ]
    for field in links:
        if field.comodel_name == target and field.name in ("application_id", "company_id"):
            return field.name
    for field in links if depth else ():
        if is_ours(field.comodel_name) and field.comodel_name != model._name:
            rest = path_to(env[field.comodel_name], target, depth - 1)
            if rest:
                return f"{field.name}.{rest}"
    return ""

def methods_of(model, prefix):
    found = {name: getattr(type(model), name) for name in dir(type(model))}
    return [
        (name, list(inspect.signature(method).parameters.values())[1:])
        for name, method in found.items()
        if name.startswith(prefix) and method.__module__.startswith("odoo.addons.shenpi_")
    ]

models = {}
for name in sorted(env.registry):
    model = env[name]
    if not is_ours(name) or model._abstract:
        continue
    models[name] = {
        "transient": model._transient,
        "to_application": (
            "id" if name == "shenpi.application" else path_to(model, "shenpi.application")
        ),
        "to_company": path_to(model, "res.company"),
        "raw": [
            f for f in model._fields
            if f.endswith("_raw") or (f.endswith("token") and name not in EXTENDED)
        ],
        "buttons": [
            method for method, parameters in methods_of(model, "action_")
            if all(p.default is not p.empty for p in parameters)
        ],
        "calls": {
            method: [p.name for p in parameters] for method, parameters in methods_of(model, "api_")
        },
    }
routes = {
    rule.rule: rule.endpoint.routing["auth"]
    for rule in env["ir.http"].routing_map().iter_rules()
    if rule.endpoint.func.__module__.startswith("odoo.addons.shenpi_")
}
reports = {
    report.report_name: report.model
    for report in env["ir.actions.report"].search([("report_name", "like", "shenpi_%")])
}
lasting = [env[name].sudo().with_context(active_test=False) for name in models
           if not models[name]["transient"]]

def ends(key):
    # By model: each row with the id at the end of its path.
    return {
        model._name: {row.id: end(row, path) for row in model.search([])}
        for model in lasting if (path := models[model._name][key])
    }

def end(row, path):
    if row._name == "shenpi.event" and path.endswith("company_id"):
        return row._get_document().company_id.id
    return row.id if path == "id" else row.mapped(path)[:1].id

users = {
    user.login: user for user in env["res.users"].search([("login", "in", LOGINS)])
}
rights = {
    login: {
        name: [
            operation for operation in ("read", "write", "create", "unlink")
            if env[name].with_user(user).has_access(operation)
        ]
        for name in models
    }
    for login, user in users.items()
}
result = {
    "models": models,
    "routes": routes,
    "reports": reports,
    "rights": rights,
    "case_of": ends("to_application"),
    "bureau_of": ends("to_company"),
}
"""


@dataclass(frozen=True)
class Model:
    """A model: whether its rows are passing, and what leads from a row to its case and bureau."""

    transient: bool
    to_application: str
    to_company: str
    raw: list[str]
    buttons: list[str]
    calls: dict[str, list[str]]


@dataclass(frozen=True)
class Surface:
    """What there is, by name."""

    models: dict[str, Model]
    routes: dict[str, str]  # with their `auth`
    reports: dict[str, str]  # with their model
    rights: dict[str, dict[str, list[str]]]  # by login and model, whatever the rows
    case_of: dict[str, dict[int, int]]  # by model and row, as far as rows hang on a case
    bureau_of: dict[str, dict[int, int]]  # by model and row, as far as rows belong to a bureau

    @property
    def lasting(self) -> dict[str, Model]:
        """Models with rows that last, by name."""
        return {name: model for name, model in self.models.items() if not model.transient}


def read_surface(database: str, logins) -> Surface:
    """Return all that there is, and what each login may do with it."""
    answer = in_shell(database, f"LOGINS = {list(logins)!r}\n{_READ}")
    answer["models"] = {name: Model(**facts) for name, facts in answer["models"].items()}
    for key in ("case_of", "bureau_of"):
        for name, rows in answer[key].items():
            answer[key][name] = {int(row): end for row, end in rows.items()}
    return Surface(**answer)
