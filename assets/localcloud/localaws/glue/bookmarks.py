"""Job bookmarks: what a job has processed, kept between its runs. `awsglue.job.Job` reads and writes the file."""

from __future__ import annotations

import json
from pathlib import Path

from localaws.glue import store
from localaws.glue.operation import Call, Operation, not_found
from localaws.glue.store import Record


def get_job_bookmark(call: Call) -> Record:
    """GetJobBookmark."""
    return {"JobBookmarkEntry": _bookmark(call)}


def reset_job_bookmark(call: Call) -> Record:
    """ResetJobBookmark: the next run begins anew."""
    old = _bookmark(call)
    new = {
        "JobName": old["JobName"],
        "Version": old["Version"] + 1,
        "Run": 0,
        "Attempt": 0,
        "JobBookmark": "{}",
    }
    call.store.bookmarks[old["JobName"]] = new
    return {"JobBookmarkEntry": new}


def write(region: str, name: str, arguments: dict[str, str], file: Path) -> None:
    """Give a run what its job has processed, if it asks for it."""
    if arguments.get("--job-bookmark-option", "job-bookmark-disable") != "job-bookmark-disable":
        kept = store.store(region).bookmarks.get(name)
        file.write_text(kept["JobBookmark"] if kept else "{}")


def read(region: str, name: str, run: Record, file: Path) -> None:
    """Keep what a run that succeeded has committed."""
    committed = file.with_suffix(".committed")
    if not committed.exists():
        return
    with store.lock:
        kept = store.store(region).bookmarks
        old = kept.get(name, {"Version": 0, "Run": 0})
        kept[name] = {
            "JobName": name,
            "Version": old["Version"] + 1,
            "Run": old["Run"] + 1,
            "Attempt": run["Attempt"],
            **({"PreviousRunId": old["RunId"]} if "RunId" in old else {}),
            "RunId": run["Id"],
            "JobBookmark": json.dumps(json.loads(committed.read_text())),
        }


def _bookmark(call: Call) -> Record:
    found = call.store.bookmarks.get(call.input["JobName"])
    if found is None:
        raise not_found(f"Continuation for job {call.input['JobName']} not found")
    return found


OPERATIONS: dict[str, Operation] = {
    "GetJobBookmark": get_job_bookmark,
    "ResetJobBookmark": reset_job_bookmark,
}
