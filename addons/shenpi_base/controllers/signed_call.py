import json
import time

from odoo.http import request


def take_signed_list(signer, company, name, read=None):
    """The list that a signed call without a login brings, as ``{name: [...]}``; None when anything
    is wrong with the call.

    Checked in this order, so that a call that is refused uses nothing up: the signature, the
    content, and that the call has not come before.

    :param signer: the record whose key the call is signed with; it answers ``_is_signed``
    :param company: the bureau that remembers the words signed with
    :param read: function of the list that answers what is to be taken of it, None when it is wrong
    """
    body = request.httprequest.get_data()
    headers = request.httprequest.headers
    if not signer._is_signed(headers, body, time.time()):
        return None
    try:
        rows = json.loads(body)[name]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(rows, list):
        return None
    rows = read(rows) if read else rows
    if rows is None:
        return None
    nonces = request.env["shenpi.message.nonce"].sudo()
    return rows if nonces._use(company, headers["X-Shenpi-Nonce"]) else None


def answer_signed_call(is_taken):
    """Whatever is wrong with a call, its answer is the same; so is that to every right one."""
    return request.make_json_response({"taken": is_taken}, status=200 if is_taken else 403)
