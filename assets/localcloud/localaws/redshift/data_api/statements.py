"""Statements that were given, and where each is.

A statement is SUBMITTED, then PICKED, STARTED, and at last FINISHED, FAILED or ABORTED; it and its result are kept for
24 hours.
"""

from __future__ import annotations

import threading
import time
import uuid
from typing import Any

from localaws.contract import AwsError, Settings, caller, changed
from localaws.redshift.data_api import results

Statement = dict[str, Any]
"""As DescribeStatement answers it; names that begin with `_` are ours."""

ENDED = ("FINISHED", "FAILED", "ABORTED")
_KEPT_SECONDS = 24 * 3600

known: dict[str, Statement] = {}
moved = threading.Condition()
"""Notified whenever a statement's status changes."""
_query_id = 1000


def get_state() -> object:
    """Everything but results, which lie in files."""
    return {"statements": list(known.values()), "query_id": _query_id}


def restore_state(state: Any) -> None:
    """Take up what `get_state` answered."""
    global _query_id
    known.clear()
    known.update({one["Id"]: one for one in state["statements"]})
    _query_id = state["query_id"]


def begin(settings: Settings) -> None:
    """Statements that ran when the server ended have failed; old ones are dropped."""
    results.use(settings.state / "redshift-data")
    for statement in known.values():
        if statement["Status"] not in ENDED:
            statement["Status"] = "ABORTED"
            statement["Error"] = "The local AWS was stopped while the statement ran."
    prune()


def prune() -> None:
    """Drop what is older than 24 hours."""
    limit = time.time() - _KEPT_SECONDS
    for identifier in [one["Id"] for one in list(known.values()) if one["CreatedAt"] < limit]:
        statement = known.pop(identifier)
        for result in statement.get("_results", []):
            results.drop(result)


def new(given: dict[str, Any], sqls: list[str], *, batch: bool) -> Statement:
    """Record a statement that was given."""
    global _query_id
    now = time.time()
    identifier = str(uuid.uuid4())
    _query_id += 1
    statement: Statement = {
        "Id": identifier, "CreatedAt": now, "UpdatedAt": now, "Status": "SUBMITTED", "Duration": -1,
        "HasResultSet": False, "ResultRows": -1, "ResultSize": -1, "RedshiftPid": 0, "RedshiftQueryId": 0,
        "ResultFormat": given.get("ResultFormat", "JSON"), "_query": _query_id, "_owner": owner(), "_results": [],
        "_region": caller().region,
    }
    for name in ("ClusterIdentifier", "Database", "DbUser", "SecretArn", "StatementName", "SessionId"):
        if given.get(name) is not None:
            statement[name] = given[name]
    if given.get("Parameters"):
        statement["QueryParameters"] = given["Parameters"]
    if batch:
        statement["_sqls"] = sqls
        statement["SubStatements"] = [
            {"Id": f"{identifier}:{n}", "QueryString": sql, "Status": "SUBMITTED", "CreatedAt": now, "UpdatedAt": now,
             "Duration": -1, "HasResultSet": False, "ResultRows": -1, "ResultSize": -1, "RedshiftQueryId": 0}
            for n, sql in enumerate(sqls, 1)
        ]
    else:
        statement["QueryString"] = sqls[0]
    known[identifier] = statement
    return statement


def find(identifier: str) -> Statement:
    """A statement of the caller's, by its id or by a sub-statement's. Raises ResourceNotFoundException."""
    statement = known.get(identifier.split(":")[0])
    if statement is None or statement["_owner"] != owner():
        raise AwsError("ResourceNotFoundException", "Query does not exist.", 400)
    return statement


def owner() -> str:
    """Who may see a statement: the user, or everyone in sessions of the role.

    Source: https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-access.html
    """
    arn = caller().arn
    return arn.rsplit("/", 1)[0] if ":assumed-role/" in arn else arn


def move(statement: Statement, status: str, **fields: Any) -> None:
    """Set a status and other fields, and tell those who wait. An aborted statement stays aborted."""
    with moved:
        if statement["Status"] != "ABORTED":
            statement["Status"] = status
        statement.update(fields)
        statement["UpdatedAt"] = time.time()
        moved.notify_all()
    changed("redshift-data")


def wait(statement: Statement, seconds: int | None) -> None:
    """Wait until the statement has ended, at most so long."""
    deadline = time.monotonic() + (seconds or 0)
    with moved:
        while statement["Status"] not in ENDED and time.monotonic() < deadline:
            moved.wait(deadline - time.monotonic())


def shown(statement: Statement) -> dict[str, Any]:
    """What clients see of a statement."""
    return {key: value for key, value in statement.items() if not key.startswith("_") and key != "StatementName"}
