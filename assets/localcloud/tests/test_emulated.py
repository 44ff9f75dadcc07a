"""What Slipway needs of the services that are the emulator's."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from botocore.exceptions import ClientError

from localaws import corrections
from localaws.contract import Response
from tests.conftest import Cloud, allow, error_code, policy, unique


def test_a_deleted_secret_keeps_its_name_until_it_is_gone(cloud: Cloud) -> None:
    secrets, name = cloud.client("secretsmanager"), unique("secret")
    arn = secrets.create_secret(Name=name, SecretString="one", Tags=[{"Key": "a", "Value": "b"}])["ARN"]
    assert arn.rsplit("-", 1)[0].endswith(name)
    secrets.delete_secret(SecretId=name, RecoveryWindowInDays=7)
    assert "DeletedDate" in secrets.describe_secret(SecretId=name)
    with pytest.raises(ClientError) as raised:
        secrets.create_secret(Name=name, SecretString="two")
    assert error_code(raised) == "InvalidRequestException"
    assert "scheduled for deletion" in str(raised.value)
    secrets.restore_secret(SecretId=name)
    nobody = {**allow("secretsmanager:*"), "Principal": {"AWS": f"arn:aws:iam::{cloud.account}:role/nobody"}}
    with pytest.raises(ClientError) as raised:
        secrets.put_resource_policy(SecretId=name, ResourcePolicy=policy(nobody))
    assert error_code(raised) == "MalformedPolicyDocumentException"
    everybody = {**nobody, "Principal": {"AWS": f"arn:aws:iam::{cloud.account}:root"}}
    secrets.put_resource_policy(SecretId=name, ResourcePolicy=policy(everybody))
    secrets.put_secret_value(SecretId=name, SecretString="two")
    assert secrets.get_secret_value(SecretId=name)["SecretString"] == "two"
    secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
    with pytest.raises(ClientError) as raised:
        secrets.describe_secret(SecretId=name)
    assert error_code(raised) == "ResourceNotFoundException"


def test_a_role_loses_its_description(cloud: Cloud) -> None:
    iam, name = cloud.client("iam"), unique("role")
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "glue.amazonaws.com"}}
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust), Description="old")
    iam.update_role(RoleName=name, MaxSessionDuration=7200)
    assert iam.get_role(RoleName=name)["Role"]["Description"] == "old"
    iam.update_role(RoleName=name, Description="")
    assert not iam.get_role(RoleName=name)["Role"].get("Description")


def test_the_tags_of_an_object_are_counted(cloud: Cloud) -> None:
    s3, bucket = cloud.client("s3"), unique("bucket")
    s3.create_bucket(Bucket=bucket)
    for key, tags, count in (("a b", "team=data%20%26%20more&tier=raw", 2), ("c", "", None)):
        s3.put_object(Bucket=bucket, Key=key, Body=b"x", Tagging=tags)
        assert s3.head_object(Bucket=bucket, Key=key).get("TagCount") == count
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=bucket, Key="a b", Body=b"x", Tagging="team=data")
    assert s3.head_object(Bucket=bucket, Key="a b")["TagCount"] == 1


def test_a_copy_has_only_what_it_is_told(cloud: Cloud) -> None:
    s3, bucket = cloud.client("s3"), unique("bucket")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", ContentEncoding="identity", StorageClass="STANDARD_IA")
    source = {"Bucket": bucket, "Key": "k"}
    s3.copy_object(Bucket=bucket, Key="kept", CopySource=source)
    assert s3.head_object(Bucket=bucket, Key="kept")["ContentEncoding"] == "identity"
    assert "StorageClass" not in s3.head_object(Bucket=bucket, Key="kept")
    s3.copy_object(Bucket=bucket, Key="k", CopySource=source, MetadataDirective="REPLACE", Metadata={"a": "b"})
    assert "ContentEncoding" not in s3.head_object(Bucket=bucket, Key="k")


def test_a_group_of_logs_can_be_given_another_key_and_none(cloud: Cloud) -> None:
    logs, group = cloud.client("logs"), unique("/group")
    key = cloud.client("kms").create_key()["KeyMetadata"]["Arn"]
    logs.create_log_group(logGroupName=group)
    logs.associate_kms_key(logGroupName=group, kmsKeyId=key)
    assert logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["kmsKeyId"] == key
    logs.disassociate_kms_key(logGroupName=group)
    assert "kmsKeyId" not in logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]
    with pytest.raises(ClientError) as raised:
        logs.associate_kms_key(logGroupName=unique("/no"), kmsKeyId=key)
    assert error_code(raised) == "ResourceNotFoundException"


def test_logs_are_followed_with_tokens_and_filters(cloud: Cloud) -> None:
    logs, group = cloud.client("logs"), unique("/group")
    logs.create_log_group(logGroupName=group, tags={"a": "b"})
    logs.put_retention_policy(logGroupName=group, retentionInDays=7)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    events = [{"timestamp": 1_700_000_000_000 + number, "message": f"line {number}"} for number in range(20)]
    logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=events)
    first = logs.get_log_events(logGroupName=group, logStreamName="s", startFromHead=True, limit=15)
    rest = logs.get_log_events(logGroupName=group, logStreamName="s", nextToken=first["nextForwardToken"])
    assert [one["message"] for one in first["events"] + rest["events"]] == [f"line {one}" for one in range(20)]
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, logStreamNames=["s"], PaginationConfig={"PageSize": 7}
    )
    assert sum(len(page["events"]) for page in pages) == 20
    found = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]
    assert found["retentionInDays"] == 7
    with pytest.raises(ClientError) as raised:
        logs.create_log_group(logGroupName=group)
    assert error_code(raised) == "ResourceAlreadyExistsException"


def test_log_events_that_are_refused_are_not_kept() -> None:
    async def refusing(*_: Any) -> Response:
        return 400, {}, b"no JSON"

    headers = {"x-amz-target": "Logs_20140328.PutLogEvents"}
    answer = asyncio.run(corrections.logs(refusing)("POST", "/", headers, b"{", {}))  # type: ignore[arg-type]
    assert answer == (400, {}, b"no JSON")


def test_security_groups_are_found_by_id_and_their_rules_described(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    group = ec2.create_security_group(GroupName=unique("sg"), Description="d")["GroupId"]

    def rule(text: str | None, address: str = "10.8.0.0/16") -> list[dict[str, Any]]:
        peer = {"CidrIp": address} | ({"Description": text} if text else {})
        return [{"IpProtocol": "tcp", "FromPort": 5439, "ToPort": 5439, "IpRanges": [peer]}]

    def found() -> list[dict[str, Any]]:
        wanted = [{"Name": "group-id", "Values": [group, "sg-00000000000000000"]}]
        groups = ec2.describe_security_groups(Filters=wanted)["SecurityGroups"]
        assert [one["GroupId"] for one in groups] == [group]
        return list(groups[0]["IpPermissions"][0]["IpRanges"])

    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=rule("old"))
    ec2.update_security_group_rule_descriptions_ingress(GroupId=group, IpPermissions=rule("new"))
    assert found() == [{"CidrIp": "10.8.0.0/16", "Description": "new"}]
    ec2.update_security_group_rule_descriptions_ingress(GroupId=group, IpPermissions=rule(None))
    assert found() == [{"CidrIp": "10.8.0.0/16"}]
    with pytest.raises(ClientError) as raised:
        ec2.update_security_group_rule_descriptions_ingress(GroupId=group, IpPermissions=rule("x", "10.9.0.0/16"))
    assert error_code(raised) == "InvalidPermission.NotFound"
    office = {"PrefixListId": "pl-12345678", "Description": "office"}
    listed = [{"IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "PrefixListIds": [office]}]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=listed)
    permissions = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]
    assert [one["PrefixListIds"] for one in permissions] == [[], [office]]
    ec2.delete_security_group(GroupId=group)
    missing = [{"Name": "group-id", "Values": [group]}]
    assert ec2.describe_security_groups(Filters=missing)["SecurityGroups"] == []


def test_a_network(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    tags = [{"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": "net"}]}]
    vpc = ec2.create_vpc(CidrBlock="10.8.0.0/16", TagSpecifications=tags)["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.8.1.0/24", AvailabilityZone="us-east-1a")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName=unique("sg"), Description="d", VpcId=vpc)["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 5439, "ToPort": 5439, "IpRanges": [{"CidrIp": "10.8.0.0/16"}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    with pytest.raises(ClientError) as raised:
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    assert error_code(raised) == "InvalidPermission.Duplicate"
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    association = ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)["AssociationId"]
    endpoint = ec2.create_vpc_endpoint(
        VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3", RouteTableIds=[table], VpcEndpointType="Gateway"
    )["VpcEndpoint"]["VpcEndpointId"]
    wanted = [{"Name": "tag:Name", "Values": ["net"]}, {"Name": "vpc-id", "Values": [vpc]}]
    assert [one["VpcId"] for one in ec2.describe_vpcs(Filters=wanted)["Vpcs"]] == [vpc]
    with pytest.raises(ClientError) as raised:
        ec2.delete_vpc(VpcId=vpc)
    assert error_code(raised) == "DependencyViolation"
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    ec2.disassociate_route_table(AssociationId=association)
    ec2.delete_route_table(RouteTableId=table)
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    ec2.delete_internet_gateway(InternetGatewayId=gateway)
    ec2.delete_security_group(GroupId=group)
    ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_vpc(VpcId=vpc)


def test_a_bucket_is_configured_and_emptied(cloud: Cloud) -> None:
    s3, bucket = cloud.client("s3"), cloud.bucket()
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    s3.put_bucket_policy(Bucket=bucket, Policy=policy({**allow("s3:GetObject", on=f"arn:aws:s3:::{bucket}/*"),
                                                       "Principal": {"AWS": cloud.account}}))  # fmt: skip
    rule = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "x/"}, "Expiration": {"Days": 1}}
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [rule]})
    assert s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]["BlockPublicAcls"]
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    s3.put_object(Bucket=bucket, Key="k", Body=b"2")
    s3.delete_object(Bucket=bucket, Key="k")
    with pytest.raises(ClientError) as raised:
        s3.delete_bucket(Bucket=bucket)
    assert error_code(raised) == "BucketNotEmpty"
    listed = s3.list_object_versions(Bucket=bucket)
    assert (len(listed["Versions"]), len(listed["DeleteMarkers"])) == (2, 1)
    keys = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in listed["Versions"] + listed["DeleteMarkers"]]
    assert "Errors" not in s3.delete_objects(Bucket=bucket, Delete={"Objects": keys})
    s3.delete_bucket(Bucket=bucket)
    with pytest.raises(ClientError) as raised:
        s3.head_bucket(Bucket=bucket)
    assert error_code(raised) == "404"


def test_what_s3_does_not_handle_is_not_taken_for_something_else(cloud: Cloud) -> None:
    s3, bucket = cloud.client("s3"), cloud.bucket()
    for call in (s3.list_bucket_inventory_configurations, s3.get_bucket_request_payment, s3.create_session):
        with pytest.raises(ClientError) as raised:
            call(Bucket=bucket)
        assert error_code(raised) == "NotImplemented"


def test_a_session_policy_narrows_a_role(cloud: Cloud) -> None:
    iam, bucket, name = cloud.client("iam"), cloud.bucket(), unique("role")
    trust = {"Effect": "Allow", "Principal": {"AWS": cloud.account}, "Action": "sts:AssumeRole"}
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=policy(allow("s3:*")))
    narrowed = cloud.client("sts").assume_role(
        RoleArn=arn, RoleSessionName="session", Policy=policy(allow("s3:ListBucket"))
    )["Credentials"]
    s3 = cloud.client(
        "s3",
        aws_access_key_id=narrowed["AccessKeyId"],
        aws_secret_access_key=narrowed["SecretAccessKey"],
        aws_session_token=narrowed["SessionToken"],
    )
    s3.list_objects_v2(Bucket=bucket)
    with pytest.raises(ClientError) as raised:
        s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    assert error_code(raised) == "AccessDenied"
