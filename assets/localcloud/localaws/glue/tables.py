"""Tables of the catalogue, and their versions."""

from __future__ import annotations

import copy
import re
from typing import Any

from localaws.contract import AwsError
from localaws.glue.databases import database
from localaws.glue.operation import Call, Operation, already_exists, invalid, not_found, now, page
from localaws.glue.store import Record

_MOST_VERSIONS = 100_000


def create_table(call: Call) -> Record:
    """CreateTable."""
    given = call.input.get("TableInput") or {"Name": call.input.get("Name", "")}
    if "OpenTableFormatInput" in call.input:
        raise invalid("OpenTableFormatInput is not supported by the local AWS: declare the table in TableInput")
    tables = _tables(call)
    name = given["Name"].lower()
    if name in tables:
        raise already_exists("Table already exists.")
    when = now()
    tables[name] = {
        "Table": _kept(call, given, when, when, "0"),
        "Versions": [],
        "Partitions": {},
        "Indexes": [dict(index, IndexStatus="ACTIVE") for index in call.input.get("PartitionIndexes", [])],
        "Statistics": {},
    }
    return {}


def get_table(call: Call) -> Record:
    """GetTable."""
    return {"Table": entry(call, call.input["Name"])["Table"]}


def get_tables(call: Call) -> Record:
    """GetTables; `Expression` is a pattern of names."""
    names = sorted(_tables(call))
    if expression := call.input.get("Expression"):
        wanted = re.compile(re.sub(r"(?<![.\])])\*", ".*", expression.lower()))
        names = [name for name in names if wanted.fullmatch(name)]
    found, more = page([_tables(call)[name]["Table"] for name in names], call.input, most=100)
    return {"TableList": found, **more}


def search_tables(call: Call) -> Record:
    """SearchTables, over all databases: text in names, descriptions and columns, and filters on properties."""
    words = str(call.input.get("SearchText", "")).lower().strip('"')
    found = [entry["Table"] for tables in call.store.tables.values() for entry in tables.values()]
    if words:
        found = [table for table in found if words in _searched(table)]
    for one in call.input.get("Filters", []):
        found = [table for table in found if _property(table, one["Key"]) == one.get("Value")]
    for criterion in reversed(call.input.get("SortCriteria", [])):
        key = criterion["FieldName"]
        found.sort(key=lambda table: str(_property(table, key)), reverse=criterion.get("Sort") == "DESC")
    tables, more = page(found, call.input)
    return {"TableList": tables, **more}


def update_table(call: Call) -> Record:
    """UpdateTable replaces the whole input, and archives what was there."""
    given = call.input.get("TableInput") or {"Name": call.input.get("Name", "")}
    kept = entry(call, given["Name"])
    old = kept["Table"]
    expected = call.input.get("VersionId")
    if expected is not None and expected != old["VersionId"]:
        raise AwsError("ConcurrentModificationException", "Update table failed due to concurrent modifications.")
    if not call.input.get("SkipArchive", False):
        kept["Versions"] = (kept["Versions"] + [copy.deepcopy(old)])[-_MOST_VERSIONS:]
    kept["Table"] = _kept(call, given, old["CreateTime"], now(), str(int(old["VersionId"]) + 1))
    kept["Table"]["CreatedBy"] = old["CreatedBy"]
    return {}


def delete_table(call: Call) -> Record:
    """DeleteTable."""
    entry(call, call.input["Name"])
    del _tables(call)[call.input["Name"].lower()]
    return {}


def batch_delete_table(call: Call) -> Record:
    """BatchDeleteTable."""
    errors = []
    for name in call.input["TablesToDelete"]:
        if _tables(call).pop(name.lower(), None) is None:
            detail = {"ErrorCode": "EntityNotFoundException", "ErrorMessage": f"Table {name.lower()} not found."}
            errors.append({"TableName": name, "ErrorDetail": detail})
    return {"Errors": errors} if errors else {}


def get_table_version(call: Call) -> Record:
    """GetTableVersion."""
    versions = _versions(entry(call, call.input["TableName"]))
    wanted = call.input.get("VersionId", versions[0]["VersionId"])
    for version in versions:
        if version["VersionId"] == wanted:
            return {"TableVersion": version}
    raise not_found(f"Version {wanted} of table {call.input['TableName']} not found.")


def get_table_versions(call: Call) -> Record:
    """GetTableVersions, the newest first."""
    found, more = page(_versions(entry(call, call.input["TableName"])), call.input, most=100)
    return {"TableVersions": found, **more}


def delete_table_version(call: Call) -> Record:
    """DeleteTableVersion."""
    _delete_version(entry(call, call.input["TableName"]), call.input["VersionId"])
    return {}


def batch_delete_table_version(call: Call) -> Record:
    """BatchDeleteTableVersion."""
    errors = []
    for version in call.input["VersionIds"]:
        try:
            _delete_version(entry(call, call.input["TableName"]), version)
        except AwsError as error:
            detail = {"ErrorCode": error.code, "ErrorMessage": error.message}
            errors.append({"TableName": call.input["TableName"], "VersionId": version, "ErrorDetail": detail})
    return {"Errors": errors}


def entry(call: Call, name: str, database_name: str = "") -> Record:
    """All that is kept of a table."""
    tables = call.store.tables[database(call, database_name or call.input["DatabaseName"])["Name"]]
    found = tables.get(name.lower())
    if found is None:
        raise not_found(f"Table {name.lower()} not found.")
    return found


def _tables(call: Call) -> dict[str, Record]:
    return call.store.tables[database(call, call.input["DatabaseName"])["Name"]]


def _kept(call: Call, given: Record, created: float, updated: float, version: str) -> Record:
    return {
        "Retention": 0,
        **{name: value for name, value in given.items() if name != "ViewDefinition"},
        "Name": given["Name"].lower(),
        "DatabaseName": call.input["DatabaseName"].lower(),
        "CreateTime": created,
        "UpdateTime": updated,
        "CreatedBy": call.caller,
        "IsRegisteredWithLakeFormation": False,
        "IsMultiDialectView": False,
        "CatalogId": call.account,
        "VersionId": version,
    }


def _versions(kept: Record) -> list[Record]:
    tables = [kept["Table"], *reversed(kept["Versions"])]
    return [{"Table": table, "VersionId": table["VersionId"]} for table in tables]


def _delete_version(kept: Record, version: str) -> None:
    if kept["Table"]["VersionId"] == version:
        raise invalid("Cannot delete the current version of a table.")
    left = [table for table in kept["Versions"] if table["VersionId"] != version]
    if len(left) == len(kept["Versions"]):
        raise not_found(f"Version {version} not found.")
    kept["Versions"] = left


def _searched(table: Record) -> str:
    columns = (table.get("StorageDescriptor") or {}).get("Columns", []) + table.get("PartitionKeys", [])
    return " ".join(
        [table["Name"], table["DatabaseName"], table.get("Description", ""), *(c["Name"] for c in columns)]
    )


def _property(table: Record, key: str) -> Any:
    return table.get(key, (table.get("Parameters") or {}).get(key))


OPERATIONS: dict[str, Operation] = {
    "CreateTable": create_table,
    "GetTable": get_table,
    "GetTables": get_tables,
    "SearchTables": search_tables,
    "UpdateTable": update_table,
    "DeleteTable": delete_table,
    "BatchDeleteTable": batch_delete_table,
    "GetTableVersion": get_table_version,
    "GetTableVersions": get_table_versions,
    "DeleteTableVersion": delete_table_version,
    "BatchDeleteTableVersion": batch_delete_table_version,
}
