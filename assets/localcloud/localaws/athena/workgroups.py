"""Operations on workgroups, named queries, prepared statements and tags.

Source: https://docs.aws.amazon.com/athena/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

from localaws.athena import store
from localaws.athena.store import Record, invalid, paged
from localaws.contract import AwsError, caller


def create(given: Record) -> Record:
    """CreateWorkGroup."""
    name = given["Name"]
    if not re.fullmatch(r"[a-zA-Z0-9._-]{1,128}", name):
        raise invalid("WorkGroup name is not valid")
    region = store.here()
    if name in region.workgroups:
        raise invalid("WorkGroup is already created")
    configuration = {
        "EnforceWorkGroupConfiguration": True, "PublishCloudWatchMetricsEnabled": True, "RequesterPaysEnabled": False,
        "ResultConfiguration": {}, **given.get("Configuration", {}),
    }
    configuration["EngineVersion"] = _engine(configuration.get("EngineVersion"))
    region.workgroups[name] = {
        "Name": name, "State": "ENABLED", "Description": given.get("Description", ""), "CreationTime": time.time(),
        "Configuration": configuration,
    }
    if given.get("Tags"):
        region.tags[_arn(name)] = given["Tags"]
    return {}


def get(given: Record) -> Record:
    """GetWorkGroup."""
    return {"WorkGroup": find(given["WorkGroup"])}


def list_all(given: Record) -> Record:
    """ListWorkGroups."""
    found = [
        {**{key: one[key] for key in ("Name", "State", "Description", "CreationTime")},
         "EngineVersion": one["Configuration"]["EngineVersion"]}
        for _, one in sorted(store.here().workgroups.items())
    ]
    return paged("WorkGroups", found, given)


_REMOVALS = {
    "RemoveOutputLocation": "OutputLocation", "RemoveEncryptionConfiguration": "EncryptionConfiguration",
    "RemoveExpectedBucketOwner": "ExpectedBucketOwner", "RemoveAclConfiguration": "AclConfiguration",
}


def update(given: Record) -> Record:
    """UpdateWorkGroup: what is not mentioned stays; `Remove...` takes away."""
    group = find(given["WorkGroup"])
    if "Description" in given:
        group["Description"] = given["Description"]
    if "State" in given:
        group["State"] = given["State"]
    updates = dict(given.get("ConfigurationUpdates", {}))
    configuration = group["Configuration"]
    results = dict(configuration.get("ResultConfiguration", {}))
    changes = dict(updates.pop("ResultConfigurationUpdates", {}))
    for flag, key in _REMOVALS.items():
        if changes.pop(flag, False):
            results.pop(key, None)
    configuration["ResultConfiguration"] = {**results, **changes}
    for flag, key in (("RemoveBytesScannedCutoffPerQuery", "BytesScannedCutoffPerQuery"),
                      ("RemoveCustomerContentEncryptionConfiguration", "CustomerContentEncryptionConfiguration")):
        if updates.pop(flag, False):
            configuration.pop(key, None)
    if "EngineVersion" in updates:
        updates["EngineVersion"] = _engine(updates["EngineVersion"])
    configuration |= updates
    return {}


def delete(given: Record) -> Record:
    """DeleteWorkGroup: one with queries only with RecursiveDeleteOption."""
    name = given["WorkGroup"]
    if name == "primary":
        raise invalid("Primary WorkGroup cannot be deleted")
    find(name)
    region = store.here()
    mine = [key for key, one in region.named_queries.items() if one["WorkGroup"] == name]
    prepared = [key for key in region.prepared if key.startswith(f"{name}/")]
    run = [key for key, one in region.executions.items() if one["WorkGroup"] == name]
    if (mine or prepared or run) and not given.get("RecursiveDeleteOption"):
        raise invalid("WorkGroup is not empty")
    for key in mine:
        del region.named_queries[key]
    for key in prepared:
        del region.prepared[key]
    for key in run:
        del region.executions[key]
    del region.workgroups[name]
    region.tags.pop(_arn(name), None)
    return {}


def find(name: str) -> Record:
    """The record of a workgroup. Raises InvalidRequestException."""
    group = store.here().workgroups.get(name)
    if group is None:
        raise invalid(f"WorkGroup {name} is not found.")
    return group


def _engine(given: Record | None) -> Record:
    selected = (given or {}).get("SelectedEngineVersion", "AUTO")
    if selected not in ("AUTO", store.ENGINE):
        raise invalid(f"Engine version {selected} is not supported by the local Athena")
    return {"SelectedEngineVersion": selected, "EffectiveEngineVersion": store.ENGINE}


def engine_versions(given: Record) -> Record:
    """ListEngineVersions."""
    return {"EngineVersions": [_engine(None), _engine({"SelectedEngineVersion": store.ENGINE})]}


def create_named(given: Record) -> Record:
    """CreateNamedQuery."""
    group = given.get("WorkGroup", "primary")
    find(group)
    identifier = str(uuid.uuid4())
    names = ("Name", "Description", "Database", "QueryString")
    record: Record = {key: given[key] for key in names if key in given}
    store.here().named_queries[identifier] = {**record, "NamedQueryId": identifier, "WorkGroup": group}
    return {"NamedQueryId": identifier}


def get_named(given: Record) -> Record:
    """GetNamedQuery."""
    return {"NamedQuery": _named(given["NamedQueryId"])}


def get_named_batch(given: Record) -> Record:
    """BatchGetNamedQuery."""
    known = store.here().named_queries
    return {
        "NamedQueries": [known[one] for one in given["NamedQueryIds"] if one in known],
        "UnprocessedNamedQueryIds": [
            {"NamedQueryId": one, "ErrorCode": "INTERNAL_FAILURE", "ErrorMessage": f"NamedQuery {one} was not found"}
            for one in given["NamedQueryIds"] if one not in known
        ],
    }


def list_named(given: Record) -> Record:
    """ListNamedQueries."""
    group = given.get("WorkGroup", "primary")
    found = [key for key, one in store.here().named_queries.items() if one["WorkGroup"] == group]
    return paged("NamedQueryIds", found, given)


def update_named(given: Record) -> Record:
    """UpdateNamedQuery."""
    _named(given["NamedQueryId"]).update(
        {key: given[key] for key in ("Name", "Description", "QueryString") if key in given}
    )
    return {}


def delete_named(given: Record) -> Record:
    """DeleteNamedQuery."""
    _named(given["NamedQueryId"])
    del store.here().named_queries[given["NamedQueryId"]]
    return {}


def _named(identifier: str) -> Record:
    found = store.here().named_queries.get(identifier)
    if found is None:
        raise invalid(f"NamedQuery {identifier} was not found")
    return found


def create_prepared(given: Record) -> Record:
    """CreatePreparedStatement."""
    find(given["WorkGroup"])
    key = f"{given['WorkGroup']}/{given['StatementName']}"
    if key in store.here().prepared:
        raise invalid("PreparedStatement is already created")
    put_prepared(given["WorkGroup"], given["StatementName"], given["QueryStatement"], given.get("Description"))
    return {}


def put_prepared(group: str, name: str, query: str, description: str | None = None) -> None:
    """Keep a prepared statement."""
    record: Record = {"StatementName": name, "QueryStatement": query, "WorkGroupName": group,
                      "LastModifiedTime": time.time()}
    if description is not None:
        record["Description"] = description
    store.here().prepared[f"{group}/{name}"] = record


def get_prepared(given: Record) -> Record:
    """GetPreparedStatement."""
    return {"PreparedStatement": prepared(given["WorkGroup"], given["StatementName"])}


def get_prepared_batch(given: Record) -> Record:
    """BatchGetPreparedStatement."""
    known = store.here().prepared
    keys = {one: f"{given['WorkGroup']}/{one}" for one in given["PreparedStatementNames"]}
    return {
        "PreparedStatements": [known[key] for key in keys.values() if key in known],
        "UnprocessedPreparedStatementNames": [
            {"StatementName": one, "ErrorCode": "STATEMENT_NOT_FOUND",
             "ErrorMessage": f"PreparedStatement {one} was not found"}
            for one, key in keys.items() if key not in known
        ],
    }


def list_prepared(given: Record) -> Record:
    """ListPreparedStatements."""
    find(given["WorkGroup"])
    found = [
        {"StatementName": one["StatementName"], "LastModifiedTime": one["LastModifiedTime"]}
        for one in store.here().prepared.values() if one["WorkGroupName"] == given["WorkGroup"]
    ]
    return paged("PreparedStatements", found, given)


def update_prepared(given: Record) -> Record:
    """UpdatePreparedStatement."""
    known = prepared(given["WorkGroup"], given["StatementName"])
    put_prepared(given["WorkGroup"], given["StatementName"], given["QueryStatement"],
                 given.get("Description", known.get("Description")))
    return {}


def delete_prepared(given: Record) -> Record:
    """DeletePreparedStatement."""
    prepared(given["WorkGroup"], given["StatementName"])
    del store.here().prepared[f"{given['WorkGroup']}/{given['StatementName']}"]
    return {}


def prepared(group: str, name: str) -> Record:
    """A prepared statement. Raises ResourceNotFoundException."""
    found = store.here().prepared.get(f"{group}/{name}")
    if found is None:
        raise AwsError("ResourceNotFoundException", f"PreparedStatement {name} was not found", 400)
    return found


def tag(given: Record) -> Record:
    """TagResource."""
    new = {one["Key"]: one.get("Value", "") for one in given["Tags"]}
    kept = [one for one in _tags(given["ResourceARN"]) if one["Key"] not in new]
    store.here().tags[given["ResourceARN"]] = kept + [{"Key": key, "Value": value} for key, value in new.items()]
    return {}


def untag(given: Record) -> Record:
    """UntagResource."""
    kept = [one for one in _tags(given["ResourceARN"]) if one["Key"] not in given["TagKeys"]]
    store.here().tags[given["ResourceARN"]] = kept
    return {}


def list_tags(given: Record) -> Record:
    """ListTagsForResource."""
    return paged("Tags", _tags(given["ResourceARN"]), given, 75)


def _tags(arn: str) -> list[Any]:
    region = store.here()
    kind, _, name = arn.split(":", 5)[-1].partition("/")
    if name not in {"workgroup": region.workgroups, "datacatalog": region.catalogs}.get(kind, {}):
        raise AwsError("ResourceNotFoundException", f"Resource {arn} was not found", 400)
    return region.tags.get(arn, [])


def _arn(name: str) -> str:
    who = caller()
    return f"arn:aws:athena:{who.region}:{who.account}:workgroup/{name}"
