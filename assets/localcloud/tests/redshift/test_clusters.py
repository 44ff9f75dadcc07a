# ruff: noqa: E501 - statements and rows are easier to read in one line
from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from botocore.exceptions import ClientError

from tests.conftest import Cloud, allow, error_code, free_port, run, start, unique, wait_for

PASSWORD = "Secret123"


def make(cloud: Cloud, name: str, **more: Any) -> dict[str, Any]:
    given = {"NodeType": "ra3.large", "ClusterType": "single-node", "MasterUsername": "Admin", **more}
    if not given.get("ManageMasterPassword"):
        given.setdefault("MasterUserPassword", PASSWORD)
    made: dict[str, Any] = cloud.client("redshift").create_cluster(ClusterIdentifier=name, **given)["Cluster"]
    return made


def describe(cloud: Cloud, name: str) -> dict[str, Any]:
    found: dict[str, Any] = cloud.client("redshift").describe_clusters(ClusterIdentifier=name)["Clusters"][0]
    return found


def available(cloud: Cloud, name: str, status: str = "available") -> dict[str, Any]:
    found: dict[str, Any] = wait_for(lambda: (one := describe(cloud, name))["ClusterStatus"] == status and one)
    return found


def connect(cluster: dict[str, Any], password: str = PASSWORD, user: str = "admin") -> psycopg.Connection[Any]:
    end = cluster["Endpoint"]
    return psycopg.connect(host=end["Address"], port=end["Port"], dbname=cluster["DBName"], user=user, password=password,
                           autocommit=True)


@pytest.fixture(scope="module")
def cluster(cloud: Cloud) -> Iterator[str]:
    name = unique("c")
    make(cloud, name, Tags=[{"Key": "a", "Value": "b"}])
    available(cloud, name)
    yield name
    cloud.client("redshift").delete_cluster(ClusterIdentifier=name, SkipFinalClusterSnapshot=True)


def test_a_cluster_is_creating_and_then_a_database_that_asks_for_its_password(cloud: Cloud) -> None:
    name = unique("c")
    begun = time.monotonic()
    made = make(cloud, name, Port=5440, DBName="Sales")
    assert made["ClusterStatus"] == "creating" and "Endpoint" not in made
    found = available(cloud, name)
    print(f"available after {time.monotonic() - begun:.2f} s")
    assert found["ClusterAvailabilityStatus"] == "Available"
    assert (found["Endpoint"]["Port"], found["DBName"], found["MasterUsername"]) == (5440, "sales", "admin")
    assert found["Encrypted"] is True and found["KmsKeyId"] == "AWS_OWNED_KMS_KEY"
    assert found["ClusterParameterGroups"][0]["ParameterGroupName"] == "default.redshift-2.0"
    assert found["AvailabilityZoneRelocationStatus"] == "enabled"
    default = [{"Name": "is-default", "Values": ["true"]}]
    assert found["VpcId"] == cloud.client("ec2").describe_vpcs(Filters=default)["Vpcs"][0]["VpcId"]
    with connect(found) as connection:
        assert connection.execute("select datediff_ok from (select rs_boundary('day', '2000-01-02') = 1 as datediff_ok) x").fetchone() == (True,)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(found, "wrong")
    with pytest.raises(ClientError) as refused:
        make(cloud, name)
    assert error_code(refused) == "ClusterAlreadyExists"
    cloud.client("redshift").delete_cluster(ClusterIdentifier=name, SkipFinalClusterSnapshot=True)
    with pytest.raises(ClientError) as gone:
        wait_for(lambda: describe(cloud, name)["ClusterStatus"] == "gone", seconds=10)
    assert error_code(gone) == "ClusterNotFound"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"MasterUserPassword": "short1A"}, "InvalidParameterValue"),
        ({"MasterUserPassword": "nocapital123"}, "InvalidParameterValue"),
        ({"NodeType": "x9.huge"}, "InvalidParameterValue"),
        ({"ClusterType": "multi-node"}, "InvalidParameterCombination"),
        ({"ClusterType": "single-node", "NumberOfNodes": 2}, "InvalidParameterCombination"),
        ({"ClusterSubnetGroupName": "absent"}, "ClusterSubnetGroupNotFoundFault"),
        ({"ClusterParameterGroupName": "absent"}, "ClusterParameterGroupNotFound"),
        ({"ManageMasterPassword": True, "MasterUserPassword": PASSWORD}, "InvalidParameterCombination"),
    ],
)
def test_what_aws_refuses_is_refused(cloud: Cloud, more: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as refused:
        make(cloud, unique("c"), **more)
    assert error_code(refused) == code


def test_an_operation_that_is_not_built_is_an_unknown_one(cloud: Cloud) -> None:
    with pytest.raises(ClientError) as refused:
        cloud.client("redshift").rotate_encryption_key(ClusterIdentifier="x")
    assert error_code(refused) == "InvalidAction"


def test_pause_resume_reboot_resize_and_passwords(cloud: Cloud, cluster: str) -> None:
    redshift = cloud.client("redshift")
    with connect(available(cloud, cluster)) as connection:
        connection.execute("create table kept (a int)")
    assert redshift.pause_cluster(ClusterIdentifier=cluster)["Cluster"]["ClusterStatus"] == "pausing"
    available(cloud, cluster, "paused")
    for refusing in (
        lambda: redshift.reboot_cluster(ClusterIdentifier=cluster),
        lambda: redshift.create_cluster_snapshot(ClusterIdentifier=cluster, SnapshotIdentifier=unique("s")),
    ):
        with pytest.raises(ClientError) as refused:
            refusing()
        assert error_code(refused) == "InvalidClusterState"
    redshift.resume_cluster(ClusterIdentifier=cluster)
    available(cloud, cluster)
    redshift.resize_cluster(ClusterIdentifier=cluster, ClusterType="multi-node", NodeType="ra3.xlplus", NumberOfNodes=2)
    found = available(cloud, cluster)
    assert (found["NodeType"], found["NumberOfNodes"], len(found["ClusterNodes"])) == ("ra3.xlplus", 2, 3)
    assert redshift.describe_resize(ClusterIdentifier=cluster)["Status"] == "SUCCEEDED"
    redshift.reboot_cluster(ClusterIdentifier=cluster)
    available(cloud, cluster)
    redshift.modify_cluster(ClusterIdentifier=cluster, MasterUserPassword="Another456", AutomatedSnapshotRetentionPeriod=7)
    found = available(cloud, cluster)
    assert found["AutomatedSnapshotRetentionPeriod"] == 7
    with connect(found, "Another456") as connection:
        connection.execute("select * from kept")
    redshift.modify_cluster(ClusterIdentifier=cluster, MasterUserPassword=PASSWORD)


def test_a_cluster_of_an_earlier_version_gets_the_functions_it_lacks(tmp_path: Path) -> None:
    import json

    own = start(tmp_path / "state", "--port", str(free_port()))
    make(own, "dw")
    endpoint = available(own, "dw")
    superuser = (own.state / "engines" / "redshift" / "us-east-1-dw" / "superuser").read_text().strip()
    with connect(endpoint, superuser, "rdsdb") as connection:
        connection.execute("drop function from_hex(text)")
    run("down", "--state", str(own.state))
    kept = own.state / "services" / "redshift.json"
    state = json.loads(kept.read_text())
    state["us-east-1"]["clusters"]["dw"]["_functions"] = "earlier"
    kept.write_text(json.dumps(state))
    with connect(available(start(own.state), "dw")) as connection:
        assert connection.execute("select from_hex('61')").fetchone() == (b"a",)
    run("down", "--state", str(own.state))


def test_a_cluster_gets_another_key_and_aws_own_again(cloud: Cloud, cluster: str) -> None:
    redshift, key = cloud.client("redshift"), cloud.client("kms").create_key()["KeyMetadata"]["Arn"]
    for given, kept in (({"KmsKeyId": key}, key), ({}, "AWS_OWNED_KMS_KEY")):
        redshift.modify_cluster(ClusterIdentifier=cluster, Encrypted=True, **given)
        assert available(cloud, cluster)["KmsKeyId"] == kept
        redshift.modify_cluster(ClusterIdentifier=cluster, AutomatedSnapshotRetentionPeriod=5)
        assert available(cloud, cluster)["KmsKeyId"] == kept


def test_a_managed_password_lies_in_a_secret(cloud: Cloud) -> None:
    import json

    name = unique("c")
    made = make(cloud, name, ManageMasterPassword=True)
    secret = cloud.client("secretsmanager").get_secret_value(SecretId=made["MasterPasswordSecretArn"])
    values = json.loads(secret["SecretString"])
    with connect(available(cloud, name), values["password"]):
        pass
    cloud.client("redshift").delete_cluster(ClusterIdentifier=name, SkipFinalClusterSnapshot=True)


def test_a_snapshot_is_restored_and_the_last_one_is_asked_for(cloud: Cloud, cluster: str) -> None:
    redshift = cloud.client("redshift")
    with connect(available(cloud, cluster)) as connection:
        connection.execute("create table snapped as select 7 as a")
    snapshot = unique("s")
    assert redshift.create_cluster_snapshot(SnapshotIdentifier=snapshot, ClusterIdentifier=cluster)["Snapshot"]["Status"] == "creating"
    wait_for(lambda: redshift.describe_cluster_snapshots(SnapshotIdentifier=snapshot)["Snapshots"][0]["Status"] == "available")
    with pytest.raises(ClientError) as refused:
        redshift.create_cluster_snapshot(SnapshotIdentifier=snapshot, ClusterIdentifier=cluster)
    assert error_code(refused) == "ClusterSnapshotAlreadyExists"
    with connect(describe(cloud, cluster)) as connection:
        connection.execute("drop table snapped")
    name = unique("c")
    redshift.restore_from_cluster_snapshot(ClusterIdentifier=name, SnapshotIdentifier=snapshot)
    with connect(available(cloud, name)) as connection:
        assert connection.execute("select a from snapped").fetchone() == (7,)
    with pytest.raises(ClientError) as refused:
        redshift.delete_cluster(ClusterIdentifier=name)
    assert error_code(refused) == "InvalidParameterCombination"
    last = unique("s")
    deleted = redshift.delete_cluster(ClusterIdentifier=name, FinalClusterSnapshotIdentifier=last)["Cluster"]
    assert deleted["ClusterStatus"] == "final-snapshot"
    wait_for(lambda: redshift.describe_cluster_snapshots(SnapshotIdentifier=last)["Snapshots"][0]["Status"] == "available")
    redshift.delete_cluster_snapshot(SnapshotIdentifier=last)


def test_groups_and_tags(cloud: Cloud, cluster: str) -> None:
    redshift, ec2 = cloud.client("redshift"), cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.1.{n}.0/24")["Subnet"]["SubnetId"] for n in range(2)]
    name = unique("g")
    made = redshift.create_cluster_subnet_group(ClusterSubnetGroupName=name, Description="d", SubnetIds=subnets)
    assert made["ClusterSubnetGroup"]["VpcId"] == vpc
    with pytest.raises(ClientError) as refused:
        redshift.create_cluster_subnet_group(ClusterSubnetGroupName="other", Description="d", SubnetIds=["subnet-12345678"])
    assert error_code(refused) == "InvalidSubnet"
    redshift.delete_cluster_subnet_group(ClusterSubnetGroupName=name)
    redshift.create_cluster_parameter_group(ParameterGroupName=name, ParameterGroupFamily="redshift-2.0", Description="d")
    redshift.modify_cluster_parameter_group(
        ParameterGroupName=name, Parameters=[{"ParameterName": "statement_timeout", "ParameterValue": "60000"}]
    )
    redshift.modify_cluster(ClusterIdentifier=cluster, ClusterParameterGroupName=name)
    found = available(cloud, cluster)
    assert found["ClusterParameterGroups"][0]["ParameterApplyStatus"] == "pending-reboot"
    redshift.reboot_cluster(ClusterIdentifier=cluster)
    with connect(available(cloud, cluster)) as connection:
        assert connection.execute("show statement_timeout").fetchone() == ("1min",)
    parameters = redshift.describe_cluster_parameters(ParameterGroupName=name, Source="user")["Parameters"]
    assert [one["ParameterValue"] for one in parameters] == ["60000"]
    arn = f"arn:aws:redshift:us-east-1:{cloud.account}:cluster:{cluster}"
    redshift.create_tags(ResourceName=arn, Tags=[{"Key": "k", "Value": "v"}])
    redshift.delete_tags(ResourceName=arn, TagKeys=["a"])
    assert describe(cloud, cluster)["Tags"] == [{"Key": "k", "Value": "v"}]


def test_temporary_credentials_log_in(cloud: Cloud, cluster: str) -> None:
    redshift = cloud.client("redshift")
    found = available(cloud, cluster)
    keys = redshift.get_cluster_credentials(ClusterIdentifier=cluster, DbUser="newcomer", AutoCreate=True, DurationSeconds=900)
    with connect(found, keys["DbPassword"], keys["DbUser"]) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    keys = redshift.get_cluster_credentials_with_iam(ClusterIdentifier=cluster)
    assert keys["DbUser"] == "IAM:admin"
    with connect(found, keys["DbPassword"], keys["DbUser"]) as connection:
        assert connection.execute("select current_user").fetchone() == ("IAM:admin",)


def test_a_user_may_do_only_what_iam_allows(cloud: Cloud, cluster: str) -> None:
    arn = f"arn:aws:redshift:us-east-1:{cloud.account}:cluster:{cluster}"
    keys = cloud.user(allow("redshift:DescribeClusters", on=arn))
    assert cloud.client("redshift", **keys).describe_clusters(ClusterIdentifier=cluster)["Clusters"]
    with pytest.raises(ClientError) as refused:
        cloud.client("redshift", **keys).pause_cluster(ClusterIdentifier=cluster)
    assert error_code(refused) == "AccessDenied"


@pytest.mark.parametrize("number", ["-TERM", "-KILL"])
def test_clusters_and_their_data_are_there_after_a_new_start(tmp_path: Path, number: str) -> None:
    import os
    import signal

    from localaws import processes

    state = tmp_path / "state"
    port = free_port()
    cloud = start(state, "--port", str(port))
    try:
        make(cloud, "kept", Port=free_port())
        with connect(available(cloud, "kept")) as connection:
            connection.execute("create table t as select 42 as a")
        pid = cloud.record["pid"]
        os.kill(pid, signal.SIGKILL if number == "-KILL" else signal.SIGTERM)
        wait_for(lambda: not processes.alive(pid), seconds=10)
        again = start(state, "--port", str(port))
        with connect(available(again, "kept")) as connection:
            assert connection.execute("select a from t").fetchone() == (42,)
    finally:
        run("down", "--state", str(state), check=False)


def test_where_the_audit_log_goes_is_kept(cloud: Cloud, cluster: str) -> None:
    redshift = cloud.client("redshift")
    assert redshift.describe_logging_status(ClusterIdentifier=cluster)["LoggingEnabled"] is False
    redshift.enable_logging(ClusterIdentifier=cluster, LogDestinationType="cloudwatch", LogExports=["userlog"])
    found = redshift.describe_logging_status(ClusterIdentifier=cluster)
    assert (found["LoggingEnabled"], found["LogExports"]) == (True, ["userlog"])
    redshift.disable_logging(ClusterIdentifier=cluster)
    assert redshift.describe_logging_status(ClusterIdentifier=cluster)["LoggingEnabled"] is False
    with pytest.raises(ClientError) as refused:
        redshift.enable_logging(ClusterIdentifier=cluster)
    assert error_code(refused) == "InvalidParameterCombination"


def test_where_snapshots_are_copied_to_is_kept(cloud: Cloud, cluster: str) -> None:
    redshift = cloud.client("redshift")
    redshift.enable_snapshot_copy(ClusterIdentifier=cluster, DestinationRegion="eu-central-1")
    with pytest.raises(ClientError) as refused:
        redshift.enable_snapshot_copy(ClusterIdentifier=cluster, DestinationRegion="eu-central-1")
    assert error_code(refused) == "SnapshotCopyAlreadyEnabledFault"
    redshift.modify_snapshot_copy_retention_period(ClusterIdentifier=cluster, RetentionPeriod=3)
    status = describe(cloud, cluster)["ClusterSnapshotCopyStatus"]
    assert (status["DestinationRegion"], status["RetentionPeriod"]) == ("eu-central-1", 3)
    redshift.disable_snapshot_copy(ClusterIdentifier=cluster)
    assert "ClusterSnapshotCopyStatus" not in describe(cloud, cluster)
    with pytest.raises(ClientError) as refused:
        redshift.disable_snapshot_copy(ClusterIdentifier=cluster)
    assert error_code(refused) == "SnapshotCopyAlreadyDisabledFault"
