"""Databases behind connections: really connected to, and their tables read from the information schema."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs

from localaws.contract import AwsError, settings
from localaws.glue.operation import invalid
from localaws.glue.store import Record

_TYPES = {
    "integer": "int", "int": "int", "mediumint": "int", "smallint": "smallint", "tinyint": "tinyint",
    "bigint": "bigint",
    "real": "float", "float": "float", "double precision": "double", "double": "double", "boolean": "boolean",
    "date": "date", "timestamp without time zone": "timestamp", "timestamp with time zone": "timestamp",
    "timestamp": "timestamp", "datetime": "timestamp", "bytea": "binary", "blob": "binary", "longblob": "binary",
}  # fmt: skip


def connect(connection: Record, region: str, secrets: Any = None) -> Any:
    """A DB-API connection; the password may lie in Secrets Manager (read with `secrets`, a client, or from inside)."""
    properties = connection.get("ConnectionProperties") or {}
    url = properties.get("JDBC_CONNECTION_URL", "")
    kind, host, port, database, options = parsed(url)
    user, password = credentials(connection, secrets)
    user = user or (options.get("user") or [""])[0]
    password = password or (options.get("password") or [""])[0]
    if kind in ("postgresql", "redshift"):
        import psycopg

        return psycopg.connect(
            host=host, port=port, dbname=database, user=user, password=password, connect_timeout=5, autocommit=True
        )
    if kind in ("mysql", "mariadb"):
        import pymysql

        return pymysql.connect(
            host=host, port=port, database=database or None, user=user, password=password, connect_timeout=5
        )
    raise invalid(f"Databases of this kind are not reached by the local AWS: {url}")


def parsed(url: str) -> tuple[str, str, int, str, dict[str, list[str]]]:
    """Kind, host, port, database and options of a JDBC URL."""
    found = re.fullmatch(r"jdbc:(\w+)://([^:/?]+)(?::(\d+))?(?:/([^?;]*))?(?:[?;](.*))?", url)
    if not found:
        raise invalid(f"Not a JDBC URL: {url!r}")
    default = {"mysql": 3306, "mariadb": 3306, "redshift": 5439}.get(found[1], 5432)
    return found[1], found[2], int(found[3] or default), found[4] or "", parse_qs(found[5] or "")


def credentials(connection: Record, secrets: Any) -> tuple[str, str]:
    """User and password: in the connection, or in the secret it names."""
    properties = connection.get("ConnectionProperties") or {}
    secret = properties.get("SECRET_ID") or (connection.get("AuthenticationConfiguration") or {}).get("SecretArn")
    if not secret:
        return properties.get("USERNAME", ""), properties.get("PASSWORD", "")
    if secrets is None:
        raise AwsError("AccessDeniedException", f"No role to read the secret {secret} with.")
    value = json.loads(secrets.get_secret_value(SecretId=secret)["SecretString"])
    return value.get("username", ""), value.get("password", "")


def found_tables(connection: Record, path: str, exclusions: list[str], secrets: Any) -> list[Record]:
    """TableInputs of the tables that a JDBC target's path names: `database/schema/table`, with `%` for any."""
    kind, _, _, database, _ = parsed(connection["ConnectionProperties"]["JDBC_CONNECTION_URL"])
    session = connect(connection, settings().region, secrets)
    parts = path.strip("/").split("/")
    if kind in ("mysql", "mariadb"):
        schema, table = [*parts, "%"][:2] if len(parts) < 3 else (parts[0], parts[2])
    else:
        schema, table = [*parts[1:], "%", "%"][:2]
    query = (
        "select table_schema, table_name, column_name, data_type, numeric_precision, numeric_scale "
        "from information_schema.columns where table_schema like %s and table_name like %s "
        "and table_schema not in ('information_schema', 'pg_catalog', 'mysql', 'performance_schema', 'sys') "
        "order by table_schema, table_name, ordinal_position"
    )
    with session, session.cursor() as cursor:
        cursor.execute(query, (schema, table))
        rows = cursor.fetchall()
    tables: dict[tuple[str, str], list[Record]] = {}
    for schema_name, table_name, column, data_type, precision, scale in rows:
        full = f"{schema_name}/{table_name}"
        if any(re.fullmatch(one.strip("/").replace("**", ".*").replace("%", ".*"), full) for one in exclusions):
            continue
        columns = tables.setdefault((schema_name, table_name), [])
        columns.append({"Name": column.lower(), "Type": _type(data_type.lower(), precision, scale)})
    return [
        _input(connection, kind, database, schema_name, table_name, columns)
        for (schema_name, table_name), columns in tables.items()
    ]


def _input(connection: Record, kind: str, database: str, schema: str, table: str, columns: list[Record]) -> Record:
    path = [schema, table] if kind in ("mysql", "mariadb") else [database, schema, table]
    parameters = {"classification": kind, "connectionName": connection["Name"], "typeOfData": "table"}
    return {
        "Name": re.sub(r"[^0-9A-Za-z_]", "_", "_".join(path)).lower(),
        "Owner": "owner",
        "Retention": 0,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": parameters,
        "PartitionKeys": [],
        "StorageDescriptor": {
            "Columns": columns,
            "Location": ".".join(path),
            "Compressed": False,
            "NumberOfBuckets": -1,
            "SerdeInfo": {"Parameters": {}},
            "BucketColumns": [],
            "SortColumns": [],
            "Parameters": parameters,
            "StoredAsSubDirectories": False,
        },
    }


def _type(name: str, precision: Any, scale: Any) -> str:
    if name in ("numeric", "decimal"):
        return f"decimal({precision or 38},{scale or 0})"
    return _TYPES.get(name, "string")
