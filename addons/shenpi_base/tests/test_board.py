from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import NOW, ShenpiCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestBoard(ShenpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tiles = cls.env["shenpi.tile"].search([])
        cls.api = cls.env["shenpi.application"].with_user(cls.integrator)

    def _board(self, user):
        return self._as(user, self.tiles)

    def _fill(self):
        """A case in most of the situations that tiles speak of."""
        for state in ("received", "correcting", "accepted", "deciding", "granted", "closed"):
            self._bring_to(state)
        for day in ("2026-05-26", "2026-06-08"):
            application = self._submit(self.integrator, at=f"{day}T09:00:00+08:00")
            self.api.api_accept(application.number, {"at": f"{day}T10:00:00+08:00"})
        notice = {"kind": "testing", "planned_days": 1, "notice": "Samples are tested."}
        self.api.api_pause(application.number, dict(notice, at="2026-06-08T11:00:00+08:00"))

    def test_a_number_is_the_length_of_its_list(self):
        self._fill()
        for user in (self.supervisor, self.manager):
            for tile in self._board(user):
                with self.subTest(tile=tile.name, user=user.login):
                    action = tile.action_open()
                    records = self._as(user, self.env[action["res_model"]])
                    count = records.search_count(action["domain"])
                    self.assertEqual(tile.is_calm, not count)
                    if tile.measure == "count":
                        self.assertEqual(tile.value, str(count))

    def test_numbers(self):
        self._fill()
        values = {tile.id: tile for tile in self._board(self.supervisor)}

        def value(name):
            return values[self.env.ref(f"shenpi_base.tile_{name}").id].value

        self.assertEqual(value("received_today"), "6")
        self.assertEqual(value("waiting"), "1")
        self.assertEqual(value("red"), "2", "accepted on 26 May, and a procedure overstayed")
        self.assertEqual(value("overstayed"), "1")
        self.assertEqual(value("paused"), "1")
        self.assertEqual(value("on_time"), "100.0%")

    def test_by_light(self):
        self._fill()
        tile = self._board(self.supervisor).browse(self.env.ref("shenpi_base.tile_in_hand").id)
        self.assertEqual((tile.value, tile.yellow, tile.red), ("4", 0, 2))

    def test_nothing_decided_is_a_dash(self):
        tile = self._board(self.supervisor).browse(self.env.ref("shenpi_base.tile_on_time").id)
        self.assertEqual(tile.value, "—")

    def test_readers_count_what_they_see(self):
        """Another bureau's supervisor sees nothing of this one's."""
        self._fill()
        stranger = self._create_user("t_supervisor_b", "supervisor", self.district)
        applications = self._board(stranger).filtered(
            lambda tile: tile._get_ground()[0] == "shenpi.application"
        )
        self.assertEqual(set(applications.mapped("is_calm")), {True})

    def test_few_queries(self):
        """All tiles of cases at work are counted in one query, however many they are."""
        self._fill()
        at_work = self.tiles.filtered(lambda tile: "at_work" in tile.base_domain)
        self.assertGreater(len(at_work), 8)
        board = self._as(self.supervisor, at_work)
        board.mapped("value")
        self.env.invalidate_all()
        board.mapped("name")
        self._as(self.supervisor, self.env["shenpi.application"]).search([], limit=1)
        with self.assertQueryCount(6):
            board.mapped("value")

    def test_who_may(self):
        with self.assertRaises(AccessError):
            self._as(self.clerk, self.tiles[0]).read(["value"])
        for user in (self.supervisor, self.manager):
            with self.assertRaises(AccessError):
                self._board(user)[0].name = "Mine"
        self.tiles.with_user(self.env.ref("base.user_admin"))[0].name = "Ours"

    def test_conditions_are_domains(self):
        tile = self.tiles[0]
        for text in ("[('nothing', '=', 1)]", "print(1)", "[", "[(1, '=', 1, 2)]"):
            with self.subTest(text=text), self.assertRaises(ValidationError):
                tile.domain = text


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestFinding(ShenpiCommon):
    """Lists are preset to open cases; whoever looks for a certain one finds it closed too."""

    def test_closed_cases_are_found(self):
        closed = self._bring_to("closed")
        opened = self._submit()
        applications = self._as(self.supervisor, self.env["shenpi.application"])
        preset = [("at_work", "=", True)]
        self.assertEqual(applications.search(preset), opened)
        for condition in (
            ("find", "ilike", closed.number),
            ("find", "ilike", closed.number_short),
            ("number", "=", closed.number),
        ):
            self.assertEqual(applications.search([*preset, condition]), closed)
        name = ("applicant_name", "ilike", "青云")
        self.assertEqual(applications.search([*preset, name]), closed | opened)
        self.assertEqual(applications.search_count([*preset, name]), 2)
        groups = applications.formatted_read_group([*preset, name], ["state"], ["__count"])
        self.assertEqual({group["state"] for group in groups}, {"received", "closed"})

    def test_other_filters_keep_the_preset(self):
        self._bring_to("closed")
        applications = self._as(self.supervisor, self.env["shenpi.application"])
        domain = [("at_work", "=", True), ("department_id", "=", self.office.id)]
        self.assertFalse(applications.search(domain))

    def test_what_is_due(self):
        kinds = {
            "received": "correction",
            "correcting": False,
            "accepted": "decision",
            "granted": "delivery",
            "closed": False,
        }
        for state, kind in kinds.items():
            self.assertEqual(self._bring_to(state).due_kind, kind, state)
