"""User-defined functions of the catalogue, and statistics of columns."""

from __future__ import annotations

import re
from collections.abc import Callable

from localaws.glue import partitions
from localaws.glue.databases import database
from localaws.glue.operation import Call, Operation, already_exists, not_found, now, page
from localaws.glue.store import Record
from localaws.glue.tables import entry


def create_function(call: Call) -> Record:
    """CreateUserDefinedFunction."""
    given = call.input["FunctionInput"]
    kept = _functions(call)
    if given["FunctionName"].lower() in kept:
        raise already_exists("User defined function already exists.")
    kept[given["FunctionName"].lower()] = _function(call, given, now())
    return {}


def get_function(call: Call) -> Record:
    """GetUserDefinedFunction."""
    return {"UserDefinedFunction": _found(call)}


def get_functions(call: Call) -> Record:
    """GetUserDefinedFunctions, of one database or of all."""
    if "DatabaseName" in call.input:
        kept = list(_functions(call).values())
    else:
        kept = [one for functions in call.store.functions.values() for one in functions.values()]
    pattern = re.compile(call.input["Pattern"].replace("*", ".*"), re.IGNORECASE)
    found, more = page([one for one in kept if pattern.fullmatch(one["FunctionName"])], call.input)
    return {"UserDefinedFunctions": found, **more}


def update_function(call: Call) -> Record:
    """UpdateUserDefinedFunction replaces the function."""
    old = _found(call)
    _functions(call)[call.input["FunctionName"].lower()] = _function(
        call, {**call.input["FunctionInput"], "FunctionName": old["FunctionName"]}, old["CreateTime"]
    )
    return {}


def delete_function(call: Call) -> Record:
    """DeleteUserDefinedFunction."""
    _found(call)
    del _functions(call)[call.input["FunctionName"].lower()]
    return {}


def _functions(call: Call) -> dict[str, Record]:
    return call.store.functions.setdefault(database(call, call.input["DatabaseName"])["Name"], {})


def _found(call: Call) -> Record:
    found = _functions(call).get(call.input["FunctionName"].lower())
    if found is None:
        raise not_found("User defined function not found.")
    return found


def _function(call: Call, given: Record, created: float) -> Record:
    database_name = call.input["DatabaseName"].lower()
    return {**given, "DatabaseName": database_name, "CreateTime": created, "CatalogId": call.account}


Statistics = dict[str, Record]


def update_statistics(of: Callable[[Call], Statistics]) -> Operation:
    """UpdateColumnStatisticsForTable, and ForPartition."""

    def update(call: Call) -> Record:
        for one in call.input["ColumnStatisticsList"]:
            of(call)[one["ColumnName"]] = one
        return {"Errors": []}

    return update


def get_statistics(of: Callable[[Call], Statistics]) -> Operation:
    """GetColumnStatisticsForTable, and ForPartition."""

    def get(call: Call) -> Record:
        kept = of(call)
        wanted = call.input["ColumnNames"]
        missing = {"ErrorCode": "EntityNotFoundException", "ErrorMessage": "Statistics do not exist for this column."}
        return {
            "ColumnStatisticsList": [kept[name] for name in wanted if name in kept],
            "Errors": [{"ColumnName": name, "Error": missing} for name in wanted if name not in kept],
        }

    return get


def delete_statistics(of: Callable[[Call], Statistics]) -> Operation:
    """DeleteColumnStatisticsForTable, and ForPartition."""

    def delete(call: Call) -> Record:
        if of(call).pop(call.input["ColumnName"], None) is None:
            raise not_found(f"Statistics of column {call.input['ColumnName']} not found.")
        return {}

    return delete


def _of_table(call: Call) -> Statistics:
    statistics: Statistics = entry(call, call.input["TableName"])["Statistics"].setdefault("", {})
    return statistics


def _of_partition(call: Call) -> Statistics:
    table = entry(call, call.input["TableName"])
    name = partitions.key(call.input["PartitionValues"])
    if name not in table["Partitions"]:
        raise not_found(f"Cannot find partition. {call.input['PartitionValues']}")
    statistics: Statistics = table["Statistics"].setdefault(name, {})
    return statistics


OPERATIONS: dict[str, Operation] = {
    "CreateUserDefinedFunction": create_function,
    "GetUserDefinedFunction": get_function,
    "GetUserDefinedFunctions": get_functions,
    "UpdateUserDefinedFunction": update_function,
    "DeleteUserDefinedFunction": delete_function,
    "UpdateColumnStatisticsForTable": update_statistics(_of_table),
    "GetColumnStatisticsForTable": get_statistics(_of_table),
    "DeleteColumnStatisticsForTable": delete_statistics(_of_table),
    "UpdateColumnStatisticsForPartition": update_statistics(_of_partition),
    "GetColumnStatisticsForPartition": get_statistics(_of_partition),
    "DeleteColumnStatisticsForPartition": delete_statistics(_of_partition),
}
