"""What was under way when the last server ended is settled at the next start: nothing stays RUNNING for ever."""

from __future__ import annotations

from localaws.glue import running, store
from localaws.glue.operation import now

_WHY = running.ENDED_WITH_SERVER


def settle() -> None:
    """End runs and crawls that no process stands behind any more, and start those that waited."""
    with store.lock:
        for region in store.regions():
            memory = store.store(region)
            for name, runs in memory.runs.items():
                for run in runs:
                    if run["JobRunState"] in running.OCCUPYING:
                        stopping = run["JobRunState"] == "STOPPING"
                        run.update(JobRunState="STOPPED" if stopping else "ERROR", CompletedOn=now())
                        run["LastModifiedOn"] = run["CompletedOn"]
                        if not stopping:
                            run["ErrorMessage"] = _WHY
                _release(region, name)
            for crawler in memory.crawlers.values():
                if crawler["State"] != "READY":
                    crawler["State"] = "READY"
                    for crawl in memory.crawls.get(crawler["Name"], []):
                        if crawl["State"] == "RUNNING":
                            crawl.update(State="FAILED", EndTime=now(), ErrorMessage=_WHY)
            for flow_runs in memory.workflow_runs.values():
                for flow in flow_runs:
                    if flow["Status"] in ("RUNNING", "STOPPING"):
                        flow.update(Status="ERROR", CompletedOn=now(), ErrorMessage=_WHY)


def _release(region: str, name: str) -> None:
    from localaws.glue import outcome

    outcome.release(region, name)
