"""Where a cluster's audit log goes: kept and shown; no log is written.

Source: https://docs.aws.amazon.com/redshift/latest/APIReference/API_EnableLogging.html
"""

from __future__ import annotations

from localaws.contract import AwsError
from localaws.redshift import clusters
from localaws.redshift.store import Record


def enable(given: Record) -> Record:
    """EnableLogging."""
    cluster = clusters.find(given["ClusterIdentifier"])
    kind = given.get("LogDestinationType", "s3")
    if kind == "s3" and not given.get("BucketName"):
        raise AwsError("InvalidParameterCombination", "A bucket is needed for logs that go to S3.", 400)
    if kind == "cloudwatch" and not given.get("LogExports"):
        raise AwsError("InvalidParameterCombination", "Logs that go to CloudWatch must be named.", 400)
    members = ("BucketName", "S3KeyPrefix") if kind == "s3" else ("LogExports",)
    cluster["_logging"] = {"LogDestinationType": kind} | {name: given[name] for name in members if name in given}
    return _shown(cluster)


def disable(given: Record) -> Record:
    """DisableLogging."""
    cluster = clusters.find(given["ClusterIdentifier"])
    cluster.pop("_logging", None)
    return _shown(cluster)


def status(given: Record) -> Record:
    """DescribeLoggingStatus."""
    return _shown(clusters.find(given["ClusterIdentifier"]))


def _shown(cluster: Record) -> Record:
    return {"LoggingEnabled": "_logging" in cluster, **cluster.get("_logging", {})}
