"""AWS's own command line drives each service, and the whole way from a CSV to typed rows in Redshift."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.aws_cli import Aws, Refused
from tests.conftest import SERVICE_TRUST, Cloud, allow, policy, unique
from tests.glue.test_spark import CSV_TO_PARQUET

ENDED = ("STOPPED", "SUCCEEDED", "FAILED", "TIMEOUT", "ERROR", "EXPIRED")


@pytest.fixture(scope="module")
def aws(cloud: Cloud) -> Aws:
    return Aws(cloud)


def file(directory: Path, text: str) -> str:
    path = directory / unique("file")
    path.write_text(text)
    return str(path)


def test_s3(aws: Aws, tmp_path: Path) -> None:
    bucket = unique("bucket")
    aws(f"s3 mb s3://{bucket}")
    large = tmp_path / "large"
    large.write_bytes(b"0123456789" * 1_000_000)  # in parts
    aws(f"s3 cp {large} s3://{bucket}/a/large")
    aws(f"s3 cp {file(tmp_path, 'hello')} s3://{bucket}/a/b.txt")
    assert aws(f"s3 cp s3://{bucket}/a/b.txt -") == "hello"
    aws(f"s3 sync s3://{bucket}/a {tmp_path / 'copy'}")
    assert (tmp_path / "copy" / "large").read_bytes() == large.read_bytes()
    assert "Total Objects: 2" in aws(f"s3 ls s3://{bucket}/a/ --summarize")
    url = aws(f"s3 presign s3://{bucket}/a/b.txt")
    assert url.startswith(aws.cloud.endpoint)
    aws("s3api put-bucket-versioning", bucket=bucket, versioning_configuration="Status=Enabled")
    assert aws("s3api get-bucket-versioning", bucket=bucket)["Status"] == "Enabled"
    with pytest.raises(Refused, match="BucketNotEmpty"):
        aws(f"s3 rb s3://{bucket}")
    aws("s3api put-bucket-versioning", bucket=bucket, versioning_configuration="Status=Suspended")
    stranger = Aws(aws.cloud, **aws.cloud.user())
    with pytest.raises(Refused, match="AccessDenied"):
        stranger(f"s3 ls s3://{bucket}")


def test_iam_and_sts(aws: Aws) -> None:
    name, user = unique("role"), unique("user")
    trust = json.dumps(SERVICE_TRUST).replace('{"Service": "SERVICE"}', '{"AWS": "*"}')
    arn = aws("iam create-role", role_name=name, assume_role_policy_document=trust)["Role"]["Arn"]
    document = policy(allow("iam:GetUser"))
    aws("iam put-role-policy", role_name=name, policy_name="own", policy_document=document)
    aws("iam attach-role-policy", role_name=name, policy_arn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    assert aws("iam list-role-policies", role_name=name)["PolicyNames"] == ["own"]
    aws("iam create-user", user_name=user)
    document = policy(allow("sts:AssumeRole", on=arn))
    aws("iam put-user-policy", user_name=user, policy_name="own", policy_document=document)
    made = aws("iam create-access-key", user_name=user)["AccessKey"]
    as_user = Aws(aws.cloud, aws_access_key_id=made["AccessKeyId"], aws_secret_access_key=made["SecretAccessKey"])
    assert as_user("sts get-caller-identity")["Arn"].endswith(f"user/{user}")
    with pytest.raises(Refused, match=r"AccessDenied.*is not authorized to perform: iam:GetUser"):
        as_user("iam get-user", user_name=user)
    session = as_user("sts assume-role", role_arn=arn, role_session_name="session")["Credentials"]
    keys = {
        "aws_access_key_id": session["AccessKeyId"],
        "aws_secret_access_key": session["SecretAccessKey"],
        "aws_session_token": session["SessionToken"],
    }
    assert Aws(aws.cloud, **keys)("iam get-user", user_name=user)["User"]["UserName"] == user
    with pytest.raises(Refused, match="DeleteConflict"):
        aws("iam delete-role", role_name=name)


def test_logs_secrets_parameters_and_keys(aws: Aws, tmp_path: Path) -> None:
    group, name = unique("/group"), unique("name")
    aws("logs create-log-group", log_group_name=group)
    aws("logs create-log-stream", log_group_name=group, log_stream_name="s")
    events = [{"timestamp": 1_700_000_000_000, "message": "hello"}]
    aws("logs put-log-events", log_group_name=group, log_stream_name="s", log_events=events)
    found = aws("logs filter-log-events", log_group_name=group, filter_pattern="hello")["events"]
    assert [one["message"] for one in found] == ["hello"]
    aws("secretsmanager create-secret", name=name, secret_string="hidden")
    assert aws("secretsmanager get-secret-value", secret_id=name)["SecretString"] == "hidden"
    aws("secretsmanager delete-secret", secret_id=name)
    with pytest.raises(Refused, match=r"InvalidRequestException.*scheduled for deletion"):
        aws("secretsmanager create-secret", name=name, secret_string="again")
    aws("ssm put-parameter", name=f"/{name}", value="v", type="SecureString")
    assert aws("ssm get-parameter", name=f"/{name}", with_decryption=True)["Parameter"]["Value"] == "v"
    key = aws("kms create-key")["KeyMetadata"]["KeyId"]
    sealed = tmp_path / "sealed"
    sealed.write_bytes(base64.b64decode(aws("kms encrypt", key_id=key, plaintext="hello")["CiphertextBlob"]))
    assert base64.b64decode(aws("kms decrypt", ciphertext_blob=f"fileb://{sealed}")["Plaintext"]) == b"hello"
    assert aws("resourcegroupstaggingapi get-resources")["ResourceTagMappingList"] is not None


def test_ec2_networks(aws: Aws) -> None:
    default = aws("ec2 describe-vpcs", filters="Name=is-default,Values=true")["Vpcs"][0]["VpcId"]
    subnets = aws("ec2 describe-subnets", filters=f"Name=vpc-id,Values={default}")["Subnets"]
    assert len({one["AvailabilityZone"] for one in subnets}) >= 3
    vpc = aws("ec2 create-vpc", cidr_block="10.7.0.0/16")["Vpc"]["VpcId"]
    aws("ec2 create-subnet", vpc_id=vpc, cidr_block="10.7.1.0/24")
    group = aws("ec2 create-security-group", group_name=unique("sg"), description="d", vpc_id=vpc)["GroupId"]
    rule = {"group_id": group, "protocol": "tcp", "port": "5439", "cidr": "10.7.0.0/16"}
    aws("ec2 authorize-security-group-ingress", **rule)
    with pytest.raises(Refused, match=r"InvalidPermission\.Duplicate"):
        aws("ec2 authorize-security-group-ingress", **rule)


def test_rds(aws: Aws) -> None:
    name = unique("db")
    aws(
        "rds create-db-instance", db_instance_identifier=name, engine="postgres", db_instance_class="db.t4g.micro",
        allocated_storage="20", master_username="boss", manage_master_user_password=True, db_name="app",
    )  # fmt: skip
    with pytest.raises(Refused, match="DBInstanceAlreadyExists"):
        aws(
            "rds create-db-instance", db_instance_identifier=name, engine="postgres",
            db_instance_class="db.t4g.micro",
        )  # fmt: skip
    found = aws.until(
        lambda told: told["DBInstances"][0]["DBInstanceStatus"] == "available",
        "rds describe-db-instances", db_instance_identifier=name,
    )["DBInstances"][0]  # fmt: skip
    secret = aws("secretsmanager get-secret-value", secret_id=found["MasterUserSecret"]["SecretArn"])["SecretString"]
    where = {"host": found["Endpoint"]["Address"], "port": found["Endpoint"]["Port"], "dbname": "app"}
    login = json.loads(secret)
    with psycopg.connect(**where, user=login["username"], password=login["password"]) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    aws("rds delete-db-instance", db_instance_identifier=name, skip_final_snapshot=True)
    with pytest.raises(Refused, match="DBInstanceNotFound"):
        aws.until(lambda _: False, "rds describe-db-instances", db_instance_identifier=name)


class Story:
    """A bucket, roles that may do what they must, and roles that may not."""

    def __init__(self, aws: Aws, directory: Path) -> None:
        self.aws, self.directory, self.bucket = aws, directory, unique("bucket")
        aws(f"s3 mb s3://{self.bucket}")
        aws(f"s3 cp {file(directory, 'id,kind,n,day' + _ROWS)} s3://{self.bucket}/in/a.csv")
        aws(f"s3 cp {file(directory, CSV_TO_PARQUET)} s3://{self.bucket}/job.py")
        self.database = unique("lake").replace("-", "_")
        everything = [f"arn:aws:s3:::{self.bucket}", f"arn:aws:s3:::{self.bucket}/*"]
        self.glue = self.role("glue.amazonaws.com", allow("s3:*", on=everything), allow("glue:*", "logs:*"))
        self.only_script = self.role(
            "glue.amazonaws.com", allow("s3:GetObject", on=f"arn:aws:s3:::{self.bucket}/job.py"), allow("logs:*")
        )
        self.no_files = self.role("glue.amazonaws.com", allow("glue:*", "logs:*"))
        self.copy = self.role("redshift.amazonaws.com", allow("s3:Get*", "s3:List*", on=everything))
        self.no_copy = self.role("redshift.amazonaws.com")

    def role(self, service: str, *statements: dict[str, Any]) -> str:
        name, trust = unique("role"), json.dumps(SERVICE_TRUST).replace("SERVICE", service)
        arn = str(self.aws("iam create-role", role_name=name, assume_role_policy_document=trust)["Role"]["Arn"])
        if statements:
            document = policy(*statements)
            self.aws("iam put-role-policy", role_name=name, policy_name="own", policy_document=document)
        return arn

    def job(self, role: str) -> dict[str, Any]:
        """Run the job under a role to its end."""
        name = unique("job")
        command = {"Name": "glueetl", "ScriptLocation": f"s3://{self.bucket}/job.py", "PythonVersion": "3"}
        arguments = {"--source": f"s3://{self.bucket}/in/", "--target": f"s3://{self.bucket}/out/"}
        self.aws(
            "glue create-job", name=name, role=role, command=command, default_arguments=arguments, glue_version="5.0",
            worker_type="G.1X", number_of_workers="2",
        )  # fmt: skip
        run = self.aws("glue start-job-run", job_name=name)["JobRunId"]
        found: dict[str, Any] = self.aws.until(
            lambda told: told["JobRun"]["JobRunState"] in ENDED, "glue get-job-run", job_name=name, run_id=run
        )["JobRun"]
        return found

    def crawl(self, role: str) -> dict[str, Any]:
        """Crawl what the job wrote, under a role."""
        name = unique("crawler")
        targets = {"S3Targets": [{"Path": f"s3://{self.bucket}/out/"}]}
        self.aws("glue create-crawler", name=name, role=role, database_name=self.database, targets=targets)
        self.aws("glue start-crawler", name=name)
        told = self.aws.until(lambda told: told["Crawler"]["State"] == "READY", "glue get-crawler", name=name)
        crawls = self.aws("glue list-crawls", crawler_name=name)["Crawls"]
        assert [one["State"] for one in crawls] == [_CRAWLS[told["Crawler"]["LastCrawl"]["Status"]]]
        last: dict[str, Any] = told["Crawler"]["LastCrawl"]
        return last

    def query(self, caller: Aws, sql: str) -> dict[str, Any]:
        """Run an Athena query as somebody."""
        where = f"OutputLocation=s3://{self.bucket}/results/"
        context = f"Database={self.database}"
        query = caller(
            "athena start-query-execution", query_string=sql, query_execution_context=context,
            result_configuration=where,
        )["QueryExecutionId"]  # fmt: skip
        found: dict[str, Any] = caller.until(
            lambda told: told["QueryExecution"]["Status"]["State"] in ("SUCCEEDED", "FAILED", "CANCELLED"),
            "athena get-query-execution", query_execution_id=query,
        )["QueryExecution"]  # fmt: skip
        return found

    def statement(self, cluster: str, sql: str) -> dict[str, Any]:
        """Run a statement in Redshift as its master user."""
        statement = self.aws(
            "redshift-data execute-statement", cluster_identifier=cluster, database="dev", db_user="admin", sql=sql
        )["Id"]
        found: dict[str, Any] = self.aws.until(
            lambda told: told["Status"] in ("FINISHED", "FAILED", "ABORTED"),
            "redshift-data describe-statement", id=statement,
        )  # fmt: skip
        return found


_ROWS = "\n1,a,1.5,2024-01-31\n2,b,2,2024-02-29\n3,b,2.5,2024-12-31\n"
_CRAWLS = {"SUCCEEDED": "COMPLETED", "FAILED": "FAILED"}


def test_from_a_csv_to_typed_rows_in_redshift(aws: Aws, tmp_path: Path) -> None:
    story = Story(aws, tmp_path)
    cluster = unique("cluster")
    aws(
        "redshift create-cluster", cluster_identifier=cluster, node_type="ra3.large", cluster_type="single-node",
        master_username="admin", manage_master_password=True, db_name="dev", iam_roles=[story.copy, story.no_copy],
    )  # fmt: skip

    refused = story.job(story.only_script)
    assert refused["JobRunState"] == "FAILED"
    assert "AccessDenied" in refused["ErrorMessage"] or "403" in refused["ErrorMessage"]
    done = story.job(story.glue)
    assert done["JobRunState"] == "SUCCEEDED", done

    refused = story.crawl(story.no_files)
    assert refused["Status"] == "FAILED"
    assert "s3:ListBucket" in refused["ErrorMessage"] or "Access Denied" in refused["ErrorMessage"]
    assert story.crawl(story.glue)["Status"] == "SUCCEEDED"
    table = aws("glue get-table", database_name=story.database, name="out")["Table"]
    types = {column["Name"]: column["Type"] for column in table["StorageDescriptor"]["Columns"]}
    assert types == {"id": "int", "n": "double", "day": "date", "twice": "double"}
    assert [key["Name"] for key in table["PartitionKeys"]] == ["kind"]

    sql = "select kind, sum(twice) as total, max(day) as last from out group by kind order by kind"
    stranger = Aws(aws.cloud, **aws.cloud.user(allow("athena:*", "glue:Get*"), allow("s3:PutObject", "s3:GetBucket*")))
    refused = story.query(stranger, sql)
    assert refused["Status"]["State"] == "FAILED"
    assert "denied" in refused["Status"]["StateChangeReason"].lower()
    done = story.query(aws, sql)
    assert done["Status"]["State"] == "SUCCEEDED", done
    rows = aws("athena get-query-results", query_execution_id=done["QueryExecutionId"])["ResultSet"]["Rows"]
    assert [[one["VarCharValue"] for one in row["Data"]] for row in rows[1:]] == [
        ["a", "3.0", "2024-01-31"],
        ["b", "9.0", "2024-12-31"],
    ]

    aws("redshift wait cluster-available", cluster_identifier=cluster)
    made = story.statement(cluster, "create table out (id int, n float8, day date, twice float8)")
    assert made["Status"] == "FINISHED"
    copy = f"copy out from 's3://{story.bucket}/out/kind=b/' iam_role '{{}}' format as parquet"
    refused = story.statement(cluster, copy.format(story.no_copy))
    assert refused["Status"] == "FAILED"
    assert "AccessDenied" in refused["Error"] or "not authorized" in refused["Error"]
    done = story.statement(cluster, copy.format(story.copy))
    assert done["Status"] == "FINISHED", done
    found = story.statement(cluster, "select id, day, twice from out order by id")
    result = aws("redshift-data get-statement-result", id=found["Id"])
    assert [one["typeName"] for one in result["ColumnMetadata"]] == ["int4", "date", "float8"]
    assert result["Records"] == [
        [{"longValue": 2}, {"stringValue": "2024-02-29"}, {"doubleValue": 4.0}],
        [{"longValue": 3}, {"stringValue": "2024-12-31"}, {"doubleValue": 5.0}],
    ]
    aws("redshift delete-cluster", cluster_identifier=cluster, skip_final_cluster_snapshot=True)
    with pytest.raises(Refused, match="ClusterNotFound"):
        aws.until(lambda _: False, "redshift describe-clusters", cluster_identifier=cluster)
