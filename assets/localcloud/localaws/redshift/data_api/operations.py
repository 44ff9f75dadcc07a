"""Every operation of the Data API."""

from __future__ import annotations

from typing import Any

from localaws.contract import AwsError
from localaws.json_protocol import Handler
from localaws.redshift.data_api import metadata, results, sessions, statements, submission


def describe_statement(given: dict[str, Any]) -> dict[str, Any]:
    """DescribeStatement, of a statement or of one in a batch."""
    statement = statements.find(given["Id"])
    statements.wait(statement, given.get("WaitTimeSeconds"))
    if ":" in given["Id"]:
        for one in statement.get("SubStatements", []):
            if one["Id"] == given["Id"]:
                return dict(one)
        raise AwsError("ResourceNotFoundException", "Query does not exist.", 400)
    return statements.shown(statement)


def get_result(given: dict[str, Any]) -> dict[str, Any]:
    """GetStatementResult."""
    return _result(given, 1)


def get_result_v2(given: dict[str, Any]) -> dict[str, Any]:
    """GetStatementResultV2."""
    return _result(given, 2)


def list_statements(given: dict[str, Any]) -> dict[str, Any]:
    """ListStatements: the newest first."""
    names = ("Id", "QueryString", "SecretArn", "StatementName", "Status", "CreatedAt", "UpdatedAt", "QueryParameters",
             "ResultFormat", "SessionId")
    found = [
        {**{name: one[name] for name in names if name in one}, "IsBatchStatement": "SubStatements" in one,
         **({"QueryStrings": one["_sqls"]} if "_sqls" in one else {})}
        for one in sorted(statements.known.values(), key=lambda one: -float(one["CreatedAt"]))
        if one["_owner"] == statements.owner()
        and given.get("Status", "ALL") in ("ALL", one["Status"])
        and str(one.get("StatementName", "")).startswith(given.get("StatementName", ""))
        and given.get("ClusterIdentifier", one.get("ClusterIdentifier")) == one.get("ClusterIdentifier")
        and given.get("Database", one.get("Database")) == one.get("Database")
    ]
    return _paged("Statements", found, given)


def list_sessions(given: dict[str, Any]) -> dict[str, Any]:
    """ListSessions."""
    sessions.close_ended()
    found = [one.shown() for one in sessions.sessions.values() if one.owner == statements.owner()]
    chosen = [
        one for one in found
        if given.get("Status", one["Status"]) == one["Status"]
        and given.get("SessionId", one["SessionId"]) == one["SessionId"]
        and given.get("ClusterIdentifier", one["ClusterIdentifier"]) == one["ClusterIdentifier"]
    ]
    return _paged("Sessions", chosen, given)


def _result(given: dict[str, Any], version: int) -> dict[str, Any]:
    statement = statements.find(given["Id"])
    statements.wait(statement, given.get("WaitTimeSeconds"))
    identifier = given["Id"]
    if ":" not in identifier and "SubStatements" in statement and identifier not in statement["_results"]:
        raise AwsError("ValidationException", "The statement is a batch; ask for the result of a sub-statement.", 400)
    return results.page(identifier, given.get("NextToken"), version=version)


def _paged(name: str, items: list[Any], given: dict[str, Any]) -> dict[str, Any]:
    start, size = int(given.get("NextToken") or 0), given.get("MaxResults") or 100
    more = {"NextToken": str(start + size)} if start + size < len(items) else {}
    return {name: items[start : start + size], **more}


HANDLED: dict[str, Handler] = {
    "BatchExecuteStatement": submission.execute_batch,
    "CancelStatement": submission.cancel,
    "DescribeStatement": describe_statement,
    "DescribeTable": metadata.describe_table,
    "ExecuteStatement": submission.execute,
    "GetStatementResult": get_result,
    "GetStatementResultV2": get_result_v2,
    "ListDatabases": metadata.list_databases,
    "ListSchemas": metadata.list_schemas,
    "ListSessions": list_sessions,
    "ListStatements": list_statements,
    "ListTables": metadata.list_tables,
}
