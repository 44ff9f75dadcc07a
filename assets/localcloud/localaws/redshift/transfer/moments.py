"""Dates and times in the formats that COPY is told, or finds out by itself.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_DATEFORMAT_and_TIMEFORMAT_strings.html
and https://docs.aws.amazon.com/redshift/latest/dg/automatic-recognition.html
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

Parse = Callable[[str], str]

_DATE_FORMATS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%d-%b-%Y", "%d/%b/%Y",
    "%d %b %Y", "%d %B %Y", "%B %d, %Y", "%b %d, %Y", "%b-%d-%Y", "%Y-%b-%d", "%Y %B %d", "%d-%B-%Y", "%m/%d/%y",
    "%m-%d-%y", "%d-%b-%y", "%B-%d-%Y", "%Y-%B-%d", "%y-%m-%d",
)
_TIMES = ("", " %H:%M:%S.%f", " %H:%M:%S", " %H:%M", "T%H:%M:%S.%f", "T%H:%M:%S", " %I:%M:%S %p", " %I:%M %p",
          " %H%M%S")
_PIECES = (
    ("HH24", "%H"), ("HH12", "%I"), ("HH", "%H"), ("YYYY", "%Y"), ("MONTH", "%B"), ("MON", "%b"), ("DDD", "%j"),
    ("MI", "%M"), ("MM", "%m"), ("YY", "%y"), ("DD", "%d"), ("SS", "%S"), ("US", "%f"), ("MS", "%f"), ("AM", "%p"),
    ("PM", "%p"), ("A.M.", "%p"), ("P.M.", "%p"), ("TZ", "%Z"), ("OF", "%z"), ("DAY", "%A"), ("DY", "%a"),
)


def date_parser(given: str | None) -> Parse:
    """What reads a date; the standard format is YYYY-MM-DD."""
    if given is None or given.upper() == "YYYY-MM-DD":
        return _standard_date
    if given.lower() == "auto":
        return _automatic_date
    python = python_format(given)
    return lambda text: datetime.datetime.strptime(text, python).date().isoformat()


def timestamp_parser(given: str | None, zone: bool) -> Parse:
    """What reads a timestamp; the standard format is YYYY-MM-DD HH24:MI:SS, with or without a fraction."""
    if given is None:
        return lambda text: _standard_timestamp(text, zone)
    lowered = given.lower()
    if lowered == "auto":
        return lambda text: _automatic_timestamp(text, zone)
    if lowered == "epochsecs":
        return lambda text: _epoch(float(text))
    if lowered == "epochmillisecs":
        return lambda text: _epoch(float(text) / 1000)
    python = python_format(given)
    fraction = "%f" in python

    def parse(text: str) -> str:
        try:
            return _written(datetime.datetime.strptime(text, python))
        except ValueError:
            # A fraction that the format does not mention is accepted.
            if not fraction and "%S" in python:
                return _written(datetime.datetime.strptime(text, python.replace("%S", "%S.%f")))
            raise

    return parse


def python_format(given: str) -> str:
    """A format string of Redshift's as Python's `strptime` has it."""
    result, index, upper = "", 0, given.upper()
    while index < len(given):
        for piece, python in _PIECES:
            if upper.startswith(piece, index):
                result += python
                index += len(piece)
                break
        else:
            result += given[index].replace("%", "%%")
            index += 1
    return result


def _standard_date(text: str) -> str:
    """A timestamp is cut to its date."""
    if len(text) < 10:
        raise ValueError(text)
    return datetime.date.fromisoformat(text[:10].replace("/", "-")).isoformat()


def _automatic_date(text: str) -> str:
    if re.fullmatch(r"\d+", text) and len(text) != 8:
        raise ValueError(text)
    try:
        return _by_formats(text, _DATE_FORMATS).date().isoformat()
    except ValueError:
        return datetime.datetime.fromisoformat(text).date().isoformat()


def _standard_timestamp(text: str, zone: bool) -> str:
    if len(text) < 10:
        raise ValueError(text)
    found = datetime.datetime.fromisoformat(text.replace("/", "-", 2))
    return _written(found if zone else found.replace(tzinfo=None))


def _automatic_timestamp(text: str, zone: bool) -> str:
    if re.fullmatch(r"\d{9,10}(\.\d+)?", text):
        return _epoch(float(text))
    if re.fullmatch(r"\d{12,13}", text):
        return _epoch(int(text) / 1000)
    try:
        return _standard_timestamp(text, zone)
    except ValueError:
        pass
    match = re.fullmatch(r"(.*?)\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)", text)
    body = match[1] if match else text
    return _written(_by_formats(body, tuple(one + time for one in _DATE_FORMATS for time in _TIMES)))


def _by_formats(text: str, formats: tuple[str, ...]) -> datetime.datetime:
    for one in formats:
        try:
            return datetime.datetime.strptime(text, one)
        except ValueError:
            continue
    raise ValueError(text)


def _epoch(seconds: float) -> str:
    return _written(datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds))


def _written(moment: datetime.datetime) -> str:
    return moment.isoformat(" ")
