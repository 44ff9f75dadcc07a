"""Connections to databases. UpdateConnection replaces the whole input, the password included."""

from __future__ import annotations

from localaws.contract import AwsError, caller_client
from localaws.glue import tags
from localaws.glue.operation import Call, Operation, already_exists, invalid, not_found, now, page
from localaws.glue.store import Record

_MOST_PROPERTIES = 100


def create_connection(call: Call) -> Record:
    """CreateConnection."""
    given = call.input["ConnectionInput"]
    name = given["Name"]
    if name in call.store.connections:
        raise already_exists(f"Connection {name} already exists.")
    when = now()
    call.store.connections[name] = _kept(call, given, when, when)
    tags.put(call, f"connection/{name}", call.input.get("Tags"))
    return {"CreateConnectionStatus": "READY"}


def get_connection(call: Call) -> Record:
    """GetConnection."""
    return {"Connection": _shown(call, connection(call, call.input["Name"]))}


def get_connections(call: Call) -> Record:
    """GetConnections, filtered by type and properties."""
    wanted = call.input.get("Filter") or {}
    found = [call.store.connections[name] for name in sorted(call.store.connections)]
    if kind := wanted.get("ConnectionType"):
        found = [one for one in found if one["ConnectionType"] == kind]
    if criteria := wanted.get("MatchCriteria"):
        found = [one for one in found if set(criteria) <= set(one.get("MatchCriteria") or [])]
    parts, more = page(found, call.input)
    return {"ConnectionList": [_shown(call, one) for one in parts], **more}


def update_connection(call: Call) -> Record:
    """UpdateConnection."""
    old = connection(call, call.input["Name"])
    given = {**call.input["ConnectionInput"], "Name": old["Name"]}
    call.store.connections[old["Name"]] = _kept(call, given, old["CreationTime"], now())
    return {}


def delete_connection(call: Call) -> Record:
    """DeleteConnection."""
    name = connection(call, call.input["ConnectionName"])["Name"]
    del call.store.connections[name]
    tags.drop(call, f"connection/{name}")
    return {}


def batch_delete_connection(call: Call) -> Record:
    """BatchDeleteConnection."""
    gone, errors = [], {}
    for name in call.input["ConnectionNameList"]:
        if call.store.connections.pop(name, None) is None:
            errors[name] = {"ErrorCode": "EntityNotFoundException", "ErrorMessage": f"Connection {name} not found."}
        else:
            gone.append(name)
            tags.drop(call, f"connection/{name}")
    return {"Succeeded": gone, "Errors": errors}


def test_connection(call: Call) -> Record:
    """TestConnection really connects."""
    from localaws.glue import jdbc

    if "TestConnectionInput" in call.input:
        kept: Record = {"Name": "test", **call.input["TestConnectionInput"]}
    else:
        kept = connection(call, call.input["ConnectionName"])
    try:
        jdbc.connect(kept, call.region, caller_client("secretsmanager", region=call.region)).close()
    except AwsError:
        raise
    except Exception as error:
        raise AwsError("InvalidInputException", f"Connection {kept['Name']} failed: {error}") from None
    return {}


def connection(call: Call, name: str) -> Record:
    """A connection by its name."""
    found = call.store.connections.get(name)
    if found is None:
        raise not_found(f"Connection {name} not found.")
    return found


def _kept(call: Call, given: Record, created: float, updated: float) -> Record:
    properties = given.get("ConnectionProperties") or {}
    if len(properties) > _MOST_PROPERTIES:
        raise invalid(f"A connection can have at most {_MOST_PROPERTIES} properties.")
    if given["ConnectionType"] == "JDBC" and not {"JDBC_CONNECTION_URL", "HOST"} & set(properties):
        raise invalid("JDBC_CONNECTION_URL is required for a connection of type JDBC.")
    return {
        **{name: value for name, value in given.items() if name != "ValidateCredentials"},
        "ConnectionProperties": properties,
        "CreationTime": created,
        "LastUpdatedTime": updated,
        "LastUpdatedBy": call.caller,
        "Status": "READY",
        "ConnectionSchemaVersion": 1,
    }


def _shown(call: Call, kept: Record) -> Record:
    if not call.input.get("HidePassword"):
        return kept
    hidden = ("PASSWORD", "ENCRYPTED_PASSWORD")
    properties = {name: value for name, value in kept["ConnectionProperties"].items() if name not in hidden}
    return {**kept, "ConnectionProperties": properties}


OPERATIONS: dict[str, Operation] = {
    "CreateConnection": create_connection,
    "GetConnection": get_connection,
    "GetConnections": get_connections,
    "UpdateConnection": update_connection,
    "DeleteConnection": delete_connection,
    "BatchDeleteConnection": batch_delete_connection,
    "TestConnection": test_connection,
}
