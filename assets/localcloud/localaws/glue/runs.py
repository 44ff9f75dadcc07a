"""Runs of jobs."""

from __future__ import annotations

import secrets

from localaws.contract import AwsError
from localaws.glue import capacity, maintenance, running
from localaws.glue.jobs import job
from localaws.glue.operation import Call, Operation, invalid, not_found, now, page
from localaws.glue.store import Record, Store


def start_job_run(call: Call) -> Record:
    """StartJobRun; with `JobRunId`, an earlier run is tried again with its arguments."""
    given = dict(call.input)
    definition = job(call, given["JobName"])
    if previous := given.get("JobRunId"):
        earlier = _run(call, given["JobName"], previous)
        given.setdefault("Arguments", earlier.get("Arguments", {}))
        given["PreviousRunId"] = previous
    run = begin(call.store, call.region, definition, given)
    return {"JobRunId": run["Id"]}


def get_job_run(call: Call) -> Record:
    """GetJobRun."""
    return {"JobRun": _shown(_run(call, call.input["JobName"], call.input["RunId"]))}


def get_job_runs(call: Call) -> Record:
    """GetJobRuns, the newest first."""
    job(call, call.input["JobName"])
    found, more = page(call.store.runs.get(call.input["JobName"], []), call.input, default=200, most=200)
    return {"JobRuns": [_shown(run) for run in found], **more}


def batch_stop_job_run(call: Call) -> Record:
    """BatchStopJobRun asks runs to stop; they are STOPPED a little later."""
    name = call.input["JobName"]
    stopped, errors = [], []
    for run_id in call.input["JobRunIds"]:
        try:
            _stop(_run(call, name, run_id))
            stopped.append({"JobName": name, "JobRunId": run_id})
        except AwsError as error:
            detail = {"ErrorCode": error.code, "ErrorMessage": error.message}
            errors.append({"JobName": name, "JobRunId": run_id, "ErrorDetail": detail})
    return {"SuccessfulSubmissions": stopped, "Errors": errors}


def begin(store: Store, region: str, definition: Record, given: Record) -> Record:
    """Make the record of a run and start it, or let it wait, or refuse it, as the job's concurrency demands."""
    name = definition["Name"]
    kind = definition["Command"]["Name"]
    declared = {key: given[key] for key in _CAPACITY if key in given}
    capacity.check(declared, kind)
    if given.get("Timeout", 1) > maintenance.WEEK:
        raise invalid(f"Timeout must be at most 7 days or {maintenance.WEEK} minutes.")
    active = [run for run in store.runs.get(name, []) if run["JobRunState"] in running.OCCUPYING]
    full = len(active) >= definition["ExecutionProperty"].get("MaxConcurrentRuns", 1)
    queued = given.get("JobRunQueuingEnabled", definition.get("JobRunQueuingEnabled", False))
    if full and not queued:
        raise AwsError("ConcurrentRunsExceededException", f"Concurrent runs exceeded for {name}")
    when = now()
    run: Record = {
        "Id": given.get("Id") or "jr_" + secrets.token_hex(32),
        "Attempt": given.get("Attempt", 0),
        "JobName": name,
        "JobMode": definition["JobMode"],
        "JobRunQueuingEnabled": queued,
        "StartedOn": when,
        "LastModifiedOn": when,
        "JobRunState": "WAITING" if full else "STARTING",
        "Arguments": dict(given.get("Arguments") or {}),
        "PredecessorRuns": given.get("PredecessorRuns", []),
        "ExecutionTime": 0,
        "LogGroupName": running.log_group(definition, definition.get("DefaultArguments", {})),
        "GlueVersion": definition["GlueVersion"],
        **_capacity(definition, declared, kind),
    }
    for member in ("PreviousRunId", "TriggerName", "WorkflowName", "WorkflowRunId"):
        if given.get(member):
            run[member] = given[member]
    for member in ("Timeout", "SecurityConfiguration", "NotificationProperty", "ExecutionClass", "MaintenanceWindow"):
        if (value := given.get(member, definition.get(member))) is not None:
            run[member] = value
    if full:
        run["StateDetail"] = _FULL
    store.runs.setdefault(name, []).insert(0, run)
    if not full:
        running.launch(region, definition, run, arguments(definition, run))
    return run


def without_job(store: Store, name: str, trigger: str) -> Record:
    """Make the record of a run whose job was deleted before its trigger fired: it ends in ERROR.

    Source: https://docs.aws.amazon.com/glue/latest/dg/job-run-statuses.html
    """
    when = now()
    run: Record = {
        "Id": "jr_" + secrets.token_hex(32), "Attempt": 0, "JobName": name, "TriggerName": trigger, "StartedOn": when,
        "LastModifiedOn": when, "CompletedOn": when, "JobRunState": "ERROR", "ErrorMessage": f"Job {name} not found.",
        "ExecutionTime": 0, "PredecessorRuns": [],
    }  # fmt: skip
    store.runs.setdefault(name, []).insert(0, run)
    return run


def arguments(definition: Record, run: Record) -> dict[str, str]:
    """A run's arguments: the job's, those of the run over them, and those that cannot be overridden over all."""
    return {
        **definition.get("DefaultArguments", {}),
        **run["Arguments"],
        **definition.get("NonOverridableArguments", {}),
    }


_FULL = "Concurrent job runs of the job exceeded; the run is queued."
"""Why a run is WAITING.

Source: https://docs.aws.amazon.com/glue/latest/dg/job-run-statuses.html
"""
_CAPACITY = ("MaxCapacity", "AllocatedCapacity", "WorkerType", "NumberOfWorkers")


def _capacity(definition: Record, declared: Record, kind: str) -> Record:
    if declared:
        return capacity.settled(declared, kind)
    return {key: definition[key] for key in _CAPACITY if key in definition}


def _run(call: Call, name: str, run_id: str) -> Record:
    for run in call.store.runs.get(name, []):
        if run["Id"] == run_id:
            return run
    raise not_found(f"Job Run {run_id} not found for job {name}.")


def _shown(run: Record) -> Record:
    """A run as it is answered: workflows' ids are ours alone, and time goes on while it runs."""
    shown = {key: value for key, value in run.items() if key not in ("WorkflowName", "WorkflowRunId")}
    if live := running.underway(run["Id"]):
        shown["ExecutionTime"] = live.seconds()
    return shown


def _stop(run: Record) -> None:
    if run["JobRunState"] == "WAITING":
        run.update(JobRunState="STOPPED", CompletedOn=now(), LastModifiedOn=now())
        run.pop("StateDetail", None)
        return
    live = running.underway(run["Id"])
    if run["JobRunState"] not in ("STARTING", "RUNNING") or live is None:
        text = f"JobRun {run['Id']} is {run['JobRunState']} and cannot be stopped."
        raise AwsError("InvalidInputException", text)
    run.update(JobRunState="STOPPING", LastModifiedOn=now())
    live.stopping.set()


OPERATIONS: dict[str, Operation] = {
    "StartJobRun": start_job_run,
    "GetJobRun": get_job_run,
    "GetJobRuns": get_job_runs,
    "BatchStopJobRun": batch_stop_job_run,
}
