from datetime import date

from .common import BUREAU_USCC, ShenpiCommon, moment

HOLDER = "91350100M000100Y43"
OTHER = "911101085923662400"


class LicenceCommon(ShenpiCommon):
    """A type of licence with a lead of thirty days and a ladder of sixty, and a licence of it that
    runs from 2026-06-10 to 2027-06-09."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env["shenpi.licence.type"].create(
            {
                "name": "Food business licence",
                "code": "FOOD",
                "type_code": f"{BUREAU_USCC}011",
                "validity_count": 5,
                "validity_unit": "years",
                "conditions": "Keep the kitchen clean.",
                "rung_ids": [(0, 0, {"days_before": 60}), (0, 0, {"days_before": 7})],
            }
        )
        cls.typed_item = cls._create_item(
            name="Food business", licence_type_id=cls.kind.id, licence_validity_years=1
        )
        cls.licence = cls._make_licence()

    @classmethod
    def _make_licence(cls, **values):
        values.setdefault("item_code", cls.typed_item.code)
        return cls._bring_to("granted", **values).licence_id

    @classmethod
    def _take_over(cls, number, **values):
        """A licence from before, without an application."""
        vals = {
            "number": number,
            "name": "Old licence",
            "type_id": cls.kind.id,
            "item_id": cls.typed_item.id,
            "company_id": cls.company.id,
            "department_id": cls.office.id,
            "holder_name": "张三",
            "holder_kind": "person",
            "holder_id_type": "ric",
            "holder_id_number_raw": "11010519491231002X",
            "version": 1,
            "valid_from": date(2022, 1, 1),
            "in_force_from": date(2022, 1, 1),
            "valid_to": date(2026, 12, 31),
            **values,
        }
        licences = cls.env["shenpi.licence"]
        vals |= licences._prepare_derived(vals)
        return licences.with_user(cls.manager)._begin_all("import_licence", [vals], [None])

    def _ask(self, purpose, licence=None, user=None, **values):
        """An application about a licence, received."""
        number = (licence or self.licence).number
        values.setdefault("item_code", self.typed_item.code)
        return self._submit(user, purpose=purpose, licence=number, **values)

    def _grant(self, application):
        application.with_user(self.clerk)._do_accept()
        self._bring_on(application, "granted")
        return application.licence_id

    def _at(self, text):
        return moment(text)
