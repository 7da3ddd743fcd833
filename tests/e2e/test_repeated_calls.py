"""`client_ref`: the same call again, the same reference with other content, ten calls at once."""

import pytest
from support.api import at_once
from support.rpc import Fault


def count_cases(sql, filing) -> int:
    ((count,),) = sql(
        "SELECT count(*) FROM shenpi_application WHERE applicant_name = %s",
        filing["applicant"]["name"],
    )
    return count


def test_the_same_call_again(any_api, payload, sql):
    filing = payload()
    first = any_api.submit("integrator", filing)
    again = any_api.submit("integrator", filing)
    assert again == first | {"duplicate": True}
    assert count_cases(sql, filing) == 1


def test_the_first_answer_is_kept(api, payload):
    """The case has moved on, the answer of the filing has not."""
    filing = payload()
    first = api.submit("integrator", filing)
    api.act("integrator", "accept", first["number"])
    assert api.submit("integrator", filing) == first | {"duplicate": True}


@pytest.mark.parametrize("change", [{"channel": "web"}, {"materials": []}, {"form": {"面积": 20}}])
def test_the_same_reference_with_other_content(any_api, payload, sql, change):
    filing = payload()
    any_api.submit("integrator", filing)
    with pytest.raises(Fault, match="client_ref"):
        any_api.submit("integrator", filing | change)
    assert count_cases(sql, filing) == 1


def test_the_reference_is_unique_per_caller(api, payload):
    filing = payload()
    first = api.submit("integrator", filing)
    other = api.submit("clerk", filing)
    assert other["number"] != first["number"]
    assert other["duplicate"] is False


def test_a_refused_call_leaves_its_reference_free(api, payload):
    filing = payload()
    with pytest.raises(Fault, match="item_code"):
        api.submit("integrator", filing | {"item_code": "no such item"})
    assert api.submit("integrator", filing)["duplicate"] is False


@pytest.mark.parametrize("server_kind", ["api", "prefork_api"])
def test_ten_identical_calls_at_once(request, payload, sql, server_kind):
    """One case and nine duplicates, on one process with threads and on two processes."""
    calls = request.getfixturevalue(server_kind)
    filing = payload()
    calls.status("integrator", calls.submit("integrator", payload())["number"])  # log in, warm up
    answers = at_once(*[lambda: calls.submit("integrator", filing)] * 10)
    assert [fault for fault in answers if isinstance(fault, Fault)] == []
    assert sorted(answer["duplicate"] for answer in answers) == [False] + [True] * 9
    assert len({answer["number"] for answer in answers}) == 1
    assert count_cases(sql, filing) == 1
