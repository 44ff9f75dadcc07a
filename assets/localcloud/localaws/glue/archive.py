"""`python -m localaws.glue.archive`: make the class-data archive, by a real Spark job on a local AWS of its own.

The JVM writes the classes that a typical job loads (Spark SQL, S3A, CSV, Parquet) into one file, which later runs map:
their start takes half the time. It doubles as a check that the installation works from end to end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from typing import Any

from localaws.glue import java

_SCRIPT = """
from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext
from pyspark.sql import functions as F
import sys

options = getResolvedOptions(sys.argv, ["JOB_NAME", "bucket"])
context = GlueContext(SparkContext.getOrCreate())
Job(context).init(options["JOB_NAME"], options)
spark = context.spark_session
bucket = options["bucket"]
rows = spark.read.option("header", True).option("inferSchema", True).csv(f"s3://{bucket}/in/")
rows.withColumn("twice", F.col("n") * 2).write.mode("overwrite").partitionBy("kind").parquet(f"s3://{bucket}/out/")
found = spark.read.parquet(f"s3://{bucket}/out/")
found.createOrReplaceTempView("found")
spark.sql("select kind, sum(twice) as total, count(*) as rows from found group by kind order by 1").show()
found.join(rows.select("id", F.col("n").alias("m")), "id").write.mode("append").json(f"s3://{bucket}/json/")
spark.read.json(f"s3://{bucket}/json/").dropDuplicates().count()
gateway = SparkContext._gateway
spark.stop()
gateway.shutdown()
gateway.proc.stdin.close()
gateway.proc.wait()
"""


def make() -> float:
    """Make the archive where it is missing; answers the seconds it took."""
    target = java.archive()
    home = java.java_home()
    if target.exists() or home is None:
        return 0
    begun = time.monotonic()
    if not java.base_archive(home).exists():  # runtimes in wheels come without; ours builds upon it
        subprocess.run([home / "bin" / "java", "-Xshare:dump"], stdout=subprocess.DEVNULL, check=False)
    if not java.base_archive(home).exists():
        print("note: this Java has no class-data archive; Spark jobs start more slowly", file=sys.stderr)
        return 0
    for old in target.parent.glob("spark-*.jsa"):
        old.unlink()
    with tempfile.TemporaryDirectory(prefix="localaws-") as state:
        environment = {**os.environ, "LOCALAWS_MAKE_ARCHIVE": "1"}
        command = [sys.executable, "-m", "localaws"]
        up = subprocess.run(
            [*command, "up", "--state", state, "--port", str(_free_port()), "--detach"],
            env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        try:
            _run_job(json.loads(up.stdout))
        finally:
            subprocess.run([*command, "down", "--state", state], env=environment, check=False)
    made = target.with_name(target.name + ".new")
    if made.exists():
        made.replace(target)
    else:
        print("note: this Java wrote no class-data archive; Spark jobs start more slowly", file=sys.stderr)
    return time.monotonic() - begun


def _run_job(record: dict[str, Any]) -> None:
    import boto3

    def client(service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=record["endpoint"],
            region_name=record["region"],
            aws_access_key_id=record["access_key_id"],
            aws_secret_access_key=record["secret_access_key"],
        )

    s3, glue, iam = client("s3"), client("glue"), client("iam")
    bucket = "archive"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="in/a.csv", Body=b"id,kind,n,when\n1,a,1.5,2024-01-01\n2,b,2,2024-01-02\n")
    s3.put_object(Bucket=bucket, Key="script.py", Body=_SCRIPT.encode())
    trust = {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName="archive", AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))
    iam.attach_role_policy(RoleName="archive", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    command = {"Name": "glueetl", "ScriptLocation": f"s3://{bucket}/script.py", "PythonVersion": "3"}
    glue.create_job(Name="archive", Role="archive", Command=command, DefaultArguments={"--bucket": bucket})
    run_id = glue.start_job_run(JobName="archive")["JobRunId"]
    while True:
        run = glue.get_job_run(JobName="archive", RunId=run_id)["JobRun"]
        if run["JobRunState"] not in ("STARTING", "RUNNING"):
            break
        time.sleep(0.2)
    if run["JobRunState"] != "SUCCEEDED":
        raise SystemExit(f"error: a Spark job failed: {run.get('ErrorMessage')}")


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    print(f"{make():.1f} s")
