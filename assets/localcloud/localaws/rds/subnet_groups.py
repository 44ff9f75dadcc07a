"""Operations on subnet groups."""

from __future__ import annotations

from localaws import inside
from localaws.contract import AwsError
from localaws.rds import store
from localaws.rds.store import Record, paged


def create(given: Record) -> Record:
    """CreateDBSubnetGroup."""
    name = given["DBSubnetGroupName"].lower()
    if name in store.here().subnet_groups or name == "default":
        raise AwsError("DBSubnetGroupAlreadyExists", f"The DB subnet group '{name}' already exists.", 400)
    group: Record = {
        "DBSubnetGroupName": name, "DBSubnetGroupDescription": given["DBSubnetGroupDescription"],
        "SubnetGroupStatus": "Complete", "DBSubnetGroupArn": store.arn("subgrp", name),
        "SupportedNetworkTypes": ["IPV4"], "_tags": store.tags(given.get("Tags")),
    }
    _place(group, given["SubnetIds"])
    store.here().subnet_groups[name] = group
    return {"DBSubnetGroup": group}


def modify(given: Record) -> Record:
    """ModifyDBSubnetGroup."""
    group = find(given["DBSubnetGroupName"])
    _place(group, given["SubnetIds"])
    if "DBSubnetGroupDescription" in given:
        group["DBSubnetGroupDescription"] = given["DBSubnetGroupDescription"]
    return {"DBSubnetGroup": group}


def describe(given: Record) -> Record:
    """DescribeDBSubnetGroups."""
    if "DBSubnetGroupName" in given:
        return {"DBSubnetGroups": [find(given["DBSubnetGroupName"])]}
    return paged("DBSubnetGroups", [one for _, one in sorted(store.here().subnet_groups.items())], given)


def delete(given: Record) -> Record:
    """DeleteDBSubnetGroup."""
    group = find(given["DBSubnetGroupName"])
    name = group["DBSubnetGroupName"]
    for instance in store.here().instances.values():
        if instance.get("DBSubnetGroup", {}).get("DBSubnetGroupName") == name:
            raise AwsError("InvalidDBSubnetGroupStateFault", f"Cannot delete the subnet group '{name}' because at "
                           f"least one database instance: {instance['DBInstanceIdentifier']} is still using it.", 400)
    del store.here().subnet_groups[name]
    return {}


def find(name: str) -> Record:
    """The record of a group. Raises DBSubnetGroupNotFoundFault."""
    group = store.here().subnet_groups.get(name.lower())
    if group is None:
        raise AwsError("DBSubnetGroupNotFoundFault", f"DB subnet group '{name}' does not exist.", 404)
    return group


def _place(group: Record, identifiers: list[str]) -> None:
    found = inside.subnets(identifiers, "InvalidSubnet")
    if len({one.vpc for one in found}) != 1:
        raise AwsError("InvalidParameterValue", "The DB subnets are not all in the same VPC.", 400)
    if len({one.zone for one in found}) < 2:
        raise AwsError("DBSubnetGroupDoesNotCoverEnoughAZs", "The DB subnet group doesn't meet Availability Zone (AZ) "
                       "coverage requirement. Current AZ coverage: " + ", ".join({one.zone for one in found}) +
                       ". Add subnets to cover at least 2 AZs.", 400)
    group["VpcId"] = found[0].vpc
    group["Subnets"] = [
        {"SubnetIdentifier": one.identifier, "SubnetAvailabilityZone": {"Name": one.zone}, "SubnetOutpost": {},
         "SubnetStatus": "Active"}
        for one in found
    ]
