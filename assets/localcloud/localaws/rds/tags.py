"""Tags of every kind of resource, by ARN."""

from __future__ import annotations

from localaws.contract import AwsError
from localaws.rds import store
from localaws.rds.store import Record


def add(given: Record) -> Record:
    """AddTagsToResource."""
    resource, key = _find(given["ResourceName"])
    new = {one["Key"]: one.get("Value", "") for one in given["Tags"]}
    kept = [one for one in resource[key] if one["Key"] not in new]
    resource[key] = kept + [{"Key": name, "Value": value} for name, value in new.items()]
    return {}


def remove(given: Record) -> Record:
    """RemoveTagsFromResource."""
    resource, key = _find(given["ResourceName"])
    resource[key] = [one for one in resource[key] if one["Key"] not in given["TagKeys"]]
    return {}


def describe(given: Record) -> Record:
    """ListTagsForResource."""
    resource, key = _find(given["ResourceName"])
    return {"TagList": resource[key]}


def _find(arn: str) -> tuple[Record, str]:
    """The resource of an ARN, and the field its tags are in."""
    region = store.here()
    kind, _, name = arn.split(":", 5)[-1].partition(":")
    known, key, code = {
        "db": (region.instances, "TagList", "DBInstanceNotFound"),
        "snapshot": (region.snapshots, "TagList", "DBSnapshotNotFound"),
        "pg": (region.parameter_groups, "_tags", "DBParameterGroupNotFound"),
        "subgrp": (region.subnet_groups, "_tags", "DBSubnetGroupNotFoundFault"),
    }.get(kind, ({}, "", "InvalidParameterValue"))
    if name not in known:
        raise AwsError(code, f"The specified resource name does not match an RDS resource: {arn}", 404)
    return known[name], key
