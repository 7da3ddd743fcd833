from odoo import models
from odoo.exceptions import ValidationError

from ..tools import plan


class ShenpiPlanMixin(models.AbstractModel):
    """Parts of a whole that wait for each other: lines of bundles and menus, permits of projects.

    Each part names what it waits for in two fields: all of the one, any one of the other. Keys in
    plans and pictures are ids as text; ties to parts that are not among ``self`` do not count.
    """

    _name = "shenpi.plan.mixin"
    _description = "Part of a plan"

    _all_of_field = "after_all_ids"
    _any_of_field = "after_any_ids"

    def _get_plan_days(self):
        """Hook: the working days that this part takes."""
        raise NotImplementedError

    def _get_plan_name(self):
        """Hook: how people call this part."""
        return self.display_name

    def _prepare_plan_task(self, lines):
        """Hook: the part as the planner sees it."""
        return plan.Task(str(self.id), self._get_plan_days(), self._get_requirements(lines))

    def _prepare_plan_tasks(self, day=None):
        """These parts as the planner sees them; ``day`` is for those that count from facts."""
        return [line._prepare_plan_task(self) for line in self]

    def _schedule(self):
        """When each of these parts runs (``tools.plan.schedule``).

        :raise plan.CycleError: parts wait for each other
        """
        return plan.schedule(self._prepare_plan_tasks())

    def _get_requirements(self, lines):
        """Groups of keys of which one must be done first, within ``lines``."""
        groups = [frozenset({str(before.id)}) for before in self[self._all_of_field] & lines]
        any_of = self[self._any_of_field] & lines
        if any_of:
            groups.append(frozenset(str(before.id) for before in any_of))
        return tuple(groups)

    def _get_ties(self):
        """(key before, key after, whether it is one of several) for the picture."""
        return [
            (str(before.id), str(line.id), name == self._any_of_field)
            for name in (self._all_of_field, self._any_of_field)
            for line in self
            for before in line[name] & self
        ]

    def _describe_loop(self, error):
        """The parts of a loop by name, the first one again at the end."""
        names = {str(line.id): line._get_plan_name() for line in self}
        return " → ".join(names[key] for key in error.loop)

    def _check_loops(self):
        """Raise when parts wait for each other, naming them."""
        try:
            self._schedule()
        except plan.CycleError as error:
            raise ValidationError(
                self.env._("These wait for each other: %s.", self._describe_loop(error))
            ) from error
