"""What there is in a database: databases, schemas, tables and columns."""

from __future__ import annotations

from typing import Any

from localaws.contract import AwsError
from localaws.redshift.column_types import ResultColumn
from localaws.redshift.data_api import sessions
from localaws.redshift.failures import StatementFailed

_SYSTEM = ("pg_catalog", "information_schema")


def list_databases(given: dict[str, Any]) -> dict[str, Any]:
    """ListDatabases."""
    rows = _query(given, "select database_name from svv_redshift_databases order by 1")
    return _paged("Databases", [row[0] for row in rows], given)


def list_schemas(given: dict[str, Any]) -> dict[str, Any]:
    """ListSchemas."""
    rows = _query(
        given, "select schema_name from svv_all_schemas where schema_name like %s order by 1",
        given.get("SchemaPattern", "%"),
    )
    return _paged("Schemas", [row[0] for row in rows], given)


def list_tables(given: dict[str, Any]) -> dict[str, Any]:
    """ListTables: system tables are of type SYSTEM TABLE."""
    rows = _query(
        given,
        "select schema_name, table_name, table_type from svv_all_tables"
        " where schema_name like %s and table_name like %s order by 1, 2",
        given.get("SchemaPattern", "%"), given.get("TablePattern", "%"),
    )
    tables = [
        {"schema": schema, "name": name, "type": f"SYSTEM {kind}" if schema in _SYSTEM else kind}
        for schema, name, kind in rows
    ]
    return _paged("Tables", tables, given)


def describe_table(given: dict[str, Any]) -> dict[str, Any]:
    """DescribeTable."""
    table = given.get("Table")
    if not table:
        raise AwsError("ValidationException", "Table is needed.", 400)
    rows = _query(
        given,
        "select a.attname, a.atttypid::int, a.atttypmod, n.nspname, c.relname, not a.attnotnull,"
        " coalesce(pg_get_expr(d.adbin, d.adrelid), '')"
        " from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace"
        " left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum"
        " where c.relname = %s and n.nspname like %s and a.attnum > 0 and not a.attisdropped"
        " order by n.nspname, a.attnum",
        table.lower(), given.get("Schema", "%"),
    )
    if not rows:
        raise AwsError("ValidationException", f"Table {table} does not exist", 400)
    columns = [ResultColumn(*row).metadata() for row in rows]
    return {"TableName": table, **_paged("ColumnList", columns, given)}


def _query(given: dict[str, Any], text: str, *values: str) -> list[tuple[Any, ...]]:
    try:
        with sessions.place(given).connect() as connection:
            rows: list[tuple[Any, ...]] = connection.execute(text, values or None).fetchall()
            return rows
    except StatementFailed as error:
        raise AwsError("ValidationException", str(error), 400) from None


def _paged(name: str, items: list[Any], given: dict[str, Any]) -> dict[str, Any]:
    start = int(given.get("NextToken") or 0)
    size = given.get("MaxResults") or 1000
    answer: dict[str, Any] = {name: items[start : start + size]}
    if start + size < len(items):
        answer["NextToken"] = str(start + size)
    return answer
