"""The catalogue and the calendar as integrators read them, and an import by the real job runner."""

import base64
import csv
import io
import secrets

import openpyxl
import pytest
from bootstrap.paths import ADDONS
from support.rpc import Fault
from support.server import wait_for

MENU = ADDONS / "shenpi_base" / "demo" / "menu84.csv"
HEADINGS = ["基本编码", "行使层级", "事项名称", "事项类型", "承办处室", "法定时限", "承诺时限"]
KEYS = {"code", "name", "department", "statutory_days", "promised_days", "unit", "materials"}


@pytest.fixture(params=["xmlrpc", "json2"])
def integrator(request):
    return request.getfixturevalue(request.param)("integrator")


def test_the_84_items(integrator):
    items = integrator("shenpi.item", "api_list", query={})
    with MENU.open(encoding="utf-8") as rows:
        names = {row["name"] for row in csv.DictReader(rows)}
    menu = [item for item in items if item["name"] in names]
    assert len(menu) == 84
    assert all(item.keys() - {"licence_type"} == KEYS for item in menu)
    assert all(len(item["code"]) == 31 for item in menu)
    assert all(3 <= len(item["materials"]) <= 6 for item in menu)
    assert all(item["promised_days"] <= item["statutory_days"] for item in menu)


def test_one_item(integrator):
    (item,) = integrator("shenpi.item", "api_list", query={"name": "食品经营许可证"})
    assert (item["statutory_days"], item["promised_days"]) == (10, 3)
    assert (item["unit"], item["department"]) == ("working_days", "市场准入审批处")
    assert {"required": True, "deferrable": True}.items() <= item["materials"][4].items()
    assert integrator("shenpi.item", "api_list", query={"code": item["code"]}) == [item]


def test_working_days(integrator):
    assert integrator("shenpi.workday", "api_add", date="2026-09-18", days=20) == "2026-10-22"
    days = {"date_from": "2026-09-18", "date_to": "2026-10-22"}
    assert integrator("shenpi.workday", "api_count", **days) == 20


@pytest.mark.parametrize(
    ("model", "method", "arguments", "word"),
    [
        ("shenpi.workday", "api_add", {"date": "18.9.2026", "days": 1}, "date"),
        ("shenpi.workday", "api_add", {"date": "1980-01-01", "days": 1}, "date"),
        ("shenpi.item", "api_list", {"query": {"colour": "red"}}, "colour"),
    ],
)
def test_errors_name_the_field(integrator, model, method, arguments, word):
    with pytest.raises(Fault) as caught:
        integrator(model, method, **arguments)
    assert caught.value.name in ("UserError", "ValidationError")
    assert word in caught.value.message


def test_import_by_the_job_runner(xmlrpc):
    manager = xmlrpc("manager")
    first = secrets.randbelow(10**7)
    rows = [
        [f"3701{first + n:08}", "市", f"导入{n}", "公共服务", "市场准入审批处", "20", "5"]
        for n in range(1500)
    ]
    rows[7][0] = "12"
    table = "\n".join(",".join(row) for row in [HEADINGS, *rows])
    values = {"file": base64.b64encode(table.encode()).decode(), "filename": "import.csv"}
    record = manager("shenpi.item.import", "create", [values])
    manager("shenpi.item.import", "action_start", record)

    def finished():
        (found,) = manager(
            "shenpi.item.import", "read", record, ["state", "done_rows", "bad_rows", "report"]
        )
        return found if found["state"] in ("done", "rejected") else None

    found = wait_for(finished, seconds=120)
    assert (found["state"], found["done_rows"], found["bad_rows"]) == ("done", 1499, 1)
    report = openpyxl.load_workbook(io.BytesIO(base64.b64decode(found["report"])))
    line, reason, *cells = (cell.value for cell in report.active[2])
    assert (line, cells) == (9, rows[7])
    assert reason
