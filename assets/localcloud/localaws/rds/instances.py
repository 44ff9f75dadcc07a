"""Operations on instances.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from collections.abc import Callable

from localaws import inside
from localaws.contract import AwsError, caller
from localaws.rds import engines_offered, parameter_groups, snapshots, store
from localaws.rds.instance_record import check_class, checked_name, checked_password, new, security_groups, shown_group
from localaws.rds.running import fleet
from localaws.rds.store import Record, paged


def create(given: Record) -> Record:
    """CreateDBInstance."""
    name = _free_name(given["DBInstanceIdentifier"])
    instance = new(name, given)
    managed = given.get("ManageMasterUserPassword", False)
    if managed and "MasterUserPassword" in given:
        raise AwsError("InvalidParameterCombination",
                       "You can't specify MasterUserPassword when ManageMasterUserPassword is true.", 400)
    password = inside.make_password() if managed else checked_password(given.get("MasterUserPassword"))
    if managed:
        _manage(instance, password, given.get("MasterUserSecretKmsKeyId"))
    instance["_password"] = password
    return _begin(instance)


def restore(given: Record) -> Record:
    """RestoreDBInstanceFromDBSnapshot: the master user keeps the password it had."""
    snapshot = snapshots.find(given["DBSnapshotIdentifier"])
    name = _free_name(given["DBInstanceIdentifier"])
    if snapshot["Status"] != "available":
        raise AwsError("InvalidDBSnapshotState", "The snapshot is not available", 400)
    kept = {key: value for key, value in snapshot["_kept"].items() if value is not None}
    inherited: Record = {key: snapshot[key] for key in _INHERITED if key in snapshot}
    instance = new(name, {**kept, **inherited, "StorageEncrypted": snapshot["Encrypted"], **given})
    instance["_from_snapshot"] = str(fleet.snapshot_data(caller().region, snapshot["DBSnapshotIdentifier"]))
    if given.get("ManageMasterUserPassword"):
        instance["_password"] = inside.make_password()
        _manage(instance, instance["_password"], given.get("MasterUserSecretKmsKeyId"))
    return _begin(instance)


def describe(given: Record) -> Record:
    """DescribeDBInstances."""
    if "DBInstanceIdentifier" in given:
        return {"DBInstances": [find(given["DBInstanceIdentifier"].rsplit(":", 1)[-1])]}
    found = [one for _, one in sorted(store.here().instances.items())]
    for wanted in given.get("Filters", []):
        key = {"db-instance-id": "DBInstanceIdentifier", "engine": "Engine",
               "dbi-resource-id": "DbiResourceId"}.get(wanted["Name"])
        if key is None:
            raise AwsError("InvalidParameterValue", f"Unrecognized filter name: {wanted['Name']}", 400)
        values = [value.rsplit(":", 1)[-1] for value in wanted["Values"]]
        found = [one for one in found if one[key] in values]
    return paged("DBInstances", found, given)


def modify(given: Record) -> Record:
    """ModifyDBInstance: at once with ApplyImmediately; else what AWS puts off waits in PendingModifiedValues."""
    instance = find(given["DBInstanceIdentifier"])
    if instance["DBInstanceStatus"] not in ("available", "stopped", "storage-optimization"):
        raise _state(instance, "available")
    _check(instance, given)
    region = caller().region
    _password(instance, given)
    for key in _AT_ONCE:
        if key in given:
            instance[key] = given[key]
    if "VpcSecurityGroupIds" in given:
        instance["VpcSecurityGroups"] = security_groups(given["VpcSecurityGroupIds"])
    if "DBSubnetGroupName" in given:
        instance["DBSubnetGroup"] = shown_group(given["DBSubnetGroupName"])
    if "DBParameterGroupName" in given:
        group = parameter_groups.find(given["DBParameterGroupName"])
        instance["DBParameterGroups"] = [
            {"DBParameterGroupName": group["DBParameterGroupName"], "ParameterApplyStatus": "pending-reboot"}
        ]
    later = {_LATER[key]: given[key] for key in _LATER if key in given and given[key] != _present(instance, key)}
    if "EngineVersion" in later:
        later["EngineVersion"] = engines_offered.find(instance["Engine"]).resolve(later["EngineVersion"])
    if given.get("ApplyImmediately"):
        later = {**instance["PendingModifiedValues"], **later}
        instance["PendingModifiedValues"] = {}
        _busy(region, instance, "modifying", lambda: _apply(region, instance, later))
    else:
        instance["PendingModifiedValues"] |= later
    return {"DBInstance": instance}


def delete(given: Record) -> Record:
    """DeleteDBInstance, with or without a last snapshot."""
    instance = find(given["DBInstanceIdentifier"])
    name = instance["DBInstanceIdentifier"]
    if instance["DBInstanceStatus"] == "deleting":
        raise AwsError("InvalidDBInstanceState", f"Instance {name} is already being deleted.", 400)
    if instance["DBInstanceStatus"] not in ("available", "stopped", "failed"):
        raise _state(instance, "available")
    if instance["DeletionProtection"]:
        raise AwsError("InvalidParameterCombination", "Cannot delete protected DB Instance, please disable deletion "
                       "protection and try again.", 400)
    last = given.get("FinalDBSnapshotIdentifier")
    if given.get("SkipFinalSnapshot", False) == bool(last):
        raise AwsError(
            "InvalidParameterCombination",
            "FinalDBSnapshotIdentifier can not be specified when deleting with SkipFinalSnapshot" if last else
            "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.", 400)
    tags = instance["TagList"] if instance["CopyTagsToSnapshot"] else []
    snapshot = snapshots.new(instance, last, tags) if last else None
    region = caller().region
    secret = instance.pop("MasterUserSecret", None)

    def work() -> None:
        if snapshot is not None:
            fleet.take_snapshot(region, instance, snapshot)
        if secret:
            inside.drop_password(secret["SecretArn"])
        fleet.forget(region, instance)

    _busy(region, instance, "deleting", work, "deleting")
    return {"DBInstance": instance}


def reboot(given: Record) -> Record:
    """RebootDBInstance: parameters that wait for it take effect."""
    instance = _in_state(given, "available")
    instance["DBParameterGroups"][0]["ParameterApplyStatus"] = "in-sync"
    region = caller().region
    _busy(region, instance, "rebooting", lambda: fleet.restart(region, instance))
    return {"DBInstance": instance}


def stop(given: Record) -> Record:
    """StopDBInstance."""
    instance = _in_state(given, "available")
    region = caller().region
    if given.get("DBSnapshotIdentifier"):
        snapshot = snapshots.new(instance, given["DBSnapshotIdentifier"], [])
    else:
        snapshot = None

    def work() -> None:
        if snapshot is not None:
            fleet.take_snapshot(region, instance, snapshot)
        fleet.stop(region, instance)

    _busy(region, instance, "stopping", work, "stopped")
    return {"DBInstance": instance}


def start(given: Record) -> Record:
    """StartDBInstance."""
    instance = _in_state(given, "stopped")
    region = caller().region
    _busy(region, instance, "starting", lambda: fleet.start(region, instance), "available")
    return {"DBInstance": instance}


def find(identifier: str) -> Record:
    """The record of an instance. Raises DBInstanceNotFound."""
    instance = store.here().instances.get(identifier.lower())
    if instance is None:
        raise AwsError("DBInstanceNotFound", f"DBInstance {identifier} not found.", 404)
    return instance


_INHERITED = ("Engine", "EngineVersion", "MasterUsername", "AllocatedStorage", "Port", "StorageType", "KmsKeyId")
_AT_ONCE = (
    "PreferredBackupWindow", "PreferredMaintenanceWindow", "AutoMinorVersionUpgrade", "CopyTagsToSnapshot",
    "DeletionProtection", "MaxAllocatedStorage", "MonitoringInterval", "MonitoringRoleArn", "PubliclyAccessible",
)
_LATER = {
    "AllocatedStorage": "AllocatedStorage", "BackupRetentionPeriod": "BackupRetentionPeriod",
    "DBInstanceClass": "DBInstanceClass", "EngineVersion": "EngineVersion", "MultiAZ": "MultiAZ", "Iops": "Iops",
    "StorageType": "StorageType", "StorageThroughput": "StorageThroughput", "DBPortNumber": "Port",
    "CACertificateIdentifier": "CACertificateIdentifier", "NewDBInstanceIdentifier": "DBInstanceIdentifier",
    "LicenseModel": "LicenseModel",
}
"""What waits for the maintenance window, under its name in PendingModifiedValues.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html
"""


def _present(instance: Record, key: str) -> object:
    return instance["_port"] if key == "DBPortNumber" else instance.get(_LATER[key])


def _check(instance: Record, given: Record) -> None:
    if "DBInstanceClass" in given:
        check_class(given["DBInstanceClass"])
    if given.get("AllocatedStorage", instance["AllocatedStorage"]) < instance["AllocatedStorage"]:
        raise AwsError("InvalidParameterCombination", "Invalid storage size: storage cannot be made smaller.", 400)
    if "EngineVersion" in given:
        offer = engines_offered.find(instance["Engine"])
        version = offer.resolve(given["EngineVersion"])
        if offer.major(version) != offer.major(instance["EngineVersion"]):
            raise AwsError("InvalidParameterCombination",
                           "Upgrades of the major version are not supported by the local RDS.", 400)
    if "NewDBInstanceIdentifier" in given:
        _free_name(given["NewDBInstanceIdentifier"])


def _apply(region: str, instance: Record, values: Record) -> None:
    """Take changes that need work: a new port and a new name restart the engine."""
    values = dict(values)
    name, port = values.pop("DBInstanceIdentifier", None), values.pop("Port", None)
    instance |= values
    stopped = fleet.engine_of(region, instance["DBInstanceIdentifier"]) is None
    if port is not None:
        instance["_port"], instance["_host"] = port, ""
    if name is not None:
        fleet.rename(region, instance, name.lower())
        with store.lock:
            known = store.regions[region].instances
            known[name.lower()] = known.pop(instance["DBInstanceIdentifier"])
            instance["DBInstanceIdentifier"] = name.lower()
            instance["DBInstanceArn"] = instance["DBInstanceArn"].rsplit(":", 1)[0] + ":" + name.lower()
    if not stopped and (port is not None or name is not None):
        fleet.restart(region, instance)


def _password(instance: Record, given: Record) -> None:
    """The master password: given, managed, or rotated. Changed at once whatever ApplyImmediately says."""
    secret = instance.get("MasterUserSecret")
    if given.get("ManageMasterUserPassword") and not secret:
        password = inside.make_password()
        _set_password(instance, password)
        _manage(instance, password, given.get("MasterUserSecretKmsKeyId"))
    elif given.get("ManageMasterUserPassword") is False and secret:
        _set_password(instance, checked_password(given.get("MasterUserPassword")))
        inside.drop_password(instance.pop("MasterUserSecret")["SecretArn"])
    elif given.get("RotateMasterUserPassword") and secret:
        if not given.get("ApplyImmediately"):
            raise AwsError("InvalidParameterCombination", "You must specify ApplyImmediately to rotate it.", 400)
        password = inside.make_password()
        _set_password(instance, password)
        inside.change_password(secret["SecretArn"], {"username": instance["MasterUsername"], "password": password})
    elif "MasterUserPassword" in given:
        if secret:
            raise AwsError("InvalidParameterCombination", "You can't specify MasterUserPassword for an instance whose "
                           "password is managed in AWS Secrets Manager.", 400)
        _set_password(instance, checked_password(given["MasterUserPassword"]))


def _set_password(instance: Record, password: str) -> None:
    engine = fleet.engine_of(caller().region, instance["DBInstanceIdentifier"])
    if engine is None:
        raise _state(instance, "available")
    engine.set_password(instance["MasterUsername"], password)


def _manage(instance: Record, password: str, key: str | None) -> None:
    values = {"username": instance["MasterUsername"], "password": password}
    name = f"rds!{instance['DbiResourceId'].lower()}"
    description = f"The secret associated with the primary RDS DB instance: {instance['DBInstanceArn']}"
    arn = inside.keep_password(name, values, key, description, "rds")
    kms = key or f"arn:aws:kms:{caller().region}:{caller().account}:alias/aws/secretsmanager"
    instance["MasterUserSecret"] = {"SecretArn": arn, "SecretStatus": "active", "KmsKeyId": kms}


def _begin(instance: Record) -> Record:
    region = caller().region
    store.here().instances[instance["DBInstanceIdentifier"]] = instance
    fleet.in_background(region, instance, lambda: fleet.create(region, instance))
    return {"DBInstance": instance}


def _busy(region: str, instance: Record, status: str, work: Callable[[], None], then: str = "") -> None:
    before = instance["DBInstanceStatus"]
    instance["DBInstanceStatus"] = status
    fleet.in_background(region, instance, work, then or before)


def _free_name(name: str) -> str:
    name = checked_name(name)
    if name in store.here().instances:
        raise AwsError("DBInstanceAlreadyExists", "DB instance already exists", 400)
    return name


def _in_state(given: Record, status: str) -> Record:
    instance = find(given["DBInstanceIdentifier"])
    if instance["DBInstanceStatus"] != status:
        raise _state(instance, status)
    return instance


def _state(instance: Record, wanted: str) -> AwsError:
    name = instance["DBInstanceIdentifier"]
    return AwsError("InvalidDBInstanceState", f"Instance {name} is not in {wanted} state.", 400)
