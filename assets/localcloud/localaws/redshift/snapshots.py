"""Operations on snapshots, which are copies of a cluster's data."""

from __future__ import annotations

import re
import shutil
import threading
import time

from localaws.contract import AwsError, caller, changed
from localaws.query_protocol import paged
from localaws.redshift import store
from localaws.redshift.running import fleet
from localaws.redshift.store import Record

_COPIED = (
    "ClusterIdentifier", "AvailabilityZone", "ClusterCreateTime", "MasterUsername", "ClusterVersion", "NodeType",
    "NumberOfNodes", "DBName", "VpcId", "Encrypted", "KmsKeyId", "EnhancedVpcRouting", "MaintenanceTrackName",
)


def new(cluster: Record, name: str, retention: int, tags: list[Record]) -> Record:
    """Record a snapshot that is about to be taken."""
    region = store.here()
    name = name.lower()
    if not re.fullmatch(r"[a-z](?!.*--)[a-z0-9-]{0,254}", name):
        raise AwsError("InvalidParameterValue", f"The parameter SnapshotIdentifier is not valid: {name}", 400)
    if name in region.snapshots:
        raise AwsError("ClusterSnapshotAlreadyExists", f"Snapshot {name} already exists", 400)
    now = time.time()
    snapshot: Record = {key: cluster[key] for key in _COPIED if key in cluster}
    snapshot |= {
        "SnapshotIdentifier": name, "SnapshotCreateTime": now, "Status": "creating", "Port": cluster["_port"],
        "EngineFullVersion": "1.0.115000", "SnapshotType": "manual", "EncryptedWithHSM": False,
        "OwnerAccount": caller().account, "TotalBackupSizeInMegaBytes": 0.0,
        "ManualSnapshotRetentionPeriod": retention,
        "SnapshotRetentionStartTime": now, "Tags": store.tags(tags), "AccountsWithRestoreAccess": [],
        "SnapshotArn": store.arn("snapshot", f"{cluster['ClusterIdentifier']}/{name}"),
    }
    region.snapshots[name] = snapshot
    return snapshot


def create(given: Record) -> Record:
    """CreateClusterSnapshot."""
    from localaws.redshift import clusters

    cluster = clusters.find(given["ClusterIdentifier"])
    if cluster["ClusterStatus"] != "available":
        raise AwsError("InvalidClusterState", "Cluster is not in available state.", 400)
    snapshot = new(cluster, given["SnapshotIdentifier"], given.get("ManualSnapshotRetentionPeriod", -1),
                   given.get("Tags", []))
    region = caller().region

    def work() -> None:
        try:
            fleet.take_snapshot(region, cluster, snapshot)
        except Exception:
            fleet.log.exception("snapshot %s", snapshot["SnapshotIdentifier"])
            snapshot["Status"] = "failed"
        changed("redshift")

    threading.Thread(target=work, daemon=True).start()
    return {"Snapshot": snapshot}


def copy(given: Record) -> Record:
    """CopyClusterSnapshot."""
    source = find(given["SourceSnapshotIdentifier"])
    target = given["TargetSnapshotIdentifier"].lower()
    region = store.here()
    if target in region.snapshots:
        raise AwsError("ClusterSnapshotAlreadyExists", f"Snapshot {target} already exists", 400)
    if source["Status"] != "available":
        raise AwsError("InvalidClusterSnapshotState", "The source snapshot is not available", 400)
    here = caller().region
    name = source["SnapshotIdentifier"]
    shutil.copytree(fleet.snapshot_data(here, name), fleet.snapshot_data(here, target), symlinks=True)
    snapshot = {**source, "SnapshotIdentifier": target, "SnapshotType": "manual", "SnapshotCreateTime": time.time(),
                "SnapshotArn": store.arn("snapshot", f"{source['ClusterIdentifier']}/{target}")}
    region.snapshots[target] = snapshot
    return {"Snapshot": snapshot}


def describe(given: Record) -> Record:
    """DescribeClusterSnapshots."""
    found = list(store.here().snapshots.values())
    if "SnapshotIdentifier" in given:
        found = [find(given["SnapshotIdentifier"])]
    if "ClusterIdentifier" in given:
        found = [one for one in found if one["ClusterIdentifier"] == given["ClusterIdentifier"].lower()]
    if "SnapshotType" in given:
        found = [one for one in found if one["SnapshotType"] == given["SnapshotType"]]
    return paged("Snapshots", sorted(found, key=lambda one: str(one["SnapshotIdentifier"])), given)


def modify(given: Record) -> Record:
    """ModifyClusterSnapshot: how long it is kept."""
    snapshot = find(given["SnapshotIdentifier"])
    snapshot["ManualSnapshotRetentionPeriod"] = given.get("ManualSnapshotRetentionPeriod", -1)
    return {"Snapshot": snapshot}


def delete(given: Record) -> Record:
    """DeleteClusterSnapshot."""
    snapshot = find(given["SnapshotIdentifier"])
    if snapshot["Status"] == "creating":
        raise AwsError("InvalidClusterSnapshotState", "The snapshot is being created", 400)
    del store.here().snapshots[snapshot["SnapshotIdentifier"]]
    shutil.rmtree(fleet.snapshot_data(caller().region, snapshot["SnapshotIdentifier"]), ignore_errors=True)
    return {"Snapshot": {**snapshot, "Status": "deleted"}}


def find(identifier: str) -> Record:
    """The record of a snapshot. Raises ClusterSnapshotNotFound."""
    snapshot = store.here().snapshots.get(identifier.lower())
    if snapshot is None:
        raise AwsError("ClusterSnapshotNotFound", f"Snapshot {identifier.lower()} not found.", 404)
    return snapshot
