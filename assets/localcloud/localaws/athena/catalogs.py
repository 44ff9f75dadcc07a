"""Operations on data catalogues: the one there is is Glue's, asked as the caller."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from localaws.athena import store
from localaws.athena.store import Record, invalid, paged
from localaws.contract import AwsError, caller, caller_client


def get(given: Record) -> Record:
    """GetDataCatalog."""
    return {"DataCatalog": _find(given["Name"])}


def list_all(given: Record) -> Record:
    """ListDataCatalogs."""
    found = [{"CatalogName": one["Name"], "Type": one["Type"]} for one in store.here().catalogs.values()]
    return paged("DataCatalogsSummary", found, given)


def get_database(given: Record) -> Record:
    """GetDatabase."""
    _find(given["CatalogName"])
    found = _glue("get_database", Name=given["DatabaseName"])["Database"]
    return {"Database": _database(found)}


def list_databases(given: Record) -> Record:
    """ListDatabases."""
    _find(given["CatalogName"])
    return paged("DatabaseList", [_database(one) for one in _pages("get_databases", "DatabaseList")], given)


def get_table(given: Record) -> Record:
    """GetTableMetadata."""
    _find(given["CatalogName"])
    found = _glue("get_table", DatabaseName=given["DatabaseName"], Name=given["TableName"])["Table"]
    return {"TableMetadata": _table(found)}


def list_tables(given: Record) -> Record:
    """ListTableMetadata."""
    _find(given["CatalogName"])
    more = {"Expression": given["Expression"]} if given.get("Expression") else {}
    found = _pages("get_tables", "TableList", DatabaseName=given["DatabaseName"], **more)
    return paged("TableMetadataList", [_table(one) for one in found], given)


def _find(name: str) -> Record:
    for known, record in store.here().catalogs.items():
        if known.lower() == name.lower():
            return record
    raise invalid(f"DataCatalog {name} was not found")


def _glue(operation: str, **given: Any) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = getattr(caller_client("glue", region=caller().region), operation)(**given)
    except ClientError as error:
        raise _refused(error) from None
    return answer


def _pages(operation: str, name: str, **given: Any) -> list[dict[str, Any]]:
    try:
        pages = caller_client("glue", region=caller().region).get_paginator(operation).paginate(**given)
        return [one for page in pages for one in page[name]]
    except ClientError as error:
        raise _refused(error) from None


def _refused(error: ClientError) -> AwsError:
    said = error.response["Error"]
    return AwsError("MetadataException", said["Message"], 400)


def _database(one: dict[str, Any]) -> Record:
    return {key: one[key] for key in ("Name", "Description", "Parameters") if key in one}


def _table(one: dict[str, Any]) -> Record:
    def columns(given: list[dict[str, Any]]) -> list[Record]:
        return [{key: column[key] for key in ("Name", "Type", "Comment") if key in column} for column in given]

    descriptor = one.get("StorageDescriptor", {})
    parameters = {**one.get("Parameters", {}), "location": descriptor.get("Location", ""),
                  "inputformat": descriptor.get("InputFormat", ""), "outputformat": descriptor.get("OutputFormat", ""),
                  "serde.serialization.lib": descriptor.get("SerdeInfo", {}).get("SerializationLibrary", "")}
    created = one.get("CreateTime")
    return {
        "Name": one["Name"], "CreateTime": created.timestamp() if created else 0, "LastAccessTime": 0,
        "TableType": one.get("TableType", ""), "Columns": columns(descriptor.get("Columns", [])),
        "PartitionKeys": columns(one.get("PartitionKeys", [])), "Parameters": parameters,
    }
