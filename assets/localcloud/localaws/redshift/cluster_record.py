"""A cluster's record: AWS's defaults and what it refuses."""

from __future__ import annotations

import re
import time
import uuid

from localaws import inside
from localaws.contract import AwsError, caller
from localaws.redshift import parameter_groups, store
from localaws.redshift.store import Record

NODE_TYPES = {
    "ra3.large": (1, 16), "ra3.xlplus": (1, 32), "ra3.4xlarge": (2, 128), "ra3.16xlarge": (2, 128),
    "dc2.large": (1, 32), "dc2.8xlarge": (2, 128), "rg.xlarge": (1, 32), "rg.4xlarge": (2, 128),
}
"""Fewest and most nodes of a type."""


def _relocation(given: Record) -> str:
    """Relocation is on for the node types that can be relocated, but not for clusters that the public reaches.

    Source: https://docs.aws.amazon.com/redshift/latest/mgmt/managing-cluster-recovery.html
    """
    able = given["NodeType"].startswith(("ra3", "rg")) and not given.get("PubliclyAccessible")
    return "enabled" if given.get("AvailabilityZoneRelocation", able) else "disabled"


def new(name: str, given: Record) -> Record:
    """A cluster's record with AWS's defaults.

    Source: https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html
    """
    who = caller()
    region = store.here()
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_+.@-]{0,127}", given["MasterUsername"]):
        raise AwsError("InvalidParameterValue", "The parameter MasterUsername is not valid.", 400)
    group = given.get("ClusterParameterGroupName") or parameter_groups.DEFAULT
    parameter_groups.find(group)
    subnet_group = given.get("ClusterSubnetGroupName", "default")
    if subnet_group != "default" and subnet_group not in region.subnet_groups:
        raise AwsError("ClusterSubnetGroupNotFoundFault", f"Cluster subnet group {subnet_group} not found.", 400)
    network = region.subnet_groups.get(subnet_group, {})
    encrypted = given.get("Encrypted", True)
    port = given.get("Port", 5439)
    cluster: Record = {
        "ClusterIdentifier": name, "NodeType": given["NodeType"], "ClusterStatus": "creating",
        "ClusterAvailabilityStatus": "Modifying", "MasterUsername": given["MasterUsername"].lower(),
        "DBName": given.get("DBName", "dev").lower(), "ClusterCreateTime": time.time(),
        "AutomatedSnapshotRetentionPeriod": given.get("AutomatedSnapshotRetentionPeriod", 1),
        "ManualSnapshotRetentionPeriod": given.get("ManualSnapshotRetentionPeriod", -1), "ClusterSecurityGroups": [],
        "VpcSecurityGroups": security_groups(given.get("VpcSecurityGroupIds", [])),
        "ClusterParameterGroups": [
            {"ParameterGroupName": group, "ParameterApplyStatus": "in-sync", "ClusterParameterStatusList": []}
        ],
        "ClusterSubnetGroupName": subnet_group, "VpcId": network.get("VpcId") or inside.default_vpc(),
        "AvailabilityZone": given.get("AvailabilityZone")
        or next((one["SubnetAvailabilityZone"]["Name"] for one in network.get("Subnets", [])), f"{who.region}a"),
        "PreferredMaintenanceWindow": given.get("PreferredMaintenanceWindow", "sun:06:30-sun:07:00").lower(),
        "PendingModifiedValues": {}, "ClusterVersion": given.get("ClusterVersion", "1.0"),
        "AllowVersionUpgrade": given.get("AllowVersionUpgrade", True), "NumberOfNodes": 1,
        "PubliclyAccessible": given.get("PubliclyAccessible", False), "Encrypted": encrypted,
        "EnhancedVpcRouting": given.get("EnhancedVpcRouting", False),
        "IamRoles": [role(one) for one in given.get("IamRoles", [])], "PendingActions": [],
        "MaintenanceTrackName": given.get("MaintenanceTrackName", "current"),
        "AvailabilityZoneRelocationStatus": _relocation(given),
        "ClusterNamespaceArn": f"arn:aws:redshift:{who.region}:{who.account}:namespace:{uuid.uuid4()}",
        "TotalStorageCapacityInMegaBytes": 400000, "DeferredMaintenanceWindows": [],
        "AquaConfiguration": {"AquaStatus": "disabled", "AquaConfigurationStatus": "auto"},
        "IpAddressType": given.get("IpAddressType", "ipv4"), "ClusterRevisionNumber": "115000",
        "MultiAZ": "Enabled" if given.get("MultiAZ") else "Disabled", "Tags": store.tags(given.get("Tags")),
        "_port": port,
    }
    if encrypted:
        cluster["KmsKeyId"] = given.get("KmsKeyId", "AWS_OWNED_KMS_KEY")
    if given.get("DefaultIamRoleArn"):
        cluster["DefaultIamRoleArn"] = given["DefaultIamRoleArn"]
    set_size(cluster, given)
    return cluster


def set_size(cluster: Record, given: Record) -> None:
    """Node type, kind and number go together.

    Source: https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-clusters.html#rs-ra3-node-types
    """
    node = given.get("NodeType", cluster["NodeType"])
    if node not in NODE_TYPES:
        raise AwsError("InvalidParameterValue", f"Invalid node type: {node}", 400)
    kind = given.get("ClusterType")
    number = given.get("NumberOfNodes")
    if kind == "single-node" and number is not None and number != 1:
        raise AwsError("InvalidParameterCombination",
                       "Number of nodes cannot be specified for cluster type 'single-node'.", 400)
    if kind is None:
        kind = "multi-node" if (number or cluster["NumberOfNodes"]) > 1 else "single-node"
    number = 1 if kind == "single-node" else number or cluster["NumberOfNodes"]
    fewest, most = NODE_TYPES[node]
    if kind == "multi-node" and number < 2:
        raise AwsError("InvalidParameterCombination",
                       "Number of nodes for cluster type 'multi-node' must be greater than or equal to 2.", 400)
    if not fewest <= number <= most:
        raise AwsError("InvalidParameterValue", f"Number of nodes for {node} is {fewest} to {most}.", 400)
    cluster["NodeType"], cluster["NumberOfNodes"] = node, number
    roles = ["SHARED"] if number == 1 else ["LEADER", *(f"COMPUTE-{n}" for n in range(number))]
    cluster["ClusterNodes"] = [
        {"NodeRole": role, "PrivateIPAddress": "127.0.0.1", "PublicIPAddress": "127.0.0.1"} for role in roles
    ]


def checked_name(name: str) -> str:
    """A cluster's identifier in lower case. Raises InvalidParameterValue."""
    lowered = name.lower()
    if not re.fullmatch(r"[a-z](?!.*--)[a-z0-9-]{0,62}", lowered) or lowered.endswith("-"):
        raise AwsError("InvalidParameterValue", f"The parameter ClusterIdentifier is not valid: {name}", 400)
    return lowered


def checked_password(password: str) -> str:
    """8 to 64 characters; a capital, a small letter and a digit; none of / @ " ' \\ and blank."""
    wanted = (r"[A-Z]", r"[a-z]", r"[0-9]")
    if not 8 <= len(password) <= 64 or not all(re.search(one, password) for one in wanted) or re.search(
        r"""[/@"'\\ ]|[^\x21-\x7e]""", password
    ):
        raise AwsError("InvalidParameterValue", "The parameter MasterUserPassword is not a valid password. Passwords "
                       "must be 8 to 64 characters with an upper case letter, a lower case letter and a number.", 400)
    return password


def security_groups(identifiers: list[str]) -> list[Record]:
    """Security groups as a cluster shows them: in an order of AWS's own."""
    return [{"VpcSecurityGroupId": one, "Status": "active"} for one in sorted(identifiers)]


def role(arn: str) -> Record:
    """A role as a cluster shows it."""
    return {"IamRoleArn": arn, "ApplyStatus": "in-sync"}
