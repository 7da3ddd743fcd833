from dataclasses import dataclass, field

from odoo import api, models

from .project_task import PHASES

ON_THE_WALL = ("preparing", "under_way")
ROWS = 14  # As many as a wall screen of 1080 lines shows in letters that are read from far.
OPEN = ("ready", "prechecking", "filed", "elsewhere", "waiting")
# What a project needs: all but what has been left out.
NEEDED = ("granted", "failed", *OPEN)
WORST_FIRST = ("red", "yellow", "green", "none")


@dataclass(slots=True)
class Cell:
    """A phase of a project on the wall: how many of its permits are there, and how it stands."""

    granted: int = 0
    needed: int = 0
    lights: set = field(default_factory=set)

    @property
    def light(self):
        """The worst light of the permits still open; "done" when none is, None without permits."""
        if not self.needed:
            return None
        if self.granted == self.needed:
            return "done"
        return next((light for light in WORST_FIRST if light in self.lights), "none")


class ProjectProject(models.Model):
    """The wall map 挂图作战: key projects as rows, phases as columns, with lights."""

    _inherit = "project.project"

    @api.model
    def _get_wall(self, page=1):
        """What one page of the wall shows of the projects that the user sees, the worst first.

        :param int page: from 1; beyond the last one it begins anew
        :return: dict with ``page``, ``pages``, ``phases`` (labels), ``totals`` and ``rows``
        """
        projects = self.search(
            [("is_key_project", "=", True), ("key_state", "in", ON_THE_WALL)], order="key_code"
        )
        projects = projects.sorted(lambda p: WORST_FIRST.index(p.light or "none"))
        pages = max(1, -(-len(projects) // ROWS))
        page = (max(page, 1) - 1) % pages + 1
        shown = projects[(page - 1) * ROWS : page * ROWS]
        phases = dict(self.env["project.task"]._fields["phase"]._description_selection(self.env))
        return {
            "page": page,
            "pages": pages,
            "phases": list(phases.values()),
            "totals": projects._get_wall_totals(),
            "rows": shown._get_wall_rows(),
        }

    def _get_wall_totals(self):
        blockers = self.env["shenpi.blocker"]._get_ledger([("project_id", "in", self.ids)])
        return {
            "projects": len(self),
            "red": len(self.filtered(lambda p: p.light == "red")),
            "needed": sum(self.mapped("permit_needed")),
            "granted": sum(self.mapped("permit_granted")),
            **blockers,
        }

    def _get_wall_rows(self):
        cells = self._get_wall_cells()
        permits = self._get_next_permits()
        kinds = dict(self._fields["key_kind"]._description_selection(self.env))
        return [
            {
                "name": project.name,
                "code": project.key_code,
                "kind": kinds.get(project.key_kind),
                "navigator": project.sudo().user_id.name,
                "light": project.light or "none",
                "progress": round(project.progress or 0),
                "cells": [cells.get((project.id, phase), Cell()) for phase, _label in PHASES],
                "blockers": project.open_blocker_count,
                "late_blockers": project.late_blocker_count,
                "next": permits.get(project.id),
                "end": project.critical_end,
            }
            for project in self
        ]

    def _get_wall_cells(self):
        """The cells of these projects, by (project, phase)."""
        cells = {}
        for project, phase, state, light, count in self.env["project.task"]._read_group(
            [("project_id", "in", self.ids), ("permit_state", "in", NEEDED)],
            ["project_id", "phase", "permit_state", "light"],
            ["__count"],
        ):
            cell = cells.setdefault((project.id, phase), Cell())
            cell.needed += count
            if state == "granted":
                cell.granted += count
            else:
                cell.lights.add(light or "none")
        return cells

    def _get_next_permits(self):
        """The open permit of each project that the plan ends first, those under way before those
        that wait."""
        permits = {}
        tasks = self.env["project.task"].search(
            [("project_id", "in", self.ids), ("permit_state", "in", OPEN)],
            order="plan_end, id",
        )
        for task in tasks.sorted(lambda t: t.permit_state == "waiting"):
            permits.setdefault(task.project_id.id, task)
        return permits
