"""Schedules: AWS's cron expressions of six fields.

Source: https://docs.aws.amazon.com/glue/latest/dg/monitor-data-warehouse-schedule.html
"""

from __future__ import annotations

import calendar
import datetime
import re

from localaws.glue.operation import invalid

_MONTH_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAY_NAMES = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_DAYS = {name: number for number, name in enumerate(_DAY_NAMES, 1)}
_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (1, 7), (1970, 2199))


def check(expression: str) -> None:
    """Raise InvalidInputException unless it is a cron expression."""
    due(expression, datetime.datetime(2026, 1, 1))


def due(expression: str, when: datetime.datetime) -> bool:
    """Whether the schedule strikes in the minute of `when` (UTC)."""
    found = re.fullmatch(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)", expression.strip())
    if not found:
        raise invalid(f"Schedule expression {expression!r} is not valid: cron(minutes hours day month weekday year)")
    fields = found.groups()
    if (fields[2] == "?") == (fields[4] == "?") and "*" not in (fields[2], fields[4]):
        raise invalid(f"Schedule expression {expression!r}: exactly one of day and weekday must be ?")
    weekday = when.isoweekday() % 7 + 1
    values = (when.minute, when.hour, when.day, when.month, weekday, when.year)
    names: tuple[dict[str, int], ...] = ({}, {}, {}, _MONTHS, _DAYS, {})
    struck = []  # every field is looked at, so that a wrong one is told whatever the others say
    for place, field in enumerate(fields):
        struck.append(any(_part(part.upper(), values[place], place, names[place], when) for part in field.split(",")))
    return all(struck)


def _part(part: str, value: int, place: int, names: dict[str, int], when: datetime.datetime) -> bool:
    low, high = _RANGES[place]

    def number(text: str) -> int:
        found = names.get(text)
        if found is None:
            if not text.isdigit() or not low <= int(text) <= high:
                raise invalid(f"{text!r} is not within {low} and {high} in a schedule expression")
            found = int(text)
        return found

    if part in ("*", "?"):
        return True
    last_day = calendar.monthrange(when.year, when.month)[1]
    if place == 2 and part == "L":
        return value == last_day
    if place == 2 and part.endswith("W"):
        return value == number(part[:-1])
    if place == 4 and part.endswith("L"):
        return value == (number(part[:-1]) if part != "L" else 7) and when.day + 7 > last_day
    if "#" in part:
        day, nth = part.split("#")
        return value == number(day) and (when.day - 1) // 7 + 1 == int(nth)
    base, _, step = part.partition("/")
    begin, _, end = base.partition("-")
    first = low if begin == "*" else number(begin)
    last = number(end) if end else (high if step else first)
    return first <= value <= last and (value - first) % int(step or 1) == 0
