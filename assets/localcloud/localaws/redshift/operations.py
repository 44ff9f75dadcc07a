"""Every operation of Redshift's control plane that is handled; any other is answered as an unknown one."""

from __future__ import annotations

from localaws.query_protocol import Handler
from localaws.redshift import (
    clusters,
    credentials,
    events,
    offerings,
    parameter_groups,
    snapshots,
    subnet_groups,
    tags,
)

HANDLED: dict[str, Handler] = {
    "CopyClusterSnapshot": snapshots.copy,
    "CreateCluster": clusters.create,
    "CreateClusterParameterGroup": parameter_groups.create,
    "CreateClusterSnapshot": snapshots.create,
    "CreateClusterSubnetGroup": subnet_groups.create,
    "CreateTags": tags.create,
    "DeleteCluster": clusters.delete,
    "DeleteClusterParameterGroup": parameter_groups.delete,
    "DeleteClusterSnapshot": snapshots.delete,
    "DeleteClusterSubnetGroup": subnet_groups.delete,
    "DeleteTags": tags.delete,
    "DescribeAccountAttributes": offerings.account,
    "DescribeClusterParameterGroups": parameter_groups.describe,
    "DescribeClusterParameters": parameter_groups.describe_parameters,
    "DescribeClusterSnapshots": snapshots.describe,
    "DescribeClusterSubnetGroups": subnet_groups.describe,
    "DescribeClusterVersions": offerings.versions,
    "DescribeClusters": clusters.describe,
    "DescribeDefaultClusterParameters": parameter_groups.describe_defaults,
    "DescribeEvents": events.describe,
    "DescribeOrderableClusterOptions": offerings.options,
    "DescribeResize": clusters.describe_resize,
    "DescribeTags": tags.describe,
    "GetClusterCredentials": credentials.get,
    "GetClusterCredentialsWithIAM": credentials.get_with_iam,
    "ModifyCluster": clusters.modify,
    "ModifyClusterIamRoles": clusters.modify_iam_roles,
    "ModifyClusterParameterGroup": parameter_groups.modify,
    "ModifyClusterSnapshot": snapshots.modify,
    "ModifyClusterSubnetGroup": subnet_groups.modify,
    "PauseCluster": clusters.pause,
    "RebootCluster": clusters.reboot,
    "ResetClusterParameterGroup": parameter_groups.reset,
    "ResizeCluster": clusters.resize,
    "RestoreFromClusterSnapshot": clusters.restore,
    "ResumeCluster": clusters.resume,
}
