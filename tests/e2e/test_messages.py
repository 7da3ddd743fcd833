"""Messages through a real queue to a gateway with faults: nothing lost, nothing sent twice."""

import json
from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest
from support.api import Api
from support.copies import copied
from support.server import running, wait_for
from support.sms_gateway import UNKNOWN_NUMBER, SmsGateway, post, signed_headers

KEYS = {"city": "the key of the city bureau", "district": "the key of the district bureau"}
OPEN = "state IN ('pending', 'held')"


class Desk:
    """A bureau's messages in a database of their own: server, gateway, tables."""

    def __init__(self, server, gateway):
        self.server, self.gateway = server, gateway
        self._clients = {}
        self.api = Api(self.client)
        self._connection = psycopg2.connect(dbname=server.database)
        self._connection.autocommit = True

    def client(self, login):
        if login not in self._clients:
            self._clients[login] = self.server.xmlrpc(login)
        return self._clients[login]

    def sql(self, text, *arguments):
        with self._connection.cursor() as cursor:
            cursor.execute(text, arguments)
            return cursor.fetchall()

    def close(self):
        self._connection.close()

    def configure(self):
        """Tell both bureaus where their gateway is, as the administrator does."""
        admin = self.client("admin")
        admin("ir.config_parameter", "set_param", "web.base.url", self.server.url)
        companies = admin("res.company", "search", [], order="id")
        for company_id, (account, key) in zip(companies, KEYS.items(), strict=True):
            values = {"shenpi_sms_url": self.gateway.url, "shenpi_sms_account": account}
            values |= {"shenpi_sms_key": key, "shenpi_quiet_from": 0.0, "shenpi_quiet_to": 0.0}
            admin("res.company", "write", [company_id], values)

    def told(self, numbers):
        """The messages of cases as (state, key, phone)."""
        return self.sql(
            """SELECT m.state, m.key, m.address_raw FROM shenpi_message m
                 JOIN shenpi_application a ON a.id = m.application_id
                WHERE a.number = ANY(%s) ORDER BY m.id""",
            numbers,
        )

    def hurry(self):
        """Let no time pass until the next attempt: what waits is due, so is every job."""
        self.sql(
            f"UPDATE shenpi_message SET next_attempt_at = now() at time zone 'utc' - interval '1 s'"
            f" WHERE {OPEN} AND next_attempt_at > now() at time zone 'utc' RETURNING id"
        )
        self.sql(
            "UPDATE queue_job SET eta = NULL WHERE state = 'pending' AND eta IS NOT NULL"
            " RETURNING id"
        )

    def drain(self, seconds=60):
        """Wait until nothing is left to send, hurrying what has to be tried again."""

        def is_drained():
            left = self.sql(f"SELECT count(*) FROM shenpi_message WHERE {OPEN}")[0][0]
            if left:
                self.hurry()
            return not left

        wait_for(is_drained, seconds, "an empty outbox")


@pytest.fixture(scope="module")
def own_database(database):
    """A copy: the test of a killed server needs the only one on its database."""
    with copied(database, "messages") as name:
        yield name


@pytest.fixture(scope="module")
def gateway():
    with SmsGateway(KEYS) as gateway:
        yield gateway


@pytest.fixture(scope="module")
def desk(own_database, gateway):
    with running(own_database) as server:
        desk = Desk(server, gateway)
        desk.configure()
        yield desk
        desk.close()
        unexpected = server.unexpected_log_lines()
    assert not unexpected, "Odoo's log:\n" + "\n".join(unexpected)


@pytest.fixture
def calm(gateway):
    """The gateway does as it should, before and after."""
    gateway.control(faults=[], receipts="")
    yield gateway
    gateway.control(faults=[], receipts="")


def test_faults_of_the_gateway(desk, calm, payload):
    """Whatever the gateway does, every message reaches its phone, once."""
    before = set(calm.seen()["sent"])
    faults = ["drop", "error", "part", "garbage", "error_after", "slow", "drop", "part"]
    calm.control(faults=faults, slowness=0.5)
    numbers = [desk.api.submit("clerk", payload())["number"] for _ in range(30)]
    desk.drain()
    told = desk.told(numbers)
    assert {state for state, _key, _phone in told} == {"sent"}
    assert len(told) == 30
    seen = calm.seen()
    new = [key for key in seen["sent"] if key not in before]
    assert sorted(new) == sorted(key for _state, key, _phone in told)
    assert len(set(new)) == len(new)
    assert sum(seen["messages"][key]["posts"] for key in new) > 30, "some were posted again"
    phones = sorted(seen["messages"][key]["to"].removeprefix("+86") for key in new)
    assert phones == sorted(phone for _state, _key, phone in told)


def test_a_gateway_that_answers_too_late(desk, calm, payload):
    calm.control(faults=["hang"], patience=22)
    number = desk.api.submit("clerk", payload())["number"]
    ((_state, key, _phone),) = desk.told([number])
    wait_for(lambda: _trouble(desk, key), 40, "the attempt to be given up")
    desk.drain()
    assert desk.told([number])[0][0] == "sent"
    seen = calm.seen()
    assert (seen["sent"].count(key), seen["messages"][key]["posts"]) == (1, 2)


def _trouble(desk, key):
    return desk.sql("SELECT error FROM shenpi_message WHERE key = %s", key)[0][0]


def test_a_refused_number_fails_and_is_sent_again_elsewhere(desk, calm, payload):
    applicant = dict(payload()["applicant"], phone=UNKNOWN_NUMBER)
    number = desk.api.submit("clerk", payload(applicant=applicant))["number"]
    desk.drain()
    ((state, key, _phone),) = desk.told([number])
    assert state == "failed"
    assert key not in calm.seen()["messages"]
    ((message_id,),) = desk.sql("SELECT id FROM shenpi_message WHERE key = %s", key)
    clerk = desk.client("clerk")
    (shown,) = clerk("shenpi.message", "read", [message_id], ["error", "can_send_again"])
    assert shown["can_send_again"] and "404" not in shown["error"]
    values = {"message_id": message_id, "reason": "号码有误", "address": "13900000405"}
    wizard = clerk("shenpi.message.wizard", "create", values)
    clerk("shenpi.message.wizard", "action_confirm", [wizard])
    desk.drain()
    assert desk.told([number])[0][0] == "sent"
    assert calm.seen()["messages"][f"{key}-1"]["to"] == "+8613900000405"


def test_receipts(desk, calm, payload):
    """Early (before the gateway's answer), twice, out of order, late: each lands, none harms."""
    calm.control(receipts="early")
    numbers = [desk.api.submit("clerk", payload())["number"] for _ in range(10)]
    desk.drain()
    calm.control(receipts="")
    wait_for(
        lambda: {row[0] for row in desk.told(numbers)} == {"delivered"}, what="receipts to land"
    )
    keys = [key for _state, key, _phone in desk.told(numbers)]
    calm.receipt("failed", keys, reason="late and wrong")
    calm.receipt("delivered", keys)
    assert {row[0] for row in desk.told(numbers)} == {"delivered"}

    late = desk.api.submit("clerk", payload())["number"]
    desk.drain()
    ((_state, key, phone),) = desk.told([late])
    calm.receipt("failed", [key], reason=f"{phone} 关机")
    assert desk.told([late])[0][0] == "failed"
    assert phone not in _trouble(desk, key)
    calm.receipt("delivered", [key], at="2026-01-01T08:00:00+08:00")
    assert desk.told([late])[0][0] == "delivered"


def test_strangers_at_the_webhook(desk, calm, payload):
    number = desk.api.submit("clerk", payload())["number"]
    desk.drain()
    ((state, key, _phone),) = desk.told([number])
    url = f"{desk.server.url}/shenpi/sms/1/receipts"
    body = json.dumps({"receipts": [{"id": key, "status": "delivered"}]}).encode()
    refused = {
        post(url, body, signed_headers("somebody else's key", body)),
        post(url, body, signed_headers(KEYS["city"], body, timestamp=1)),
        post(url, body, signed_headers(KEYS["city"], body, signature="0" * 64)),
        post(url, body, signed_headers(KEYS["city"], b"{}")),
        post(url.replace("/1/", "/987654/"), body, signed_headers(KEYS["city"], body)),
        post(url, body, {"Content-Type": "application/json"}),
    }
    assert refused == {(403, '{"taken": false}')}
    assert desk.told([number])[0][0] == state == "sent"
    once = signed_headers(KEYS["city"], body)
    assert post(url, body, once)[0] == 200
    assert post(url, body, once)[0] == 403
    assert desk.told([number])[0][0] == "delivered"


def test_two_bureaus_at_once(desk, calm, items, payload):
    """Each over its own account; the one whose key is wrong does not hold up the other."""
    admin = desk.client("admin")
    district = admin("res.company", "search", [], order="id")[1]
    domain = [("company_id", "=", district), ("state", "=", "published")]
    codes = admin("shenpi.item", "search_read", domain, ["code"], limit=1)
    materials = [{"code": f"M{place:02d}"} for place in range(1, 3)]
    theirs = {"item_code": codes[0]["code"], "materials": None}
    assert materials
    admin("res.company", "write", [district], {"shenpi_sms_key": "a key that is not the one"})
    ours = [desk.api.submit("clerk", payload())["number"] for _ in range(5)]
    them = [desk.api.submit("clerk_b", payload(**theirs))["number"] for _ in range(5)]
    wait_for(lambda: {r[0] for r in desk.told(ours)} == {"sent"}, what="the city's messages")
    keys = [key for _state, key, _phone in desk.told(them)]
    wait_for(lambda: all(_trouble(desk, key) for key in keys), what="the refusal")
    assert "签名" in _trouble(desk, keys[0]) or "signature" in _trouble(desk, keys[0])
    admin("res.company", "write", [district], {"shenpi_sms_key": KEYS["district"]})
    desk.drain()
    messages = calm.seen()["messages"]
    accounts = {messages[key]["account"] for key in keys}
    assert accounts == {"district"}
    assert {messages[key]["account"] for _s, key, _p in desk.told(ours)} == {"city"}


def test_no_number_and_no_key_is_told(desk, calm):
    """Neither in the log, nor in the jobs."""
    log = desk.server.log.read_text("utf-8", "replace")
    jobs = str(desk.sql("SELECT name, args, kwargs, exc_info, exc_message, result FROM queue_job"))
    phones = [row[0] for row in desk.sql("SELECT address_raw FROM shenpi_message")]
    assert len(phones) > 40
    for secret in [*KEYS.values(), *phones]:
        assert secret not in log
        assert secret not in jobs
    assert not desk.sql("SELECT id FROM sms_sms"), "numbers stay nowhere else"


def test_a_server_killed_in_the_middle(own_database, gateway, desk, payload):
    """Two hundred messages; kill -9 between two posts; the next server finishes the work, once."""
    gateway.control(faults=["error"] * 1000)
    with ThreadPoolExecutor(max_workers=4) as pool:
        filed = pool.map(
            lambda p: desk.api.submit("integrator", p), [payload() for _ in range(200)]
        )
        numbers = [answer["number"] for answer in filed]
    before = len(gateway.seen()["sent"])
    gateway.control(faults=["slow"] * 1000, slowness=0.7)
    desk.hurry()
    wait_for(lambda: len(gateway.seen()["sent"]) - before >= 60, 60, "the first posts")
    desk.server.kill()
    left = [row for row in desk.told(numbers) if row[0] == "pending"]
    assert left, "nothing was left to do when the server was killed"

    with running(own_database) as again:
        survivor = Desk(again, gateway)
        survivor.drain(90)
        told = survivor.told(numbers)
        survivor.close()
    seen = gateway.seen()
    assert [state for state, _key, _phone in told] == ["sent"] * 200
    keys = [key for _state, key, _phone in told]
    assert sorted(key for key in seen["sent"] if key in set(keys)) == sorted(keys)
    again = [key for key in keys if seen["messages"][key]["posts"] > 1]
    assert again, "what was under way is posted again, under the same key"
    gateway.control(faults=[])
