"""What follows when a run has ended: a retry, a run that waited, triggers."""

from __future__ import annotations

import re

from localaws.contract import AwsError
from localaws.glue import maintenance, running, store
from localaws.glue.operation import now
from localaws.glue.store import Record

_KEPT = (
    "JobName", "Arguments", "Timeout", "TriggerName", "WorkflowName", "WorkflowRunId", "WorkerType", "NumberOfWorkers",
    "MaintenanceWindow",
)


def settled(region: str, job: Record, run: Record) -> None:
    """Called with the store's lock held, after a run reached a state it never leaves."""
    from localaws.glue import triggers

    retried = _go_on(region, job, run) or _retry(region, job, run)
    release(region, job["Name"])
    if not retried:
        triggers.job_ended(region, run)


def release(region: str, name: str) -> None:
    """Start runs of a job that wait for a place."""
    from localaws.glue import runs

    memory = store.store(region)
    kept = memory.jobs.get(name)
    if kept is None:
        return
    job = kept["Job"]
    for run in reversed(memory.runs.get(name, [])):
        active = sum(one["JobRunState"] in running.OCCUPYING for one in memory.runs[name])
        if active >= job["ExecutionProperty"].get("MaxConcurrentRuns", 1):
            return
        if run["JobRunState"] == "WAITING":
            run.update(JobRunState="STARTING", LastModifiedOn=now())
            run.pop("StateDetail", None)
            running.launch(region, job, run, runs.arguments(job, run))


def _retry(region: str, job: Record, run: Record) -> bool:
    """Start the next attempt of a failed run, as often as its job says."""
    memory = store.store(region)
    if run["JobRunState"] != "FAILED" or run["Attempt"] >= job.get("MaxRetries", 0) or job["Name"] not in memory.jobs:
        return False
    first = re.split("_attempt_|_restart_", run["Id"])[0]
    attempt = run["Attempt"] + 1
    return _begin(region, job, run, Id=f"{first}_attempt_{attempt}", Attempt=attempt)


def _go_on(region: str, job: Record, run: Record) -> bool:
    """Start the run that goes on where a streaming one has expired."""
    if run["JobRunState"] != "EXPIRED" or job["Name"] not in store.store(region).jobs:
        return False
    return _begin(region, job, run, Id=maintenance.next_id(run["Id"]), Attempt=run["Attempt"])


def _begin(region: str, job: Record, run: Record, **more: str | int) -> bool:
    from localaws.glue import runs

    again: Record = {key: run[key] for key in _KEPT if key in run}
    try:
        runs.begin(store.store(region), region, job, {**again, **more, "PreviousRunId": run["Id"]})
    except AwsError:
        return False  # somebody else's run took the place
    return True
