"""Triggers: what starts jobs and crawlers, on demand, by the clock, or when others have ended."""

from __future__ import annotations

import logging

from localaws.contract import AwsError
from localaws.glue import schedule, store, tags
from localaws.glue.operation import Call, Operation, already_exists, invalid, not_found, page
from localaws.glue.store import Record

log = logging.getLogger("localaws.glue")


def create_trigger(call: Call) -> Record:
    """CreateTrigger."""
    given = call.input
    name = given["Name"]
    if name in call.store.triggers:
        raise already_exists(f"Trigger with name {name} already exists")
    if given["Type"] == "ON_DEMAND" and given.get("StartOnCreation"):
        raise invalid("StartOnCreation is not supported for triggers of type ON_DEMAND.")
    if workflow := given.get("WorkflowName"):
        _check_workflow(call, workflow, given["Type"])
    trigger = {key: given[key] for key in _KEPT if key in given}
    active = given.get("StartOnCreation") or given["Type"] == "EVENT"
    trigger["State"] = "ACTIVATED" if active else "CREATED"
    _check(call, trigger)
    call.store.triggers[name] = trigger
    tags.put(call, f"trigger/{name}", given.get("Tags"))
    return {"Name": name}


def get_trigger(call: Call) -> Record:
    """GetTrigger."""
    return {"Trigger": _shown(trigger(call, call.input["Name"]))}


def get_triggers(call: Call) -> Record:
    """GetTriggers."""
    found, more = page(_listed(call), call.input, most=200)
    return {"Triggers": [_shown(call.store.triggers[name]) for name in found], **more}


def list_triggers(call: Call) -> Record:
    """ListTriggers."""
    found, more = page(tags.having(call, "trigger", _listed(call)), call.input, most=200)
    return {"TriggerNames": found, **more}


def batch_get_triggers(call: Call) -> Record:
    """BatchGetTriggers."""
    wanted, kept = call.input["TriggerNames"], call.store.triggers
    answer: Record = {"Triggers": [_shown(kept[name]) for name in wanted if name in kept]}
    missing = [name for name in wanted if name not in kept]
    return {**answer, "TriggersNotFound": missing} if missing else answer


def update_trigger(call: Call) -> Record:
    """UpdateTrigger replaces the definition of a trigger that is not active."""
    kept = trigger(call, call.input["Name"])
    if kept["State"] == "ACTIVATED":
        raise invalid(f"Trigger {kept['Name']} is in ACTIVATED state and cannot be updated: stop it first.")
    given = call.input["TriggerUpdate"]
    new: Record = {key: kept[key] for key in ("Name", "Type", "WorkflowName", "State") if key in kept}
    new |= {key: given[key] for key in _KEPT if key in given and key != "Name"}
    _check(call, new)
    call.store.triggers[kept["Name"]] = new
    return {"Trigger": _shown(new)}


def delete_trigger(call: Call) -> Record:
    """DeleteTrigger; one that is not there is deleted already."""
    call.store.triggers.pop(call.input["Name"], None)
    tags.drop(call, f"trigger/{call.input['Name']}")
    return {"Name": call.input["Name"]}


def start_trigger(call: Call) -> Record:
    """StartTrigger: one on demand fires at once, any other begins to wait for its time or its conditions."""
    kept = trigger(call, call.input["Name"])
    if kept["Type"] == "ON_DEMAND":
        if kept.get("WorkflowName"):
            raise invalid("A trigger of a workflow on demand is started by StartWorkflowRun.")
        fire(call.region, kept)
    else:
        kept["State"] = "ACTIVATED"
        kept.pop("Met", None)
    return {"Name": kept["Name"]}


def stop_trigger(call: Call) -> Record:
    """StopTrigger."""
    kept = trigger(call, call.input["Name"])
    if kept["Type"] == "ON_DEMAND":
        raise invalid("A trigger on demand cannot be stopped.")
    kept["State"] = "DEACTIVATED"
    return {"Name": kept["Name"]}


def trigger(call: Call, name: str) -> Record:
    """A trigger by its name."""
    found = call.store.triggers.get(name)
    if found is None:
        raise not_found(f"Trigger {name} not found.")
    return found


def fire(region: str, kept: Record, workflow_run: Record | None = None) -> None:
    """Start what a trigger starts. What cannot start now is told in the log, and in the workflow's run."""
    from localaws.glue import crawling, runs, workflows

    memory = store.store(region)
    for action in kept.get("Actions", []):
        node: Record = {"Trigger": kept["Name"], "State": "ERROR"}
        if workflow_run is not None:
            workflow_run["Actions"].append(node)
        try:
            if name := action.get("JobName"):
                node |= {"Kind": "JOB", "Name": name}
                definition = memory.jobs.get(name)
                if definition is None:
                    node["Id"] = runs.without_job(memory, name, kept["Name"])["Id"]
                    raise not_found(f"Job {name} not found.")
                given = {**action, "TriggerName": kept["Name"]}
                if workflow_run is not None:
                    given = workflows.with_run(given, workflow_run)
                node |= {"Id": runs.begin(memory, region, definition["Job"], given)["Id"], "State": "RUNNING"}
            else:
                name = action.get("CrawlerName", "")
                node |= {"Kind": "CRAWLER", "Name": name}
                crawler = memory.crawlers.get(name)
                if crawler is None or crawler["State"] != "READY":
                    raise AwsError("CrawlerRunningException", f"Crawler {name} cannot be started.")
                node |= {"Id": crawling.launch(region, crawler).crawl["CrawlId"], "State": "RUNNING"}
        except AwsError as error:
            node["Message"] = error.message
            log.warning("trigger %s: %s", kept["Name"], error)


def job_ended(region: str, run: Record) -> None:
    """Called with the store's lock held, when a run has ended and is not tried again."""
    from localaws.glue import workflows

    if run.get("WorkflowRunId"):
        workflows.action_ended(region, run["Id"], run["JobRunState"])
    _ended(region, {"JobName": run["JobName"], "State": run["JobRunState"]})


def crawl_ended(region: str, name: str, status: str, crawl_id: str) -> None:
    """Called with the store's lock held, when a crawl has ended."""
    from localaws.glue import workflows

    workflows.action_ended(region, crawl_id, status)
    _ended(region, {"CrawlerName": name, "CrawlState": status})


def matches(condition: Record, event: Record) -> bool:
    """Whether something that ended is what a condition waits for."""
    return all(condition.get(key) == value for key, value in event.items())


def _ended(region: str, event: Record) -> None:
    """Fire the active conditional triggers, outside of workflows, whose conditions are met by now."""
    for kept in list(store.store(region).triggers.values()):
        if kept["Type"] != "CONDITIONAL" or kept["State"] != "ACTIVATED" or kept.get("WorkflowName"):
            continue
        conditions = kept["Predicate"]["Conditions"]
        met = set(kept.get("Met", [])) | {
            place for place, condition in enumerate(conditions) if matches(condition, event)
        }
        enough = bool(met) if kept["Predicate"].get("Logical") == "ANY" else len(met) == len(conditions)
        kept["Met"] = [] if enough else sorted(met)
        if enough:
            fire(region, kept)


_KEPT = ("Name", "WorkflowName", "Type", "Schedule", "Predicate", "Actions", "Description", "EventBatchingCondition")


def _shown(kept: Record) -> Record:
    return {key: value for key, value in kept.items() if key != "Met"}


def _listed(call: Call) -> list[str]:
    names = sorted(call.store.triggers)
    if job := call.input.get("DependentJobName"):
        if job not in call.store.jobs:
            raise not_found(f"Job {job} not found.")
        names = [
            name
            for name in names
            if any(one.get("JobName") == job for one in call.store.triggers[name].get("Actions", []))
        ]
    return names


def _check(call: Call, kept: Record) -> None:
    kind = kept["Type"]
    if kind == "EVENT":
        raise invalid("Triggers of type EVENT need EventBridge, which the local AWS does not have.")
    if kind == "SCHEDULED":
        if not kept.get("Schedule"):
            raise invalid("Schedule is required for triggers of type SCHEDULED.")
        schedule.check(kept["Schedule"])
    conditions = (kept.get("Predicate") or {}).get("Conditions", [])
    if kind == "CONDITIONAL" and not conditions:
        raise invalid("Predicate is required for triggers of type CONDITIONAL.")
    for one in [*kept.get("Actions", []), *conditions]:
        if ("JobName" in one) == ("CrawlerName" in one):
            raise invalid("Exactly one of JobName and CrawlerName must be set in an action or condition.")
        if "JobName" in one and one["JobName"] not in call.store.jobs:
            raise not_found(f"Job {one['JobName']} not found.")
        if "CrawlerName" in one and one["CrawlerName"] not in call.store.crawlers:
            raise not_found(f"Crawler {one['CrawlerName']} not found.")


def _check_workflow(call: Call, workflow: str, kind: str) -> None:
    if workflow not in call.store.workflows:
        raise not_found(f"Workflow {workflow} not found.")
    starts = [
        one
        for one in call.store.triggers.values()
        if one.get("WorkflowName") == workflow and one["Type"] in ("ON_DEMAND", "SCHEDULED", "EVENT")
    ]
    if starts and kind != "CONDITIONAL":
        raise invalid(f"Workflow {workflow} already has a starting trigger.")


OPERATIONS: dict[str, Operation] = {
    "CreateTrigger": create_trigger,
    "GetTrigger": get_trigger,
    "GetTriggers": get_triggers,
    "ListTriggers": list_triggers,
    "BatchGetTriggers": batch_get_triggers,
    "UpdateTrigger": update_trigger,
    "DeleteTrigger": delete_trigger,
    "StartTrigger": start_trigger,
    "StopTrigger": stop_trigger,
}
