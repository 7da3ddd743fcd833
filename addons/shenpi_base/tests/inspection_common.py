"""Fixtures of the tests of inspections."""

from datetime import timedelta

from odoo import Command, fields

from .common import ShenpiCommon

CHECKLIST = (
    ("Area and layout", False),
    ("Fly screens and rat guards", False),
    ("Cold store", True),
)
# A picture of one white dot.
DOT = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAAAElFTkSuQmCC"
)


class InspectionCommon(ShenpiCommon):
    """``inspected_item`` asks for an inspection of three checkpoints by two; ``inspector2`` works
    in another office and sees the cases of ``office`` only when he inspects them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inspector2 = cls._create_user("t_inspector2", "inspector")
        cls.other_office.user_ids += cls.inspector2
        cls.pair = cls.inspector | cls.inspector2
        cls.inspected_item = cls._create_item(
            name="Restaurant licence",
            needs_inspection=True,
            checkpoint_ids=[
                Command.create({"name": name, "needs_photo": photo}) for name, photo in CHECKLIST
            ],
        )

    @classmethod
    def _bring_to_inspected(cls, state="accepted", **values):
        return cls._bring_to(state, item_code=cls.inspected_item.code, **values)

    @classmethod
    def _accept_inspected(cls):
        """An accepted case of ``inspected_item`` and the inspection that follows."""
        application = cls._bring_to_inspected()
        return application, application.inspection_ids

    @classmethod
    def _prepare_appointment(cls, **values):
        start = fields.Datetime.now() + timedelta(hours=1)
        return {
            "date_start": start,
            "date_stop": start + timedelta(hours=2),
            "place": "1 Harbour Road",
            "inspectors": cls.pair,
            **values,
        }

    @classmethod
    def _bring_inspection_to(cls, state, inspection):
        """Bring an ordered inspection on through the real transitions."""
        mine = inspection.with_user(cls.inspector)
        if state == "cancelled":
            inspection.with_user(cls.reviewer)._do_cancel("Not needed.")
        if state in ("ordered", "cancelled"):
            return inspection
        mine._do_schedule(cls._prepare_appointment())
        if state == "scheduled":
            return inspection
        mine._do_start()
        if state == "passed":
            cls._tick(mine)
            mine._do_conclude("pass")
        elif state == "rectify":
            rectify_date = fields.Date.add(fields.Date.today(), days=5)
            mine._do_conclude("rectify", "The cold store is too warm.", rectify_date)
        elif state == "failed":
            mine._do_conclude("fail", "There is no kitchen.")
        return inspection

    @classmethod
    def _tick(cls, inspection, result="pass"):
        """Answer every line, with a photo where one is needed."""
        for line in inspection.line_ids:
            if line.needs_photo:
                line.attachment_ids = cls._take_photo(inspection.env)
            line._set_result(result)

    @classmethod
    def _take_photo(cls, env, name="photo.png"):
        return env["ir.attachment"].create({"name": name, "datas": DOT})
