"""Operations on snapshots, which are copies of an instance's data."""

from __future__ import annotations

import re
import shutil
import time

from localaws.contract import AwsError, caller
from localaws.rds import store
from localaws.rds.running import fleet
from localaws.rds.store import Record, paged

_COPIED = (
    "DBInstanceIdentifier", "Engine", "AllocatedStorage", "AvailabilityZone", "InstanceCreateTime", "MasterUsername",
    "EngineVersion", "LicenseModel", "Iops", "StorageThroughput", "StorageType", "KmsKeyId", "DbiResourceId",
    "IAMDatabaseAuthenticationEnabled",
)


def new(instance: Record, name: str, tags: list[Record]) -> Record:
    """Record a snapshot that is about to be taken."""
    if not re.fullmatch(r"[a-z](?!.*--)[a-z0-9-]{0,254}", name.lower()) or name.endswith("-"):
        raise AwsError("InvalidParameterValue", "The parameter DBSnapshotIdentifier is not a valid identifier.", 400)
    name = name.lower()
    if name in store.here().snapshots:
        raise AwsError("DBSnapshotAlreadyExists", f"Cannot create the snapshot because a snapshot with the identifier "
                       f"{name} already exists.", 400)
    snapshot: Record = {key: instance[key] for key in _COPIED if key in instance}
    snapshot |= {
        "DBSnapshotIdentifier": name, "SnapshotCreateTime": time.time(), "Status": "creating", "PercentProgress": 0,
        "Port": instance["_port"], "SnapshotType": "manual", "Encrypted": instance["StorageEncrypted"],
        "DBSnapshotArn": store.arn("snapshot", name), "TagList": store.tags(tags),
        "_kept": {key: instance.get(key) for key in ("DBInstanceClass", "DBName")},
    }
    store.here().snapshots[name] = snapshot
    return snapshot


def create(given: Record) -> Record:
    """CreateDBSnapshot."""
    from localaws.rds import instances

    instance = instances.find(given["DBInstanceIdentifier"])
    if instance["DBInstanceStatus"] not in ("available", "stopped"):
        raise AwsError("InvalidDBInstanceState", "Cannot create a snapshot because the database instance "
                       f"{instance['DBInstanceIdentifier']} is not currently in the available state.", 400)
    snapshot = new(instance, given["DBSnapshotIdentifier"], given.get("Tags", []))
    before = instance["DBInstanceStatus"]
    instance["DBInstanceStatus"] = "backing-up"
    region = caller().region
    fleet.in_background(region, instance, lambda: fleet.take_snapshot(region, instance, snapshot), before)
    return {"DBSnapshot": snapshot}


def copy(given: Record) -> Record:
    """CopyDBSnapshot."""
    source = find(given["SourceDBSnapshotIdentifier"].rsplit(":", 1)[-1])
    target = given["TargetDBSnapshotIdentifier"].lower()
    if target in store.here().snapshots:
        raise AwsError("DBSnapshotAlreadyExists", f"Snapshot {target} already exists.", 400)
    if source["Status"] != "available":
        raise AwsError("InvalidDBSnapshotState", "The source snapshot is not available", 400)
    here = caller().region
    name = source["DBSnapshotIdentifier"]
    shutil.copytree(fleet.snapshot_data(here, name), fleet.snapshot_data(here, target), symlinks=True)
    snapshot = {
        **source, "DBSnapshotIdentifier": target, "SnapshotCreateTime": time.time(),
        "DBSnapshotArn": store.arn("snapshot", target), "SourceDBSnapshotIdentifier": source["DBSnapshotArn"],
        "TagList": store.tags(given.get("Tags")) or (source["TagList"] if given.get("CopyTags") else []),
    }
    store.here().snapshots[target] = snapshot
    return {"DBSnapshot": snapshot}


def describe(given: Record) -> Record:
    """DescribeDBSnapshots."""
    found = list(store.here().snapshots.values())
    if "DBSnapshotIdentifier" in given:
        found = [find(given["DBSnapshotIdentifier"])]
    if "DBInstanceIdentifier" in given:
        found = [one for one in found if one["DBInstanceIdentifier"] == given["DBInstanceIdentifier"].lower()]
    if "SnapshotType" in given:
        found = [one for one in found if one["SnapshotType"] == given["SnapshotType"]]
    return paged("DBSnapshots", sorted(found, key=lambda one: str(one["DBSnapshotIdentifier"])), given)


def delete(given: Record) -> Record:
    """DeleteDBSnapshot."""
    snapshot = find(given["DBSnapshotIdentifier"])
    if snapshot["Status"] == "creating":
        raise AwsError("InvalidDBSnapshotState", "Cannot delete the snapshot while it is being created", 400)
    del store.here().snapshots[snapshot["DBSnapshotIdentifier"]]
    shutil.rmtree(fleet.snapshot_data(caller().region, snapshot["DBSnapshotIdentifier"]), ignore_errors=True)
    return {"DBSnapshot": {**snapshot, "Status": "deleted"}}


def find(identifier: str) -> Record:
    """The record of a snapshot. Raises DBSnapshotNotFound."""
    snapshot = store.here().snapshots.get(identifier.rsplit(":", 1)[-1].lower())
    if snapshot is None:
        raise AwsError("DBSnapshotNotFound", f"DBSnapshot {identifier} not found.", 404)
    return snapshot
