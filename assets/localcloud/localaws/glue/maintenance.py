"""When a streaming job is started again: a run ends EXPIRED, and another goes on in its place.

Source: https://docs.aws.amazon.com/glue/latest/dg/glue-streaming-maintenance.html
"""

from __future__ import annotations

import datetime
import re

from localaws.glue.operation import invalid
from localaws.glue.store import Record

WEEK = 7 * 24 * 60
"""Minutes after which a streaming run is due to be started again; also the longest timeout of any job."""
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WINDOW = re.compile(rf"({'|'.join(_DAYS)}):([01]?\d|2[0-3])")


def check(window: str) -> None:
    """Raise InvalidInputException unless it is a day and an hour, such as `Sun:10`."""
    if not _WINDOW.fullmatch(window):
        raise invalid(f"Maintenance window {window} is not valid: a day and an hour in GMT, such as Sun:10")


def minutes(run: Record, kind: str) -> float | None:
    """Minutes a run may go on before it is due, or None where nothing but its end or its timeout ends it."""
    if kind != "gluestreaming" or run.get("Timeout", WEEK) < WEEK:
        return None
    window = run.get("MaintenanceWindow")
    if not window:
        return float(WEEK)
    found = _WINDOW.fullmatch(window)
    assert found, "checked when the job was made"
    due = datetime.datetime.fromtimestamp(run["StartedOn"], datetime.UTC) + datetime.timedelta(minutes=WEEK)
    begins = due.replace(hour=int(found[2]), minute=0, second=0, microsecond=0)
    begins += datetime.timedelta(days=(_DAYS.index(found[1]) - begins.weekday()) % 7)
    if begins < due:
        begins += datetime.timedelta(days=7)
    return WEEK + (begins - due).total_seconds() / 60


def next_id(run_id: str) -> str:
    """The id of the run that goes on: the same, and how often it was started again."""
    first, _, count = run_id.partition("_restart_")
    return f"{first}_restart_{int(count or 0) + 1}"
