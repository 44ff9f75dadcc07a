"""Operations on clusters.

Source: https://docs.aws.amazon.com/redshift/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from collections.abc import Callable

from localaws import inside
from localaws.contract import AwsError, caller
from localaws.query_protocol import paged
from localaws.redshift import events, parameter_groups, snapshots, store
from localaws.redshift.cluster_record import checked_name, checked_password, new, role, security_groups, set_size
from localaws.redshift.running import fleet
from localaws.redshift.store import Record

_BUSY = (
    "There is an operation running on the Cluster. Please try to execute this operation again when the cluster "
    "becomes available."
)


def create(given: Record) -> Record:
    """CreateCluster."""
    name = checked_name(given["ClusterIdentifier"])
    region = store.here()
    if name in region.clusters:
        raise AwsError("ClusterAlreadyExists", "Cluster already exists", 400)
    cluster = new(name, given)
    managed = given.get("ManageMasterPassword", False)
    if managed == ("MasterUserPassword" in given):
        raise AwsError("InvalidParameterCombination", "You must specify exactly one of MasterUserPassword and "
                       "ManageMasterPassword.", 400)
    password = inside.make_password() if managed else checked_password(given["MasterUserPassword"])
    cluster["_password"] = password
    region.clusters[name] = cluster
    if managed:
        _manage_password(cluster, password, given.get("MasterPasswordSecretKmsKeyId"))
    here = caller().region
    fleet.in_background(here, cluster, lambda: fleet.create(here, cluster))
    events.record(cluster, "REDSHIFT-EVENT-2000", f"Cluster '{name}' is being created.")
    return {"Cluster": cluster}


def restore(given: Record) -> Record:
    """RestoreFromClusterSnapshot."""
    region = store.here()
    snapshot = snapshots.find(given.get("SnapshotIdentifier") or given.get("SnapshotArn", "").rsplit("/", 1)[-1])
    name = checked_name(given["ClusterIdentifier"])
    if name in region.clusters:
        raise AwsError("ClusterAlreadyExists", "Cluster already exists", 400)
    if snapshot["Status"] != "available":
        raise AwsError("InvalidClusterSnapshotState", "The snapshot is not available", 400)
    inherited = {key: snapshot[key] for key in ("MasterUsername", "DBName", "NodeType", "NumberOfNodes", "Port")}
    cluster = new(name, {**inherited, **given})
    cluster["_from_snapshot"] = str(fleet.snapshot_data(caller().region, snapshot["SnapshotIdentifier"]))
    cluster["RestoreStatus"] = {"Status": "completed", "CurrentRestoreRateInMegaBytesPerSecond": 0.0,
                                "SnapshotSizeInMegaBytes": 0, "ProgressInMegaBytes": 0, "ElapsedTimeInSeconds": 0,
                                "EstimatedTimeToCompletionInSeconds": 0}
    region.clusters[name] = cluster
    if given.get("ManageMasterPassword"):
        cluster["_password"] = inside.make_password()
        _manage_password(cluster, cluster["_password"], given.get("MasterPasswordSecretKmsKeyId"))
    here = caller().region
    fleet.in_background(here, cluster, lambda: fleet.create(here, cluster))
    return {"Cluster": cluster}


def describe(given: Record) -> Record:
    """DescribeClusters."""
    region = store.here()
    if "ClusterIdentifier" in given:
        return {"Clusters": [find(given["ClusterIdentifier"])]}
    chosen = [one for _, one in sorted(region.clusters.items()) if _tagged(one, given)]
    return paged("Clusters", chosen, given)


def modify(given: Record) -> Record:
    """ModifyCluster. What needs a restart of the engine makes one; the password changes at once, as on AWS."""
    cluster = available(given["ClusterIdentifier"])
    region = caller().region
    work: list[Callable[[], None]] = []
    alone = [key for key in ("MultiAZ", "AvailabilityZone") if key in given]
    if alone and len(given) > 2:
        raise AwsError("InvalidParameterCombination", f"{alone[0]} cannot be modified with other parameters.", 400)
    if "MasterUserPassword" in given:
        if given.get("ManageMasterPassword"):
            raise AwsError("InvalidParameterCombination", "MasterUserPassword cannot be given with "
                           "ManageMasterPassword", 400)
        _set_password(cluster, checked_password(given["MasterUserPassword"]))
    if given.get("ManageMasterPassword") and "MasterPasswordSecretArn" not in cluster:
        password = inside.make_password()
        _set_password(cluster, password)
        _manage_password(cluster, password, given.get("MasterPasswordSecretKmsKeyId"))
    elif given.get("ManageMasterPassword") is False and "MasterPasswordSecretArn" in cluster:
        if "MasterUserPassword" not in given:
            raise AwsError("InvalidParameterCombination", "MasterUserPassword is needed to end its management", 400)
        inside.drop_password(cluster.pop("MasterPasswordSecretArn"))
        cluster.pop("MasterPasswordSecretKmsKeyId", None)
    _modify_plain(cluster, given)
    if "ClusterParameterGroupName" in given:
        parameter_groups.find(given["ClusterParameterGroupName"])
        cluster["ClusterParameterGroups"] = [
            {"ParameterGroupName": given["ClusterParameterGroupName"], "ParameterApplyStatus": "pending-reboot",
             "ClusterParameterStatusList": []}
        ]
    if "Port" in given and given["Port"] != cluster["_port"]:
        cluster["_port"], cluster["_host"] = given["Port"], ""
        work.append(lambda: fleet.restart(region, cluster))
    if {"NodeType", "NumberOfNodes", "ClusterType"} & given.keys():
        set_size(cluster, given)
        work.append(lambda: fleet.restart(region, cluster))
    if "NewClusterIdentifier" in given:
        new = checked_name(given["NewClusterIdentifier"])
        if new in store.here().clusters:
            raise AwsError("ClusterAlreadyExists", "Cluster already exists", 400)
        work.append(lambda: _renamed(region, cluster, new))
    if not {"MasterUserPassword"} >= given.keys() - {"ClusterIdentifier"}:
        _busy(cluster, "modifying")

        def carry_out() -> None:
            for one in work:
                one()

        fleet.in_background(region, cluster, carry_out)
    return {"Cluster": cluster}


def delete(given: Record) -> Record:
    """DeleteCluster, with or without a last snapshot."""
    cluster = find(given["ClusterIdentifier"])
    if cluster["ClusterStatus"] in ("deleting", "final-snapshot"):
        raise AwsError("InvalidClusterState", "There is an operation running on the Cluster", 400)
    if cluster["ClusterStatus"] not in ("available", "paused", "hardware-failure", "incompatible-network"):
        raise AwsError("InvalidClusterState", _BUSY, 400)
    last = given.get("FinalClusterSnapshotIdentifier")
    if given.get("SkipFinalClusterSnapshot", False) == bool(last):
        raise AwsError(
            "InvalidParameterCombination",
            "FinalClusterSnapshotIdentifier is required unless SkipFinalClusterSnapshot is specified." if not last else
            "FinalClusterSnapshotIdentifier cannot be specified when SkipFinalClusterSnapshot is true.", 400)
    region = caller().region
    snapshot = None
    if last:
        snapshot = snapshots.new(cluster, last, given.get("FinalClusterSnapshotRetentionPeriod", -1), [])
    _busy(cluster, "final-snapshot" if snapshot else "deleting")
    secret = cluster.pop("MasterPasswordSecretArn", None)

    def work() -> None:
        if snapshot is not None:
            fleet.take_snapshot(region, cluster, snapshot)
            cluster["ClusterStatus"] = "deleting"
        if secret:
            inside.drop_password(secret)
        fleet.forget(region, cluster)

    fleet.in_background(region, cluster, work, "deleting")
    return {"Cluster": cluster}


def reboot(given: Record) -> Record:
    """RebootCluster: parameters that wait for it take effect."""
    cluster = available(given["ClusterIdentifier"])
    for group in cluster["ClusterParameterGroups"]:
        group["ParameterApplyStatus"] = "in-sync"
    region = caller().region
    _busy(cluster, "rebooting")
    fleet.in_background(region, cluster, lambda: fleet.restart(region, cluster))
    return {"Cluster": cluster}


def pause(given: Record) -> Record:
    """PauseCluster."""
    cluster = available(given["ClusterIdentifier"])
    region = caller().region
    _busy(cluster, "pausing")
    fleet.in_background(region, cluster, lambda: fleet.stop(region, cluster), "paused")
    return {"Cluster": cluster}


def resume(given: Record) -> Record:
    """ResumeCluster."""
    cluster = find(given["ClusterIdentifier"])
    if cluster["ClusterStatus"] != "paused":
        raise AwsError("InvalidClusterState", "You can't resume cluster because it is not paused.", 400)
    region = caller().region
    _busy(cluster, "resuming")
    fleet.in_background(region, cluster, lambda: fleet.start(region, cluster))
    return {"Cluster": cluster}


def resize(given: Record) -> Record:
    """ResizeCluster: connections are dropped, data stays."""
    cluster = available(given["ClusterIdentifier"])
    set_size(cluster, given)
    kind = "ClassicResize" if given.get("Classic") else "ElasticResize"
    cluster["_resize"] = {
        "TargetNodeType": cluster["NodeType"], "TargetNumberOfNodes": cluster["NumberOfNodes"],
        "TargetClusterType": "multi-node" if cluster["NumberOfNodes"] > 1 else "single-node", "Status": "IN_PROGRESS",
        "ResizeType": kind, "TargetEncryptionType": "KMS",
    }
    region = caller().region
    _busy(cluster, "resizing")

    def work() -> None:
        fleet.restart(region, cluster)
        cluster["_resize"] |= {"Status": "SUCCEEDED", "DataTransferProgressPercent": 100.0}

    fleet.in_background(region, cluster, work)
    return {"Cluster": cluster}


def describe_resize(given: Record) -> Record:
    """DescribeResize."""
    cluster = find(given["ClusterIdentifier"])
    if "_resize" not in cluster:
        raise AwsError("ResizeNotFound", f"No resize operation for the cluster {cluster['ClusterIdentifier']}", 404)
    return dict(cluster["_resize"])


def modify_iam_roles(given: Record) -> Record:
    """ModifyClusterIamRoles: roles are added and removed beside other changes."""
    cluster = available(given["ClusterIdentifier"])
    kept = [one for one in cluster["IamRoles"] if one["IamRoleArn"] not in given.get("RemoveIamRoles", [])]
    known = {one["IamRoleArn"] for one in kept}
    kept += [role(one) for one in given.get("AddIamRoles", []) if one not in known]
    if len(kept) > 50:
        raise AwsError("InvalidParameterValue", "A cluster has at most 50 IAM roles.", 400)
    cluster["IamRoles"] = kept
    default = given.get("DefaultIamRoleArn")
    if default is not None:
        if default and default not in {one["IamRoleArn"] for one in kept}:
            raise AwsError("InvalidParameterValue", f"The default role {default} is not associated.", 400)
        cluster["DefaultIamRoleArn"] = default
    elif cluster.get("DefaultIamRoleArn") not in {one["IamRoleArn"] for one in kept}:
        cluster.pop("DefaultIamRoleArn", None)
    return {"Cluster": cluster}


def find(identifier: str) -> Record:
    """The record of a cluster. Raises ClusterNotFound."""
    cluster = store.here().clusters.get(identifier.lower())
    if cluster is None:
        raise AwsError("ClusterNotFound", f"Cluster {identifier.lower()} not found.", 404)
    return cluster


def available(identifier: str) -> Record:
    """The record of a cluster that takes changes. Raises InvalidClusterState."""
    cluster = find(identifier)
    if cluster["ClusterStatus"] != "available":
        raise AwsError("InvalidClusterState", _BUSY, 400)
    return cluster


def _busy(cluster: Record, status: str) -> None:
    cluster["ClusterStatus"] = status
    cluster["ClusterAvailabilityStatus"] = "Unavailable" if status in ("pausing", "rebooting") else "Modifying"


_PLAIN = (
    "AutomatedSnapshotRetentionPeriod", "ManualSnapshotRetentionPeriod", "PreferredMaintenanceWindow",
    "ClusterVersion", "AllowVersionUpgrade", "PubliclyAccessible", "EnhancedVpcRouting", "MaintenanceTrackName",
    "Encrypted", "AvailabilityZone", "IpAddressType",
)


def _modify_plain(cluster: Record, given: Record) -> None:
    for key in _PLAIN:
        if key in given:
            cluster[key] = given[key]
    if "KmsKeyId" in given:
        cluster["KmsKeyId"], cluster["Encrypted"] = given["KmsKeyId"], True
    if given.get("Encrypted") is False:
        cluster.pop("KmsKeyId", None)
    elif given.get("Encrypted") and "KmsKeyId" not in given:
        cluster["KmsKeyId"] = "AWS_OWNED_KMS_KEY"
    if "VpcSecurityGroupIds" in given:
        cluster["VpcSecurityGroups"] = security_groups(given["VpcSecurityGroupIds"])
    if "AvailabilityZoneRelocation" in given:
        cluster["AvailabilityZoneRelocationStatus"] = "enabled" if given["AvailabilityZoneRelocation"] else "disabled"
    if "MultiAZ" in given:
        cluster["MultiAZ"] = "Enabled" if given["MultiAZ"] else "Disabled"
        if not given["MultiAZ"]:
            cluster["AvailabilityZoneRelocationStatus"] = "enabled"


def _renamed(region: str, cluster: Record, name: str) -> None:
    fleet.rename(region, cluster, name)
    with store.lock:
        clusters = store.regions[region].clusters
        clusters[name] = clusters.pop(cluster["ClusterIdentifier"])
        cluster["ClusterIdentifier"] = name
    fleet.start(region, cluster)


def _manage_password(cluster: Record, password: str, key: str | None) -> None:
    user = cluster["MasterUsername"]
    values = {"username": user, "password": password}
    name = f"redshift!{cluster['ClusterIdentifier']}-{user}"
    arn = inside.keep_password(name, values, key, "Secret of the admin user of an Amazon Redshift cluster", "redshift")
    cluster["MasterPasswordSecretArn"] = arn
    if key:
        cluster["MasterPasswordSecretKmsKeyId"] = key


def _set_password(cluster: Record, password: str) -> None:
    engine = fleet.engine_of(caller().region, cluster["ClusterIdentifier"])
    assert engine is not None, "an available cluster has an engine"
    engine.set_password(cluster["MasterUsername"], password)


def _tagged(one: Record, given: Record) -> bool:
    keys, values = given.get("TagKeys"), given.get("TagValues")
    return (not keys or any(tag["Key"] in keys for tag in one["Tags"])) and (
        not values or any(tag["Value"] in values for tag in one["Tags"])
    )
