"""Operations on subnet groups."""

from __future__ import annotations

from localaws import inside
from localaws.contract import AwsError
from localaws.query_protocol import paged
from localaws.redshift import store
from localaws.redshift.store import Record


def create(given: Record) -> Record:
    """CreateClusterSubnetGroup."""
    name = given["ClusterSubnetGroupName"].lower()
    region = store.here()
    if name == "default":
        raise AwsError("InvalidParameterValue", "The name default is reserved.", 400)
    if name in region.subnet_groups:
        raise AwsError("ClusterSubnetGroupAlreadyExists", f"Cluster subnet group {name} already exists.", 400)
    group: Record = {"ClusterSubnetGroupName": name, "Description": given["Description"],
                     "SubnetGroupStatus": "Complete", "Tags": store.tags(given.get("Tags")),
                     "SupportedClusterIpAddressTypes": ["ipv4"]}
    _place(group, given["SubnetIds"])
    region.subnet_groups[name] = group
    return {"ClusterSubnetGroup": group}


def modify(given: Record) -> Record:
    """ModifyClusterSubnetGroup."""
    group = find(given["ClusterSubnetGroupName"])
    _place(group, given["SubnetIds"])
    if "Description" in given:
        group["Description"] = given["Description"]
    return {"ClusterSubnetGroup": group}


def describe(given: Record) -> Record:
    """DescribeClusterSubnetGroups."""
    if "ClusterSubnetGroupName" in given:
        return {"ClusterSubnetGroups": [find(given["ClusterSubnetGroupName"])]}
    return paged("ClusterSubnetGroups", [one for _, one in sorted(store.here().subnet_groups.items())], given)


def delete(given: Record) -> Record:
    """DeleteClusterSubnetGroup."""
    group = find(given["ClusterSubnetGroupName"])
    name = group["ClusterSubnetGroupName"]
    for cluster in store.here().clusters.values():
        if cluster["ClusterSubnetGroupName"] == name:
            user = cluster["ClusterIdentifier"]
            raise AwsError("InvalidClusterSubnetGroupStateFault", f"Cannot delete the subnet group '{name}' because "
                           f"at least one cluster: {user} is still using it.", 400)
    del store.here().subnet_groups[name]
    return {}


def find(name: str) -> Record:
    """The record of a group. Raises ClusterSubnetGroupNotFoundFault."""
    group = store.here().subnet_groups.get(name.lower())
    if group is None:
        raise AwsError("ClusterSubnetGroupNotFoundFault", f"Cluster subnet group {name} not found.", 400)
    return group


def _place(group: Record, identifiers: list[str]) -> None:
    found = inside.subnets(identifiers, "InvalidSubnet")
    if len({one.vpc for one in found}) != 1:
        raise AwsError("InvalidSubnet", "Subnets must be in the same VPC.", 400)
    group["VpcId"] = found[0].vpc
    group["Subnets"] = [
        {"SubnetIdentifier": one.identifier, "SubnetAvailabilityZone": {"Name": one.zone, "SupportedPlatforms": []},
         "SubnetStatus": "Active"}
        for one in found
    ]
