"""`python -m tests.figures [--install]`: measures what the README tells, on a local AWS of its own, and prints it.

With `--install` everything is installed into an empty directory first, without pip's cache, and that is what is used.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from localaws import processes
from tests.conftest import ROOT, Cloud, free_port, run, start, unique, wait_for
from tests.glue.test_jobs import Jobs
from tests.glue.test_spark import CSV_TO_PARQUET, spark_job
from tests.test_life import left_of, resident


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the local AWS.")
    parser.add_argument("--install", action="store_true", help="install everything anew first")
    directory = Path(tempfile.mkdtemp(prefix="localaws-figures-"))
    directory.chmod(0o755)
    try:
        if parser.parse_args().install:
            measure_installation(directory)
        measure(directory / "state")
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def measure_installation(directory: Path) -> None:
    """From nothing to a running local AWS."""
    environment = {**os.environ, "PIP_NO_CACHE_DIR": "1"}
    cache, state = directory / "cache", directory / "first"

    def install() -> None:
        command = [sys.executable, str(ROOT / "install.py"), "--cache", str(cache)]
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        python = cache / "venv" / "bin" / "python"
        up = [python, "-m", "localaws", "up", "--state", state, "--port", str(free_port()), "--detach"]
        subprocess.run(up, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    show("from nothing, installed and up", timed(install))
    run("down", "--state", str(state))


def measure(state: Path) -> None:
    """Everything else, with what is installed."""
    cloud: Cloud = start(state, "--port", str(free_port()))
    run("down", "--state", str(state))
    show("up again", timed(lambda: start(state)))
    cloud = start(state)
    print(f"{'memory at rest':45} {resident(cloud) >> 20:6} MB")
    jobs = Jobs(cloud)
    shell = jobs.make("pass")
    show("a Python shell job that does nothing", timed(lambda: done(jobs, shell)))
    jobs.put("in/a.csv", "id,kind,n\n1,a,1.5\n2,b,2\n3,b,2.5\n")
    arguments = {"--source": f"s3://{jobs.bucket}/in/", "--target": f"s3://{jobs.bucket}/out/"}
    spark = spark_job(jobs, CSV_TO_PARQUET, DefaultArguments=arguments)
    show("a Spark job of three rows, CSV to Parquet", timed(lambda: done(jobs, spark)))
    show("a crawl of what it wrote", timed(lambda: crawl(jobs)))
    cluster = unique("cluster")
    show("a Redshift cluster, until it is available", timed(lambda: make(cloud, cluster)))
    print(f"{'memory after all of this':45} {resident(cloud) >> 20:6} MB")
    os.kill(int(cloud.record["pid"]), signal.SIGKILL)
    wait_for(lambda: not processes.alive(int(cloud.record["pid"])))
    show("up again after SIGKILL, with the cluster", timed(lambda: start(state)))
    show("down, with the cluster", timed(lambda: run("down", "--state", str(state))))
    print(f"{'processes left':45} {len(left_of(state)):6}")


def timed(work: Callable[[], Any]) -> float:
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


def show(what: str, seconds: float) -> None:
    print(f"{what:45} {seconds:6.1f} s", flush=True)


def done(jobs: Jobs, name: str) -> None:
    found = jobs.finish(name)
    assert found["JobRunState"] == "SUCCEEDED", found


def crawl(jobs: Jobs) -> None:
    name, targets = unique("crawler"), {"S3Targets": [{"Path": f"s3://{jobs.bucket}/out/"}]}
    jobs.glue.create_crawler(Name=name, Role=jobs.role, DatabaseName="lake", Targets=targets)
    jobs.glue.start_crawler(Name=name)
    wait_for(lambda: jobs.glue.get_crawler(Name=name)["Crawler"]["State"] == "READY")
    assert jobs.glue.get_crawler(Name=name)["Crawler"]["LastCrawl"]["Status"] == "SUCCEEDED"


def make(cloud: Cloud, name: str) -> None:
    redshift = cloud.client("redshift")
    redshift.create_cluster(
        ClusterIdentifier=name, NodeType="ra3.large", ClusterType="single-node", MasterUsername="admin",
        ManageMasterPassword=True, DBName="dev",
    )  # fmt: skip
    wait_for(lambda: redshift.describe_clusters(ClusterIdentifier=name)["Clusters"][0]["ClusterStatus"] == "available")


if __name__ == "__main__":
    main()
