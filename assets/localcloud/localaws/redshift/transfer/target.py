"""The columns a COPY fills."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg import sql

from localaws.redshift.failures import LoadFailed
from localaws.redshift.sql.statement import SyntaxProblem
from localaws.redshift.transfer.copy_command import CopyCommand


@dataclass(frozen=True)
class Column:
    """A column of the table."""

    name: str
    type: str
    """PostgreSQL's name without a length, such as `integer` or `character varying`."""
    modifier: int
    """PostgreSQL's type modifier, or -1."""
    not_null: bool
    identity: bool
    type_label: str = ""
    """The type with its length, as people write it."""

    @property
    def length(self) -> int | None:
        """Bytes a text column holds."""
        return self.modifier - 4 if self.modifier > 4 and self.type.startswith("character") else None

    @property
    def scale(self) -> tuple[int, int] | None:
        """Precision and scale of a numeric column."""
        if self.type != "numeric" or self.modifier < 4:
            return None
        return (self.modifier - 4) >> 16 & 0xFFFF, (self.modifier - 4) & 0xFFFF


@dataclass(frozen=True)
class Target:
    """A table, and those of its columns that are loaded, in the order of the fields."""

    oid: int
    name: str
    qualified: sql.Composable
    columns: tuple[Column, ...]


def find(connection: Any, command: CopyCommand) -> Target:
    """Look the table up in the search path of the connection."""
    row = connection.execute(
        "select c.oid, n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where c.oid = to_regclass(%s) and c.relkind in ('r', 'p')",
        (_folded(command.table),),
    ).fetchone()
    if row is None:
        raise LoadFailed(f"Cannot COPY into nonexistent table {command.table.split('.')[-1]}")
    oid, schema, name = row
    found = [
        Column(*one)
        for one in connection.execute(
            "select attname, format_type(atttypid, null), atttypmod, attnotnull, attidentity <> '',"
            " format_type(atttypid, atttypmod) from pg_attribute"
            " where attrelid = %s and attnum > 0 and not attisdropped order by attnum",
            (oid,),
        )
    ]
    return Target(oid, name, sql.Identifier(schema, name), _chosen(found, command))


def _chosen(columns: list[Column], command: CopyCommand) -> tuple[Column, ...]:
    """The listed columns; else all but identities, which are loaded with EXPLICIT_IDS only."""
    explicit = "EXPLICIT_IDS" in command.options.flags
    if not command.columns:
        return tuple(column for column in columns if explicit or not column.identity)
    known = {column.name: column for column in columns}
    for name in command.columns:
        if name not in known:
            raise SyntaxProblem(f'column "{name}" of relation "{command.table}" does not exist')
    return tuple(known[name] for name in command.columns)


def _folded(table: str) -> str:
    """The name as `to_regclass` reads it."""
    parts = [part.strip('"').lower() for part in table.split(".")]
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts[-2:])
