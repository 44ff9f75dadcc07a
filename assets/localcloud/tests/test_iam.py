"""Identity and access."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from localaws.iam import resources
from tests.conftest import Cloud, allow, error_code, policy, unique


def test_the_admin_is_a_user(cloud: Cloud) -> None:
    assert cloud.client("sts").get_caller_identity()["Arn"] == f"arn:aws:iam::{cloud.account}:user/admin"


def test_lists_come_in_pages(cloud: Cloud) -> None:
    iam = cloud.client("iam")
    made = {cloud.role("glue.amazonaws.com").rsplit("/", 1)[-1] for _ in range(5)}
    first = iam.list_roles(MaxItems=2)
    assert (len(first["Roles"]), first["IsTruncated"]) == (2, True)
    pages = iam.get_paginator("list_roles").paginate(PaginationConfig={"PageSize": 2})
    assert made <= {role["RoleName"] for page in pages for role in page["Roles"]}


def test_another_version_of_a_policy_can_be_made_the_default(cloud: Cloud) -> None:
    iam = cloud.client("iam")
    arn = iam.create_policy(PolicyName=unique("policy"), PolicyDocument=policy(allow("s3:GetObject")))["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy(allow("s3:PutObject")))
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v2")
    assert iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v2"


def test_managed_policies_have_the_documents_of_aws(cloud: Cloud) -> None:
    iam = cloud.client("iam")
    arn = "arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole"
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    assert "arn:aws:s3:::aws-glue-*/*" in json.dumps(document)
    with pytest.raises(ClientError) as raised:
        iam.get_policy(PolicyArn="arn:aws:iam::aws:policy/NoSuchPolicy")
    assert error_code(raised) == "NoSuchEntity"


@pytest.mark.parametrize(
    ("operation", "fields", "expected"),
    [
        ("CreateJob", {"Name": "j"}, "job/j"),
        ("StartJobRun", {"JobName": "j"}, "job/j"),
        ("UpdateJob", {"JobName": "j", "JobUpdate": {}}, "job/j"),
        ("GetCrawler", {"Name": "c"}, "crawler/c"),
        ("GetTable", {"DatabaseName": "d", "Name": "t"}, "table/d/t"),
        ("CreateTable", {"DatabaseName": "d", "TableInput": {"Name": "t"}}, "table/d/t"),
        ("GetPartitions", {"DatabaseName": "d", "TableName": "t"}, "table/d/t"),
        ("GetTables", {"DatabaseName": "d"}, "database/d"),
        ("GetDatabase", {"Name": "d"}, "database/d"),
        ("CreateDatabase", {"DatabaseInput": {"Name": "d"}}, "database/d"),
        ("GetDatabases", {}, "catalog"),
        ("CreateConnection", {"ConnectionInput": {"Name": "n"}}, "connection/n"),
        ("TagResource", {"ResourceArn": "arn:aws:glue:r:a:job/x"}, None),
    ],
)
def test_glue_requests_name_the_resource_that_aws_names(operation: str, fields: dict, expected: str | None) -> None:
    arn = resources.glue_arn(operation, fields, "r", "a")
    assert arn == (fields["ResourceArn"] if expected is None else f"arn:aws:glue:r:a:{expected}")


def test_a_role_of_another_service_cannot_be_assumed_by_its_name(cloud: Cloud) -> None:
    arn = cloud.role("glue.amazonaws.com")
    with pytest.raises(ClientError) as raised:
        cloud.client("sts").assume_role(RoleArn=arn, RoleSessionName="session")
    assert error_code(raised) == "AccessDenied"


def test_a_table_needs_its_database_and_the_catalogue_too(cloud: Cloud) -> None:
    database = unique("db")
    glue = cloud.client("glue")
    glue.create_database(DatabaseInput={"Name": database})
    glue.create_table(DatabaseName=database, TableInput={"Name": "t"})
    prefix = f"arn:aws:glue:us-east-1:{cloud.account}:"
    arns = [f"{prefix}table/{database}/t", f"{prefix}database/{database}", f"{prefix}catalog"]
    cloud.client("glue", **cloud.user(allow("glue:GetTable", on=arns))).get_table(DatabaseName=database, Name="t")
    for missing in range(3):
        keys = cloud.user(allow("glue:GetTable", on=arns[:missing] + arns[missing + 1 :]))
        with pytest.raises(ClientError) as raised:
            cloud.client("glue", **keys).get_table(DatabaseName=database, Name="t")
        assert error_code(raised) == "AccessDeniedException"
        assert arns[missing] in str(raised.value) or missing == 0


def test_tags_put_through_the_tagging_service_are_saved(cloud: Cloud) -> None:
    bucket = cloud.bucket()
    tagging = cloud.client("resourcegroupstaggingapi")
    tagging.tag_resources(ResourceARNList=[f"arn:aws:s3:::{bucket}"], Tags={"team": "data"})
    tags = cloud.client("s3").get_bucket_tagging(Bucket=bucket)["TagSet"]
    assert tags == [{"Key": "team", "Value": "data"}]
    assert "team" in (cloud.state / "emulator" / "s3.json").read_text()


def trusting(principal: object) -> str:
    return policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


@pytest.mark.parametrize(
    "document",
    [
        "{nope",
        trusting({"AWS": "arn:aws:iam::123456789012:role/nobody"}),
        trusting({"AWS": "arn:aws:iam::123456789012:user/nobody"}),
        trusting({"Service": "not a service"}),
        trusting({"AWS": "nonsense"}),
    ],
)
def test_a_trust_policy_that_names_nobody_is_malformed(cloud: Cloud, document: str) -> None:
    with pytest.raises(ClientError) as raised:
        cloud.client("iam").create_role(RoleName=unique("role"), AssumeRolePolicyDocument=document)
    assert error_code(raised) == "MalformedPolicyDocument"


def test_a_bucket_policy_that_names_nobody_is_malformed(cloud: Cloud) -> None:
    bucket = cloud.bucket()
    statement = {**allow("s3:GetObject", on=f"arn:aws:s3:::{bucket}/*"), "Principal": {"AWS": f"{cloud.account}"}}
    cloud.client("s3").put_bucket_policy(Bucket=bucket, Policy=policy(statement))
    statement["Principal"] = {"AWS": f"arn:aws:iam::{cloud.account}:role/nobody"}
    with pytest.raises(ClientError) as raised:
        cloud.client("s3").put_bucket_policy(Bucket=bucket, Policy=policy(statement))
    assert error_code(raised) == "MalformedPolicy"


def test_a_policy_with_several_versions_is_not_deleted(cloud: Cloud) -> None:
    iam = cloud.client("iam")
    arn = iam.create_policy(PolicyName=unique("policy"), PolicyDocument=policy(allow("s3:*")))["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy(allow("s3:Get*")))
    with pytest.raises(ClientError) as raised:
        iam.delete_policy(PolicyArn=arn)
    assert error_code(raised) == "DeleteConflict"
    iam.delete_policy_version(PolicyArn=arn, VersionId="v2")
    iam.delete_policy(PolicyArn=arn)
