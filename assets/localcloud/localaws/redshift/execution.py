"""One statement of Redshift's, run on a connection to the cluster's PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.types.string import TextLoader

from localaws.redshift.column_types import ResultColumn, with_tables
from localaws.redshift.failures import LoadFailed, StatementFailed
from localaws.redshift.sql.statement import Layout, Statement, SyntaxProblem, UnsupportedStatement
from localaws.redshift.sql.tokens import bind
from localaws.redshift.sql.translate import translate
from localaws.redshift.transfer import copy_command, unload_command
from localaws.redshift.transfer.load import Load, copy
from localaws.redshift.transfer.options import Authorization
from localaws.redshift.transfer.unload import unload

_AS_TEXT = (
    "json", "jsonb", "date", "time", "timetz", "timestamp", "timestamptz", "interval", "numeric", "uuid", "inet",
    "bytea",
)
"""Types whose values clients get as PostgreSQL writes them."""

OpenS3 = Callable[[Authorization], Any]
"""An S3 client with the rights a statement names; raises LoadFailed."""


@dataclass
class Outcome:
    """What a statement did."""

    columns: list[ResultColumn] | None = None
    """None where it has no result."""
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    count: int = 0
    """Rows of the result, or rows changed."""
    load: Load | None = None


def run(
    connection: psycopg.Connection[Any], text: str, open_s3: OpenS3, parameters: Mapping[str, str] | None = None
) -> Outcome:
    """Run one statement. Raises StatementFailed; a load that fails has recorded nothing yet (`cause.load`)."""
    try:
        if copy_command.is_copy(text):
            return _copy(connection, text, open_s3)
        if unload_command.is_unload(text):
            return _unload(connection, text, open_s3)
        statement = translate(bind(text, parameters) if parameters else text)
        return _execute(connection, statement)
    except (SyntaxProblem, UnsupportedStatement, LoadFailed) as error:
        raise StatementFailed(f"ERROR: {error}") from error
    except psycopg.Error as error:
        raise StatementFailed(f"ERROR: {message(error)}") from error


def message(error: psycopg.Error) -> str:
    """PostgreSQL's complaint as Redshift words it."""
    primary = error.diag.message_primary or str(error).strip().splitlines()[0]
    detail = error.diag.message_detail
    if error.sqlstate == "57014":
        primary = "Query cancelled on user's request"
    return f"{primary}\n  Detail: {detail}" if detail else primary


def _execute(connection: psycopg.Connection[Any], statement: Statement) -> Outcome:
    outcome = Outcome()
    if statement.text is not None:
        with connection.cursor() as cursor:
            for name in _AS_TEXT:
                cursor.adapters.register_loader(name, TextLoader)
            cursor.execute(statement.text.encode())
            if cursor.description is not None:
                outcome.rows = cursor.fetchall()
                outcome.columns = with_tables(connection, cursor)
                outcome.count = len(outcome.rows)
            elif cursor.rowcount > 0 and cursor.statusmessage and cursor.statusmessage[-1].isdigit():
                outcome.count = cursor.rowcount
    if statement.layout is not None:
        _record(connection, statement.layout)
    return outcome


def _record(connection: psycopg.Connection[Any], layout: Layout) -> None:
    """Keep the physical design of a table; only its owner may change it."""
    name = ".".join('"' + part.strip('"').lower() + '"' for part in layout.table.split("."))
    row = connection.execute(
        "select c.oid, pg_has_role(c.relowner, 'usage') from pg_class c where c.oid = to_regclass(%s)", (name,)
    ).fetchone()
    if row is None:
        raise SyntaxProblem(f'relation "{layout.table}" does not exist')
    if not row[1]:
        raise SyntaxProblem(f"must be owner of table {layout.table}")
    said = {"oid": row[0], **layout.fields()}
    connection.execute("select rs_internal.record_layout(%s, %s)", (layout.table, json.dumps(said)))


def _copy(connection: psycopg.Connection[Any], text: str, open_s3: OpenS3) -> Outcome:
    command = copy_command.parse(text)
    s3 = open_s3(command.authorization)
    load = copy(connection, s3, command)
    connection.execute("select set_config('redshift.last_copy_count', %s, false)", (str(load.rows),))
    return Outcome(count=load.rows, load=load)


def _unload(connection: psycopg.Connection[Any], text: str, open_s3: OpenS3) -> Outcome:
    command = unload_command.parse(text)
    s3 = open_s3(command.authorization)
    statement = translate(command.query)
    assert statement.text is not None
    return Outcome(count=unload(connection, s3, command, statement.text))
