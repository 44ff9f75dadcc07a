"""What happened, for DescribeEvents."""

from __future__ import annotations

import time

from localaws.query_protocol import paged
from localaws.redshift import store
from localaws.redshift.store import Record

_KEPT = 500


def record(cluster: Record, identifier: str, message: str) -> None:
    """Note an event of a cluster."""
    events = store.here().events
    events.append({
        "SourceIdentifier": cluster["ClusterIdentifier"], "SourceType": "cluster", "Message": message,
        "EventCategories": ["management"], "Severity": "INFO", "Date": time.time(), "EventId": identifier,
    })
    del events[:-_KEPT]


def describe(given: Record) -> Record:
    """DescribeEvents."""
    since = time.time() - 60 * given.get("Duration", 60)
    if "StartTime" in given:
        since = given["StartTime"].timestamp()
    chosen = [
        one for one in store.here().events
        if one["Date"] >= since and given.get("SourceIdentifier", one["SourceIdentifier"]) == one["SourceIdentifier"]
    ]
    return paged("Events", chosen, given)
