"""What Glue remembers, for each region; plain JSON values throughout, so that saving is writing them down."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field, fields
from typing import Any

Record = dict[str, Any]


@dataclass
class Store:
    """Glue's memory of one region. Names are keys; what AWS answers is the value."""

    databases: dict[str, Record] = field(default_factory=dict)
    tables: dict[str, dict[str, Record]] = field(default_factory=dict)
    """Database, then table: `Table`, `Versions` (oldest first), `Partitions`, `Indexes`, `Statistics`."""
    functions: dict[str, dict[str, Record]] = field(default_factory=dict)
    jobs: dict[str, Record] = field(default_factory=dict)
    runs: dict[str, list[Record]] = field(default_factory=dict)
    """Runs of each job, newest first."""
    bookmarks: dict[str, Record] = field(default_factory=dict)
    crawlers: dict[str, Record] = field(default_factory=dict)
    crawls: dict[str, list[Record]] = field(default_factory=dict)
    """Crawls of each crawler, newest first."""
    triggers: dict[str, Record] = field(default_factory=dict)
    workflows: dict[str, Record] = field(default_factory=dict)
    workflow_runs: dict[str, list[Record]] = field(default_factory=dict)
    connections: dict[str, Record] = field(default_factory=dict)
    classifiers: dict[str, Record] = field(default_factory=dict)
    security: dict[str, Record] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    """Tags by ARN."""
    policies: dict[str, Record] = field(default_factory=dict)
    """Resource policies by ARN; "" is the catalogue's."""


_stores: dict[str, Store] = {}
lock = threading.RLock()
"""Held by every operation, and by runs and crawls while they change the store."""


def store(region: str) -> Store:
    """The memory of one region."""
    return _stores.setdefault(region, Store())


def regions() -> list[str]:
    """The regions that have been used."""
    return list(_stores)


def get_state() -> str:
    """Everything, as JSON text: written under the lock, since runs and crawls change it from their threads."""
    with lock:
        return json.dumps(
            {region: {one.name: getattr(kept, one.name) for one in fields(kept)} for region, kept in _stores.items()}
        )


def restore_state(state: Record) -> None:
    """Begin with what was saved."""
    known = {one.name for one in fields(Store)}
    with lock:
        _stores.clear()
        for region, kept in state.items():
            _stores[region] = Store(**{name: value for name, value in kept.items() if name in known})
