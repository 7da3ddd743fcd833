"""The wall map of key projects: a page for those who see the projects, and for nobody else."""

import re

import pytest
from support.web import Session

PROJECT = "project.project"
ON_THE_WALL = [("is_key_project", "=", True), ("key_state", "in", ("preparing", "under_way"))]


@pytest.fixture(scope="module")
def projects(xmlrpc):
    """Names of the projects that a login sees."""

    def names(login):
        rows = xmlrpc(login)(PROJECT, "search_read", ON_THE_WALL, ["name"])
        return {row["name"] for row in rows}

    return names


def look(server, login, path="/shenpi/wall"):
    return Session(server.url, server.database).login(login).get(path)


@pytest.mark.parametrize("login", ["navigator", "supervisor", "manager", "clerk_b"])
def test_the_wall_shows_what_one_sees(server, projects, login):
    status, page = look(server, login)
    assert status == 200
    everything = projects("manager")
    assert everything, "the database has no key project"
    pages = int(re.search(r"1 / (\d+)", page[page.rindex("<footer") :])[1])
    for number in range(2, pages + 1):
        page += look(server, login, f"/shenpi/wall?page={number}")[1]
    shown = {name for name in everything if name in page}
    assert shown == projects(login)


def test_strangers_find_no_wall(server):
    for login in ("demo", "portal"):
        assert look(server, login)[0] == 404
    _status, page = Session(server.url, server.database).get("/shenpi/wall")
    assert "oe_login_form" in page


@pytest.mark.parametrize("page", ["0", "-1", "999", "x", "1;2"])
def test_a_page_that_is_none_begins_anew(server, page):
    status, text = look(server, "navigator", f"/shenpi/wall?page={page}")
    assert status == 200
    assert "<footer" in text
