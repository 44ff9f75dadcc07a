"""Partitions that are computed, not stored.

Source: https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
"""

from __future__ import annotations

import datetime
import itertools
import re

from localaws.athena.run.catalog import Table
from localaws.athena.sql.problems import QueryFailed, unsupported

_LIMIT = 10_000
_STEPS = {"SECONDS": 1, "MINUTES": 60, "HOURS": 3600, "DAYS": 86400, "WEEKS": 604800}


def locations(table: Table, keys: list[tuple[str, str]]) -> list[tuple[str, tuple[str, ...]]]:
    """The location and the values of every partition that the table's properties describe."""
    properties = {key.lower(): value for key, value in table["Parameters"].items()}
    values = [_values(name, properties) for name, _ in keys]
    total = 1
    for one in values:
        total *= len(one)
    if total > _LIMIT:
        raise unsupported(f"a projection of more than {_LIMIT} partitions")
    base = table["StorageDescriptor"]["Location"].rstrip("/")
    template = table["Parameters"].get("storage.location.template")
    found = []
    for chosen in itertools.product(*values):
        pairs = dict(zip((name for name, _ in keys), chosen, strict=True))
        if template:
            place = re.sub(r"\$\{(\w+)\}", lambda match, pairs=pairs: _named(match[1], pairs), template)  # type: ignore[misc]
        else:
            place = base + "".join(f"/{name}={value}" for name, value in pairs.items())
        found.append((place, tuple(chosen)))
    return found


def _named(key: str, pairs: dict[str, str]) -> str:
    if key.lower() not in pairs:
        text = f"INVALID_TABLE_PROPERTY: storage.location.template names {key}, which is no partition column"
        raise QueryFailed(text)
    return pairs[key.lower()]


def _values(name: str, properties: dict[str, str]) -> list[str]:
    def said(what: str, default: str = "") -> str:
        return properties.get(f"projection.{name}.{what}", default)

    kind = said("type").lower()
    if kind == "enum":
        return [one.strip() for one in said("values").split(",")]
    if kind == "integer":
        first, last = (int(one) for one in said("range").split(","))
        digits = int(said("digits", "0"))
        return [str(one).zfill(digits) for one in range(first, last + 1, int(said("interval", "1")))]
    if kind == "date":
        return _dates(said("range"), said("format"), said("interval", "1"), said("interval.unit", "DAYS").upper())
    raise QueryFailed(f"INVALID_TABLE_PROPERTY: projection.{name}.type {kind!r} is not supported here")


def _dates(given: str, java: str, interval: str, unit: str) -> list[str]:
    python = java
    for letters, code in (("yyyy", "%Y"), ("MM", "%m"), ("dd", "%d"), ("HH", "%H"), ("mm", "%M"), ("ss", "%S")):
        python = python.replace(letters, code)
    python = python.replace("'", "")
    first, last = (_date(one.strip(), python) for one in given.split(","))
    found: list[str] = []
    while first <= last and len(found) <= _LIMIT:
        found.append(first.strftime(python))
        if unit in ("MONTHS", "YEARS"):
            months = first.month - 1 + int(interval) * (12 if unit == "YEARS" else 1)
            first = first.replace(year=first.year + months // 12, month=months % 12 + 1)
        else:
            first += datetime.timedelta(seconds=_STEPS[unit] * int(interval))
    return found


def _date(text: str, python: str) -> datetime.datetime:
    if match := re.fullmatch(r"NOW(?:([+-]\d+)(\w+))?", text, re.I):
        now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
        unit = (match[2] or "DAYS").upper()
        seconds = {**_STEPS, "MONTHS": 2629800, "YEARS": 31557600}.get(unit if unit.endswith("S") else unit + "S", 0)
        return now + datetime.timedelta(seconds=seconds * int(match[1] or 0))
    return datetime.datetime.strptime(text, python)
