"""Spark jobs, really run: S3A, arguments, `awsglue`, bookmarks. About five seconds each."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from localaws import processes
from tests.conftest import Cloud, allow, free_port, run, start, unique, wait_for
from tests.glue.test_jobs import Jobs


@pytest.fixture(scope="module")
def jobs(cloud: Cloud) -> Jobs:
    return Jobs(cloud)


def spark_job(jobs: Jobs, script: str, **more: Any) -> str:
    name = unique("spark")
    command = {"Name": "glueetl", "ScriptLocation": jobs.put(f"{name}.py", script), "PythonVersion": "3"}
    given = {"Role": jobs.role, "GlueVersion": "5.0", "WorkerType": "G.1X", "NumberOfWorkers": 2, **more}
    jobs.glue.create_job(Name=name, Command=command, **given)
    return name


CSV_TO_PARQUET = """
import sys
from awsglue.utils import getResolvedOptions
from pyspark.sql import SparkSession, functions as F

options = getResolvedOptions(sys.argv, ["JOB_NAME", "source", "target"])
spark = SparkSession.builder.appName(options["JOB_NAME"]).getOrCreate()
rows = spark.read.option("header", True).option("inferSchema", True).csv(options["source"])
rows.withColumn("twice", F.col("n") * 2).write.mode("overwrite").partitionBy("kind").parquet(options["target"])
print("rows:", spark.read.parquet(options["target"]).count(), spark.conf.get("spark.sql.session.timeZone"))
"""


def test_a_csv_becomes_parquet_and_is_crawled(jobs: Jobs) -> None:
    jobs.put("in/a.csv", "id,kind,n\n1,a,1.5\n2,b,2\n3,b,2.5\n")
    arguments = {"--source": f"s3://{jobs.bucket}/in/", "--target": f"s3://{jobs.bucket}/out/"}
    name = spark_job(
        jobs, CSV_TO_PARQUET, DefaultArguments={**arguments, "--conf": "spark.sql.session.timeZone=Asia/Tokyo"}
    )
    begun = time.monotonic()
    found = jobs.finish(name)
    assert found["JobRunState"] == "SUCCEEDED", found
    assert time.monotonic() - begun < 30
    assert jobs.logs("/aws-glue/jobs/output", found["Id"])[-1] == "rows: 3 Asia/Tokyo"
    crawler, database = unique("crawler"), unique("db")
    targets = {"S3Targets": [{"Path": f"s3://{jobs.bucket}/out/"}]}
    jobs.glue.create_crawler(Name=crawler, Role=jobs.role, DatabaseName=database, Targets=targets)
    jobs.glue.start_crawler(Name=crawler)
    wait_for(lambda: jobs.glue.get_crawler(Name=crawler)["Crawler"]["State"] == "READY")
    table = jobs.glue.get_table(DatabaseName=database, Name="out")["Table"]
    columns = [(one["Name"], one["Type"]) for one in table["StorageDescriptor"]["Columns"]]
    assert columns == [("id", "int"), ("n", "double"), ("twice", "double")]
    assert [one["Name"] for one in table["PartitionKeys"]] == ["kind"]


def test_a_role_that_may_not_write_fails(jobs: Jobs) -> None:
    reading = allow("s3:Get*", "s3:List*", on=[f"arn:aws:s3:::{jobs.bucket}", f"arn:aws:s3:::{jobs.bucket}/*"])
    role = jobs.cloud.role("glue.amazonaws.com", reading)
    jobs.put("in/a.csv", "id,kind,n\n1,a,1.5\n")
    arguments = {"--source": f"s3://{jobs.bucket}/in/", "--target": f"s3://{jobs.bucket}/denied/"}
    found = jobs.finish(spark_job(jobs, CSV_TO_PARQUET, Role=role, DefaultArguments=arguments))
    assert found["JobRunState"] == "FAILED"
    assert "AccessDenied" in found["ErrorMessage"] or "Forbidden" in found["ErrorMessage"]


FRAMES = """
import sys
from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame
from awsglue.job import Job
from awsglue.transforms import ApplyMapping, DropNullFields, Filter, Join, ResolveChoice
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

options = getResolvedOptions(sys.argv, ["JOB_NAME", "database", "bucket"])
context = GlueContext(SparkContext.getOrCreate())
job = Job(context)
job.init(options["JOB_NAME"], options)
people = context.create_dynamic_frame.from_catalog(
    database=options["database"], table_name="people", transformation_ctx="people")
print("read:", people.count())
print("sql:", context.spark_session.sql(
    f"select max(name) as name, year from {options['database']}.people group by year").collect())
if people.count():
    mapped = ApplyMapping.apply(frame=people, mappings=[
        ("id", "bigint", "key", "int"), ("name", "string", "who.name", "string"), ("year", "string", "year", "int")])
    some = Filter.apply(frame=mapped, f=lambda row: row["key"] > 1)
    print("kept:", some.count(), some.toDF().columns)
    cities = DynamicFrame.fromDF(context.spark_session.createDataFrame([(2, "Rome")], ["id", "city"]), context, "c")
    print("joined:", Join.apply(people, cities, ["id"], ["id"]).toDF().select("city").first()[0])
    flat = mapped.relationalize("root", "s3://unused/").select("root")
    print("flat:", flat.toDF().columns)
    context.write_dynamic_frame.from_options(frame=ResolveChoice.apply(some, specs=[("key", "cast:string")]),
        connection_type="s3", format="glueparquet",
        connection_options={"path": f"s3://{options['bucket']}/frames/", "partitionKeys": ["year"]})
job.commit()
"""


def test_dynamic_frames_read_the_catalogue_and_bookmarks_remember(jobs: Jobs) -> None:
    database = unique("db").replace("-", "_")
    jobs.glue.create_database(DatabaseInput={"Name": database})
    serde = {
        "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
        "Parameters": {"field.delim": ","},
    }
    columns = [{"Name": "id", "Type": "bigint"}, {"Name": "name", "Type": "string"}]
    descriptor = {"Columns": columns, "Location": f"s3://{jobs.bucket}/people/", "SerdeInfo": serde}
    jobs.glue.create_table(
        DatabaseName=database,
        TableInput={
            "Name": "people",
            "StorageDescriptor": descriptor,
            "PartitionKeys": [{"Name": "year", "Type": "string"}],
            "Parameters": {"classification": "csv", "skip.header.line.count": "1"},
        },
    )
    jobs.put("people/year=2024/a.csv", "id,name\n1,Ann\n2,Bob\n")
    part = {
        "Values": ["2024"],
        "StorageDescriptor": {**descriptor, "Location": f"s3://{jobs.bucket}/people/year=2024/"},
    }
    jobs.glue.create_partition(DatabaseName=database, TableName="people", PartitionInput=part)
    name = spark_job(
        jobs,
        FRAMES,
        DefaultArguments={
            "--database": database,
            "--bucket": jobs.bucket,
            "--job-bookmark-option": "job-bookmark-enable",
            "--enable-glue-datacatalog": "",
        },
    )
    found = jobs.finish(name)
    assert found["JobRunState"] == "SUCCEEDED", found["ErrorMessage"]
    assert jobs.logs("/aws-glue/jobs/output", found["Id"]) == [
        "read: 2",
        "sql: [Row(name='Bob', year='2024')]",
        "kept: 1 ['key', 'who', 'year']",
        "joined: Rome",
        "flat: ['key', 'who.name', 'year']",
    ]
    keys = jobs.cloud.client("s3").list_objects_v2(Bucket=jobs.bucket, Prefix="frames/year=2024/")
    assert keys["KeyCount"] == 1
    assert jobs.glue.get_job_bookmark(JobName=name)["JobBookmarkEntry"]["Run"] == 1
    again = jobs.finish(name)
    assert jobs.logs("/aws-glue/jobs/output", again["Id"])[0] == "read: 0"
    jobs.glue.reset_job_bookmark(JobName=name)
    assert jobs.glue.get_job_bookmark(JobName=name)["JobBookmarkEntry"]["Run"] == 0


def mentioning(text: str) -> list[str]:
    """Command lines of processes that mention something."""
    found = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            found.append(one.read_bytes().replace(b"\0", b" ").decode())
    return [line for line in found if text in line]


def test_the_server_is_killed_and_no_process_is_left(jobs: Jobs, tmp_path_factory: pytest.TempPathFactory) -> None:
    state = tmp_path_factory.mktemp("killed") / "state"
    own = Jobs(start(state, "--port", str(free_port())))
    script = "from pyspark.sql import SparkSession\nimport time\nSparkSession.builder.getOrCreate().range(2).count()\n"
    name = spark_job(own, script + "print('up', flush=True)\ntime.sleep(60)")
    run_id = own.glue.start_job_run(JobName=name)["JobRunId"]
    wait_for(lambda: own.state(name, run_id) == "RUNNING")
    children = [int(one.name) for one in (Path(state) / "pids").iterdir()]
    assert children
    time.sleep(3)
    os.kill(own.cloud.record["pid"], signal.SIGKILL)
    wait_for(lambda: not any(processes.alive(pid) for pid in children), seconds=5)
    wait_for(lambda: not mentioning(str(state)), seconds=5)  # Java has gone with its Python
    again = start(state)
    found = again.client("glue").get_job_run(JobName=name, RunId=run_id)["JobRun"]
    assert (found["JobRunState"], "ended" in found["ErrorMessage"]) == ("ERROR", True)

    run_id = again.client("glue").start_job_run(JobName=name)["JobRunId"]
    own = Jobs.__new__(Jobs)
    own.glue = again.client("glue")
    wait_for(lambda: own.state(name, run_id) == "RUNNING")
    time.sleep(2)
    begun = time.monotonic()
    run("down", "--state", str(state))
    assert time.monotonic() - begun < 2.5
    assert not mentioning(str(state))
