"""Every operation of RDS that is handled; any other is answered as an unknown one."""

from __future__ import annotations

from localaws.query_protocol import Handler
from localaws.rds import engines_offered, instances, parameter_groups, snapshots, subnet_groups, tags

HANDLED: dict[str, Handler] = {
    "AddTagsToResource": tags.add,
    "CopyDBSnapshot": snapshots.copy,
    "CreateDBInstance": instances.create,
    "CreateDBParameterGroup": parameter_groups.create,
    "CreateDBSnapshot": snapshots.create,
    "CreateDBSubnetGroup": subnet_groups.create,
    "DeleteDBInstance": instances.delete,
    "DeleteDBParameterGroup": parameter_groups.delete,
    "DeleteDBSnapshot": snapshots.delete,
    "DeleteDBSubnetGroup": subnet_groups.delete,
    "DescribeDBEngineVersions": engines_offered.describe_versions,
    "DescribeDBInstances": instances.describe,
    "DescribeDBParameterGroups": parameter_groups.describe,
    "DescribeDBParameters": parameter_groups.describe_parameters,
    "DescribeDBSnapshots": snapshots.describe,
    "DescribeDBSubnetGroups": subnet_groups.describe,
    "DescribeEngineDefaultParameters": parameter_groups.describe_defaults,
    "DescribeOrderableDBInstanceOptions": engines_offered.describe_orderable,
    "ListTagsForResource": tags.describe,
    "ModifyDBInstance": instances.modify,
    "ModifyDBParameterGroup": parameter_groups.modify,
    "ModifyDBSubnetGroup": subnet_groups.modify,
    "RebootDBInstance": instances.reboot,
    "RemoveTagsFromResource": tags.remove,
    "ResetDBParameterGroup": parameter_groups.reset,
    "RestoreDBInstanceFromDBSnapshot": instances.restore,
    "StartDBInstance": instances.start,
    "StopDBInstance": instances.stop,
}
