"""Hive's DDL and SHOW, carried out in the Glue catalogue as the caller.

Source: https://docs.aws.amazon.com/athena/latest/ug/ddl-reference.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from localaws.athena.run import paths
from localaws.athena.run.catalog import Catalog, Table, is_view, view_query
from localaws.athena.sql import hive_ddl
from localaws.athena.sql.hive_ddl import NAME, names, partition_values, properties, unquote
from localaws.athena.sql.problems import QueryFailed, unsupported

_STRING = r"'((?:[^'\\]|\\.|'')*)'"


@dataclass
class Ddl:
    """One statement's surroundings."""

    catalog: Catalog
    s3: Any

    def full(self, text: str) -> tuple[str, str]:
        """Database and table of a name."""
        database, name = names(text)
        return database or self.catalog.database, name


def run(ddl: Ddl, text: str, substatement: str) -> list[str]:
    """Carry out a statement; answers the lines of its result. Raises QueryFailed."""
    return _RULES[substatement](ddl, text)


def handles(substatement: str) -> bool:
    """Whether statements of this kind are carried out here."""
    return substatement in _RULES


def _matched(pattern: str, text: str) -> re.Match[str]:
    match = re.match(pattern, text, re.I | re.S)
    if match is None:
        raise QueryFailed(f"FAILED: ParseException line 1:0 cannot recognize input near '{text[:40]}'")
    return match


def _create_database(ddl: Ddl, text: str) -> list[str]:
    match = _matched(rf"create\s+(?:database|schema)\s+(if\s+not\s+exists\s+)?({NAME})(.*)", text)
    name = names(match[2])[1]
    if match[1] and ddl.catalog.has_database(name):
        return []
    given: dict[str, Any] = {"Name": name}
    if comment := re.search(rf"\bcomment\s+{_STRING}", match[3], re.I):
        given["Description"] = unquote(comment[1])
    if location := re.search(rf"\blocation\s+{_STRING}", match[3], re.I):
        given["LocationUri"] = location[1]
    if said := re.search(r"with\s+dbproperties\s*\((.*)\)", match[3], re.I | re.S):
        given["Parameters"] = properties(said[1])
    ddl.catalog.change("create_database", DatabaseInput=given)
    return []


def _drop_database(ddl: Ddl, text: str) -> list[str]:
    match = _matched(rf"drop\s+(?:database|schema)\s+(if\s+exists\s+)?({NAME})\s*(cascade|restrict)?", text)
    name = names(match[2])[1]
    if not ddl.catalog.has_database(name):
        if match[1]:
            return []
        raise QueryFailed(f"FAILED: SemanticException [Error 10072]: Database does not exist: {name}", 1301)
    tables = ddl.catalog.tables(name)
    if tables and (match[3] or "").lower() != "cascade":
        raise QueryFailed("FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. "
                          f"InvalidOperationException(message:Database {name} is not empty. One or more tables "
                          "exist.)", 1301)
    for table in tables:
        ddl.catalog.change("delete_table", DatabaseName=name, Name=table["Name"])
    ddl.catalog.change("delete_database", Name=name)
    return []


def _alter_database(ddl: Ddl, text: str) -> list[str]:
    match = _matched(rf"alter\s+(?:database|schema)\s+({NAME})\s+set\s+dbproperties\s*\((.*)\)", text)
    name = names(match[1])[1]
    known = next((one for one in ddl.catalog.databases() if one["Name"] == name), None)
    if known is None:
        raise QueryFailed(f"FAILED: SemanticException [Error 10072]: Database does not exist: {name}", 1301)
    given = {key: known[key] for key in ("Name", "Description", "LocationUri", "Parameters") if key in known}
    given["Parameters"] = {**given.get("Parameters", {}), **properties(match[2])}
    ddl.catalog.change("update_database", Name=name, DatabaseInput=given)
    return []


def _create_table(ddl: Ddl, text: str) -> list[str]:
    created = hive_ddl.create_table(text)
    database = created.database or ddl.catalog.database
    if not ddl.catalog.has_database(database):
        raise QueryFailed(f"FAILED: SemanticException [Error 10072]: Database does not exist: {database}", 1301)
    if ddl.catalog.has_table(database, created.name):
        if created.if_not_exists:
            return []
        raise QueryFailed("FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. "
                          f"AlreadyExistsException(message:Table {created.name} already exists)", 1301)
    ddl.catalog.change("create_table", DatabaseName=database, TableInput=created.table)
    return []


def _drop_table(ddl: Ddl, text: str) -> list[str]:
    match = _matched(rf"drop\s+(table|view)\s+(if\s+exists\s+)?({NAME})", text)
    database, name = ddl.full(match[3])
    if not ddl.catalog.has_table(database, name):
        if match[2]:
            return []
        raise QueryFailed(f"FAILED: SemanticException [Error 10001]: Table not found {name}", 1301)
    if match[1].lower() == "view" and not is_view(ddl.catalog.table(database, name)):
        raise QueryFailed(f"FAILED: SemanticException Cannot drop a base table with DROP VIEW: {name}", 1301)
    ddl.catalog.change("delete_table", DatabaseName=database, Name=name)
    return []


def _alter_table(ddl: Ddl, text: str) -> list[str]:
    match = _matched(rf"alter\s+table\s+({NAME})\s+(.*)", text)
    database, name = ddl.full(match[1])
    table, action = ddl.catalog.table(database, name), match[2]
    for pattern, rule in _ALTER_RULES:
        if found := re.match(pattern, action, re.I | re.S):
            return rule(ddl, database, table, found)
    raise unsupported(f"ALTER TABLE {action[:30]}")


def _add_partitions(ddl: Ddl, database: str, table: Table, match: re.Match[str]) -> list[str]:
    keys = [one["Name"] for one in table.get("PartitionKeys", [])]
    known = {tuple(one["Values"]) for one in ddl.catalog.partitions(database, table["Name"])}
    for one in re.finditer(rf"partition\s*\(([^)]*)\)(?:\s*location\s+{_STRING})?", match[2], re.I):
        pairs = partition_values(one[1])
        values = _ordered(keys, pairs)
        if tuple(values) in known:
            if match[1]:
                continue
            raise QueryFailed("FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. "
                              f"AlreadyExistsException(message:Partition already exists: {values})", 1301)
        location = one[2] or _default_location(table, keys, values)
        _create_partition(ddl, database, table, values, location)
    return []


def _create_partition(ddl: Ddl, database: str, table: Table, values: list[str], location: str) -> None:
    ddl.catalog.change("create_partition", DatabaseName=database, TableName=table["Name"], PartitionInput={
        "Values": values, "StorageDescriptor": {**table["StorageDescriptor"], "Location": location}})


def _drop_partitions(ddl: Ddl, database: str, table: Table, match: re.Match[str]) -> list[str]:
    keys = [one["Name"] for one in table.get("PartitionKeys", [])]
    known = {tuple(one["Values"]) for one in ddl.catalog.partitions(database, table["Name"])}
    for one in re.finditer(r"partition\s*\(([^)]*)\)", match[2], re.I):
        values = _ordered(keys, partition_values(one[1]))
        if tuple(values) not in known:
            if match[1]:
                continue
            raise QueryFailed(f"FAILED: SemanticException [Error 10006]: Partition not found ({one[1]})", 1301)
        ddl.catalog.change("delete_partition", DatabaseName=database, TableName=table["Name"], PartitionValues=values)
    return []


def _ordered(keys: list[str], pairs: dict[str, str]) -> list[str]:
    if set(keys) != set(pairs):
        raise QueryFailed(f"FAILED: SemanticException partition spec {pairs} doesn't contain all ({len(keys)}) "
                          "partition columns", 1301)
    return [pairs[key] for key in keys]


def _default_location(table: Table, keys: list[str], values: list[str]) -> str:
    base = str(table["StorageDescriptor"]["Location"]).rstrip("/")
    return base + "".join(f"/{key}={value}" for key, value in zip(keys, values, strict=True)) + "/"


def _changed(ddl: Ddl, database: str, table: Table, **fields: Any) -> list[str]:
    """Write a table back with some fields changed."""
    kept = ("Name", "Description", "Owner", "Retention", "StorageDescriptor", "PartitionKeys", "ViewOriginalText",
            "ViewExpandedText", "TableType", "Parameters")
    given = {key: table[key] for key in kept if key in table} | fields
    ddl.catalog.change("update_table", DatabaseName=database, TableInput=given)
    return []


def _set_properties(ddl: Ddl, database: str, table: Table, match: re.Match[str]) -> list[str]:
    return _changed(ddl, database, table, Parameters={**table.get("Parameters", {}), **properties(match[1])})


def _set_location(ddl: Ddl, database: str, table: Table, match: re.Match[str]) -> list[str]:
    return _changed(ddl, database, table, StorageDescriptor={**table["StorageDescriptor"], "Location": match[1]})


def _add_columns(ddl: Ddl, database: str, table: Table, match: re.Match[str]) -> list[str]:
    descriptor = table["StorageDescriptor"]
    columns = hive_ddl.columns(match[2])
    if match[1].lower() == "add":
        columns = [*descriptor["Columns"], *columns]
    return _changed(ddl, database, table, StorageDescriptor={**descriptor, "Columns": columns})


_ALTER_RULES: tuple[tuple[str, Callable[[Ddl, str, Table, re.Match[str]], list[str]]], ...] = (
    (r"add\s+(if\s+not\s+exists\s+)?(partition\b.*)", _add_partitions),
    (r"drop\s+(if\s+exists\s+)?(partition\b.*)", _drop_partitions),
    (r"set\s+tblproperties\s*\((.*)\)", _set_properties),
    (rf"set\s+location\s+{_STRING}", _set_location),
    (r"(add|replace)\s+columns\s*\((.*)\)", _add_columns),
)


def _repair(ddl: Ddl, text: str) -> list[str]:
    """MSCK REPAIR TABLE: folders named `key=value` become partitions."""
    match = _matched(rf"msck\s+repair\s+table\s+({NAME})", text)
    database, name = ddl.full(match[1])
    table = ddl.catalog.table(database, name)
    keys = [one["Name"] for one in table.get("PartitionKeys", [])]
    if not keys:
        raise QueryFailed(f"FAILED: SemanticException table {name} is not partitioned", 1301)
    location = str(table["StorageDescriptor"]["Location"]).rstrip("/") + "/"
    bucket, prefix = paths.bucket_and_key(location)
    known = {tuple(one["Values"]) for one in ddl.catalog.partitions(database, name)}
    added = []
    for _, key, _ in paths.listed(ddl.s3, location):
        folders = key[len(prefix) :].split("/")[: len(keys)]
        pairs = [folder.partition("=") for folder in folders]
        if [one[0].lower() for one in pairs] != keys:
            continue
        values = tuple(one[2] for one in pairs)
        if values in known:
            continue
        known.add(values)
        _create_partition(ddl, database, table, list(values), f"s3://{bucket}/{prefix}{'/'.join(folders)}/")
        added.append(values)
    shown = [f"{name}:" + "/".join(f"{k}={v}" for k, v in zip(keys, values, strict=True)) for values in added]
    lines = [f"Partitions not in metastore:\t{chr(9).join(shown)}"] if shown else []
    return lines + [f"Repair: Added partition to metastore {one}" for one in shown]


def _like(pattern: str | None) -> Callable[[str], bool]:
    if not pattern:
        return lambda name: True
    compiled = re.compile("|".join(re.escape(one).replace(r"\*", ".*") for one in pattern.split("|")) + r"\Z")
    return lambda name: compiled.match(name) is not None


def _show_databases(ddl: Ddl, text: str) -> list[str]:
    match = _matched(rf"show\s+(?:databases|schemas)\s*(?:like\s+)?(?:{_STRING})?", text)
    wanted = _like(match[1])
    return sorted(one["Name"] for one in ddl.catalog.databases() if wanted(one["Name"]))


def _show_tables(ddl: Ddl, text: str) -> list[str]:
    match = _matched(rf"show\s+(tables|views)\s*(?:in\s+({NAME}))?\s*(?:like\s+)?(?:{_STRING})?", text)
    wanted = _like(match[3])
    database = names(match[2])[1] if match[2] else ddl.catalog.database
    return sorted(
        one["Name"] for one in ddl.catalog.tables(database)
        if wanted(one["Name"]) and (match[1].lower() == "tables" or is_view(one))
    )


def _show_partitions(ddl: Ddl, text: str) -> list[str]:
    match = _matched(rf"show\s+partitions\s+({NAME})", text)
    database, name = ddl.full(match[1])
    keys = [one["Name"] for one in ddl.catalog.table(database, name).get("PartitionKeys", [])]
    if not keys:
        raise QueryFailed(f"FAILED: SemanticException [Error 10241]: Table {name} is not a partitioned table", 1301)
    return ["/".join(f"{k}={v}" for k, v in zip(keys, one["Values"], strict=True))
            for one in ddl.catalog.partitions(database, name)]


def _show_columns(ddl: Ddl, text: str) -> list[str]:
    match = _matched(rf"show\s+columns\s+(?:from|in)\s+({NAME})(?:\s+(?:from|in)\s+({NAME}))?", text)
    database, name = ddl.full(match[1])
    table = ddl.catalog.table(names(match[2])[1] if match[2] else database, name)
    return [f"{one['Name']:<20}" for one in _all_columns(table)]


def _all_columns(table: Table) -> list[dict[str, str]]:
    return [*table["StorageDescriptor"]["Columns"], *table.get("PartitionKeys", [])]


def _show_properties(ddl: Ddl, text: str) -> list[str]:
    match = _matched(rf"show\s+tblproperties\s+({NAME})\s*(?:\(\s*{_STRING}\s*\))?", text)
    table = ddl.catalog.table(*ddl.full(match[1]))
    return [f"{key}\t{value}" for key, value in sorted(table.get("Parameters", {}).items())
            if match[2] in (None, key)]


def _describe(ddl: Ddl, text: str) -> list[str]:
    match = _matched(rf"(?:describe|desc)\s+(extended\s+|formatted\s+)?({NAME})", text)
    table = ddl.catalog.table(*ddl.full(match[2]))
    lines = [f"{one['Name']:<20}\t{one['Type']:<20}\t{one.get('Comment', ''):<20}" for one in _all_columns(table)]
    if keys := table.get("PartitionKeys"):
        lines += ["\t \t ", "# Partition Information\t \t ", f"{'# col_name':<20}\t{'data_type':<20}\t{'comment':<20}",
                  "\t \t "]
        lines += [f"{one['Name']:<20}\t{one['Type']:<20}\t{one.get('Comment', ''):<20}" for one in keys]
    if match[1]:
        lines += ["", f"Detailed Table Information\tLocation: {table['StorageDescriptor'].get('Location', '')}"]
    return lines


def _show_create_table(ddl: Ddl, text: str) -> list[str]:
    match = _matched(rf"show\s+create\s+table\s+({NAME})", text)
    database, name = ddl.full(match[1])
    table = ddl.catalog.table(database, name)
    if is_view(table):
        return [f"CREATE VIEW {database}.{name} AS", view_query(table)]
    descriptor = table["StorageDescriptor"]
    serde = descriptor["SerdeInfo"]
    lines = [f"CREATE EXTERNAL TABLE `{name}`("]
    lines += [_column(one) + ("," if n < len(descriptor["Columns"]) else ")")
              for n, one in enumerate(descriptor["Columns"], 1)]
    if keys := table.get("PartitionKeys"):
        lines += ["PARTITIONED BY ( "]
        lines += [_column(one) + ("," if n < len(keys) else ")") for n, one in enumerate(keys, 1)]
    lines += ["ROW FORMAT SERDE ", f"  '{serde['SerializationLibrary']}' "]
    if parameters := serde.get("Parameters"):
        lines += ["WITH SERDEPROPERTIES ( "]
        lines += [f"  {_escaped(key)}={_escaped(value)}" + (", " if n < len(parameters) else ") ")
                  for n, (key, value) in enumerate(parameters.items(), 1)]
    lines += ["STORED AS INPUTFORMAT ", f"  '{descriptor.get('InputFormat', '')}' ", "OUTPUTFORMAT ",
              f"  '{descriptor.get('OutputFormat', '')}'", "LOCATION", f"  '{descriptor.get('Location', '')}'"]
    shown = {key: value for key, value in table.get("Parameters", {}).items() if key != "EXTERNAL"}
    if shown:
        lines += ["TBLPROPERTIES ("]
        lines += [f"  {_escaped(key)}={_escaped(value)}" + (", " if n < len(shown) else ")")
                  for n, (key, value) in enumerate(shown.items(), 1)]
    return lines


def _column(one: dict[str, str]) -> str:
    comment = f" COMMENT '{one['Comment']}'" if one.get("Comment") else ""
    return f"  `{one['Name']}` {one['Type']}{comment}"


def _escaped(text: str) -> str:
    return "'" + "".join(f"\\u{ord(one):04x}" if ord(one) < 32 else one for one in text).replace("'", "\\'") + "'"


def _show_create_view(ddl: Ddl, text: str) -> list[str]:
    match = _matched(rf"show\s+create\s+view\s+({NAME})", text)
    database, name = ddl.full(match[1])
    return [f"CREATE VIEW {database}.{name} AS", *view_query(ddl.catalog.table(database, name)).splitlines()]


_RULES: dict[str, Callable[[Ddl, str], list[str]]] = {
    "CREATE_DATABASE": _create_database, "DROP_DATABASE": _drop_database, "ALTER_DATABASE": _alter_database,
    "CREATE_TABLE": _create_table, "DROP_TABLE": _drop_table, "DROP_VIEW": _drop_table, "ALTER_TABLE": _alter_table,
    "MSCK_REPAIR_TABLE": _repair, "SHOW_DATABASES": _show_databases, "SHOW_TABLES": _show_tables,
    "SHOW_VIEWS": _show_tables, "SHOW_PARTITIONS": _show_partitions, "SHOW_COLUMNS": _show_columns,
    "SHOW_TBLPROPERTIES": _show_properties, "SHOW_CREATE_TABLE": _show_create_table,
    "SHOW_CREATE_VIEW": _show_create_view, "DESCRIBE_TABLE": _describe,
}
