"""Definitions of jobs. UpdateJob replaces everything: what it does not name gets its default again."""

from __future__ import annotations

from localaws.contract import AwsError
from localaws.glue import capacity, maintenance, tags
from localaws.glue.operation import Call, Operation, invalid, not_found, now, page
from localaws.glue.roles import must_be_assumable
from localaws.glue.store import Record

COMMANDS = ("glueetl", "pythonshell", "gluestreaming", "glueray")
_DEFAULT_VERSION = "5.1"
"""What a Spark job runs on that names no version (seen in 2026)."""


def create_job(call: Call) -> Record:
    """CreateJob."""
    name = call.input["Name"]
    declared = {key: value for key, value in call.input.items() if key not in ("Name", "Tags")}
    old = call.store.jobs.get(name)
    if old is not None:
        if old["Declared"] == declared:
            raise AwsError("AlreadyExistsException", f"Job with name: {name} already exists")
        text = f"Job with name {name} already submitted with different configuration"
        raise AwsError("IdempotentParameterMismatchException", text)
    when = now()
    call.store.jobs[name] = {"Declared": declared, "Job": _job(name, declared, when, when)}
    tags.put(call, f"job/{name}", call.input.get("Tags"))
    return {"Name": name}


def get_job(call: Call) -> Record:
    """GetJob."""
    return {"Job": job(call, call.input["JobName"])}


def get_jobs(call: Call) -> Record:
    """GetJobs."""
    found, more = page([call.store.jobs[name]["Job"] for name in sorted(call.store.jobs)], call.input)
    return {"Jobs": found, **more}


def list_jobs(call: Call) -> Record:
    """ListJobs, filtered by tags."""
    found, more = page(tags.having(call, "job", sorted(call.store.jobs)), call.input)
    return {"JobNames": found, **more}


def batch_get_jobs(call: Call) -> Record:
    """BatchGetJobs."""
    wanted = call.input["JobNames"]
    missing = [name for name in wanted if name not in call.store.jobs]
    answer: Record = {"Jobs": [call.store.jobs[name]["Job"] for name in wanted if name in call.store.jobs]}
    return {**answer, "JobsNotFound": missing} if missing else answer


def update_job(call: Call) -> Record:
    """UpdateJob."""
    name = call.input["JobName"]
    old = job(call, name)
    declared = dict(call.input["JobUpdate"])
    if not declared.get("Role") or not declared.get("Command"):
        raise invalid("Role and Command of a job must be set.")
    call.store.jobs[name] = {"Declared": declared, "Job": _job(name, declared, old["CreatedOn"], now())}
    return {"JobName": name}


def delete_job(call: Call) -> Record:
    """DeleteJob; one that is not there is deleted already. Its runs go on."""
    name = call.input["JobName"]
    call.store.jobs.pop(name, None)
    call.store.bookmarks.pop(name, None)
    tags.drop(call, f"job/{name}")
    return {"JobName": name}


def job(call: Call, name: str) -> Record:
    """A job by its name."""
    found = call.store.jobs.get(name)
    if found is None:
        raise not_found(f"Job {name} not found.")
    kept: Record = found["Job"]
    return kept


def _job(name: str, declared: Record, created: float, modified: float) -> Record:
    command = dict(declared["Command"])
    kind = command.setdefault("Name", "glueetl")
    if kind not in COMMANDS:
        raise invalid(f"Invalid job command name: {kind}. Expected one of {', '.join(COMMANDS)}")
    if not declared.get("Role"):
        raise invalid("Role of a job must be set.")
    if kind == "glueray" and "Timeout" in declared:
        raise invalid("Timeout not supported for Ray jobs")
    if kind == "glueray" and "Runtime" not in command:
        raise invalid("Runtime is required for Ray jobs")
    if declared.get("Timeout", 1) < 1 and kind != "gluestreaming":
        raise invalid("Timeout must be at least 1 minute.")
    if declared.get("Timeout", 1) > maintenance.WEEK:
        raise invalid(f"Timeout must be at most 7 days or {maintenance.WEEK} minutes.")
    if window := declared.get("MaintenanceWindow"):
        maintenance.check(window)
    capacity.check(declared, kind)
    must_be_assumable(declared["Role"])
    # GetJob tells "2" for a Spark job that names no version of Python, though Glue 5 has none but 3.
    command.setdefault("PythonVersion", "2" if kind == "glueetl" else "3")
    version = declared.get("GlueVersion", "3.0" if kind == "pythonshell" else _DEFAULT_VERSION)
    new = kind == "glueetl" and float(version) >= 5
    defaults: Record = {
        "JobMode": "SCRIPT",
        "JobRunQueuingEnabled": False,
        "MaxRetries": 0,
        "ExecutionProperty": {"MaxConcurrentRuns": 1},
        "GlueVersion": version,
    }
    if kind in ("glueetl", "pythonshell"):
        defaults["Timeout"] = 480 if new else 2880
    if kind == "glueetl":
        defaults["ExecutionClass"] = "STANDARD"
    return {
        **defaults,
        **{key: value for key, value in declared.items() if key not in ("MaxCapacity", "AllocatedCapacity")},
        **capacity.settled(declared, kind),
        "Name": name,
        "Command": command,
        "CreatedOn": created,
        "LastModifiedOn": modified,
    }


OPERATIONS: dict[str, Operation] = {
    "CreateJob": create_job,
    "GetJob": get_job,
    "GetJobs": get_jobs,
    "ListJobs": list_jobs,
    "BatchGetJobs": batch_get_jobs,
    "UpdateJob": update_job,
    "DeleteJob": delete_job,
}
