"""The statutory clock of an application: every due date from its clock entries alone.

What
====
An application lives under four limits: to say what is missing (一次性告知, 5 working days), to
decide by law and by the bureau's promise, and to deliver the result. Special procedures stop
the clock, extensions add to it. ``evaluate`` reads the entries of one application, the limits
of its item and the calendar, and says what is due when, how much is used and left, and which
light shows. It keeps nothing: a late or corrected entry (``tools.clock_entries``) is simply read in
its place. Whether entries can follow one another at all is asked of ``tools.clock_order``.

Example
=======
>>> calendar = WorkCalendar({}, date(2025, 1, 1), date(2025, 12, 31))
>>> entries = [
...     Entry("received", datetime(2025, 3, 3, 9), 1),
...     Entry("accepted", datetime(2025, 3, 4, 9), 2),
...     Entry("pause", datetime(2025, 3, 6, 9), 3, planned_days=5),
...     Entry("resume", datetime(2025, 3, 13, 9), 4),
... ]
>>> limits = Limits("working_days", statutory=20, promised=5)
>>> state = evaluate(entries, limits, calendar, now=datetime(2025, 3, 17, 9))
>>> state.promised_due, state.used, state.left, state.light
(datetime.date(2025, 3, 18), 4, 1, 'yellow')

Accepted on a Tuesday, paused on the Thursday after two days, resumed a week later: three of the
five days are left and end on the Tuesday after.

How it works
============
**Arithmetic.** The day of an entry does not count. Used is what passed in (start, pause]; the clock
goes on the day after the resume, so due = add(resume, limit - used), over as many pauses as there
are. Pause and resume on one day cost nothing. A case paused on its last day has until the day it is
resumed; one that was late before it was paused stays late. A last day that is no working day moves
to the next one. An open pause leaves the due dates where they stood; its resume moves them.

**Units.** Every unit is a scale that measures a stretch of time and finds the day a stretch ends:

- working days: the calendar's;
- calendar days: plain days;
- months: the calendar days to the same day n months later (the last day of a shorter month);
- hours: plain hours from the moment of the entry, by day and night; the due date is the day on
  which the last one ends.

An extension adds its days to the statutory and the promised limit: working days to working days, 24
hours each to hours, calendar days else. Used and left are in the unit; for months in days.

**Which limit runs.** From receipt the correction limit; nothing while the applicant corrects;
the correction limit afresh from the supplement, for then the application must be accepted or
refused (行政许可法 §32(5)). From acceptance the promised limit, or the statutory one where
nothing is promised. From the decision until delivery the delivery limit (§44). The correction
and delivery limits are always working days. Deemed acceptance (§32(4)) is an ``accepted`` entry
dated back to the day of receipt. ``ended`` (refused, withdrawn, terminated) stops everything.

**Lights.** Every limit that runs has its own: while a case is handled, the promised and the
statutory one. ``warn`` and ``alarm`` are the first days on which the used share of the limit is
above the bureau's percentages (of 20 days and 50 % the 11th), or on which no more than a number of
working days is left. Neither lies later than the day after the due date, so that a search for red
lights is one comparison with ``alarm``.

A pause within a pause, a resume without one, and pauses outside acceptance and decision say
nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from .clock_entries import Entry, in_force, in_order
from .workdays import WorkCalendar, add_months

_DAY = timedelta(days=1)
_SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Marks:
    """When the light of a limit turns yellow (``warn``) and red (``alarm``): at a percentage of the
    limit that is used up, or, ``by_days``, at a number of working days that are left."""

    warn: int
    alarm: int
    by_days: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of an item version and the thresholds of the lights.

    ``unit`` (working_days, calendar_days, hours, months) is that of ``statutory`` and
    ``promised``; ``promised`` None: nothing promised, 0: the same day. ``correction`` and
    ``delivery`` are working days. ``marks`` are those of single limits, by name; the percentages
    hold for the others.
    """

    unit: str
    statutory: int
    promised: int | None
    correction: int = 5
    delivery: int = 10
    warn_percent: int = 50
    alarm_percent: int = 90
    marks: Mapping[str, Marks] = field(default_factory=dict)

    def get_marks(self, name: str) -> Marks:
        """The thresholds of one limit."""
        return self.marks.get(name) or Marks(self.warn_percent, self.alarm_percent)


@dataclass(frozen=True, slots=True)
class Decision:
    """How fast a case was decided, for statistics.

    ``working_days`` from the day of acceptance, pauses left out, whatever the unit of the limit;
    the due dates are those it would have had without an extension.
    """

    day: date
    working_days: int
    statutory_due: date
    promised_due: date | None


@dataclass(frozen=True, slots=True)
class ClockState:
    """What the clock says now.

    ``due``, ``warn`` and ``alarm`` belong to the ``running`` limit ("correction", "promised",
    "statutory", "delivery") and are None when none runs; ``lights`` has (warn, alarm) of every
    limit that runs, by name. ``used`` and ``left`` measure the handling
    from ``start``, the day of acceptance, to now or the decision; ``left`` is negative for a
    late case. ``pause_until`` is the day on which a pause should end as planned (working days).
    """

    correction_due: date | None
    statutory_due: date | None
    promised_due: date | None
    delivery_due: date | None
    running: str | None
    due: date | None
    warn: date | None
    alarm: date | None
    used: int | None
    left: int | None
    start: date | None
    paused: bool
    pause_until: date | None
    light: str
    lights: dict[str, tuple[date, date]]
    decision: Decision | None = None


def evaluate(
    entries: Iterable[Entry], limits: Limits, calendar: WorkCalendar, now: datetime
) -> ClockState:
    """Read the ``entries``, in whatever order, as of the local moment ``now``.

    Raises CalendarRangeError when a date falls outside the calendar, ValueError for an unknown kind
    of entry or unit.
    """
    ledger = _read(entries)
    tracks = _get_tracks(ledger, limits, calendar)
    dues = {name: track.due() for name, track in tracks.items()}
    handling = tracks.get("promised") or tracks.get("statutory")
    used = handling.used(ledger.stopped_at or now) if handling else None
    lights = {
        name: _get_thresholds(tracks[name], dues[name], limits.get_marks(name), calendar)
        for name in _get_running(ledger, limits)
    }
    running = next(iter(lights), None)
    due, (warn, alarm) = dues.get(running), lights.get(running, (None, None))
    return ClockState(
        correction_due=dues.get("correction"),
        statutory_due=dues.get("statutory"),
        promised_due=dues.get("promised"),
        delivery_due=dues.get("delivery"),
        running=running,
        due=due,
        warn=warn,
        alarm=alarm,
        used=used,
        left=handling.total - used if handling else None,
        start=ledger.accepted.date() if ledger.accepted else None,
        paused=ledger.is_paused,
        pause_until=_get_pause_end(ledger, calendar),
        light=light_of(now.date(), due, warn, alarm, stopped=ledger.is_paused),
        lights=lights,
        decision=_get_decision(ledger, limits, calendar),
    )


def light_of(
    today: date, due: date | None, warn: date | None, alarm: date | None, stopped: bool = False
) -> str:
    """The light that shows ``today``: "none", "green", "yellow" or "red".

    Red from ``alarm`` on and after ``due``, yellow from ``warn`` on. A stopped (paused) case is
    never late: green. Nothing due: none. Absent dates may be None or False.
    """
    if stopped:
        return "green"
    if not due:
        return "none"
    if today > due or (alarm and today >= alarm):
        return "red"
    if warn and today >= warn:
        return "yellow"
    return "green"


# ---------------------------------------------------------------------------
# Reading the entries
# ---------------------------------------------------------------------------


@dataclass(slots=True)
class _Ledger:
    """What the entries say, read in the order of time."""

    filed: datetime | None = None  # receipt, or the last supplement
    correcting: bool = False
    accepted: datetime | None = None
    decided: datetime | None = None
    delivered: datetime | None = None
    ended: datetime | None = None
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)
    open_pause: Entry | None = None
    extension_days: int = 0

    @property
    def is_handled(self) -> bool:
        """Between acceptance and decision, paused or not."""
        return bool(self.accepted and not self.decided and not self.ended)

    @property
    def is_paused(self) -> bool:
        return self.is_handled and self.open_pause is not None

    @property
    def stopped_at(self) -> datetime | None:
        """When the handling clock last stopped; None while it goes."""
        return self.open_pause.at if self.open_pause else self.decided or self.ended

    def take(self, entry: Entry) -> None:
        match entry.kind:
            case "received":
                self.filed = entry.at
            case "correction_sent":
                self.correcting = True
            case "supplement_received":
                self.filed, self.correcting = entry.at, False
            case "accepted":
                self.accepted = self.accepted or entry.at
            case "decided":
                self.decided = self.decided or entry.at
            case "delivered":
                self.delivered = self.delivered or entry.at
            case "ended":
                self.ended = self.ended or entry.at
            case "pause" | "resume" | "extend":
                if self.is_handled:
                    self._read_handling(entry)
            case unknown:
                raise ValueError(f"unknown kind of clock entry: {unknown!r}")

    def _read_handling(self, entry: Entry) -> None:
        if entry.kind == "extend":
            self.extension_days += entry.days
        elif entry.kind == "pause":
            self.open_pause = self.open_pause or entry
        elif self.open_pause:
            self.pauses.append((self.open_pause.at, entry.at))
            self.open_pause = None


def _read(entries: Iterable[Entry]) -> _Ledger:
    ledger = _Ledger()
    for entry in sorted(in_force(entries), key=in_order):
        ledger.take(entry)
    return ledger


def _get_running(ledger: _Ledger, limits: Limits) -> tuple[str, ...]:
    """The names of the limits that run after the last entry, the one that counts first."""
    if ledger.ended or ledger.delivered or ledger.is_paused:
        return ()
    if ledger.decided:
        return ("delivery",)
    if ledger.accepted:
        return ("statutory",) if limits.promised is None else ("promised", "statutory")
    if ledger.filed and not ledger.correcting:
        return ("correction",)
    return ()


def _get_pause_end(ledger: _Ledger, calendar: WorkCalendar) -> date | None:
    if not ledger.is_paused:
        return None
    return calendar.add(ledger.open_pause.at.date(), ledger.open_pause.planned_days)


def _get_decision(ledger: _Ledger, limits: Limits, calendar: WorkCalendar) -> Decision | None:
    if not (ledger.accepted and ledger.decided):
        return None
    tracks = _get_tracks(replace(ledger, extension_days=0), limits, calendar)
    handling = _Track(calendar, _WorkingDays(calendar), ledger.accepted, 0, ledger.pauses)
    return Decision(
        day=ledger.decided.date(),
        working_days=handling.used(ledger.decided),
        statutory_due=tracks["statutory"].due(),
        promised_due=tracks["promised"].due() if "promised" in tracks else None,
    )


# ---------------------------------------------------------------------------
# Units: how a stretch of time is measured
# ---------------------------------------------------------------------------


class _Scale(Protocol):
    """Measures time in whole ticks, of which ``ticks_per_unit`` make the unit shown to people."""

    ticks_per_unit: int
    ticks_per_day: int

    def ticks(self, limit: int, start: datetime) -> int:
        """A limit that starts at ``start``."""

    def elapsed(self, start: datetime, end: datetime) -> int:
        """What passed after ``start`` up to and including ``end``."""

    def day_of(self, start: datetime, ticks: int) -> date:
        """The day on which the last of ``ticks`` after ``start`` passes."""


@dataclass(frozen=True, slots=True)
class _WorkingDays:
    calendar: WorkCalendar
    ticks_per_unit = 1
    ticks_per_day = 1

    def ticks(self, limit: int, start: datetime) -> int:
        return limit

    def elapsed(self, start: datetime, end: datetime) -> int:
        return self.calendar.count(start.date(), end.date())

    def day_of(self, start: datetime, ticks: int) -> date:
        return self.calendar.add(start.date(), ticks)


class _CalendarDays:
    ticks_per_unit = 1
    ticks_per_day = 1

    def ticks(self, limit: int, start: datetime) -> int:
        return limit

    def elapsed(self, start: datetime, end: datetime) -> int:
        return (end.date() - start.date()).days

    def day_of(self, start: datetime, ticks: int) -> date:
        return start.date() + ticks * _DAY


class _Months(_CalendarDays):
    def ticks(self, limit: int, start: datetime) -> int:
        return (add_months(start.date(), limit) - start.date()).days


class _Hours:
    """Ticks are seconds, so that the parts of an hour before and after a pause add up."""

    ticks_per_unit = _SECONDS_PER_HOUR
    ticks_per_day = 24 * _SECONDS_PER_HOUR

    def ticks(self, limit: int, start: datetime) -> int:
        return limit * _SECONDS_PER_HOUR

    def elapsed(self, start: datetime, end: datetime) -> int:
        return int((end - start).total_seconds())

    def day_of(self, start: datetime, ticks: int) -> date:
        return (start + timedelta(seconds=ticks)).date()


def _get_scale(unit: str, calendar: WorkCalendar) -> _Scale:
    match unit:
        case "working_days":
            return _WorkingDays(calendar)
        case "calendar_days":
            return _CalendarDays()
        case "months":
            return _Months()
        case "hours":
            return _Hours()
    raise ValueError(f"unknown unit of a limit: {unit!r}")


# ---------------------------------------------------------------------------
# One limit along one stretch of the application's life
# ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Track:
    """A limit of ``ticks`` that starts at ``start`` and stands still during ``pauses``."""

    calendar: WorkCalendar
    scale: _Scale
    start: datetime
    ticks: int
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)

    @property
    def total(self) -> int:
        """The whole limit in its unit."""
        return self.ticks // self.scale.ticks_per_unit

    def due(self) -> date:
        """The last day on which the limit is kept."""
        start, remaining = self.start, self.ticks
        for pause, resume in self.pauses:
            due = self.calendar.roll_forward(self.scale.day_of(start, remaining))
            if due < pause.date():
                return due
            # Paused on a day of rest behind the last day, more than the limit has passed.
            remaining = max(remaining - self.scale.elapsed(start, pause), 0)
            start = resume
        return self.calendar.roll_forward(self.scale.day_of(start, remaining))

    def first_day_above(self, percent: int) -> date:
        """The first day on which more than ``percent`` of the limit is used."""
        start, remaining = self.start, self.ticks * percent // 100 + 1
        if remaining > self.ticks:
            return self.due() + _DAY
        for pause, resume in self.pauses:
            elapsed = self.scale.elapsed(start, pause)
            if remaining <= elapsed:
                break
            remaining -= elapsed
            start = resume
        return self.scale.day_of(start, remaining)

    def used(self, until: datetime) -> int:
        """What passed up to ``until``, pauses left out, in the unit of the limit."""
        start, ticks = self.start, 0
        for pause, resume in self.pauses:
            ticks += self.scale.elapsed(start, pause)
            start = resume
        return (ticks + max(self.scale.elapsed(start, until), 0)) // self.scale.ticks_per_unit


def _get_tracks(ledger: _Ledger, limits: Limits, calendar: WorkCalendar) -> dict[str, _Track]:
    """The limits that have begun, by name."""
    tracks = {}
    working_days = _WorkingDays(calendar)
    if ledger.filed:
        tracks["correction"] = _Track(calendar, working_days, ledger.filed, limits.correction)
    if ledger.accepted:
        scale = _get_scale(limits.unit, calendar)
        extension = ledger.extension_days * scale.ticks_per_day
        for name, limit in (("statutory", limits.statutory), ("promised", limits.promised)):
            if limit is not None:
                ticks = scale.ticks(limit, ledger.accepted) + extension
                tracks[name] = _Track(calendar, scale, ledger.accepted, ticks, ledger.pauses)
    if ledger.decided:
        tracks["delivery"] = _Track(calendar, working_days, ledger.decided, limits.delivery)
    return tracks


def _get_thresholds(
    track: _Track, due: date, marks: Marks, calendar: WorkCalendar
) -> tuple[date, date]:
    """The days from which the light of a limit is yellow and red."""
    if marks.by_days:
        start = track.start.date()
        warn, alarm = (max(calendar.add(due, -n), start) for n in (marks.warn, marks.alarm))
    else:
        warn, alarm = (track.first_day_above(n) for n in (marks.warn, marks.alarm))
    alarm = min(alarm, due + _DAY)
    return min(warn, alarm), alarm
