import json
import time

from odoo import http
from odoo.http import request

MAX_BYTES = 64 * 1024


class LookupDemoController(http.Controller):
    """An invented register, so that look-ups can be tried where nothing real is connected."""

    @http.route(
        "/shenpi/demo/lookup",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        readonly=True,
        save_session=False,
        max_content_length=MAX_BYTES,
    )
    def ask(self, **_parameters):
        """Answer a question that a demonstration source has signed. There are such sources in a
        database with demo data only; every proof found says that it is invented."""
        body = request.httprequest.get_data()
        sources = request.env["shenpi.lookup.source"].sudo()
        source = sources._find_demo(request.httprequest.headers, body, time.time())
        if not source:
            return request.make_response("", status=404)
        answer = source._invent_answer(json.loads(body))
        return request.make_json_response(answer)
