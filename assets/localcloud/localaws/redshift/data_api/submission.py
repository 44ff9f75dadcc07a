"""Statements taken in, run behind the answer, and cancelled."""

from __future__ import annotations

import contextvars
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg

from localaws.contract import AwsError, changed
from localaws.redshift.data_api import results, sessions, statements
from localaws.redshift.data_api.s3_access import opener
from localaws.redshift.data_api.sessions import Place, Session
from localaws.redshift.data_api.statements import Statement
from localaws.redshift.failures import StatementFailed
from localaws.redshift.running import fleet

log = logging.getLogger("localaws.redshift.data")
_pool = ThreadPoolExecutor(max_workers=32, thread_name_prefix="redshift-data")
_connections: dict[str, psycopg.Connection[Any]] = {}
_tokens: dict[tuple[str, str], str] = {}


def execute(given: dict[str, Any]) -> dict[str, Any]:
    """ExecuteStatement."""
    return _submit(given, [given["Sql"]], batch=False)


def execute_batch(given: dict[str, Any]) -> dict[str, Any]:
    """BatchExecuteStatement: one transaction, unless AUTO_COMMIT is asked for."""
    return _submit(given, list(given["Sqls"]), batch=True)


def _submit(given: dict[str, Any], sqls: list[str], *, batch: bool) -> dict[str, Any]:
    token = given.get("ClientToken")
    owner = statements.owner()
    if token and (known := _tokens.get((owner, token))) and known in statements.known:
        statement = statements.known[known]
        if statement.get("_sqls", [statement.get("QueryString")]) != sqls:
            raise AwsError("ValidationException", "The ClientToken was used with other parameters.", 400)
        return _receipt(statement)
    session = sessions.find(given["SessionId"], owner) if given.get("SessionId") else None
    where = session.place if session else sessions.place(given)
    if session:
        given = {**given, "ClusterIdentifier": where.cluster, "Database": where.database}
    parameters = _parameters(given, sqls)
    statements.prune()
    statement = statements.new(given, sqls, batch=batch)
    if where.user and not session:
        statement["DbUser"] = where.user
    statement["_auto_commit"] = not batch or given.get("ExecutionMode") == "AUTO_COMMIT"
    if given.get("SessionKeepAliveSeconds") and session is None:
        session = _open_session(where, owner, given["SessionKeepAliveSeconds"], statement)
    if session is not None:
        statement["SessionId"] = session.identifier
        session.statement = statement["Id"]
    if token:
        _tokens[owner, token] = statement["Id"]
    context = contextvars.copy_context()
    _pool.submit(context.run, _run, statement, sqls, parameters, where, session)
    if given.get("WaitTimeSeconds"):
        statements.wait(statement, given["WaitTimeSeconds"])
    return _receipt(statement)


def _open_session(where: Place, owner: str, seconds: int, statement: Statement) -> Session:
    try:
        return sessions.open_session(where, owner, seconds)
    except StatementFailed as error:
        del statements.known[statement["Id"]]
        raise AwsError("ValidationException", str(error), 400) from None


def _receipt(statement: Statement) -> dict[str, Any]:
    names = ("Id", "CreatedAt", "ClusterIdentifier", "DbUser", "Database", "SecretArn", "SessionId")
    return {name: statement[name] for name in names if name in statement}


def _parameters(given: dict[str, Any], sqls: list[str]) -> dict[str, str]:
    """The named parameters; all are used and none is missing."""
    from localaws.redshift.sql.statement import SyntaxProblem
    from localaws.redshift.sql.tokens import parameters_in

    values = {one["name"]: one["value"] for one in given.get("Parameters") or []}
    if not values:
        return {}
    try:
        used = {name for text in sqls for _, _, name in parameters_in(text)}
    except SyntaxProblem:
        return {}
    if unused := sorted(values.keys() - used):
        raise AwsError("ValidationException", "Parameters list contains unused parameters. Unused parameters: "
                       f"[{', '.join(unused)}]", 400)
    if missing := sorted(used - values.keys()):
        raise AwsError("ValidationException", f"Cannot find parameter: {missing[0]}", 400)
    return values


def cancel(given: dict[str, Any]) -> dict[str, Any]:
    """CancelStatement."""
    statement = statements.find(given["Id"])
    with statements.moved:
        if statement["Status"] in statements.ENDED:
            raise AwsError("ValidationException", "Could not cancel a query that is already in "
                           f"{statement['Status']} state with ID: {statement['Id']}", 400)
        statement["Status"] = "ABORTED"
        statement["UpdatedAt"] = time.time()
        for one in statement.get("SubStatements", []):
            if one["Status"] not in statements.ENDED:
                one["Status"] = "ABORTED"
        statements.moved.notify_all()
    connection = _connections.get(statement["Id"])
    if connection is not None:
        connection.cancel_safe()
    return {"Status": True}


def _run(
    statement: Statement, sqls: list[str], parameters: dict[str, str], where: Place, session: Session | None
) -> None:
    begun = time.monotonic()
    statements.move(statement, "PICKED")
    try:
        _run_on_connection(statement, sqls, parameters, where, session)
        _end(statement, "FINISHED", begun)
    except (StatementFailed, AwsError) as error:
        _end(statement, "FAILED", begun, error.message if isinstance(error, AwsError) else str(error))
        _record_load_errors(statement, where, error)
    except Exception as error:
        log.exception("statement %s", statement["Id"])
        _end(statement, "FAILED", begun, f"ERROR: internal error: {error}")
    finally:
        _connections.pop(statement["Id"], None)
        if session is not None:
            session.statement, session.used = "", time.time()


def _run_on_connection(
    statement: Statement, sqls: list[str], parameters: dict[str, str], where: Place, session: Session | None
) -> None:
    connection = session.connection if session else where.connect()
    try:
        _connections[statement["Id"]] = connection
        if statement["Status"] == "ABORTED":
            return
        statements.move(statement, "STARTED", RedshiftPid=connection.info.backend_pid,
                        RedshiftQueryId=statement["_query"])
        if statement["_auto_commit"]:
            for number, text in enumerate(sqls, 1):
                _one(statement, number, text, parameters, connection, where)
        else:
            with connection.transaction():
                for number, text in enumerate(sqls, 1):
                    _one(statement, number, text, parameters, connection, where)
    finally:
        if session is None:
            connection.close()


def _one(
    statement: Statement, number: int, text: str, parameters: dict[str, str], connection: psycopg.Connection[Any],
    where: Place,
) -> None:
    """Run one of the texts, and keep its result."""
    from localaws.redshift.execution import run
    from localaws.redshift.sql.statement import SyntaxProblem
    from localaws.redshift.sql.tokens import parameters_in, split

    batch = "SubStatements" in statement
    record = statement["SubStatements"][number - 1] if batch else statement
    identifier = record["Id"]
    begun = time.monotonic()
    try:
        try:
            parts = split(text)
        except SyntaxProblem as error:
            raise StatementFailed(f"ERROR: {error}") from None
        if len(parts) != 1:
            raise StatementFailed("ERROR: cannot insert multiple commands into a prepared statement" if parts else
                                  "ERROR: the statement is empty")
        used = {name for _, _, name in parameters_in(parts[0])} if parameters else set()
        values = {name: value for name, value in parameters.items() if name in used}
        record["Status"] = "STARTED" if record["Status"] != "ABORTED" else "ABORTED"
        outcome = run(connection, parts[0], opener(where), values)
        record["ResultRows"] = outcome.count
        record["ResultSize"] = 0
        if outcome.columns is not None:
            record["ResultSize"] = results.keep(identifier, outcome.columns, outcome.rows, statement["ResultFormat"])
            record["HasResultSet"] = statement["HasResultSet"] = True
            statement["_results"].append(identifier)
        if outcome.load is not None:
            _record_load(statement, where, outcome.load)
    except (StatementFailed, AwsError) as error:
        if batch and record["Status"] != "ABORTED":
            record |= {"Status": "FAILED", "Error": str(error), "UpdatedAt": time.time()}
        for later in statement.get("SubStatements", [])[number:]:
            later["Status"] = "ABORTED"
        raise
    if batch and record["Status"] != "ABORTED":
        record |= {"Status": "FINISHED", "UpdatedAt": time.time(), "RedshiftQueryId": statement["_query"],
                   "Duration": int((time.monotonic() - begun) * 1e9)}


def _end(statement: Statement, status: str, begun: float, error: str | None = None) -> None:
    fields: dict[str, Any] = {"Duration": int((time.monotonic() - begun) * 1e9)}
    if error is not None and statement["Status"] != "ABORTED":
        fields["Error"] = error
    statements.move(statement, status, **fields)


def _as_superuser(where: Place, use: Callable[[Any], None]) -> None:
    """Write to Redshift's own tables, in a transaction of their own."""
    engine = fleet.engine_of(where.region, where.cluster)
    if engine is not None:
        with engine.connect(where.database) as connection:
            use(connection)


def _record_load_errors(statement: Statement, where: Place, error: BaseException) -> None:
    from localaws.redshift.transfer.load import TooManyErrors

    cause = error.__cause__
    if isinstance(cause, TooManyErrors):
        _record_load(statement, where, cause.load, failed=True)


def _record_load(statement: Statement, where: Place, load: Any, *, failed: bool = False) -> None:
    """Fill stl_load_errors and the history of loads."""
    pid, query = statement["RedshiftPid"], statement["_query"]

    def write(connection: Any) -> None:
        for one in load.errors:
            connection.execute(
                "insert into rs_internal.load_errors (tbl, starttime, session, query, filename, line_number, colname,"
                " type, col_length, raw_line, raw_field_value, err_code, err_reason)"
                " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                (one.table, one.at, pid, query, one.file[:256], one.line, one.column, one.type, one.length,
                 one.raw_line, one.raw_field, one.code, one.reason),
            )
        if not failed:
            connection.execute(
                "insert into rs_internal.load_history values (%s, %s, now(), %s, %s, %s, %s, %s)",
                (query, load.table, load.rows, load.bytes, load.files, "s3", len(load.errors)),
            )

    _as_superuser(where, write)
    changed("redshift-data")
