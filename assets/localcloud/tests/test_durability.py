"""Everything that was answered is there after SIGKILL: each service's state, and what is under way in it."""

from __future__ import annotations

import io
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from botocore.exceptions import ClientError

from localaws import processes
from tests.conftest import Cloud, allow, error_code, free_port, run, start, unique, wait_for


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Cloud]:
    """A local AWS of the test's own, that may be killed."""
    cloud = start(tmp_path / "state", "--port", str(free_port()))
    yield cloud
    run("down", "--state", str(cloud.state), check=False)


def killed(cloud: Cloud) -> Cloud:
    """The same local AWS after SIGKILL and another start."""
    os.kill(cloud.record["pid"], signal.SIGKILL)
    wait_for(lambda: not processes.alive(cloud.record["pid"]))
    return start(cloud.state)


def test_a_multipart_upload_goes_on(mortal: Cloud) -> None:
    s3, bucket = mortal.client("s3"), mortal.bucket()
    first, second = os.urandom(6 << 20), b"the rest"
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k", Metadata={"m": "1"}, ContentType="text/x")["UploadId"]
    names = {"Bucket": bucket, "Key": "k", "UploadId": upload}
    s3.upload_part(**names, PartNumber=1, Body=b"x" * (5 << 20))
    one = s3.upload_part(**names, PartNumber=1, Body=first)["ETag"]
    given_up = s3.create_multipart_upload(Bucket=bucket, Key="other")["UploadId"]
    s3.abort_multipart_upload(Bucket=bucket, Key="other", UploadId=given_up)

    s3 = killed(mortal).client("s3")
    assert [found["UploadId"] for found in s3.list_multipart_uploads(Bucket=bucket)["Uploads"]] == [upload]
    assert [(part["PartNumber"], part["Size"]) for part in s3.list_parts(**names)["Parts"]] == [(1, len(first))]
    two = s3.upload_part(**names, PartNumber=2, Body=second)["ETag"]
    parts = [{"PartNumber": 1, "ETag": one}, {"PartNumber": 2, "ETag": two}]
    s3.complete_multipart_upload(**names, MultipartUpload={"Parts": parts})
    found = s3.get_object(Bucket=bucket, Key="k")
    assert found["Body"].read() == first + second
    assert (found["Metadata"], found["ContentType"]) == ({"m": "1"}, "text/x")
    assert list((mortal.state / "uploads").iterdir()) == []


def test_what_an_object_is_and_was(mortal: Cloud) -> None:
    s3, bucket = mortal.client("s3"), unique("bucket")
    s3.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
    first = s3.put_object(Bucket=bucket, Key="k", Body=b"1")["VersionId"]
    s3.put_object(Bucket=bucket, Key="k", Body=b"2", Tagging="a=b", ServerSideEncryption="AES256")
    s3.put_object_legal_hold(Bucket=bucket, Key="k", LegalHold={"Status": "ON"})
    s3.put_object(Bucket=bucket, Key="gone", Body=b"3")
    s3.delete_object(Bucket=bucket, Key="gone")
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "t", "Value": "v"}]})
    rule = {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": "x/"}, "Expiration": {"Days": 3}}
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [rule]})

    s3 = killed(mortal).client("s3")
    assert s3.get_object(Bucket=bucket, Key="k", VersionId=first)["Body"].read() == b"1"
    found = s3.get_object(Bucket=bucket, Key="k")
    assert (found["Body"].read(), found["TagCount"], found["ServerSideEncryption"]) == (b"2", 1, "AES256")
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == [{"Key": "a", "Value": "b"}]
    assert s3.get_object_legal_hold(Bucket=bucket, Key="k")["LegalHold"]["Status"] == "ON"
    with pytest.raises(ClientError) as raised:
        s3.get_object(Bucket=bucket, Key="gone")
    assert error_code(raised) == "NoSuchKey"
    assert len(s3.list_object_versions(Bucket=bucket, Prefix="gone")["DeleteMarkers"]) == 1
    assert s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == [{"Key": "t", "Value": "v"}]
    assert s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"][0]["ID"] == "r"


def test_log_events_and_only_those_of_streams_that_are_there(mortal: Cloud) -> None:
    logs, group = mortal.client("logs"), unique("/group")
    stamp = int(time.time() * 1000)

    def put(stream: str, *lines: str) -> None:
        events = [{"timestamp": stamp + number, "message": line} for number, line in enumerate(lines)]
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)

    logs.create_log_group(logGroupName=group)
    for stream in ("kept", "again", "gone"):
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
        put(stream, f"{stream} 1", f"{stream} 2")
    logs.delete_log_stream(logGroupName=group, logStreamName="gone")
    logs.delete_log_stream(logGroupName=group, logStreamName="again")
    time.sleep(0.01)
    logs.create_log_stream(logGroupName=group, logStreamName="again")
    put("kept", "kept 3")  # as late as the first: among the others in the order of time

    def held(client: Any, stream: str) -> list[str]:
        events = client.get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True)["events"]
        return [event["message"] for event in events]

    before = held(logs, "kept")
    assert sorted(before) == ["kept 1", "kept 2", "kept 3"]
    for _ in range(2):
        logs = killed(mortal).client("logs")
        mortal.clients.clear()
        mortal.record = start(mortal.state).record
        assert held(logs, "kept") == before
        assert held(logs, "again") == []
        streams = logs.describe_log_streams(logGroupName=group)["logStreams"]
        assert [one["logStreamName"] for one in streams] == ["again", "kept"]
        assert streams[1]["lastEventTimestamp"] == stamp + 1


def test_a_log_event_is_found_by_its_pointer(mortal: Cloud) -> None:
    logs, group, stamp = mortal.client("logs"), unique("/group"), int(time.time() * 1000)
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=[{"timestamp": stamp, "message": "line"}])
    day = {"startTime": stamp // 1000 - 60, "endTime": stamp // 1000 + 60}
    query = logs.start_query(logGroupName=group, queryString="fields @message", **day)["queryId"]
    [row] = logs.get_query_results(queryId=query)["results"]
    pointer = next(one["value"] for one in row if one["field"] == "@ptr")
    found = killed(mortal).client("logs").get_log_record(logRecordPointer=pointer)["logRecord"]
    assert (found["@message"], found["@log"], found["@logStream"]) == ("line", group, "s")


def test_sessions_of_roles(mortal: Cloud) -> None:
    user, iam = mortal.user(allow("sts:AssumeRole")), mortal.client("iam")
    role = mortal.role("glue.amazonaws.com", allow("s3:ListAllMyBuckets"))
    trust = '{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}'
    iam.update_assume_role_policy(RoleName=role.rsplit("/", 1)[1], PolicyDocument=trust)
    session = mortal.client("sts", **user).assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
    keys = {
        "aws_access_key_id": session["AccessKeyId"],
        "aws_secret_access_key": session["SecretAccessKey"],
        "aws_session_token": session["SessionToken"],
    }
    assert killed(mortal).client("s3", **keys).list_buckets()["Buckets"] == []


def test_what_our_own_services_know(mortal: Cloud) -> None:
    role = mortal.role("glue.amazonaws.com")
    mortal.client("glue").create_database(DatabaseInput={"Name": "kept"})
    mortal.client("glue").create_job(Name="kept", Role=role, Command={"Name": "glueetl"})
    mortal.client("athena").create_work_group(Name="kept", Configuration={})
    given = {"MasterUsername": "admin", "ManageMasterPassword": True, "NodeType": "ra3.large"}
    redshift = mortal.client("redshift")
    redshift.create_cluster(ClusterIdentifier="kept", DBName="dev", ClusterType="single-node", **given)
    wait_for(lambda: redshift.describe_clusters()["Clusters"][0]["ClusterStatus"] == "available")
    secret = redshift.describe_clusters()["Clusters"][0]["MasterPasswordSecretArn"]

    def sql(cloud: Cloud, text: str) -> Any:
        data = cloud.client("redshift-data")
        run_as = {"ClusterIdentifier": "kept", "Database": "dev", "SecretArn": secret}
        statement = data.execute_statement(**run_as, Sql=text)["Id"]
        wait_for(lambda: data.describe_statement(Id=statement)["Status"] in ("FINISHED", "FAILED"))
        found = data.describe_statement(Id=statement)
        assert found["Status"] == "FINISHED", found
        return data.get_statement_result(Id=statement)["Records"] if found["HasResultSet"] else None

    sql(mortal, "create table kept as select 1 as n")
    again = killed(mortal)
    assert again.client("glue").get_database(Name="kept")
    assert again.client("glue").get_job(JobName="kept")
    assert again.client("athena").get_work_group(WorkGroup="kept")
    assert sql(again, "select n from kept") == [[{"longValue": 1}]]


def test_an_upload_by_boto3s_own_transfer(mortal: Cloud) -> None:
    bucket = mortal.bucket()
    body = os.urandom(9 << 20)
    mortal.client("s3").upload_fileobj(io.BytesIO(body), bucket, "k")
    found = killed(mortal).client("s3").get_object(Bucket=bucket, Key="k")
    assert found["Body"].read() == body


def test_a_restore_that_was_killed_goes_on(mortal: Cloud) -> None:
    made = {"NodeType": "ra3.large", "ClusterType": "single-node", "MasterUsername": "admin", "DBName": "dev"}
    mortal.client("redshift").create_cluster(ClusterIdentifier="old", MasterUserPassword="Secret-Passw0rd", **made)

    def cluster(cloud: Cloud, name: str) -> Any:
        found = cloud.client("redshift").describe_clusters(ClusterIdentifier=name)["Clusters"][0]
        return found if found["ClusterStatus"] == "available" else None

    def connected(cloud: Cloud, name: str) -> psycopg.Connection[Any]:
        where = wait_for(lambda: cluster(cloud, name))["Endpoint"]
        own = {"user": "admin", "password": "Secret-Passw0rd", "dbname": "dev", "autocommit": True}
        return psycopg.connect(host=where["Address"], port=where["Port"], **own)

    with connected(mortal, "old") as connection:
        connection.execute("create table kept as select 7 as n")
    redshift = mortal.client("redshift")
    redshift.create_cluster_snapshot(ClusterIdentifier="old", SnapshotIdentifier="s")
    wait_for(lambda: redshift.describe_cluster_snapshots()["Snapshots"][0]["Status"] == "available")
    engines = mortal.state / "engines"
    ballast = engines / "redshift-snapshots" / "us-east-1-s" / "ballast"
    with open(ballast, "wb") as file:
        file.truncate(8 << 30)  # the copy of it takes longer than it takes to kill
    redshift.restore_from_cluster_snapshot(ClusterIdentifier="new", SnapshotIdentifier="s")
    wait_for(lambda: list((engines / "redshift" / "us-east-1-new").glob("*/ballast")), every=0.002)
    os.kill(mortal.record["pid"], signal.SIGKILL)
    wait_for(lambda: not processes.alive(mortal.record["pid"]))
    ballast.unlink()
    with connected(start(mortal.state), "new") as connection:
        assert connection.execute("select n from kept").fetchone() == (7,)
