"""Hive's types, as DuckDB and as Athena's results name them."""

from __future__ import annotations

import re

_SIMPLE = {
    "tinyint": "TINYINT", "smallint": "SMALLINT", "int": "INTEGER", "integer": "INTEGER", "bigint": "BIGINT",
    "float": "FLOAT", "real": "FLOAT", "double": "DOUBLE", "boolean": "BOOLEAN", "string": "VARCHAR",
    "varchar": "VARCHAR", "char": "VARCHAR", "date": "DATE", "timestamp": "TIMESTAMP", "binary": "BLOB",
    "timestamptz": "TIMESTAMPTZ",
}


def to_duckdb(hive: str) -> str:
    """A type of the Glue catalogue as DuckDB names it."""
    text = hive.strip().lower()
    if match := re.fullmatch(r"array\s*<(.*)>", text, re.S):
        return to_duckdb(match[1]) + "[]"
    if match := re.fullmatch(r"map\s*<(.*)>", text, re.S):
        key, value = split(match[1])
        return f"MAP({to_duckdb(key)}, {to_duckdb(value)})"
    if match := re.fullmatch(r"struct\s*<(.*)>", text, re.S):
        fields = [part.split(":", 1) for part in split(match[1])]
        return "STRUCT(" + ", ".join(f'"{name.strip()}" {to_duckdb(kind)}' for name, kind in fields) + ")"
    if text.startswith("decimal"):
        return text.upper() if "(" in text else "DECIMAL(10, 0)"
    return _SIMPLE.get(text.split("(")[0].strip(), "VARCHAR")


def split(text: str) -> list[str]:
    """The parts between commas that stand in no brackets."""
    parts, depth, part = [], 0, ""
    for one in text:
        depth += (one in "<(") - (one in ">)")
        if one == "," and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += one
    return [*parts, part]


def to_hive(duckdb: str) -> str:
    """A type of a DuckDB result as the Glue catalogue names it."""
    text = duckdb.strip()
    upper = text.upper()
    if upper.endswith("[]"):
        return f"array<{to_hive(text[:-2])}>"
    if match := re.fullmatch(r"MAP\((.*)\)", text, re.S | re.I):
        key, value = split(match[1])
        return f"map<{to_hive(key)},{to_hive(value)}>"
    if match := re.fullmatch(r"STRUCT\((.*)\)", text, re.S | re.I):
        fields = [re.match(r'\s*("(?:[^"]|"")*"|\S+)\s+(.*)', part, re.S) for part in split(match[1])]
        return "struct<" + ",".join(f"{one[1].strip(chr(34))}:{to_hive(one[2])}" for one in fields if one) + ">"
    if upper.startswith("DECIMAL"):
        return upper.lower().replace(" ", "")
    return {
        "TINYINT": "tinyint", "SMALLINT": "smallint", "INTEGER": "int", "BIGINT": "bigint", "HUGEINT": "decimal(38,0)",
        "FLOAT": "float", "DOUBLE": "double", "BOOLEAN": "boolean", "DATE": "date", "BLOB": "binary",
        "TIMESTAMP WITH TIME ZONE": "timestamp", "UBIGINT": "bigint", "UINTEGER": "bigint", "JSON": "string",
    }.get(upper, "timestamp" if upper.startswith("TIMESTAMP") else "string")


def to_athena(duckdb: str) -> str:
    """A type of a DuckDB result as ResultSetMetadata names it."""
    upper = duckdb.upper()
    if upper.endswith("[]"):
        return "array"
    for prefix, name in (("MAP", "map"), ("STRUCT", "row"), ("DECIMAL", "decimal")):
        if upper.startswith(prefix):
            return name
    return {
        "INTEGER": "integer", "BIGINT": "bigint", "SMALLINT": "smallint", "TINYINT": "tinyint", "FLOAT": "float",
        "DOUBLE": "double", "BOOLEAN": "boolean", "DATE": "date", "BLOB": "varbinary", "HUGEINT": "bigint",
        "JSON": "json", "UBIGINT": "bigint", "UINTEGER": "bigint", "TIME": "time",
        "TIMESTAMP WITH TIME ZONE": "timestamp with time zone", "INTERVAL": "interval day to second",
    }.get(upper, "timestamp" if upper.startswith("TIMESTAMP") else "varchar")
