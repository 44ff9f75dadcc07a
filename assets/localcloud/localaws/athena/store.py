"""What Athena knows, by region: workgroups, named queries, prepared statements, catalogues and executions."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from localaws.contract import AwsError, caller
from localaws.regions import Record, Regions

__all__ = ["Record", "Region", "get_state", "here", "invalid", "lock", "paged", "regions", "restore_state"]


@dataclass
class Region:
    """The resources of one region."""

    workgroups: dict[str, Record] = field(default_factory=dict)
    named_queries: dict[str, Record] = field(default_factory=dict)
    prepared: dict[str, Record] = field(default_factory=dict)
    """By `workgroup/name`."""
    catalogs: dict[str, Record] = field(default_factory=dict)
    executions: dict[str, Record] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    tags: dict[str, list[Record]] = field(default_factory=dict)


regions = Regions("athena", Region)
lock, get_state = regions.lock, regions.get_state


def here() -> Region:
    """The region that the present request was signed for, which always has the workgroup `primary`."""
    with lock:
        found = regions.here()
        found.workgroups.setdefault("primary", {
            "Name": "primary", "State": "ENABLED", "Description": "", "CreationTime": time.time(),
            "Configuration": {
                "ResultConfiguration": {}, "EnforceWorkGroupConfiguration": False,
                "PublishCloudWatchMetricsEnabled": False, "RequesterPaysEnabled": False,
                "EngineVersion": {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": ENGINE},
            },
        })
        found.catalogs.setdefault("AwsDataCatalog", {
            "Name": "AwsDataCatalog", "Type": "GLUE", "Description": "", "Parameters": {"catalog-id": caller().account}
        })
        return found


ENGINE = "Athena engine version 3"


def invalid(message: str) -> AwsError:
    """InvalidRequestException, which is Athena's for nearly everything."""
    return AwsError("InvalidRequestException", message, 400)


def paged(name: str, items: list[Any], given: Record, size: int = 50) -> Record:
    """One page of a list, under its name."""
    try:
        start = int(given.get("NextToken") or 0)
    except ValueError:
        raise invalid("The NextToken is not valid") from None
    size = given.get("MaxResults") or size
    more = {"NextToken": str(start + size)} if start + size < len(items) else {}
    return {name: items[start : start + size], **more}


def restore_state(state: Any) -> None:
    """Take up what `get_state` answered; what ran then has failed."""
    with lock:
        regions.restore_state(state)
        for region in regions:
            for execution in region.executions.values():
                if execution["Status"]["State"] in ("QUEUED", "RUNNING"):
                    execution["Status"] |= {
                        "State": "FAILED", "StateChangeReason": "The local AWS was stopped while the query ran.",
                        "CompletionDateTime": time.time(),
                    }
