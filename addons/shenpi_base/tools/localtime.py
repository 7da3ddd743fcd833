"""Legal time: every legal date is a date in Asia/Shanghai, every stored datetime is naive UTC.

>>> from datetime import datetime
>>> local_date(datetime(2026, 1, 4, 16, 30))        # half past midnight in Shanghai
datetime.date(2026, 1, 5)
>>> format_moment(datetime(2026, 1, 4, 16, 30))
'2026-01-05T00:30:00+08:00'
>>> parse_moment("2026-01-05T00:30:00+08:00")
datetime.datetime(2026, 1, 4, 16, 30)
"""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


@lru_cache(maxsize=1024)  # a batch asks for the same few moments thousands of times
def to_local(moment: datetime) -> datetime:
    """The naive Shanghai wall-clock time of a naive UTC moment."""
    return moment.replace(tzinfo=UTC).astimezone(SHANGHAI).replace(tzinfo=None)


def to_utc(moment: datetime) -> datetime:
    """The naive UTC moment of a naive Shanghai wall-clock time."""
    return moment.replace(tzinfo=SHANGHAI).astimezone(UTC).replace(tzinfo=None)


def local_date(moment: datetime) -> date:
    """The legal date on which a naive UTC moment falls."""
    return to_local(moment).date()


def start_of_day(day: date) -> datetime:
    """The naive UTC moment at which a legal date begins."""
    return to_utc(datetime.combine(day, time.min))


def format_moment(moment: datetime) -> str:
    """ISO 8601 with the offset of Shanghai, to the second."""
    return moment.replace(tzinfo=UTC).astimezone(SHANGHAI).isoformat(timespec="seconds")


def parse_moment(text: str) -> datetime:
    """Read ISO 8601 with an offset; ValueError when it is malformed or carries no offset."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no offset")
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)
