"""Workflows: triggers that belong together, and their runs."""

from __future__ import annotations

import secrets
from collections import Counter

from localaws.contract import AwsError, changed
from localaws.glue import crawling, running, store, tags, triggers
from localaws.glue.operation import Call, Operation, already_exists, invalid, not_found, now, page
from localaws.glue.store import Record

_STATISTICS = {
    "SUCCEEDED": "SucceededActions", "FAILED": "FailedActions", "TIMEOUT": "TimeoutActions",
    "STOPPED": "StoppedActions",
    "CANCELLED": "StoppedActions", "ERROR": "ErroredActions", "RUNNING": "RunningActions", "WAITING": "WaitingActions",
    "EXPIRED": "ErroredActions",
}  # fmt: skip


def create_workflow(call: Call) -> Record:
    """CreateWorkflow."""
    name = call.input["Name"]
    if name in call.store.workflows:
        raise already_exists(f"Workflow {name} already exists.")
    when = now()
    kept = {key: value for key, value in call.input.items() if key != "Tags"}
    call.store.workflows[name] = {**kept, "CreatedOn": when, "LastModifiedOn": when}
    tags.put(call, f"workflow/{name}", call.input.get("Tags"))
    return {"Name": name}


def get_workflow(call: Call) -> Record:
    """GetWorkflow."""
    return {"Workflow": _shown(call, _workflow(call, call.input["Name"]))}


def list_workflows(call: Call) -> Record:
    """ListWorkflows."""
    found, more = page(sorted(call.store.workflows), call.input, default=25, most=25)
    return {"Workflows": found, **more}


def batch_get_workflows(call: Call) -> Record:
    """BatchGetWorkflows."""
    wanted, kept = call.input["Names"], call.store.workflows
    answer: Record = {"Workflows": [_shown(call, kept[name]) for name in wanted if name in kept]}
    missing = [name for name in wanted if name not in kept]
    return {**answer, "MissingWorkflows": missing} if missing else answer


def update_workflow(call: Call) -> Record:
    """UpdateWorkflow merges."""
    kept = _workflow(call, call.input["Name"])
    kept.update(call.input, LastModifiedOn=now())
    return {"Name": kept["Name"]}


def delete_workflow(call: Call) -> Record:
    """DeleteWorkflow takes its triggers along; jobs and crawlers stay."""
    name = call.input["Name"]
    if name in call.store.workflows:
        del call.store.workflows[name]
        call.store.workflow_runs.pop(name, None)
        for one in [one for one in call.store.triggers.values() if one.get("WorkflowName") == name]:
            del call.store.triggers[one["Name"]]
        tags.drop(call, f"workflow/{name}")
    return {"Name": name}


def start_workflow_run(call: Call) -> Record:
    """StartWorkflowRun fires the workflow's starting trigger."""
    name = _workflow(call, call.input["Name"])["Name"]
    return {"RunId": begin(call.region, name, call.input.get("RunProperties") or {})["WorkflowRunId"]}


def begin(region: str, name: str, properties: dict[str, str]) -> Record:
    """Start a run of a workflow."""
    memory = store.store(region)
    workflow = memory.workflows[name]
    runs = memory.workflow_runs.setdefault(name, [])
    most = workflow.get("MaxConcurrentRuns")
    if most and sum(run["Status"] in ("RUNNING", "STOPPING") for run in runs) >= most:
        raise AwsError("ConcurrentRunsExceededException", f"Concurrent runs of workflow {name} exceeded.")
    own = [one for one in memory.triggers.values() if one.get("WorkflowName") == name]
    starts = [one for one in own if one["Type"] in ("ON_DEMAND", "SCHEDULED")]
    if not starts:
        raise invalid(f"Workflow {name} has no starting trigger.")
    run: Record = {
        "Name": name,
        "WorkflowRunId": "wr_" + secrets.token_hex(32),
        "WorkflowRunProperties": {**workflow.get("DefaultRunProperties", {}), **properties},
        "StartedOn": now(),
        "Status": "RUNNING",
        "Actions": [],
        "Fired": [one["Name"] for one in starts],
    }
    runs.insert(0, run)
    for one in starts:
        triggers.fire(region, one, run)
    _settle(region, run)
    return run


def get_workflow_run(call: Call) -> Record:
    """GetWorkflowRun."""
    return {"Run": _shown_run(call, _run(call))}


def get_workflow_runs(call: Call) -> Record:
    """GetWorkflowRuns, the newest first."""
    _workflow(call, call.input["Name"])
    found, more = page(call.store.workflow_runs.get(call.input["Name"], []), call.input)
    return {"Runs": [_shown_run(call, run) for run in found], **more}


def get_workflow_run_properties(call: Call) -> Record:
    """GetWorkflowRunProperties."""
    return {"RunProperties": _run(call)["WorkflowRunProperties"]}


def put_workflow_run_properties(call: Call) -> Record:
    """PutWorkflowRunProperties merges."""
    _run(call)["WorkflowRunProperties"] |= call.input["RunProperties"]
    return {}


def stop_workflow_run(call: Call) -> Record:
    """StopWorkflowRun stops what runs and fires nothing more."""
    run = _run(call)
    if run["Status"] != "RUNNING":
        raise AwsError("IllegalWorkflowStateException", f"The workflow run is {run['Status']}.")
    run["Status"] = "STOPPING"
    for action in run["Actions"]:
        if action["State"] != "RUNNING":
            continue
        live = running.underway(action["Id"]) or crawling.underway(call.region, action["Name"])
        if live:
            live.stopping.set()
    _settle(call.region, run)
    return {}


def with_run(given: Record, run: Record) -> Record:
    """What a run of a job in a workflow is given besides."""
    arguments = {
        **(given.get("Arguments") or {}),
        "--WORKFLOW_NAME": run["Name"],
        "--WORKFLOW_RUN_ID": run["WorkflowRunId"],
    }
    return {**given, "Arguments": arguments, "WorkflowName": run["Name"], "WorkflowRunId": run["WorkflowRunId"]}


def action_ended(region: str, action_id: str, state: str) -> None:
    """A job run or crawl of some workflow's run has ended: fire what waited for it."""
    for runs in store.store(region).workflow_runs.values():
        for run in runs:
            for action in run["Actions"]:
                first = str(action.get("Id", "")).split("_attempt_")[0]
                if first and first == action_id.split("_attempt_")[0] and action["State"] == "RUNNING":
                    action["State"] = state
                    _advance(region, run)
                    _settle(region, run)
                    changed("glue")
                    return


def _advance(region: str, run: Record) -> None:
    if run["Status"] != "RUNNING":
        return
    for one in list(store.store(region).triggers.values()):
        if one.get("WorkflowName") != run["Name"] or one["Name"] in run["Fired"]:
            continue
        if one["Type"] != "CONDITIONAL" or one["State"] != "ACTIVATED":
            continue
        conditions = one["Predicate"]["Conditions"]
        met = [
            any(triggers.matches(condition, _event(action)) for action in run["Actions"]) for condition in conditions
        ]
        if any(met) if one["Predicate"].get("Logical") == "ANY" else all(met):
            run["Fired"].append(one["Name"])
            triggers.fire(region, one, run)


def _event(action: Record) -> Record:
    if action["Kind"] == "JOB":
        return {"JobName": action["Name"], "State": action["State"]}
    return {"CrawlerName": action["Name"], "CrawlState": action["State"]}


def _settle(region: str, run: Record) -> None:
    """End a run whose actions have all ended."""
    if run["Status"] in ("RUNNING", "STOPPING") and all(one["State"] != "RUNNING" for one in run["Actions"]):
        run.update(Status="STOPPED" if run["Status"] == "STOPPING" else "COMPLETED", CompletedOn=now())


def _workflow(call: Call, name: str) -> Record:
    found = call.store.workflows.get(name)
    if found is None:
        raise not_found(f"Workflow {name} not found.")
    return found


def _run(call: Call) -> Record:
    _workflow(call, call.input["Name"])
    for run in call.store.workflow_runs.get(call.input["Name"], []):
        if run["WorkflowRunId"] == call.input["RunId"]:
            return run
    raise not_found(f"Workflow run {call.input['RunId']} not found.")


def _shown(call: Call, kept: Record) -> Record:
    shown = dict(kept)
    if runs := call.store.workflow_runs.get(kept["Name"]):
        shown["LastRun"] = _shown_run(call, runs[0], graph=False)
    if call.input.get("IncludeGraph"):
        shown["Graph"] = _graph(call, kept["Name"], None)
    return shown


def _shown_run(call: Call, run: Record, *, graph: bool = True) -> Record:
    shown = {key: value for key, value in run.items() if key not in ("Actions", "Fired")}
    counts = Counter(_STATISTICS.get(one["State"], "ErroredActions") for one in run["Actions"])
    shown["Statistics"] = {"TotalActions": len(run["Actions"]), **dict.fromkeys(_STATISTICS.values(), 0), **counts}
    if graph and call.input.get("IncludeGraph"):
        shown["Graph"] = _graph(call, run["Name"], run)
    return shown


def _graph(call: Call, name: str, run: Record | None) -> Record:
    """Nodes and edges: triggers lead to what they start, and what conditions wait for leads to triggers."""
    nodes: dict[str, Record] = {}
    edges = []
    for one in call.store.triggers.values():
        if one.get("WorkflowName") != name:
            continue
        own = f"TRIGGER:{one['Name']}"
        details = {key: value for key, value in one.items() if key != "Met"}
        nodes[own] = {"Type": "TRIGGER", "Name": one["Name"], "UniqueId": own, "TriggerDetails": {"Trigger": details}}
        for action in one.get("Actions", []):
            edges.append({"SourceId": own, "DestinationId": _node(call, nodes, action, run)})
        for condition in (one.get("Predicate") or {}).get("Conditions", []):
            edges.append({"SourceId": _node(call, nodes, condition, run), "DestinationId": own})
    return {"Nodes": list(nodes.values()), "Edges": edges}


def _node(call: Call, nodes: dict[str, Record], one: Record, run: Record | None) -> str:
    kind, name = ("JOB", one["JobName"]) if "JobName" in one else ("CRAWLER", one["CrawlerName"])
    own = f"{kind}:{name}"
    if own not in nodes:
        ids = [action.get("Id") for action in run["Actions"] if action["Name"] == name] if run else []
        if kind == "JOB":
            found = [one for one in call.store.runs.get(name, []) if one["Id"] in ids]
            details: Record = {"JobDetails": {"JobRuns": found}}
        else:
            crawls = [one for one in call.store.crawls.get(name, []) if one["CrawlId"] in ids]
            details = {"CrawlerDetails": {"Crawls": [_crawl(one) for one in crawls]}}
        nodes[own] = {"Type": kind, "Name": name, "UniqueId": own, **details}
    return own


def _crawl(one: Record) -> Record:
    states = {"COMPLETED": "SUCCEEDED", "STOPPED": "CANCELLED"}
    shown = {"State": states.get(one["State"], one["State"]), "StartedOn": one["StartTime"]}
    shown |= {"LogGroup": one["LogGroup"], "LogStream": one["LogStream"]}
    for name, other in (("CompletedOn", "EndTime"), ("ErrorMessage", "ErrorMessage")):
        if other in one:
            shown[name] = one[other]
    return shown


OPERATIONS: dict[str, Operation] = {
    "CreateWorkflow": create_workflow,
    "GetWorkflow": get_workflow,
    "ListWorkflows": list_workflows,
    "BatchGetWorkflows": batch_get_workflows,
    "UpdateWorkflow": update_workflow,
    "DeleteWorkflow": delete_workflow,
    "StartWorkflowRun": start_workflow_run,
    "GetWorkflowRun": get_workflow_run,
    "GetWorkflowRuns": get_workflow_runs,
    "GetWorkflowRunProperties": get_workflow_run_properties,
    "PutWorkflowRunProperties": put_workflow_run_properties,
    "StopWorkflowRun": stop_workflow_run,
}
