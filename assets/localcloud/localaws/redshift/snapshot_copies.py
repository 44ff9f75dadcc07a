"""Where a cluster's snapshots are copied to: kept and shown; nothing is copied.

Source: https://docs.aws.amazon.com/redshift/latest/APIReference/API_EnableSnapshotCopy.html
"""

from __future__ import annotations

from localaws.contract import AwsError, caller
from localaws.redshift import clusters
from localaws.redshift.store import Record


def enable(given: Record) -> Record:
    """EnableSnapshotCopy."""
    cluster = clusters.available(given["ClusterIdentifier"])
    if "ClusterSnapshotCopyStatus" in cluster:
        raise AwsError("SnapshotCopyAlreadyEnabledFault", "The cluster already has cross-region snapshot copy.",
                       400)
    if given["DestinationRegion"] == caller().region:
        raise AwsError("InvalidParameterValue", "Snapshots are copied to another region than the cluster's.", 400)
    status = {
        "DestinationRegion": given["DestinationRegion"], "RetentionPeriod": given.get("RetentionPeriod", 7),
        "ManualSnapshotRetentionPeriod": given.get("ManualSnapshotRetentionPeriod", -1),
    }
    if "SnapshotCopyGrantName" in given:
        status["SnapshotCopyGrantName"] = given["SnapshotCopyGrantName"]
    cluster["ClusterSnapshotCopyStatus"] = status
    return {"Cluster": cluster}


def disable(given: Record) -> Record:
    """DisableSnapshotCopy."""
    cluster = clusters.find(given["ClusterIdentifier"])
    if cluster.pop("ClusterSnapshotCopyStatus", None) is None:
        raise AwsError("SnapshotCopyAlreadyDisabledFault", "Cross-region snapshot copy is already disabled.", 400)
    return {"Cluster": cluster}


def modify(given: Record) -> Record:
    """ModifySnapshotCopyRetentionPeriod."""
    cluster = clusters.find(given["ClusterIdentifier"])
    if "ClusterSnapshotCopyStatus" not in cluster:
        raise AwsError("SnapshotCopyDisabledFault", "Cross-region snapshot copy was temporarily disabled.", 400)
    name = "ManualSnapshotRetentionPeriod" if given.get("Manual") else "RetentionPeriod"
    cluster["ClusterSnapshotCopyStatus"][name] = given["RetentionPeriod"]
    return {"Cluster": cluster}
