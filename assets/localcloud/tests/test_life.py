"""Starting, stopping, being killed, starting again."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from localaws import processes
from tests.conftest import Cloud, free_port, run, start, wait_for
from tests.glue.test_jobs import Jobs


def test_a_life(tmp_path: Path) -> None:
    state = tmp_path / "state"
    assert run("status", "--state", str(state), check=False).returncode == 1
    cloud = start(state, "--port", str(free_port()))
    assert start(state).record == cloud.record  # found, not started again
    fill(cloud)

    os.kill(cloud.record["pid"], signal.SIGKILL)
    wait_for(lambda: not processes.alive(cloud.record["pid"]))
    begun = time.monotonic()
    again = start(state)
    assert time.monotonic() - begun < 10  # 1 on an idle machine
    assert again.record == {**cloud.record, "pid": again.record["pid"]}
    holds(again)

    begun = time.monotonic()
    run("down", "--state", str(state))
    assert time.monotonic() - begun < 8  # an engine or a run that does not end is given eight seconds
    assert not processes.alive(again.record["pid"])
    holds(start(state))
    exports = run("env", "--state", str(state)).stdout
    assert f"export AWS_ENDPOINT_URL={cloud.endpoint}\n" in exports

    run("reset", "--state", str(state))
    assert not state.exists()
    fresh = start(state, "--port", str(cloud.endpoint.rsplit(":", 1)[1]))
    assert fresh.record["uuid"] != cloud.record["uuid"]
    assert fresh.client("s3").list_buckets()["Buckets"] == []
    run("down", "--state", str(state))


def left_of(state: Path) -> list[str]:
    """The command lines of processes that have to do with a state: it is in their arguments, or they work in it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            if int(process.name) != os.getpid() and (
                str(state) in command or (process / "cwd").resolve().is_relative_to(state)
            ):
                found.append(command)
        except OSError:
            continue
    return found


def resident(cloud: Cloud) -> int:
    """Bytes of memory that the server holds."""
    for line in Path(f"/proc/{cloud.record['pid']}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) << 10
    raise AssertionError("no VmRSS")


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_at_rest_it_is_small_and_ended_while_it_works_it_leaves_no_process(tmp_path: Path) -> None:
    state = tmp_path / "state"
    start(state, "--port", str(free_port()))
    run("down", "--state", str(state))
    cloud = start(state)
    assert resident(cloud) < 150 << 20
    jobs = Jobs(cloud)
    sleeping = "import subprocess\nsubprocess.run(['sleep', '60'])"
    shell = jobs.make(sleeping)
    cloud.client("rds").create_db_instance(
        DBInstanceIdentifier="db", Engine="postgres", DBInstanceClass="db.t3.micro", AllocatedStorage=20,
        MasterUsername="boss", MasterUserPassword="Secret-Passw0rd",
    )  # fmt: skip
    cloud.client("redshift").create_cluster(
        ClusterIdentifier="dw", NodeType="ra3.large", ClusterType="single-node", MasterUsername="boss",
        ManageMasterPassword=True,
    )  # fmt: skip
    run_id = jobs.glue.start_job_run(JobName=shell)["JobRunId"]
    wait_for(lambda: cloud.client("redshift").describe_clusters()["Clusters"][0]["ClusterStatus"] == "available")
    wait_for(lambda: cloud.client("rds").describe_db_instances()["DBInstances"][0]["DBInstanceStatus"] == "available")
    wait_for(lambda: jobs.state(shell, run_id) == "RUNNING")
    assert len(left_of(state)) > 3
    begun = time.monotonic()
    run("down", "--state", str(state))
    assert time.monotonic() - begun < 8  # 1.5 on an idle machine
    assert left_of(state) == []
    start(state)
    assert jobs.state(shell, run_id) == "ERROR"
    run("down", "--state", str(state))


def fill(cloud: Cloud) -> None:
    cloud.client("s3").create_bucket(Bucket="kept-bucket")
    cloud.client("s3").put_object(Bucket="kept-bucket", Key="a/key", Body=b"kept", Metadata={"digest": "x"})
    cloud.client("iam").create_role(RoleName="kept", AssumeRolePolicyDocument=json.dumps({"Statement": []}))
    cloud.client("logs").create_log_group(logGroupName="kept")
    cloud.client("secretsmanager").create_secret(Name="kept", SecretString="hidden")
    cloud.client("ec2").create_vpc(CidrBlock="10.9.0.0/16")


def holds(cloud: Cloud) -> None:
    found = cloud.client("s3").get_object(Bucket="kept-bucket", Key="a/key")
    assert (found["Body"].read(), found["Metadata"]) == (b"kept", {"digest": "x"})
    assert cloud.client("iam").get_role(RoleName="kept")
    assert cloud.client("logs").describe_log_groups()["logGroups"][0]["logGroupName"] == "kept"
    assert cloud.client("secretsmanager").get_secret_value(SecretId="kept")["SecretString"] == "hidden"
    assert any(vpc["CidrBlock"] == "10.9.0.0/16" for vpc in cloud.client("ec2").describe_vpcs()["Vpcs"])


def test_what_is_not_a_state_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("x")
    assert run("reset", "--state", str(tmp_path), check=False).returncode == 1
    assert (tmp_path / "precious").exists()


def test_the_state_is_private(cloud: Cloud) -> None:
    for name in ("identity.json", "server.json"):
        assert (cloud.state / name).stat().st_mode & 0o777 == 0o600
    assert cloud.state.stat().st_mode & 0o777 == 0o700
