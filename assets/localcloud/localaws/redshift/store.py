"""What the control plane knows: clusters, snapshots and groups, by region."""

from __future__ import annotations

from dataclasses import dataclass, field

from localaws.regions import Record, Regions, tags

__all__ = ["Record", "Region", "arn", "get_state", "here", "lock", "regions", "restore_state", "tags"]


@dataclass
class Region:
    """The resources of one region."""

    clusters: dict[str, Record] = field(default_factory=dict)
    snapshots: dict[str, Record] = field(default_factory=dict)
    subnet_groups: dict[str, Record] = field(default_factory=dict)
    parameter_groups: dict[str, Record] = field(default_factory=dict)
    events: list[Record] = field(default_factory=list)


regions = Regions("redshift", Region)
lock, here, arn = regions.lock, regions.here, regions.arn
get_state, restore_state = regions.get_state, regions.restore_state
