"""Which kind of statement a text is."""

from __future__ import annotations

import re
from dataclasses import dataclass

_COMMENTS = re.compile(r"\A(\s+|--[^\n]*(\n|\Z)|/\*.*?\*/)+", re.S)


@dataclass(frozen=True)
class Kind:
    """A statement's kind as GetQueryExecution answers it."""

    statement_type: str
    """`DDL`, `DML` or `UTILITY`."""
    substatement: str
    """Such as `SELECT` or `CREATE_TABLE`."""


_KINDS: tuple[tuple[str, Kind], ...] = (
    (r"(select|with|values|table|\()\b|\(", Kind("DML", "SELECT")),
    (r"insert\s+into\b", Kind("DML", "INSERT")),
    (r"unload\b", Kind("DML", "UNLOAD")),
    (r"delete\b", Kind("DML", "DELETE")),
    (r"update\b", Kind("DML", "UPDATE")),
    (r"merge\b", Kind("DML", "MERGE")),
    (r"create\s+table\b(?!.*?\bstored\s+as\b).*?\bas\b", Kind("DDL", "CREATE_TABLE_AS_SELECT")),
    (r"create\s+(external\s+)?table\b", Kind("DDL", "CREATE_TABLE")),
    (r"create\s+(or\s+replace\s+)?(protected\s+multi\s+dialect\s+)?view\b", Kind("DDL", "CREATE_VIEW")),
    (r"create\s+(database|schema)\b", Kind("DDL", "CREATE_DATABASE")),
    (r"drop\s+table\b", Kind("DDL", "DROP_TABLE")),
    (r"drop\s+view\b", Kind("DDL", "DROP_VIEW")),
    (r"drop\s+(database|schema)\b", Kind("DDL", "DROP_DATABASE")),
    (r"alter\s+table\b", Kind("DDL", "ALTER_TABLE")),
    (r"alter\s+(database|schema)\b", Kind("DDL", "ALTER_DATABASE")),
    (r"msck\s+repair\s+table\b", Kind("DDL", "MSCK_REPAIR_TABLE")),
    (r"prepare\b", Kind("DDL", "PREPARE")),
    (r"deallocate\s+prepare\b", Kind("DDL", "DEALLOCATE_PREPARE")),
    (r"execute\b", Kind("DML", "EXECUTE")),
    (r"explain\b", Kind("UTILITY", "EXPLAIN")),
    (r"show\s+(databases|schemas)\b", Kind("UTILITY", "SHOW_DATABASES")),
    (r"show\s+tables\b", Kind("UTILITY", "SHOW_TABLES")),
    (r"show\s+views\b", Kind("UTILITY", "SHOW_VIEWS")),
    (r"show\s+partitions\b", Kind("UTILITY", "SHOW_PARTITIONS")),
    (r"show\s+columns\b", Kind("UTILITY", "SHOW_COLUMNS")),
    (r"show\s+create\s+table\b", Kind("UTILITY", "SHOW_CREATE_TABLE")),
    (r"show\s+create\s+view\b", Kind("UTILITY", "SHOW_CREATE_VIEW")),
    (r"show\s+tblproperties\b", Kind("UTILITY", "SHOW_TBLPROPERTIES")),
    (r"(describe|desc)\b", Kind("UTILITY", "DESCRIBE_TABLE")),
)


def bare(text: str) -> str:
    """The statement without comments before it and a semicolon after it."""
    return _COMMENTS.sub("", text).strip().removesuffix(";").strip()


def kind(text: str) -> Kind | None:
    """The kind of a statement, or None for what Athena does not know."""
    statement = bare(text)
    for pattern, found in _KINDS:
        if re.match(pattern, statement, re.I | re.S):
            return found
    return None
