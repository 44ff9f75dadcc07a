"""What the control plane knows: clusters, snapshots and groups, by region; saved as one JSON document."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from localaws.contract import caller

Record = dict[str, Any]
"""A resource with AWS's own field names; names that begin with `_` are ours and are not shown."""


@dataclass
class Region:
    """The resources of one region."""

    clusters: dict[str, Record] = field(default_factory=dict)
    snapshots: dict[str, Record] = field(default_factory=dict)
    subnet_groups: dict[str, Record] = field(default_factory=dict)
    parameter_groups: dict[str, Record] = field(default_factory=dict)
    events: list[Record] = field(default_factory=list)


regions: dict[str, Region] = {}
lock = threading.RLock()


def here() -> Region:
    """The region that the present request was signed for."""
    return regions.setdefault(caller().region, Region())


def arn(kind: str, name: str) -> str:
    """ARN of a resource of the present caller's account and region."""
    who = caller()
    return f"arn:aws:redshift:{who.region}:{who.account}:{kind}:{name}"


def tags(given: list[Record] | None) -> list[Record]:
    """Tags as they are kept."""
    return [{"Key": one.get("Key", ""), "Value": one.get("Value", "")} for one in given or []]


def get_state() -> object:
    """Everything, JSON-able."""
    # Without the lock: a handler may hold it while it waits for the event loop, which asks for this.
    return {name: {key: _copied(value) for key, value in vars(one).items()} for name, one in list(regions.items())}


def restore_state(state: Any) -> None:
    """Take up what `get_state` answered."""
    with lock:
        regions.clear()
        for name, one in state.items():
            regions[name] = Region(**one)


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(one) for key, one in list(value.items())}
    return [_copied(one) for one in value] if isinstance(value, list) else value
