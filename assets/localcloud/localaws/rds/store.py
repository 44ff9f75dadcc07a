"""What RDS knows: instances, snapshots and groups, by region."""

from __future__ import annotations

from dataclasses import dataclass, field

from localaws.query_protocol import paged
from localaws.regions import Record, Regions, tags

__all__ = ["Record", "Region", "arn", "get_state", "here", "lock", "paged", "regions", "restore_state", "tags"]


@dataclass
class Region:
    """The resources of one region."""

    instances: dict[str, Record] = field(default_factory=dict)
    snapshots: dict[str, Record] = field(default_factory=dict)
    subnet_groups: dict[str, Record] = field(default_factory=dict)
    parameter_groups: dict[str, Record] = field(default_factory=dict)


regions = Regions("rds", Region)
lock, here, arn = regions.lock, regions.here, regions.arn
get_state, restore_state = regions.get_state, regions.restore_state
