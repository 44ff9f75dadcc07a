"""Definitions of jobs, and runs of Python shell jobs in every state."""

from __future__ import annotations

import datetime
import json
import os
import socket
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from localaws.glue import maintenance, modules
from tests.conftest import Cloud, allow, error_code, free_port, run, start, unique, wait_for

ENDED = ("STOPPED", "SUCCEEDED", "FAILED", "TIMEOUT", "ERROR", "EXPIRED")


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A local AWS whose minutes last two seconds, and whose faults can be set."""
    state = tmp_path_factory.mktemp("quick") / "state"
    yield start(state, "--port", str(free_port()), "--minute", "2", "--fault-endpoint")
    run("down", "--state", str(state), check=False)


class Jobs:
    """A bucket, a role and jobs of them."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.glue = cloud.client("glue")
        self.bucket = cloud.bucket()
        self.role = cloud.role(
            "glue.amazonaws.com",
            allow("s3:*", on=[f"arn:aws:s3:::{self.bucket}", f"arn:aws:s3:::{self.bucket}/*"]),
            managed=("arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole",),
        )

    def put(self, key: str, text: str) -> str:
        self.cloud.client("s3").put_object(Bucket=self.bucket, Key=key, Body=text.encode())
        return f"s3://{self.bucket}/{key}"

    def make(self, script: str, **more: Any) -> str:
        """A Python shell job of a script."""
        name = unique("job")
        command = {"Name": "pythonshell", "PythonVersion": "3.9", "ScriptLocation": self.put(f"{name}.py", script)}
        self.glue.create_job(**{"Name": name, "Role": self.role, "Command": command, **more})
        return name

    def state(self, name: str, run_id: str) -> str:
        return str(self.glue.get_job_run(JobName=name, RunId=run_id)["JobRun"]["JobRunState"])

    def finish(self, name: str, **more: Any) -> dict[str, Any]:
        """Run a job to its end."""
        return self.end(name, self.glue.start_job_run(JobName=name, **more)["JobRunId"])

    def end(self, name: str, run_id: str) -> dict[str, Any]:
        wait_for(lambda: self.state(name, run_id) in ENDED)
        found: dict[str, Any] = self.glue.get_job_run(JobName=name, RunId=run_id)["JobRun"]
        return found

    def logs(self, group: str, run_id: str) -> list[str]:
        events = self.cloud.client("logs").get_log_events(logGroupName=group, logStreamName=run_id)["events"]
        return [one["message"] for one in events]


@pytest.fixture(scope="module")
def jobs(quick: Cloud) -> Jobs:
    return Jobs(quick)


def fault(cloud: Cloud, *rules: dict[str, Any]) -> None:
    request = urllib.request.Request(
        cloud.endpoint + "/_localaws/faults", data=json.dumps(list(rules)).encode(), method="PUT"
    )
    urllib.request.urlopen(request, timeout=10).close()


def test_a_job_keeps_every_field_and_gets_the_defaults_of_aws(jobs: Jobs) -> None:
    name = unique("job")
    declared = {
        "Role": jobs.role,
        "Command": {"Name": "glueetl", "ScriptLocation": "s3://b/s.py", "PythonVersion": "3"},
        "Description": "d",
        "ExecutionProperty": {"MaxConcurrentRuns": 3},
        "ExecutionClass": "FLEX",
        "NotificationProperty": {"NotifyDelayAfter": 5},
        "MaintenanceWindow": "Sun:10",
        "DefaultArguments": {"--a": "b"},
        "NonOverridableArguments": {"--c": "d"},
        "Connections": {"Connections": ["x"]},
        "SourceControlDetails": {"Provider": "GITHUB"},
        "GlueVersion": "5.0",
        "WorkerType": "G.2X",
        "NumberOfWorkers": 4,
        "MaxRetries": 1,
        "Timeout": 7,
        "SecurityConfiguration": "sc",
        "LogUri": "s3://x",
    }
    jobs.glue.create_job(Name=name, Tags={"k": "v"}, **declared)
    found = jobs.glue.get_job(JobName=name)["Job"]
    assert {key: found[key] for key in declared} == declared
    assert (found["MaxCapacity"], found["AllocatedCapacity"], found["JobMode"]) == (8.0, 8, "SCRIPT")
    arn = f"arn:aws:glue:us-east-1:{jobs.cloud.account}:job/{name}"
    assert jobs.glue.get_tags(ResourceArn=arn)["Tags"] == {"k": "v"}
    update = {key: declared[key] for key in ("Role", "Command")}
    jobs.glue.update_job(JobName=name, JobUpdate=update)
    found = jobs.glue.get_job(JobName=name)["Job"]
    assert found["Timeout"] == 480
    assert found["ExecutionProperty"] == {"MaxConcurrentRuns": 1}
    assert not {"Description", "DefaultArguments", "WorkerType", "NotificationProperty"} & set(found)
    jobs.glue.delete_job(JobName=name)
    jobs.glue.delete_job(JobName=name)


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"MaxCapacity": 2.0, "AllocatedCapacity": 2}, "set only Allocated Capacity or Max Capacity"),
        ({"MaxCapacity": 2.0, "WorkerType": "G.1X", "NumberOfWorkers": 2}, "do not set Max Capacity"),
        ({"WorkerType": "G.1X"}, "both Worker Type and Number of Workers"),
        ({"Command": {"Name": "glueray", "Runtime": "Ray2.4"}, "Timeout": 1}, "Timeout not supported for Ray"),
        ({"Command": {"Name": "nonsense"}}, "Invalid job command name"),
        ({"Timeout": 10081}, "at most 7 days"),
        ({"MaintenanceWindow": "Someday"}, "such as Sun:10"),
        ({"Role": "no-such-role"}, "verify role's TrustPolicy"),
        ({"Command": {"Name": "pythonshell"}, "MaxCapacity": 3.0}, "0.0625 or 1"),
    ],
)
def test_what_does_not_go_together_is_refused(jobs: Jobs, declared: dict[str, Any], words: str) -> None:
    with pytest.raises(ClientError) as raised:
        jobs.glue.create_job(**{"Name": unique("job"), "Role": jobs.role, "Command": {"Name": "glueetl"}, **declared})
    assert error_code(raised) == "InvalidInputException"
    assert words in str(raised.value)


def test_what_is_too_long_is_refused(jobs: Jobs) -> None:
    with pytest.raises(ClientError) as raised:
        jobs.glue.create_job(Name="x" * 256, Role=jobs.role, Command={"Name": "glueetl"})
    assert error_code(raised) == "ValidationException"
    assert "at 'name' failed to satisfy constraint: Member must have length less than" in str(raised.value)


def test_a_name_that_is_taken_is_refused(jobs: Jobs) -> None:
    name = jobs.make("pass")
    with pytest.raises(ClientError) as raised:
        jobs.glue.create_job(Name=name, Role=jobs.role, Command={"Name": "glueetl"})
    assert error_code(raised) == "IdempotentParameterMismatchException"


def test_a_run_acts_as_its_role_and_its_logs_are_there_when_it_has_succeeded(jobs: Jobs) -> None:
    script = (
        "import sys, boto3\nfrom awsglue.utils import getResolvedOptions\n"
        "options = getResolvedOptions(sys.argv, ['color', 'size'])\nprint(options['color'], options['size'])\n"
        "print(boto3.client('sts').get_caller_identity()['Arn'])\nprint('to stderr', file=sys.stderr)\n"
    )
    name = jobs.make(script, DefaultArguments={"--color": "red", "--size": "1"})
    found = jobs.finish(name, Arguments={"--size": "2"})
    assert found["JobRunState"] == "SUCCEEDED"
    assert found["Arguments"] == {"--size": "2"}
    lines = jobs.logs("/aws-glue/python-jobs/output", found["Id"])
    assert lines[0] == "red 2"
    assert lines[1].startswith(f"arn:aws:sts::{jobs.cloud.account}:assumed-role/{jobs.role.rsplit('/', 1)[1]}/")
    assert jobs.logs("/aws-glue/python-jobs/error", found["Id"]) == ["to stderr"]


def test_a_script_that_raises_fails_with_its_error(jobs: Jobs) -> None:
    found = jobs.finish(jobs.make("raise ValueError('no such color')"))
    assert (found["JobRunState"], found["ErrorMessage"]) == ("FAILED", "ValueError: no such color")


def test_a_role_without_a_permission_fails_with_the_error_of_aws(jobs: Jobs) -> None:
    name = jobs.make("import boto3\nboto3.client('s3').get_object(Bucket='" + jobs.cloud.bucket() + "', Key='k')")
    found = jobs.finish(name)
    assert found["JobRunState"] == "FAILED"
    assert "AccessDenied" in found["ErrorMessage"]


def test_a_script_that_is_not_there_or_not_allowed_fails_at_launch(jobs: Jobs) -> None:
    for location, words in ((f"s3://{jobs.bucket}/none.py", "404"), (f"s3://{jobs.cloud.bucket()}/none.py", "403")):
        name = unique("job")
        command = {"Name": "pythonshell", "PythonVersion": "3.9", "ScriptLocation": location}
        jobs.glue.create_job(Name=name, Role=jobs.role, Command=command)
        found = jobs.finish(name)
        assert found["JobRunState"] == "FAILED"
        assert "LAUNCH ERROR" in found["ErrorMessage"]
        assert words in found["ErrorMessage"]


def test_syntax_newer_than_the_declared_python_fails(jobs: Jobs) -> None:
    found = jobs.finish(jobs.make("match 1:\n    case 1:\n        pass\n"))
    assert found["JobRunState"] == "FAILED"
    assert "SyntaxError" in found["ErrorMessage"]


def test_a_run_is_stopped(jobs: Jobs) -> None:
    name = jobs.make("import time\nprint('begun', flush=True)\ntime.sleep(60)")
    run_id = jobs.glue.start_job_run(JobName=name)["JobRunId"]
    wait_for(lambda: jobs.state(name, run_id) == "RUNNING")
    answer = jobs.glue.batch_stop_job_run(JobName=name, JobRunIds=[run_id, "jr_none"])
    assert [one["JobRunId"] for one in answer["SuccessfulSubmissions"]] == [run_id]
    assert answer["Errors"][0]["ErrorDetail"]["ErrorCode"] == "EntityNotFoundException"
    assert jobs.state(name, run_id) in ("STOPPING", "STOPPED")
    assert jobs.end(name, run_id)["JobRunState"] == "STOPPED"


def test_a_run_times_out(jobs: Jobs) -> None:
    found = jobs.finish(jobs.make("import time\ntime.sleep(60)"), Timeout=1)
    assert (found["JobRunState"], found["Timeout"]) == ("TIMEOUT", 1)


def test_runs_beyond_the_limit_are_refused_or_wait(jobs: Jobs) -> None:
    name = jobs.make("import time\ntime.sleep(1.5)")
    first = jobs.glue.start_job_run(JobName=name)["JobRunId"]
    with pytest.raises(ClientError) as raised:
        jobs.glue.start_job_run(JobName=name)
    assert error_code(raised) == "ConcurrentRunsExceededException"
    second = jobs.glue.start_job_run(JobName=name, JobRunQueuingEnabled=True)["JobRunId"]
    waiting = jobs.glue.get_job_run(JobName=name, RunId=second)["JobRun"]
    assert (waiting["JobRunState"], "queued" in waiting["StateDetail"]) == ("WAITING", True)
    assert jobs.end(name, first)["JobRunState"] == "SUCCEEDED"
    assert jobs.end(name, second)["JobRunState"] == "SUCCEEDED"


def test_a_failed_run_is_tried_again(jobs: Jobs) -> None:
    name = jobs.make("raise SystemExit(3)", MaxRetries=1)
    first = jobs.finish(name)
    again = jobs.end(name, first["Id"] + "_attempt_1")
    assert (first["Attempt"], again["Attempt"], again["PreviousRunId"]) == (0, 1, first["Id"])
    assert again["JobRunState"] == "FAILED"
    assert len(jobs.glue.get_job_runs(JobName=name)["JobRuns"]) == 2


def test_a_streaming_run_expires_after_a_week_and_another_goes_on(tmp_path: Path) -> None:
    minute = "0.0005"  # a week lasts five seconds
    jobs = Jobs(start(tmp_path / "state", "--port", str(free_port()), "--minute", minute))
    name, script = unique("job"), jobs.put("s.py", "import time\ntime.sleep(60)")
    command = {"Name": "gluestreaming", "ScriptLocation": script, "PythonVersion": "3"}
    jobs.glue.create_job(Name=name, Role=jobs.role, Command=command, GlueVersion="5.0")
    assert "Timeout" not in jobs.glue.get_job(JobName=name)["Job"]
    first = jobs.finish(name, Arguments={"--a": "b"})
    assert first["JobRunState"] == "EXPIRED"
    again = jobs.end(name, first["Id"] + "_restart_1")
    assert (again["JobRunState"], again["Arguments"], again["PreviousRunId"]) == ("EXPIRED", {"--a": "b"}, first["Id"])
    third = first["Id"] + "_restart_2"
    wait_for(lambda: jobs.state(name, third) == "RUNNING")
    jobs.glue.batch_stop_job_run(JobName=name, JobRunIds=[third])
    assert jobs.end(name, third)["JobRunState"] == "STOPPED"
    run("down", "--state", str(jobs.cloud.state))


@pytest.mark.parametrize(
    ("window", "days"), [(None, 7.0), ("Thu:12", 7 + 2 / 24), ("Thu:10", 7.0), ("Thu:9", 14 - 1 / 24), ("Fri:10", 8.0)]
)
def test_a_maintenance_window_says_when(window: str | None, days: float) -> None:
    thursday = datetime.datetime(2026, 1, 1, 10, 0, tzinfo=datetime.UTC).timestamp()
    told = {"StartedOn": thursday, **({"MaintenanceWindow": window} if window else {})}
    assert maintenance.minutes(told, "gluestreaming") == pytest.approx(days * 24 * 60)
    assert maintenance.minutes(told, "glueetl") is None
    assert maintenance.minutes({**told, "Timeout": 60}, "gluestreaming") is None


@pytest.mark.parametrize("state", ["ERROR", "EXPIRED"])
def test_a_fault_ends_a_run_in_any_state(jobs: Jobs, state: str) -> None:
    name = jobs.make("pass")
    fault(jobs.cloud, {"service": "glue", "operation": "JobRun", "match": name, "run_state": state})
    assert jobs.finish(name)["JobRunState"] == state
    fault(jobs.cloud)


def test_a_user_needs_pass_role_to_create_a_job(jobs: Jobs) -> None:
    given = {"Name": unique("job"), "Role": jobs.role, "Command": {"Name": "glueetl"}}
    without = jobs.cloud.client("glue", **jobs.cloud.user(allow("glue:*")))
    with pytest.raises(ClientError) as raised:
        without.create_job(**given)
    assert error_code(raised) == "AccessDeniedException"
    assert "iam:PassRole" in str(raised.value)
    only_glue = {"StringEquals": {"iam:PassedToService": "glue.amazonaws.com"}}
    passing = {**allow("iam:PassRole", on=jobs.role), "Condition": only_glue}
    jobs.cloud.client("glue", **jobs.cloud.user(allow("glue:*"), passing)).create_job(**given)


def test_permissions_may_name_one_job(jobs: Jobs) -> None:
    name, other = jobs.make("pass"), jobs.make("pass")
    arn = f"arn:aws:glue:us-east-1:{jobs.cloud.account}:job/{name}"
    glue = jobs.cloud.client("glue", **jobs.cloud.user(allow("glue:GetJob", on=arn)))
    assert glue.get_job(JobName=name)
    with pytest.raises(ClientError) as raised:
        glue.get_job(JobName=other)
    assert error_code(raised) == "AccessDeniedException"


def gadget(jobs: Jobs, directory: Path, value: int) -> str:
    """A wheel in the bucket, of a module whose VALUE is given."""
    import zipfile

    wheel = directory / "gadget-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("gadget.py", f"VALUE = {value}\n")
        archive.writestr("gadget-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: gadget\nVersion: 1.0\n")
        tag = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr("gadget-1.0.dist-info/WHEEL", tag)
        archive.writestr("gadget-1.0.dist-info/RECORD", "gadget.py,,\n")
    key = f"{unique('wheels')}/{wheel.name}"
    jobs.cloud.client("s3").upload_file(str(wheel), jobs.bucket, key)
    return f"s3://{jobs.bucket}/{key}"


def test_runs_that_ask_for_the_same_modules_share_them_also_at_the_same_time(jobs: Jobs, tmp_path: Path) -> None:
    value = time.time_ns()  # a wheel that no earlier session has installed
    arguments = {"--additional-python-modules": gadget(jobs, tmp_path, value)}
    script = "import gadget\nprint(gadget.VALUE, gadget.__file__)"
    names = [jobs.make(script, DefaultArguments=arguments) for _ in range(3)]
    started = [(name, jobs.glue.start_job_run(JobName=name)["JobRunId"]) for name in names]
    for name, run_id in started:
        assert jobs.end(name, run_id)["JobRunState"] == "SUCCEEDED"
    printed = {jobs.logs("/aws-glue/python-jobs/output", run_id)[0] for _, run_id in started}
    assert {text.split()[0] for text in printed} == {str(value)}
    [place] = {text.split()[1] for text in printed}
    directory = Path(place).parent
    made = directory.stat().st_ino
    assert jobs.finish(names[0])["JobRunState"] == "SUCCEEDED"
    assert directory.stat().st_ino == made  # not made again
    other = jobs.make(script, DefaultArguments={"--additional-python-modules": gadget(jobs, tmp_path, value + 1)})
    assert jobs.logs("/aws-glue/python-jobs/output", jobs.finish(other)["Id"])[0].startswith(f"{value + 1} ")


def test_modules_that_cannot_be_installed_fail_the_run_and_pips_words_are_in_its_log(jobs: Jobs) -> None:
    options = {"--python-modules-installer-option": "--no-index", "--additional-python-modules": "no-such-module==9.9"}
    found = jobs.finish(jobs.make("pass", DefaultArguments=options))
    assert found["JobRunState"] == "FAILED"
    assert "Python Module Installer indicates modules that failed to install" in found["ErrorMessage"]
    assert "no-such-module==9.9" in found["ErrorMessage"]
    assert "No matching distribution found" in "".join(jobs.logs("/aws-glue/python-jobs/error", found["Id"]))


@pytest.mark.parametrize(
    ("module", "arguments", "state"),
    [
        ("boto3", {}, "SUCCEEDED"),
        ("awscli.clidriver", {}, "SUCCEEDED"),
        ("pymysql", {}, "FAILED"),
        ("pyarrow.parquet", {"library-set": "analytics"}, "SUCCEEDED"),
        ("psycopg", {"library-set": "analytics"}, "FAILED"),
        ("localaws", {}, "FAILED"),
    ],
)
def test_a_run_imports_what_aws_has_and_what_it_asked_for(
    jobs: Jobs, module: str, arguments: dict[str, str], state: str
) -> None:
    found = jobs.finish(jobs.make(f"import {module}", DefaultArguments=arguments))
    assert found["JobRunState"] == state
    if state == "FAILED":
        assert found["ErrorMessage"] == f"ModuleNotFoundError: No module named '{module}'"


def test_a_run_whose_modules_are_being_installed_when_the_server_ends_is_an_error(tmp_path: Path) -> None:
    jobs = Jobs(start(tmp_path / "state", "--port", str(free_port())))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        index = f"--index-url http://127.0.0.1:{silent.getsockname()[1]}/"
        options = {"--python-modules-installer-option": index, "--additional-python-modules": "never-there"}
        name = jobs.make("pass", DefaultArguments=options)
        run_id = jobs.glue.start_job_run(JobName=name)["JobRunId"]
        silent.accept()  # pip asks, and waits
        run("down", "--state", str(jobs.cloud.state))
    start(jobs.cloud.state)
    assert jobs.state(name, run_id) == "ERROR"
    run("down", "--state", str(jobs.cloud.state))


def test_what_a_killed_server_left_of_an_installation_is_removed(tmp_path: Path) -> None:
    old, new = tmp_path / "draft-1", tmp_path / "draft-2"
    for draft in (old, new):
        draft.mkdir()
    os.utime(old, (time.time() - 25 * 3600,) * 2)
    modules._drop_unused(tmp_path)
    assert list(tmp_path.iterdir()) == [new]  # somebody is at work at the other


def test_modules_are_installed_and_files_fetched(jobs: Jobs, tmp_path: Path) -> None:
    import zipfile

    package = tmp_path / "tools.zip"
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("tools/__init__.py", "VALUE = 42\n")
    jobs.cloud.client("s3").upload_file(str(package), jobs.bucket, "tools.zip")
    jobs.put("extra.txt", "hello")
    wheel = gadget(jobs, tmp_path, 7)
    name = jobs.make(
        "import tools, gadget\nprint(tools.VALUE, gadget.VALUE, open('extra.txt').read())",
        DefaultArguments={
            "--additional-python-modules": wheel,
            "--extra-py-files": f"s3://{jobs.bucket}/tools.zip",
            "--extra-files": f"s3://{jobs.bucket}/extra.txt",
        },
    )
    found = jobs.finish(name)
    assert found["JobRunState"] == "SUCCEEDED", found
    assert jobs.logs("/aws-glue/python-jobs/output", found["Id"]) == ["42 7 hello"]
