"""What follows when a run has ended: a retry, a run that waited, triggers."""

from __future__ import annotations

from localaws.contract import AwsError
from localaws.glue import running, store
from localaws.glue.operation import now
from localaws.glue.store import Record


def settled(region: str, job: Record, run: Record) -> None:
    """Called with the store's lock held, after a run reached a state it never leaves."""
    from localaws.glue import triggers

    retried = _retry(region, job, run)
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
            running.launch(region, job, run, runs.arguments(job, run))


def _retry(region: str, job: Record, run: Record) -> bool:
    """Start the next attempt of a failed run, as often as its job says."""
    from localaws.glue import runs

    memory = store.store(region)
    if run["JobRunState"] != "FAILED" or run["Attempt"] >= job.get("MaxRetries", 0) or job["Name"] not in memory.jobs:
        return False
    first = run["Id"].split("_attempt_")[0]
    kept = ("Arguments", "Timeout", "TriggerName", "WorkflowName", "WorkflowRunId", "WorkerType", "NumberOfWorkers")
    again: Record = {key: run[key] for key in kept if key in run}
    again |= {
        "JobName": job["Name"],
        "Id": f"{first}_attempt_{run['Attempt'] + 1}",
        "Attempt": run["Attempt"] + 1,
        "PreviousRunId": run["Id"],
    }
    try:
        runs.begin(memory, region, job, again)
    except AwsError:
        return False  # somebody else's run took the place
    return True
