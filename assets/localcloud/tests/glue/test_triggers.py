"""Triggers, workflows and schedules, with Python shell jobs that do nothing."""

from __future__ import annotations

import datetime
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from localaws.contract import AwsError
from localaws.glue import schedule
from tests.conftest import Cloud, error_code, free_port, run, start, unique, wait_for
from tests.glue.test_jobs import Jobs


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jobs]:
    state = tmp_path_factory.mktemp("triggers") / "state"
    yield Jobs(start(state, "--port", str(free_port()), "--minute", "1"))
    run("down", "--state", str(state), check=False)


def runs(jobs: Jobs, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = jobs.glue.get_job_runs(JobName=name)["JobRuns"]
    return found


def ended(jobs: Jobs, name: str, count: int = 1) -> list[dict[str, Any]]:
    def done() -> list[dict[str, Any]]:
        found = [one for one in runs(jobs, name) if one["JobRunState"] not in ("STARTING", "RUNNING", "WAITING")]
        return found if len(found) >= count else []

    return list(wait_for(done))


def test_a_trigger_on_demand_starts_its_jobs(jobs: Jobs) -> None:
    job, name = jobs.make("pass"), unique("trigger")
    jobs.glue.create_trigger(Name=name, Type="ON_DEMAND", Actions=[{"JobName": job, "Arguments": {"--a": "1"}}])
    assert jobs.glue.get_trigger(Name=name)["Trigger"]["State"] == "CREATED"
    jobs.glue.start_trigger(Name=name)
    found = ended(jobs, job)[0]
    assert (found["TriggerName"], found["Arguments"]) == (name, {"--a": "1"})


def test_a_trigger_of_a_job_that_was_deleted_leaves_a_run_in_error(jobs: Jobs) -> None:
    job, name = jobs.make("pass"), unique("trigger")
    jobs.glue.create_trigger(Name=name, Type="ON_DEMAND", Actions=[{"JobName": job}])
    definition = jobs.glue.get_job(JobName=job)["Job"]
    jobs.glue.delete_job(JobName=job)
    jobs.glue.start_trigger(Name=name)
    jobs.glue.create_job(Name=job, Role=jobs.role, Command=definition["Command"])
    assert [(one["JobRunState"], one["TriggerName"]) for one in runs(jobs, job)] == [("ERROR", name)]


def test_a_conditional_trigger_waits_for_all_of_its_conditions(jobs: Jobs) -> None:
    one, two, after = jobs.make("pass"), jobs.make("pass"), jobs.make("pass")
    conditions = [{"LogicalOperator": "EQUALS", "JobName": name, "State": "SUCCEEDED"} for name in (one, two)]
    jobs.glue.create_trigger(
        Name=unique("trigger"),
        Type="CONDITIONAL",
        StartOnCreation=True,
        Predicate={"Logical": "AND", "Conditions": conditions},
        Actions=[{"JobName": after}],
    )
    jobs.finish(one)
    assert runs(jobs, after) == []
    jobs.finish(two)
    assert len(ended(jobs, after)) == 1


def test_a_schedule_starts_jobs(jobs: Jobs) -> None:
    job, name = jobs.make("pass"), unique("trigger")
    jobs.glue.create_trigger(
        Name=name,
        Type="SCHEDULED",
        Schedule="cron(* * * * ? *)",
        StartOnCreation=True,
        Actions=[{"JobName": job}],
    )
    assert ended(jobs, job)
    with pytest.raises(ClientError) as raised:
        jobs.glue.update_trigger(Name=name, TriggerUpdate={"Schedule": "cron(0 1 * * ? *)"})
    assert error_code(raised) == "InvalidInputException"
    jobs.glue.stop_trigger(Name=name)
    assert jobs.glue.get_trigger(Name=name)["Trigger"]["State"] == "DEACTIVATED"
    jobs.glue.update_trigger(Name=name, TriggerUpdate={"Schedule": "cron(0 1 * * ? *)", "Actions": [{"JobName": job}]})
    jobs.glue.delete_trigger(Name=name)


def test_a_workflow_runs_to_its_end(jobs: Jobs) -> None:
    first, second, other = jobs.make("pass"), jobs.make("pass"), jobs.make("pass")
    workflow = unique("workflow")
    jobs.glue.create_workflow(Name=workflow, DefaultRunProperties={"a": "1"}, MaxConcurrentRuns=1)
    jobs.glue.create_trigger(
        Name=unique("start"), WorkflowName=workflow, Type="ON_DEMAND", Actions=[{"JobName": first}]
    )
    for state, action in (("SUCCEEDED", second), ("FAILED", other)):
        jobs.glue.create_trigger(
            Name=unique("then"),
            WorkflowName=workflow,
            Type="CONDITIONAL",
            StartOnCreation=True,
            Predicate={"Conditions": [{"LogicalOperator": "EQUALS", "JobName": first, "State": state}]},
            Actions=[{"JobName": action}],
        )
    run_id = jobs.glue.start_workflow_run(Name=workflow, RunProperties={"b": "2"})["RunId"]
    with pytest.raises(ClientError) as raised:
        jobs.glue.start_workflow_run(Name=workflow)
    assert error_code(raised) == "ConcurrentRunsExceededException"

    def found() -> dict[str, Any]:
        answer: dict[str, Any] = jobs.glue.get_workflow_run(Name=workflow, RunId=run_id, IncludeGraph=True)["Run"]
        return answer

    wait_for(lambda: found()["Status"] == "COMPLETED")
    assert found()["WorkflowRunProperties"] == {"a": "1", "b": "2"}
    statistics = found()["Statistics"]
    assert (statistics["TotalActions"], statistics["SucceededActions"], statistics["RunningActions"]) == (2, 2, 0)
    assert len(found()["Graph"]["Nodes"]) == 6
    assert runs(jobs, other) == []
    assert runs(jobs, second)[0]["Arguments"]["--WORKFLOW_RUN_ID"] == run_id
    jobs.glue.update_workflow(Name=workflow, Description="d")
    kept = jobs.glue.get_workflow(Name=workflow)["Workflow"]
    assert (kept["Description"], kept["MaxConcurrentRuns"], kept["LastRun"]["Status"]) == ("d", 1, "COMPLETED")
    jobs.glue.delete_workflow(Name=workflow)


@pytest.mark.parametrize(
    ("expression", "when", "expected"),
    [
        ("cron(15 12 * * ? *)", "2026-03-04 12:15", True),
        ("cron(15 12 * * ? *)", "2026-03-04 12:16", False),
        ("cron(0/10 * * * ? *)", "2026-03-04 01:20", True),
        ("cron(0 8 ? * MON-FRI *)", "2026-03-06 08:00", True),
        ("cron(0 8 ? * MON-FRI *)", "2026-03-07 08:00", False),
        ("cron(0 0 L * ? *)", "2026-02-28 00:00", True),
        ("cron(0 0 ? * 2#1 *)", "2026-03-02 00:00", True),
        ("cron(0 0 1 JAN,JUL ? 2026)", "2026-07-01 00:00", True),
    ],
)
def test_schedules(expression: str, when: str, expected: bool) -> None:
    assert schedule.due(expression, datetime.datetime.fromisoformat(when)) is expected


@pytest.mark.parametrize("expression", ["", "rate(5 minutes)", "cron(60 * * * ? *)", "cron(0 0 1 1 1 *)", "cron(a b)"])
def test_what_is_no_schedule_is_refused(expression: str) -> None:
    with pytest.raises(AwsError):
        schedule.check(expression)


def test_faults_are_closed_unless_opened(jobs: Jobs) -> None:
    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(jobs.cloud.endpoint + "/_localaws/faults", timeout=5)
    assert raised.value.code == 403


def test_two_starting_triggers_do_not_fit_one_workflow(cloud: Cloud) -> None:
    glue, workflow = cloud.client("glue"), unique("workflow")
    glue.create_workflow(Name=workflow)
    glue.create_trigger(Name=unique("t"), WorkflowName=workflow, Type="ON_DEMAND", Actions=[])
    with pytest.raises(ClientError) as raised:
        glue.create_trigger(Name=unique("t"), WorkflowName=workflow, Type="ON_DEMAND", Actions=[])
    assert error_code(raised) == "InvalidInputException"
