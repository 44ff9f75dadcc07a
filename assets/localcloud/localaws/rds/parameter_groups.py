"""Operations on parameter groups."""

from __future__ import annotations

import re

from localaws.contract import AwsError, caller
from localaws.rds import engines_offered, store
from localaws.rds.running import fleet
from localaws.rds.store import Record, paged


def create(given: Record) -> Record:
    """CreateDBParameterGroup."""
    name, family = given["DBParameterGroupName"].lower(), given["DBParameterGroupFamily"]
    engines_offered.of_family(family)
    if not re.fullmatch(r"[a-z](?!.*--)[a-z0-9.-]{0,254}", name):
        raise AwsError("InvalidParameterValue", "The parameter DBParameterGroupName is not a valid identifier.", 400)
    if name in store.here().parameter_groups or name.startswith("default."):
        raise AwsError("DBParameterGroupAlreadyExists", f"Parameter group {name} already exists", 400)
    group: Record = {
        "DBParameterGroupName": name, "DBParameterGroupFamily": family, "Description": given["Description"],
        "DBParameterGroupArn": store.arn("pg", name), "_values": {}, "_tags": store.tags(given.get("Tags")),
    }
    store.here().parameter_groups[name] = group
    return {"DBParameterGroup": group}


def describe(given: Record) -> Record:
    """DescribeDBParameterGroups."""
    if "DBParameterGroupName" in given:
        return {"DBParameterGroups": [find(given["DBParameterGroupName"])]}
    defaults = [
        find(f"default.{offer.family(version)}")
        for offer in engines_offered.OFFERS.values() for version in offer.versions
    ]
    groups = [*defaults, *store.here().parameter_groups.values()]
    return paged("DBParameterGroups", sorted(groups, key=lambda one: str(one["DBParameterGroupName"])), given)


def describe_parameters(given: Record) -> Record:
    """DescribeDBParameters."""
    group = find(given["DBParameterGroupName"])
    found = _parameters(group["DBParameterGroupFamily"], group["_values"])
    if "Source" in given:
        found = [one for one in found if one["Source"] == given["Source"]]
    return paged("Parameters", found, given)


def describe_defaults(given: Record) -> Record:
    """DescribeEngineDefaultParameters."""
    family = given["DBParameterGroupFamily"]
    page = paged("Parameters", _parameters(family, {}), given)
    return {"EngineDefaults": {"DBParameterGroupFamily": family, **page}}


def modify(given: Record) -> Record:
    """ModifyDBParameterGroup: dynamic parameters with `immediate` have effect at once."""
    group = _own(given["DBParameterGroupName"])
    known = {name: apply for name, _, apply in engines_offered.of_family(group["DBParameterGroupFamily"]).parameters}
    for one in given["Parameters"]:
        name, method = one.get("ParameterName"), one.get("ApplyMethod", "pending-reboot")
        if name not in known:
            raise AwsError("InvalidParameterValue", f"Could not find parameter with name: {name}", 400)
        if known[name] == "static" and method == "immediate":
            raise AwsError("InvalidParameterCombination",
                           "cannot use immediate apply method for static parameter", 400)
    for one in given["Parameters"]:
        group["_values"][one["ParameterName"]] = one.get("ParameterValue", "")
    _announce(group, any(one.get("ApplyMethod") != "immediate" for one in given["Parameters"]), known)
    return {"DBParameterGroupName": group["DBParameterGroupName"]}


def reset(given: Record) -> Record:
    """ResetDBParameterGroup."""
    group = _own(given["DBParameterGroupName"])
    names = [one["ParameterName"] for one in given.get("Parameters", [])]
    if given.get("ResetAllParameters", True) and not names:
        names = list(group["_values"])
    for name in names:
        group["_values"].pop(name, None)
    _announce(group, True, {})
    return {"DBParameterGroupName": group["DBParameterGroupName"]}


def delete(given: Record) -> Record:
    """DeleteDBParameterGroup."""
    group = _own(given["DBParameterGroupName"])
    name = group["DBParameterGroupName"]
    if any(one["DBParameterGroups"][0]["DBParameterGroupName"] == name for one in store.here().instances.values()):
        raise AwsError("InvalidDBParameterGroupState",
                       "One or more database instances are still members of this parameter group", 400)
    del store.here().parameter_groups[name]
    return {}


def find(name: str) -> Record:
    """The record of a group, or of a default one. Raises DBParameterGroupNotFound."""
    lowered = name.lower()
    if lowered.startswith("default."):
        family = lowered.removeprefix("default.")
        engines_offered.of_family(family)
        return {
            "DBParameterGroupName": lowered, "DBParameterGroupFamily": family, "_values": {}, "_tags": [],
            "Description": f"Default parameter group for {family}", "DBParameterGroupArn": store.arn("pg", lowered),
        }
    group = store.here().parameter_groups.get(lowered)
    if group is None:
        raise AwsError("DBParameterGroupNotFound", f"DBParameterGroup not found: {name}", 404)
    return group


def values_of(region: str, instance: Record) -> dict[str, str]:
    """What the user set in an instance's group. A formula over the instance's memory is not evaluated."""
    name = instance["DBParameterGroups"][0]["DBParameterGroupName"]
    values = store.regions[region].parameter_groups.get(name, {}).get("_values", {})
    return {key: value for key, value in values.items() if value and "{" not in value}


def _own(name: str) -> Record:
    if name.lower().startswith("default."):
        raise AwsError("InvalidParameterValue", "Default parameter groups cannot be modified", 400)
    return find(name)


def _announce(group: Record, wait: bool, known: dict[str, str]) -> None:
    """Instances of the group take dynamic parameters, or show that they wait for a reboot."""

    region = caller().region
    for instance in store.here().instances.values():
        used = instance["DBParameterGroups"][0]
        if used["DBParameterGroupName"] != group["DBParameterGroupName"]:
            continue
        if wait:
            used["ParameterApplyStatus"] = "pending-reboot"
        elif (engine := fleet.engine_of(region, instance["DBInstanceIdentifier"])) is not None:
            engine.apply(values_of(region, instance))


def _parameters(family: str, values: dict[str, str]) -> list[Record]:
    return [
        {"ParameterName": name, "Description": name, "Source": "user" if name in values else "engine-default",
         "ApplyType": apply, "DataType": kind, "IsModifiable": True,
         "ApplyMethod": "pending-reboot", **({"ParameterValue": values[name]} if name in values else {})}
        for name, kind, apply in engines_offered.of_family(family).parameters
    ]
