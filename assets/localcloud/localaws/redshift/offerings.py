"""What can be ordered: versions, node types, limits of the account."""

from __future__ import annotations

from localaws.contract import caller
from localaws.query_protocol import paged
from localaws.redshift import parameter_groups
from localaws.redshift.cluster_record import NODE_TYPES
from localaws.redshift.store import Record


def versions(given: Record) -> Record:
    """DescribeClusterVersions."""
    found = [{"ClusterVersion": "1.0", "ClusterParameterGroupFamily": family, "Description": "release version 1.0"}
             for family in parameter_groups.FAMILIES]
    return paged("ClusterVersions", found, given)


def options(given: Record) -> Record:
    """DescribeOrderableClusterOptions."""
    zones = [{"Name": f"{caller().region}{letter}", "SupportedPlatforms": [{"Name": "VPC"}]} for letter in "abc"]
    found = [
        {"ClusterVersion": "1.0", "ClusterType": kind, "NodeType": node, "AvailabilityZones": zones}
        for node, (fewest, _) in NODE_TYPES.items()
        for kind in (("single-node", "multi-node") if fewest == 1 else ("multi-node",))
        if given.get("NodeType", node) == node
    ]
    return paged("OrderableClusterOptions", found, given)


def account(given: Record) -> Record:
    """DescribeAccountAttributes."""
    return {"AccountAttributes": [
        {"AttributeName": "max-defer-maintenance-duration", "AttributeValues": [{"AttributeValue": "60"}]}
    ]}
