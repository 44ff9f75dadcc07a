"""Partitions of tables, and indexes of partitions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from localaws.contract import AwsError
from localaws.glue import expressions
from localaws.glue.operation import Call, Operation, already_exists, invalid, not_found, now, page
from localaws.glue.store import Record
from localaws.glue.tables import entry


def create_partition(call: Call) -> Record:
    """CreatePartition."""
    _create(call, call.input["PartitionInput"])
    return {}


def batch_create_partition(call: Call) -> Record:
    """BatchCreatePartition, at most 100."""
    return {"Errors": _each(call.input["PartitionInputList"], lambda one: _create(call, one), _values)}


def get_partition(call: Call) -> Record:
    """GetPartition."""
    return {"Partition": _found(call, call.input["PartitionValues"])}


def batch_get_partition(call: Call) -> Record:
    """BatchGetPartition."""
    kept = _partitions(call)
    keys = [(one, key(one["Values"])) for one in call.input["PartitionsToGet"]]
    return {
        "Partitions": [kept[one] for _, one in keys if one in kept],
        "UnprocessedKeys": [],
    }


def get_partitions(call: Call) -> Record:
    """GetPartitions, filtered by `Expression` and cut into segments and pages."""
    table = entry(call, call.input["TableName"])
    found = list(table["Partitions"].values())
    keys = table["Table"].get("PartitionKeys") or []
    if expression := (call.input.get("Expression") or "").strip():
        types = {one["Name"].lower(): one.get("Type", "string") for one in keys}
        accepts = expressions.compiled(expression, types)
        names = list(types)
        found = [one for one in found if accepts(dict(zip(names, one["Values"], strict=False)))]
    if segment := call.input.get("Segment"):
        found = found[segment["SegmentNumber"] :: segment["TotalSegments"]]
    parts, more = page(found, call.input, default=1000)
    if call.input.get("ExcludeColumnSchema"):
        parts = [_without_columns(part) for part in parts]
    return {"Partitions": parts, **more}


def update_partition(call: Call) -> Record:
    """UpdatePartition replaces the partition, which may get other values."""
    _update(call, call.input["PartitionValueList"], call.input["PartitionInput"])
    return {}


def batch_update_partition(call: Call) -> Record:
    """BatchUpdatePartition."""
    errors = []
    for one in call.input["Entries"]:
        try:
            _update(call, one["PartitionValueList"], one["PartitionInput"])
        except AwsError as error:
            detail = {"ErrorCode": error.code, "ErrorMessage": error.message}
            errors.append({"PartitionValueList": one["PartitionValueList"], "ErrorDetail": detail})
    return {"Errors": errors}


def delete_partition(call: Call) -> Record:
    """DeletePartition."""
    _found(call, call.input["PartitionValues"])
    del _partitions(call)[key(call.input["PartitionValues"])]
    return {}


def batch_delete_partition(call: Call) -> Record:
    """BatchDeletePartition, at most 25."""

    def delete(one: Record) -> None:
        _found(call, one["Values"])
        del _partitions(call)[key(one["Values"])]

    return {"Errors": _each(call.input["PartitionsToDelete"], delete, _values)}


def create_partition_index(call: Call) -> Record:
    """CreatePartitionIndex; it is active at once."""
    table = entry(call, call.input["TableName"])
    given = call.input["PartitionIndex"]
    if any(one["IndexName"] == given["IndexName"] for one in table["Indexes"]):
        raise already_exists(f"Index with the given indexName : {given['IndexName']} already exists")
    known = {one["Name"] for one in table["Table"].get("PartitionKeys") or []}
    if not set(given["Keys"]) <= known:
        raise invalid("Keys of an index must be partition keys of the table")
    table["Indexes"].append({**given, "IndexStatus": "ACTIVE"})
    return {}


def get_partition_indexes(call: Call) -> Record:
    """GetPartitionIndexes."""
    table = entry(call, call.input["TableName"])
    types = {one["Name"]: one.get("Type", "string") for one in table["Table"].get("PartitionKeys") or []}
    listed = [
        {
            "IndexName": one["IndexName"],
            "Keys": [{"Name": name, "Type": types.get(name, "string")} for name in one["Keys"]],
            "IndexStatus": one["IndexStatus"],
        }
        for one in table["Indexes"]
    ]
    found, more = page(listed, call.input)
    return {"PartitionIndexDescriptorList": found, **more}


def delete_partition_index(call: Call) -> Record:
    """DeletePartitionIndex."""
    table = entry(call, call.input["TableName"])
    left = [one for one in table["Indexes"] if one["IndexName"] != call.input["IndexName"]]
    if len(left) == len(table["Indexes"]):
        raise not_found(f"Index {call.input['IndexName']} not found.")
    table["Indexes"] = left
    return {}


def key(values: list[str]) -> str:
    """What a partition is kept under."""
    return json.dumps(values)


def _create(call: Call, given: Record) -> None:
    table = entry(call, call.input["TableName"])
    keys = table["Table"].get("PartitionKeys") or []
    values = given.get("Values") or []
    if len(values) != len(keys):
        raise invalid("The number of partition keys do not match the number of partition values")
    if key(values) in table["Partitions"]:
        raise already_exists("Partition already exists.")
    table["Partitions"][key(values)] = _kept(call, given, now())


def _update(call: Call, values: list[str], given: Record) -> None:
    old = _found(call, values)
    new = {"Values": values, **given}
    kept = _partitions(call)
    if key(new["Values"]) != key(values) and key(new["Values"]) in kept:
        raise already_exists("Partition already exists.")
    del kept[key(values)]
    kept[key(new["Values"])] = _kept(call, new, old["CreationTime"])


def _kept(call: Call, given: Record, created: float) -> Record:
    return {
        **given,
        "DatabaseName": call.input["DatabaseName"].lower(),
        "TableName": call.input["TableName"].lower(),
        "CreationTime": created,
        "CatalogId": call.account,
    }


def _partitions(call: Call) -> dict[str, Record]:
    kept: dict[str, Record] = entry(call, call.input["TableName"])["Partitions"]
    return kept


def _found(call: Call, values: list[str]) -> Record:
    found = _partitions(call).get(key(values))
    if found is None:
        raise not_found(f"Cannot find partition. {values}")
    return found


def _values(one: Record) -> Record:
    return {"PartitionValues": one.get("Values", [])}


def _each(items: list[Record], act: Callable[[Record], None], named: Callable[[Record], Record]) -> list[Record]:
    """Do something for each item and list the errors, as Glue's batch operations do."""
    errors: list[Record] = []
    for item in items:
        try:
            act(item)
        except AwsError as error:
            detail: dict[str, Any] = {"ErrorCode": error.code, "ErrorMessage": error.message}
            errors.append({**named(item), "ErrorDetail": detail})
    return errors


def _without_columns(part: Record) -> Record:
    description = {name: value for name, value in (part.get("StorageDescriptor") or {}).items() if name != "Columns"}
    return {**part, "StorageDescriptor": description}


OPERATIONS: dict[str, Operation] = {
    "CreatePartition": create_partition,
    "BatchCreatePartition": batch_create_partition,
    "GetPartition": get_partition,
    "BatchGetPartition": batch_get_partition,
    "GetPartitions": get_partitions,
    "UpdatePartition": update_partition,
    "BatchUpdatePartition": batch_update_partition,
    "DeletePartition": delete_partition,
    "BatchDeletePartition": batch_delete_partition,
    "CreatePartitionIndex": create_partition_index,
    "GetPartitionIndexes": get_partition_indexes,
    "DeletePartitionIndex": delete_partition_index,
}
