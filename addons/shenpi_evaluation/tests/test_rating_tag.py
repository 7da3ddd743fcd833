from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..tools import levels
from .common import EvaluationCommon


@tagged("post_install", "-at_install")
class TestRatingTag(EvaluationCommon):
    def test_forty_tags_eight_for_each_level(self):
        groups = self.env["shenpi.rating.tag"]._read_group([], ["level"], ["code:array_agg"])
        self.assertEqual(
            {level: len(codes) for level, codes in groups}, dict.fromkeys(levels.LEVELS, 8)
        )
        for level, codes in groups:
            stars = levels.number_of(level, "stars")
            self.assertEqual({code[0] for code in codes}, {str(stars)})

    def test_nobody_edits_them(self):
        tag = self.env.ref("shenpi_evaluation.shenpi_rating_tag_510")
        for user in (self.officer, self.chief, self.manager):
            with self.assertRaises(AccessError):
                self._as(user, tag).write({"name": "x"})
