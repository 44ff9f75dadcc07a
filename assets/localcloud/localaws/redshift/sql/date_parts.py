"""The names Redshift has for parts of a date.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html
"""

from __future__ import annotations

_NAMES = {
    "millennium": "millennium millennia mil mils",
    "century": "century centuries c cent cents",
    "decade": "decade decades dec decs",
    "epoch": "epoch",
    "year": "year years y yr yrs",
    "quarter": "quarter quarters qtr qtrs",
    "month": "month months mon mons",
    "week": "week weeks w",
    "dow": "dayofweek dow dw weekday",
    "doy": "dayofyear doy dy yearday",
    "day": "day days d",
    "hour": "hour hours h hr hrs",
    "minute": "minute minutes m min mins",
    "second": "second seconds s sec secs",
    "millisecond": "millisecond milliseconds ms msec msecs msecond mseconds millisec millisecs millisecon",
    "microsecond": "microsecond microseconds microsec microsecs usec usecs us microsecond useconds usecond",
    "timezone": "timezone",
    "timezone_hour": "timezone_hour",
    "timezone_minute": "timezone_minute",
}
_PART = {name: part for part, names in _NAMES.items() for name in names.split()}


def part(name: str) -> str | None:
    """The one name used in this package for a part, or None for a name that Redshift does not know."""
    return _PART.get(name.lower())


def postgres_part(name: str) -> str | None:
    """The name PostgreSQL's `extract` and `date_part` have for it."""
    found = part(name)
    return {"millisecond": "milliseconds", "microsecond": "microseconds"}.get(found or "", found)
