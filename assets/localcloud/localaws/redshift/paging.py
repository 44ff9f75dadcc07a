"""MaxRecords and Marker."""

from __future__ import annotations

from typing import Any

from localaws.contract import AwsError


def paged(name: str, items: list[Any], given: dict[str, Any]) -> dict[str, Any]:
    """One page of a list, under its name."""
    size = given.get("MaxRecords", 100)
    if not 20 <= size <= 100:
        raise AwsError("InvalidParameterValue", "MaxRecords must be between 20 and 100.", 400)
    try:
        start = int(given.get("Marker") or 0)
    except ValueError:
        raise AwsError("InvalidParameterValue", "The Marker is not valid.", 400) from None
    answer: dict[str, Any] = {name: items[start : start + size]}
    if start + size < len(items):
        answer["Marker"] = str(start + size)
    return answer
