"""Fixtures of the tests that need a running server.

`./shenpi test` makes the databases and names them in the environment; to run one test by hand on a
database of yours: `SHENPI_TEST_DB=mydb ./shenpi exec pytest tests/e2e/test_x.py`.
"""

import os

import psycopg2
import pytest
from hypothesis import settings

# How long an example takes is the machine's affair; `./shenpi bench` measures.
settings.register_profile("shenpi", settings.default, deadline=None)
settings.load_profile("shenpi")


@pytest.fixture(scope="session")
def database() -> str:
    """The name of a database with demo data that the tests may change."""
    name = os.environ.get("SHENPI_TEST_DB")
    if not name:
        pytest.fail("set SHENPI_TEST_DB to a database with demo data, or run ./shenpi test")
    return name


@pytest.fixture(scope="session")
def sql(database):
    """A function that runs a query on the database and gives its rows."""
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True

    def query(text, *arguments):
        with connection.cursor() as cursor:
            cursor.execute(text, arguments)
            return cursor.fetchall()

    yield query
    connection.close()


@pytest.fixture(scope="session")
def server(database):
    """A running server; its log must stay free of unexpected warnings and errors."""
    from support.server import running

    with running(database) as server:
        yield server
        unexpected = server.unexpected_log_lines()
    assert not unexpected, "Odoo's log:\n" + "\n".join(unexpected)


@pytest.fixture(scope="session")
def xmlrpc(server):
    """A function that gives a user's XML-RPC client, the same one each time."""
    clients = {}

    def client(login: str):
        if login not in clients:
            clients[login] = server.xmlrpc(login)
        return clients[login]

    return client


@pytest.fixture(scope="session")
def json2(server):
    """A function that gives a user's JSON-2 client, the same one each time."""
    clients = {}

    def client(login: str):
        if login not in clients:
            clients[login] = server.json2(login)
        return clients[login]

    return client
