"""An instance's record: AWS's defaults and what it refuses.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
"""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

from localaws.contract import AwsError, caller
from localaws.rds import engines_offered, parameter_groups, store, subnet_groups
from localaws.rds.store import Record


def new(name: str, given: Record) -> Record:
    """The record of an instance that is being created."""
    who = caller()
    offer = engines_offered.find(given["Engine"])
    version = offer.resolve(given.get("EngineVersion"))
    user = given.get("MasterUsername", "")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,62}", user):
        raise AwsError("InvalidParameterValue", f"The parameter MasterUsername is not valid: {user!r}", 400)
    if user.lower() in offer.reserved:
        raise AwsError("InvalidParameterValue", f"MasterUsername {user} cannot be used as it is a reserved word used "
                       "by the engine", 400)
    check_class(given["DBInstanceClass"])
    storage = given.get("AllocatedStorage", 20)
    if storage < 20:
        raise AwsError("InvalidParameterValue", "Invalid storage size for engine name "
                       f"{offer.engine} and storage type gp3: {storage}", 400)
    group = given.get("DBParameterGroupName") or f"default.{offer.family(version)}"
    if parameter_groups.find(group)["DBParameterGroupFamily"] != offer.family(version):
        raise AwsError("InvalidParameterCombination", f"The Parameter Group {group} with DBParameterGroupFamily "
                       "can't be used for this instance. Please use a Parameter Group with DBParameterGroupFamily "
                       f"{offer.family(version)}", 400)
    kind = given.get("StorageType", "gp2")
    instance: Record = {
        "DBInstanceIdentifier": name, "DBInstanceClass": given["DBInstanceClass"], "Engine": offer.engine,
        "DBInstanceStatus": "creating", "MasterUsername": user, "AllocatedStorage": storage,
        "PreferredBackupWindow": given.get("PreferredBackupWindow", "07:00-07:30"), "InstanceCreateTime": time.time(),
        "BackupRetentionPeriod": given.get("BackupRetentionPeriod", 1), "DBSecurityGroups": [],
        "VpcSecurityGroups": security_groups(given.get("VpcSecurityGroupIds", [])),
        "DBParameterGroups": [{"DBParameterGroupName": group, "ParameterApplyStatus": "in-sync"}],
        "AvailabilityZone": given.get("AvailabilityZone", f"{who.region}a"), "PendingModifiedValues": {},
        "PreferredMaintenanceWindow": given.get("PreferredMaintenanceWindow", "sun:05:00-sun:05:30").lower(),
        "MultiAZ": given.get("MultiAZ", False), "EngineVersion": version,
        "AutoMinorVersionUpgrade": given.get("AutoMinorVersionUpgrade", True), "ReadReplicaDBInstanceIdentifiers": [],
        "LicenseModel": given.get("LicenseModel", offer.license),
        "OptionGroupMemberships": [
            {"OptionGroupName": f"default:{offer.engine}-{offer.major(version).replace('.', '-')}",
             "Status": "in-sync"}
        ],
        "PubliclyAccessible": given.get("PubliclyAccessible", False), "StorageType": kind, "DbInstancePort": 0,
        "StorageEncrypted": given.get("StorageEncrypted", False),
        "DbiResourceId": f"db-{uuid.uuid4().hex[:26].upper()}",
        "CACertificateIdentifier": given.get("CACertificateIdentifier", "rds-ca-rsa2048-g1"), "DomainMemberships": [],
        "CopyTagsToSnapshot": given.get("CopyTagsToSnapshot", False),
        "MonitoringInterval": given.get("MonitoringInterval", 0), "DBInstanceArn": store.arn("db", name),
        "IAMDatabaseAuthenticationEnabled": False, "PerformanceInsightsEnabled": False,
        "DeletionProtection": given.get("DeletionProtection", False), "AssociatedRoles": [],
        "TagList": store.tags(given.get("Tags")), "CustomerOwnedIpEnabled": False, "NetworkType": "IPV4",
        "BackupTarget": "region", "ActivityStreamStatus": "stopped", "DedicatedLogVolume": False,
        "EngineLifecycleSupport": given.get("EngineLifecycleSupport", "open-source-rds-extended-support"),
        "_port": given.get("Port", offer.port),
    }
    if given.get("EnableIAMDatabaseAuthentication"):
        raise AwsError("InvalidParameterCombination", "IAM database authentication is not supported by the local RDS",
                       400)
    for key in ("DBName", "Iops", "StorageThroughput", "MaxAllocatedStorage", "MonitoringRoleArn", "CharacterSetName"):
        if key in given:
            instance[key] = given[key]
    if instance["StorageEncrypted"]:
        instance["KmsKeyId"] = given.get("KmsKeyId", f"arn:aws:kms:{who.region}:{who.account}:alias/aws/rds")
    if "DBSubnetGroupName" in given:
        instance["DBSubnetGroup"] = shown_group(given["DBSubnetGroupName"])
    return instance


def shown_group(name: str) -> Record:
    """A subnet group as an instance shows it."""
    return {key: value for key, value in subnet_groups.find(name).items() if not key.startswith("_")}


def security_groups(identifiers: list[str]) -> list[Record]:
    """Security groups as an instance shows them: in an order of AWS's own."""
    return [{"VpcSecurityGroupId": one, "Status": "active"} for one in sorted(identifiers)]


def checked_name(name: str) -> str:
    """An instance's identifier in lower case. Raises InvalidParameterValue."""
    lowered = name.lower()
    if not re.fullmatch(r"[a-z](?!.*--)[a-z0-9-]{0,62}", lowered) or lowered.endswith("-"):
        raise AwsError("InvalidParameterValue", "The parameter DBInstanceIdentifier is not a valid identifier. "
                       "Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; "
                       "and must not end with a hyphen or contain two consecutive hyphens.", 400)
    return lowered


def checked_password(password: Any) -> str:
    """8 to 128 printable characters without / @ " and blank."""
    if not isinstance(password, str) or len(password) < 8:
        raise AwsError("InvalidParameterValue", "The parameter MasterUserPassword is not a valid password because it "
                       "is shorter than 8 characters.", 400)
    if len(password) > 128 or re.search(r"""[/@" ]|[^\x21-\x7e]""", password):
        raise AwsError("InvalidParameterValue", "The parameter MasterUserPassword is not a valid password. Only "
                       "printable ASCII characters besides '/', '@', '\"', ' ' may be used.", 400)
    return password


def check_class(name: str) -> None:
    """Raise InvalidParameterValue for a class that is not one of RDS's."""
    if not re.fullmatch(r"db\.[a-z0-9]+\.[a-z0-9]+(\.[a-z0-9.]+)?", name):
        raise AwsError("InvalidParameterValue", f"Invalid DB Instance class: {name}", 400)
