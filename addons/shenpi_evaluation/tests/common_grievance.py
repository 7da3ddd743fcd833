"""Fixtures of the tests of grievances."""

from itertools import count

from .common import EvaluationCommon

PHONE = "13987654321"
NAME = "张小明"
ADDRESS = "青州市海棠路12号3单元"
PATHS = {
    "received": "",
    "dispatched": "dispatch",
    "answered": "dispatch answer",
    "replied": "dispatch answer approve_reply",
    "visited": "dispatch answer approve_reply visit",
    "escalated": "dispatch answer approve_reply escalate",
    "hard": "dispatch answer approve_reply escalate plan",
    "closed": "dispatch answer approve_reply visit close",
    "not_accepted": "not_accept",
    "withdrawn": "withdraw",
}


class GrievanceCommon(EvaluationCommon):
    """``office`` (headed by ``head``, ``reviewer2`` works in it) leads, ``other_office``
    (``outsider``) may help, ``window`` is where things fail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order_numbers = count(1)
        cls.head = cls._create_user("t_head", "decider")
        cls.office.manager_id = cls.head
        for unit, code in ((cls.office, "OFF"), (cls.other_office, "WRK"), (cls.window, "WIN")):
            unit.code = code
        cls.hotline = cls.env.ref("shenpi_evaluation.grievance_source_hotline")
        cls.box = cls.env.ref("shenpi_evaluation.grievance_source_box")
        cls.tier_5 = cls.env.ref("shenpi_evaluation.grievance_tier_5")
        cls.reason = cls.env.ref("shenpi_evaluation.grievance_reason_suit")

    @classmethod
    def _prepare_grievance(cls, **values):
        return {
            "source_id": cls.box.id,
            "kind": "ask",
            "title": "营业执照迟迟办不下来",
            "text": "材料都交齐了，窗口说再等等，已经等了十天。",
            "complainant_name": NAME,
            "complainant_phone": PHONE,
            "complainant_address": ADDRESS,
            **values,
        }

    @classmethod
    def _make(cls, state="received", user=None, **values):
        """A grievance that the officer took in, brought to ``state`` through the real flow."""
        grievances = cls.env["shenpi.grievance"].with_user(user or cls.officer)
        grievance = grievances._take_in(cls._prepare_grievance(**values)).with_env(cls.env)
        for action in PATHS[state].split():
            cls._go(grievance, action)
        return grievance

    @classmethod
    def _go(cls, grievance, action):
        officer, unit = grievance.with_user(cls.officer), grievance.with_user(cls.reviewer2)
        chief, second = grievance.with_user(cls.chief), grievance.with_user(cls.officer2)
        {
            "dispatch": lambda: officer._do_dispatch(cls.office, tier=cls.tier_5),
            "return": lambda: unit._do_return("不属于我处职责"),
            "answer": lambda: unit._do_answer("已联系申请人，执照已发放。"),
            "approve_reply": officer._do_approve_reply,
            "visit": lambda: second._do_visit("4", "5", True),
            "unhappy": lambda: second._do_visit("4", "2", False, "没有解决"),
            "escalate": lambda: [cls._go(grievance, step) for step in cls._get_way_up(grievance)],
            "plan": lambda: chief._do_plan("协调数据接口", cls.head, grievance._get_today()),
            "close": lambda: officer._do_close("resolved"),
            "not_accept": lambda: officer._do_not_accept(cls.reason, "已由法院受理。"),
            "withdraw": lambda: officer._do_withdraw("本人要求撤回"),
        }[action]()

    @classmethod
    def _get_way_up(cls, grievance):
        """Unhappy as many times as it takes to get before the leaders."""
        again = ("unhappy", "answer", "approve_reply")
        return again * grievance.company_id.shenpi_grievance_reopenings + ("unhappy",)
