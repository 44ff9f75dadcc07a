"""Tags of every kind of resource, by ARN."""

from __future__ import annotations

from localaws.contract import AwsError
from localaws.query_protocol import paged
from localaws.redshift import store
from localaws.redshift.store import Record


def create(given: Record) -> Record:
    """CreateTags."""
    resource = _find(given["ResourceName"])
    new = {one["Key"]: one.get("Value", "") for one in given["Tags"]}
    kept = [one for one in resource["Tags"] if one["Key"] not in new]
    if len(kept) + len(new) > 50:
        raise AwsError("TagLimitExceededFault", "A resource has at most 50 tags.", 400)
    resource["Tags"] = kept + [{"Key": key, "Value": value} for key, value in new.items()]
    return {}


def delete(given: Record) -> Record:
    """DeleteTags."""
    resource = _find(given["ResourceName"])
    resource["Tags"] = [one for one in resource["Tags"] if one["Key"] not in given["TagKeys"]]
    return {}


def describe(given: Record) -> Record:
    """DescribeTags."""
    if "ResourceName" in given:
        _find(given["ResourceName"])
    found = [
        {"ResourceName": arn, "ResourceType": arn.split(":")[5], "Tag": tag}
        for arn, resource in _all().items() for tag in resource["Tags"]
        if given.get("ResourceName", arn) == arn and given.get("ResourceType", arn.split(":")[5]) == arn.split(":")[5]
        and (not given.get("TagKeys") or tag["Key"] in given["TagKeys"])
        and (not given.get("TagValues") or tag["Value"] in given["TagValues"])
    ]
    return paged("TaggedResources", found, given)


def _find(arn: str) -> Record:
    resource = _all().get(arn)
    if resource is None:
        raise AwsError("ResourceNotFoundFault", f"Resource {arn} not found.", 404)
    return resource


def _all() -> dict[str, Record]:
    region = store.here()
    found = {store.arn("cluster", name): one for name, one in region.clusters.items()}
    found |= {one["SnapshotArn"]: one for one in region.snapshots.values()}
    found |= {store.arn("subnetgroup", name): one for name, one in region.subnet_groups.items()}
    found |= {store.arn("parametergroup", name): one for name, one in region.parameter_groups.items()}
    return found
