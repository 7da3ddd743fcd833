"""Writes past the flow of a case, one for each way that somebody might try."""

APPLICATION = "shenpi.application"
MOMENT = "2024-09-09 10:00:00"


def attempts_to_change(case, item_id):
    """Every attempt as (model, method, arguments); `case` holds ids by model."""
    for vals in _values(case):
        yield APPLICATION, "write", (case[APPLICATION], vals)
    yield APPLICATION, "web_save", (case[APPLICATION], {"state": "closed"}, {})
    yield APPLICATION, "unlink", (case[APPLICATION],)
    yield APPLICATION, "copy", (case[APPLICATION], {"state": "granted"})
    for vals in ({"state": "granted"}, {"number": "1"}, {"filed_by_id": 2}):
        yield APPLICATION, "create", ({"item_id": item_id, "applicant_name": "别人", **vals},)
    for model, vals in _parts(case[APPLICATION][0]).items():
        yield model, "create", (vals,)
        yield model, "write", (case[model], {key: vals[key] for key in list(vals)[1:2]})
        yield model, "unlink", (case[model],)
    yield "shenpi.application.counter", "create", ({"item_code": "x", "day": MOMENT, "last": 1},)
    yield "shenpi.api.call", "create", ({"client_ref": "x", "user_id": 2, "model": "x"},)
    yield "shenpi.api.call", "search", ([],)
    for vals in ({"name": "x"}, {"promised_limit": 1}, {"state": "draft"}, {"step_ids": [[5]]}):
        yield "shenpi.item", "write", ([item_id], vals)
    yield "shenpi.item", "unlink", ([item_id],)


def _event(case_id):
    return {
        "application_id": case_id,
        "action": "grant",
        "sequence": 99,
        "user_id": 2,
        "happened_at": MOMENT,
        "recorded_at": MOMENT,
        "hash": "$1$0",
    }


def _clock(case_id):
    return {"application_id": case_id, "kind": "resume", "happened_at": MOMENT}


def _values(case):
    """Values of the application that only its flow writes."""
    event, clock = _event(case[APPLICATION][0]), _clock(case[APPLICATION][0])
    return (
        {"state": "closed"},
        {"number": "1"},
        {"applicant_name": "别人"},
        {"applicant_id_number": "1"},
        {"handler_id": 2},
        {"step_id": False},
        {"statutory_due_date": "2030-01-01"},
        {"outcome": "deny"},
        {"licence_id": False},
        {"company_id": 2},
        {"department_id": 1},
        {"filed_by_id": 2},
        {"event_ids": [[0, 0, event]]},
        {"clock_ids": [[0, 0, clock]]},
        {"material_ids": [[1, case["shenpi.application.material"][0], {"status": "missing"}]]},
        {"material_ids": [[5, 0, 0]]},
        {"step_ids": [[1, case["shenpi.application.step"][0], {"status": "denied"}]]},
        {"correction_ids": [[5, 0, 0]]},
    )


def _parts(case_id):
    """Rows of what hangs on the application."""
    return {
        "shenpi.event": _event(case_id),
        "shenpi.application.clock": _clock(case_id),
        "shenpi.application.step": {
            "application_id": case_id,
            "sequence": 9,
            "name": "x",
            "kind": "decide",
            "role": "decider",
        },
        "shenpi.application.material": {
            "application_id": case_id,
            "code": "M98",
            "name": "x",
            "item_material_id": 1,
        },
        "shenpi.application.correction": {
            "application_id": case_id,
            "sent_at": MOMENT,
            "sent_by_id": 2,
        },
        "shenpi.licence": {
            "application_id": case_id,
            "number": "1",
            "name": "x",
            "holder_name": "x",
            "valid_from": "2024-09-09",
        },
    }
