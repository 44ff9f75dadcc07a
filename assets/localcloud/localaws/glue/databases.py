"""Databases of the catalogue."""

from __future__ import annotations

from localaws.glue.operation import Call, Operation, already_exists, not_found, now, page
from localaws.glue.store import Record

_EVERYBODY = [{"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, "Permissions": ["ALL"]}]
"""What a database grants on new tables unless told otherwise: access is IAM's affair alone."""


def create_database(call: Call) -> Record:
    """CreateDatabase."""
    given = call.input["DatabaseInput"]
    name = given["Name"].lower()
    if name in call.store.databases:
        raise already_exists("Database already exists.")
    call.store.databases[name] = {**_kept(call, given), "CreateTime": now()}
    call.store.tables[name] = {}
    if tags := call.input.get("Tags"):
        call.store.tags[call.arn(f"database/{name}")] = dict(tags)
    return {}


def get_database(call: Call) -> Record:
    """GetDatabase."""
    return {"Database": database(call, call.input["Name"])}


def get_databases(call: Call) -> Record:
    """GetDatabases."""
    found, more = page(sorted(call.store.databases.values(), key=lambda one: str(one["Name"])), call.input)
    return {"DatabaseList": found, **more}


def update_database(call: Call) -> Record:
    """UpdateDatabase replaces all that was declared."""
    old = database(call, call.input["Name"])
    new = _kept(call, call.input["DatabaseInput"])
    call.store.databases[old["Name"]] = {**new, "Name": old["Name"], "CreateTime": old["CreateTime"]}
    return {}


def delete_database(call: Call) -> Record:
    """DeleteDatabase takes its tables and functions along."""
    name = database(call, call.input["Name"])["Name"]
    del call.store.databases[name]
    call.store.tables.pop(name, None)
    call.store.functions.pop(name, None)
    call.store.tags.pop(call.arn(f"database/{name}"), None)
    return {}


def database(call: Call, name: str) -> Record:
    """A database by its name, whose case does not count."""
    found = call.store.databases.get(name.lower())
    if found is None:
        raise not_found(f"Database {name.lower()} not found.")
    return found


def _kept(call: Call, given: Record) -> Record:
    return {
        "CreateTableDefaultPermissions": _EVERYBODY,
        **given,
        "Name": given["Name"].lower(),
        "CatalogId": call.account,
    }


OPERATIONS: dict[str, Operation] = {
    "CreateDatabase": create_database,
    "GetDatabase": get_database,
    "GetDatabases": get_databases,
    "UpdateDatabase": update_database,
    "DeleteDatabase": delete_database,
}
