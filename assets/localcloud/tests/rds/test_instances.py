# ruff: noqa: E501 - statements and rows are easier to read in one line
from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pymysql
import pytest
from botocore.exceptions import ClientError

from tests.conftest import Cloud, allow, error_code, free_port, run, start, unique, wait_for

PASSWORD = "Secret123!"


def make(cloud: Cloud, name: str, engine: str = "postgres", **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"DBInstanceClass": "db.t3.micro", "AllocatedStorage": 20, "MasterUsername": "Boss", **more}
    if not given.get("ManageMasterUserPassword"):
        given.setdefault("MasterUserPassword", PASSWORD)
    made: dict[str, Any] = cloud.client("rds").create_db_instance(DBInstanceIdentifier=name, Engine=engine, **given)["DBInstance"]
    return made


def describe(cloud: Cloud, name: str) -> dict[str, Any]:
    found: dict[str, Any] = cloud.client("rds").describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
    return found


def available(cloud: Cloud, name: str, status: str = "available") -> dict[str, Any]:
    found: dict[str, Any] = wait_for(lambda: (one := describe(cloud, name))["DBInstanceStatus"] == status and one)
    return found


def query(instance: dict[str, Any], text: str, password: str = PASSWORD, user: str = "Boss") -> Any:
    end = instance["Endpoint"]
    if instance["Engine"] == "postgres":
        with psycopg.connect(host=end["Address"], port=end["Port"], dbname=instance.get("DBName", "postgres"), user=user,
                             password=password, autocommit=True) as connection:
            cursor = connection.execute(text)
            return cursor.fetchall() if cursor.description else None
    with pymysql.connect(host=end["Address"], port=end["Port"], database=instance.get("DBName"), user=user,
                         password=password, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(text)
        return list(cursor.fetchall())


@pytest.fixture(scope="module", params=["postgres", "mysql"])
def instance(request: pytest.FixtureRequest, cloud: Cloud) -> Iterator[str]:
    name = unique("db")
    begun = time.monotonic()
    made = make(cloud, name, request.param, DBName="app")
    assert made["DBInstanceStatus"] == "creating" and "Endpoint" not in made
    available(cloud, name)
    print(f"{request.param} available after {time.monotonic() - begun:.2f} s")
    yield name
    cloud.client("rds").delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)


def test_an_instance_is_a_database_on_its_port(cloud: Cloud, instance: str) -> None:
    found = available(cloud, instance)
    assert found["Endpoint"]["Port"] == {"postgres": 5432, "mysql": 3306}[found["Engine"]]
    assert found["DBInstanceArn"] == f"arn:aws:rds:us-east-1:{cloud.account}:db:{instance}"
    query(found, "create table first (a int)")
    with pytest.raises((psycopg.Error, pymysql.Error)):
        query(found, "select 1", password="wrong")


def test_stop_start_reboot_and_a_new_password(cloud: Cloud, instance: str) -> None:
    rds = cloud.client("rds")
    query(available(cloud, instance), "create table kept (a int)")
    rds.stop_db_instance(DBInstanceIdentifier=instance)
    available(cloud, instance, "stopped")
    with pytest.raises(ClientError) as refused:
        rds.reboot_db_instance(DBInstanceIdentifier=instance)
    assert error_code(refused) == "InvalidDBInstanceState"
    rds.start_db_instance(DBInstanceIdentifier=instance)
    available(cloud, instance)
    rds.reboot_db_instance(DBInstanceIdentifier=instance)
    available(cloud, instance)
    rds.modify_db_instance(DBInstanceIdentifier=instance, MasterUserPassword="Another456")
    assert list(query(available(cloud, instance), "select * from kept", "Another456")) == []
    rds.modify_db_instance(DBInstanceIdentifier=instance, MasterUserPassword=PASSWORD)


def test_changes_wait_unless_they_are_to_be_applied_at_once(cloud: Cloud, instance: str) -> None:
    rds = cloud.client("rds")
    made = rds.modify_db_instance(DBInstanceIdentifier=instance, AllocatedStorage=30, DBInstanceClass="db.t3.small")["DBInstance"]
    assert made["AllocatedStorage"] == 20
    assert made["PendingModifiedValues"] == {"AllocatedStorage": 30, "DBInstanceClass": "db.t3.small"}
    port = free_port()
    made = rds.modify_db_instance(DBInstanceIdentifier=instance, DBPortNumber=port, ApplyImmediately=True)["DBInstance"]
    assert made["DBInstanceStatus"] == "modifying"
    found = available(cloud, instance)
    assert (found["AllocatedStorage"], found["PendingModifiedValues"], found["Endpoint"]["Port"]) == (30, {}, port)
    query(found, "select 1")
    with pytest.raises(ClientError):
        rds.modify_db_instance(DBInstanceIdentifier=instance, AllocatedStorage=20)


def test_a_snapshot_is_restored(cloud: Cloud, instance: str) -> None:
    rds = cloud.client("rds")
    query(available(cloud, instance), "create table snapped as select 7 as a")
    snapshot, name = unique("s"), unique("db")
    rds.create_db_snapshot(DBSnapshotIdentifier=snapshot, DBInstanceIdentifier=instance)
    wait_for(lambda: rds.describe_db_snapshots(DBSnapshotIdentifier=snapshot)["DBSnapshots"][0]["Status"] == "available")
    with pytest.raises(ClientError) as refused:
        available(cloud, instance)
        rds.create_db_snapshot(DBSnapshotIdentifier=snapshot, DBInstanceIdentifier=instance)
    assert error_code(refused) == "DBSnapshotAlreadyExists"
    query(available(cloud, instance), "drop table snapped")
    rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier=name, DBSnapshotIdentifier=snapshot, DeletionProtection=True)
    assert query(available(cloud, name), "select a from snapped") == [(7,)]
    with pytest.raises(ClientError, match="Cannot delete protected DB Instance"):
        rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)
    rds.modify_db_instance(DBInstanceIdentifier=name, DeletionProtection=False)
    last = unique("last")
    rds.delete_db_instance(DBInstanceIdentifier=name, FinalDBSnapshotIdentifier=last)
    wait_for(lambda: rds.describe_db_snapshots(DBSnapshotIdentifier=last)["DBSnapshots"][0]["Status"] == "available")
    rds.delete_db_snapshot(DBSnapshotIdentifier=last)
    with pytest.raises(ClientError) as gone:
        wait_for(lambda: describe(cloud, name)["DBInstanceStatus"] == "gone", seconds=10)
    assert error_code(gone) == "DBInstanceNotFound"


def test_parameters_take_effect(cloud: Cloud, instance: str) -> None:
    rds, name = cloud.client("rds"), unique("pg")
    found = available(cloud, instance)
    family = "mysql8.0" if found["Engine"] == "mysql" else "postgres17"
    rds.create_db_parameter_group(DBParameterGroupName=name, DBParameterGroupFamily=family, Description="d")
    rds.modify_db_instance(DBInstanceIdentifier=instance, DBParameterGroupName=name, ApplyImmediately=True)
    available(cloud, instance)
    rds.reboot_db_instance(DBInstanceIdentifier=instance)
    found = available(cloud, instance)
    assert found["DBParameterGroups"][0]["ParameterApplyStatus"] == "in-sync"
    setting = {"postgres": ("work_mem", "8192", "show work_mem", "8MB"),
               "mysql": ("wait_timeout", "123", "select @@global.wait_timeout", 123)}[found["Engine"]]
    rds.modify_db_parameter_group(DBParameterGroupName=name, Parameters=[
        {"ParameterName": setting[0], "ParameterValue": setting[1], "ApplyMethod": "immediate"}])
    wait_for(lambda: query(found, setting[2])[0][0] == setting[3])
    rds.reboot_db_instance(DBInstanceIdentifier=instance)
    assert query(available(cloud, instance), setting[2])[0][0] == setting[3]
    with pytest.raises(ClientError) as refused:
        rds.delete_db_parameter_group(DBParameterGroupName=name)
    assert error_code(refused) == "InvalidDBParameterGroupState"


def test_a_managed_password_lies_in_a_secret_and_is_rotated(cloud: Cloud) -> None:
    rds, secrets, name = cloud.client("rds"), cloud.client("secretsmanager"), unique("db")
    secret = make(cloud, name, ManageMasterUserPassword=True)["MasterUserSecret"]["SecretArn"]

    def password() -> str:
        return str(json.loads(secrets.get_secret_value(SecretId=secret)["SecretString"])["password"])

    first = password()
    found = available(cloud, name)
    assert query(found, "select current_user", first) == [("Boss",)]
    assert query(found, "select pg_has_role('rds_superuser', 'member')", first) == [(True,)]
    rds.modify_db_instance(DBInstanceIdentifier=name, RotateMasterUserPassword=True, ApplyImmediately=True)
    found = available(cloud, name)
    assert password() != first and query(found, "select 1", password())
    rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)


def test_subnet_groups_and_tags(cloud: Cloud, instance: str) -> None:
    rds, ec2, name = cloud.client("rds"), cloud.client("ec2"), unique("g")
    vpc = ec2.create_vpc(CidrBlock="10.2.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.2.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"]["SubnetId"]
        for n, zone in enumerate("ab")
    ]
    made = rds.create_db_subnet_group(DBSubnetGroupName=name, DBSubnetGroupDescription="d", SubnetIds=subnets)["DBSubnetGroup"]
    assert made["VpcId"] == vpc and len(made["Subnets"]) == 2
    with pytest.raises(ClientError) as refused:
        rds.create_db_subnet_group(DBSubnetGroupName="other", DBSubnetGroupDescription="d", SubnetIds=subnets[:1])
    assert error_code(refused) == "DBSubnetGroupDoesNotCoverEnoughAZs"
    rds.delete_db_subnet_group(DBSubnetGroupName=name)
    arn = describe(cloud, instance)["DBInstanceArn"]
    rds.add_tags_to_resource(ResourceName=arn, Tags=[{"Key": "k", "Value": "v"}])
    assert rds.list_tags_for_resource(ResourceName=arn)["TagList"] == [{"Key": "k", "Value": "v"}]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"engine": "oracle-ee"}, "InvalidParameterValue"),
        ({"EngineVersion": "9.1"}, "InvalidParameterCombination"),
        ({"MasterUserPassword": "short"}, "InvalidParameterValue"),
        ({"MasterUsername": "rdsadmin"}, "InvalidParameterValue"),
        ({"AllocatedStorage": 1}, "InvalidParameterValue"),
        ({"DBParameterGroupName": "absent"}, "DBParameterGroupNotFound"),
        ({"DBSubnetGroupName": "absent"}, "DBSubnetGroupNotFoundFault"),
    ],
)
def test_what_aws_refuses_is_refused(cloud: Cloud, more: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as refused:
        make(cloud, unique("db"), **more)
    assert error_code(refused) == code


def test_an_operation_that_is_not_built_is_an_unknown_one_and_iam_is_asked(cloud: Cloud) -> None:
    with pytest.raises(ClientError) as refused:
        cloud.client("rds").describe_db_clusters()
    assert error_code(refused) == "InvalidAction"
    keys = cloud.user(allow("rds:DescribeDBInstances"))
    cloud.client("rds", **keys).describe_db_instances()
    with pytest.raises(ClientError) as refused:
        cloud.client("rds", **keys).describe_db_snapshots()
    assert error_code(refused) == "AccessDenied"


def test_versions_are_offered(cloud: Cloud) -> None:
    rds = cloud.client("rds")
    [default] = rds.describe_db_engine_versions(Engine="postgres", DefaultOnly=True)["DBEngineVersions"]
    assert default["DBParameterGroupFamily"] == f"postgres{default['MajorEngineVersion']}"
    options = rds.describe_orderable_db_instance_options(Engine="mysql", DBInstanceClass="db.t3.micro")
    assert options["OrderableDBInstanceOptions"]


def test_instances_and_their_data_survive_a_kill(tmp_path: Any) -> None:
    import os
    import signal

    from localaws import processes

    state, port = tmp_path / "state", free_port()
    cloud = start(state, "--port", str(port))
    try:
        for engine in ("postgres", "mariadb"):
            make(cloud, engine, engine, DBName="app", Port=free_port())
        for engine in ("postgres", "mariadb"):
            query(available(cloud, engine), "create table t as select 42 as a")
        pid = cloud.record["pid"]
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not processes.alive(pid), seconds=10)
        begun = time.monotonic()
        again = start(state, "--port", str(port))
        print(f"up again after {time.monotonic() - begun:.2f} s")
        for engine in ("postgres", "mariadb"):
            assert query(available(again, engine), "select a from t") == [(42,)]
    finally:
        begun = time.monotonic()
        run("down", "--state", str(state), check=False)
        print(f"down after {time.monotonic() - begun:.2f} s")
