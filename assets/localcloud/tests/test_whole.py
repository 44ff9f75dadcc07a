"""From a CSV in S3 to typed rows in Redshift, through a Spark job, a crawl and a query; and each place without its
permission."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest

from localaws.glue import java
from tests.conftest import Cloud, allow, unique, wait_for
from tests.glue.test_jobs import Jobs
from tests.glue.test_spark import CSV_TO_PARQUET, spark_job

HERE = {name: importlib.util.find_spec(f"localaws.{name}") is not None for name in ("athena", "redshift")}
pytestmark = [
    pytest.mark.skipif(java.java_home() is None, reason="no Java"),
    pytest.mark.skipif(not all(HERE.values()), reason="no Athena or no Redshift here"),
]


@pytest.fixture(scope="module")
def jobs(cloud: Cloud) -> Jobs:
    return Jobs(cloud)


@pytest.fixture(scope="module")
def lake(jobs: Jobs) -> str:
    """A database whose table `out` a Spark job wrote as Parquet and a crawler found."""
    jobs.put("in/a.csv", "id,kind,n\n1,a,1.5\n2,b,2\n3,b,2.5\n")
    arguments = {"--source": f"s3://{jobs.bucket}/in/", "--target": f"s3://{jobs.bucket}/out/"}
    assert jobs.finish(spark_job(jobs, CSV_TO_PARQUET, DefaultArguments=arguments))["JobRunState"] == "SUCCEEDED"
    crawler, database = unique("crawler"), unique("lake").replace("-", "_")
    targets = {"S3Targets": [{"Path": f"s3://{jobs.bucket}/out/"}]}
    jobs.glue.create_crawler(Name=crawler, Role=jobs.role, DatabaseName=database, Targets=targets)
    jobs.glue.start_crawler(Name=crawler)
    wait_for(lambda: jobs.glue.get_crawler(Name=crawler)["Crawler"]["State"] == "READY")
    return database


def query(athena: Any, jobs: Jobs, database: str, sql: str) -> dict[str, Any]:
    """Run a query to its end."""
    query_id = athena.start_query_execution(
        QueryString=sql,
        QueryExecutionContext={"Database": database},
        ResultConfiguration={"OutputLocation": f"s3://{jobs.bucket}/results/"},
    )["QueryExecutionId"]

    def ended() -> dict[str, Any] | None:
        found: dict[str, Any] = athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
        return found if found["Status"]["State"] in ("SUCCEEDED", "FAILED", "CANCELLED") else None

    found: dict[str, Any] = wait_for(ended)
    return found


def test_a_query_reads_what_the_crawler_found(jobs: Jobs, lake: str) -> None:
    athena = jobs.cloud.client("athena")
    found = query(athena, jobs, lake, "select kind, sum(twice) as total from out group by kind order by kind")
    assert found["Status"]["State"] == "SUCCEEDED", found
    rows = athena.get_query_results(QueryExecutionId=found["QueryExecutionId"])["ResultSet"]["Rows"]
    assert [[one.get("VarCharValue") for one in row["Data"]] for row in rows] == [
        ["kind", "total"],
        ["a", "3.0"],
        ["b", "9.0"],
    ]


def test_a_query_of_a_user_that_may_not_read_the_bucket_fails(jobs: Jobs, lake: str) -> None:
    results = [f"arn:aws:s3:::{jobs.bucket}/results/*", f"arn:aws:s3:::{jobs.bucket}"]
    writing = allow("s3:PutObject", "s3:GetBucketLocation", on=results)
    keys = jobs.cloud.user(allow("athena:*", "glue:Get*"), writing)
    found = query(jobs.cloud.client("athena", **keys), jobs, lake, "select * from out")
    assert found["Status"]["State"] == "FAILED"
    assert "denied" in found["Status"]["StateChangeReason"].lower()


def test_a_cluster_copies_it_under_a_role(jobs: Jobs, lake: str) -> None:
    cloud = jobs.cloud
    redshift, data, name = cloud.client("redshift"), cloud.client("redshift-data"), unique("cluster")
    on = [f"arn:aws:s3:::{jobs.bucket}", f"arn:aws:s3:::{jobs.bucket}/*"]
    good = cloud.role("redshift.amazonaws.com", allow("s3:Get*", "s3:List*", on=on))
    bad = cloud.role("redshift.amazonaws.com")
    redshift.create_cluster(
        ClusterIdentifier=name,
        NodeType="ra3.large",
        MasterUsername="admin",
        MasterUserPassword="Secret-Passw0rd",
        DBName="dev",
        ClusterType="single-node",
        IamRoles=[good, bad],
    )
    wait_for(lambda: redshift.describe_clusters(ClusterIdentifier=name)["Clusters"][0]["ClusterStatus"] == "available")

    def run(sql: str) -> dict[str, Any]:
        statement = data.execute_statement(ClusterIdentifier=name, Database="dev", DbUser="admin", Sql=sql)["Id"]

        def ended() -> dict[str, Any] | None:
            found: dict[str, Any] = data.describe_statement(Id=statement)
            return found if found["Status"] in ("FINISHED", "FAILED", "ABORTED") else None

        found: dict[str, Any] = wait_for(ended)
        return found

    assert run("create table out (id int, n float8, twice float8)")["Status"] == "FINISHED"
    source = f"copy out from 's3://{jobs.bucket}/out/kind=b/' iam_role '{{}}' format as parquet"
    refused = run(source.format(bad))
    assert refused["Status"] == "FAILED"
    assert "AccessDenied" in refused["Error"] or "not authorized" in refused["Error"]
    copied = run(source.format(good))
    assert copied["Status"] == "FINISHED", copied
    rows = run("select id, twice from out order by id")
    assert data.get_statement_result(Id=rows["Id"])["Records"] == [
        [{"longValue": 2}, {"doubleValue": 4.0}],
        [{"longValue": 3}, {"doubleValue": 5.0}],
    ]
    redshift.delete_cluster(ClusterIdentifier=name, SkipFinalClusterSnapshot=True)
