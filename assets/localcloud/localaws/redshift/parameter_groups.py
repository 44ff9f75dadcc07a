"""Operations on parameter groups.

Source: https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-parameter-groups.html
"""

from __future__ import annotations

from localaws.contract import AwsError
from localaws.query_protocol import paged
from localaws.redshift import store
from localaws.redshift.store import Record

DEFAULT = "default.redshift-2.0"
FAMILIES = ("redshift-1.0", "redshift-2.0")

_PARAMETERS = (
    ("auto_analyze", "true", "boolean", "true,false", "static"),
    ("auto_mv", "true", "boolean", "true,false", "static"),
    ("datestyle", "ISO, MDY", "string", "", "static"),
    ("enable_case_sensitive_identifier", "false", "boolean", "true,false", "static"),
    ("enable_user_activity_logging", "false", "boolean", "true,false", "static"),
    ("extra_float_digits", "0", "integer", "-15-2", "static"),
    ("max_concurrency_scaling_clusters", "1", "integer", "0-10", "static"),
    ("query_group", "default", "string", "", "static"),
    ("require_ssl", "true", "boolean", "true,false", "static"),
    ("search_path", "$user, public", "string", "", "static"),
    ("statement_timeout", "0", "integer", "0,100-2147483647", "static"),
    ("use_fips_ssl", "false", "boolean", "true,false", "static"),
    ("wlm_json_configuration", '[{"auto_wlm":true}]', "string", "", "dynamic"),
)


def create(given: Record) -> Record:
    """CreateClusterParameterGroup."""
    name, family = given["ParameterGroupName"].lower(), given["ParameterGroupFamily"]
    if family not in FAMILIES:
        raise AwsError("InvalidParameterValue", f"Parameter group family {family} is not valid.", 400)
    if name in store.here().parameter_groups or name.startswith("default."):
        raise AwsError("ClusterParameterGroupAlreadyExists", f"ParameterGroup {name} already exists", 400)
    group: Record = {"ParameterGroupName": name, "ParameterGroupFamily": family, "Description": given["Description"],
                     "Tags": store.tags(given.get("Tags")), "_values": {}}
    store.here().parameter_groups[name] = group
    return {"ClusterParameterGroup": group}


def describe(given: Record) -> Record:
    """DescribeClusterParameterGroups."""
    if "ParameterGroupName" in given:
        return {"ParameterGroups": [find(given["ParameterGroupName"])]}
    groups = [find(DEFAULT), *(one for _, one in sorted(store.here().parameter_groups.items()))]
    return paged("ParameterGroups", groups, given)


def describe_parameters(given: Record) -> Record:
    """DescribeClusterParameters."""
    group = find(given["ParameterGroupName"])
    found = [_parameter(one, group["_values"]) for one in _PARAMETERS]
    if given.get("Source") == "user":
        found = [one for one in found if one["Source"] == "user"]
    elif given.get("Source") == "engine-default":
        found = [one for one in found if one["Source"] != "user"]
    return paged("Parameters", found, given)


def describe_defaults(given: Record) -> Record:
    """DescribeDefaultClusterParameters."""
    page = paged("Parameters", [_parameter(one, {}) for one in _PARAMETERS], given)
    return {"DefaultClusterParameters": {"ParameterGroupFamily": given["ParameterGroupFamily"], **page}}


def modify(given: Record) -> Record:
    """ModifyClusterParameterGroup: static parameters wait for a reboot."""
    group = _own(given["ParameterGroupName"])
    known = {one[0]: one for one in _PARAMETERS}
    for parameter in given["Parameters"]:
        name = parameter["ParameterName"]
        if name not in known:
            raise AwsError("InvalidParameterValue", f"Could not find parameter with name: {name}", 400)
    for parameter in given["Parameters"]:
        group["_values"][parameter["ParameterName"]] = parameter.get("ParameterValue", "")
    _announce(group, [known[one["ParameterName"]] for one in given["Parameters"]])
    return {"ParameterGroupName": group["ParameterGroupName"],
            "ParameterGroupStatus": "Your parameter group has been updated. If you changed only dynamic parameters, "
            "associated clusters are being modified now. If you changed static parameters, all updates, including "
            "dynamic parameters, will be applied when you reboot the associated clusters."}


def reset(given: Record) -> Record:
    """ResetClusterParameterGroup."""
    group = _own(given["ParameterGroupName"])
    names = [one["ParameterName"] for one in given.get("Parameters", [])]
    if given.get("ResetAllParameters") or not names:
        names = list(group["_values"])
    for name in names:
        group["_values"].pop(name, None)
    _announce(group, [one for one in _PARAMETERS if one[0] in names])
    return {"ParameterGroupName": group["ParameterGroupName"],
            "ParameterGroupStatus": "Your parameter group has been updated but changes won't get applied until you "
            "reboot the associated Clusters."}


def delete(given: Record) -> Record:
    """DeleteClusterParameterGroup."""
    group = _own(given["ParameterGroupName"])
    for cluster in store.here().clusters.values():
        if cluster["ClusterParameterGroups"][0]["ParameterGroupName"] == group["ParameterGroupName"]:
            raise AwsError("InvalidClusterParameterGroupState",
                           f"ParameterGroup {group['ParameterGroupName']} is used by a cluster", 400)
    del store.here().parameter_groups[group["ParameterGroupName"]]
    return {}


def find(name: str) -> Record:
    """The record of a group, or of a default one. Raises ClusterParameterGroupNotFound."""
    lowered = name.lower()
    if lowered in (f"default.{family}" for family in FAMILIES):
        family = lowered.removeprefix("default.")
        return {"ParameterGroupName": lowered, "ParameterGroupFamily": family, "Tags": [], "_values": {},
                "Description": f"Default parameter group for {family}"}
    group = store.here().parameter_groups.get(lowered)
    if group is None:
        raise AwsError("ClusterParameterGroupNotFound", f"ParameterGroup not found: {name}", 404)
    return group


def _own(name: str) -> Record:
    if name.lower().startswith("default."):
        raise AwsError("InvalidClusterParameterGroupState", "Default parameter groups cannot be changed", 400)
    return find(name)


def _announce(group: Record, changed: list[tuple[str, str, str, str, str]]) -> None:
    """Clusters that use the group show what waits."""
    if not any(one[4] == "static" for one in changed):
        return
    for cluster in store.here().clusters.values():
        for used in cluster["ClusterParameterGroups"]:
            if used["ParameterGroupName"] == group["ParameterGroupName"]:
                used["ParameterApplyStatus"] = "pending-reboot"


def _parameter(one: tuple[str, str, str, str, str], values: dict[str, str]) -> Record:
    name, default, kind, allowed, apply = one
    return {"ParameterName": name, "ParameterValue": values.get(name, default), "Description": name,
            "Source": "user" if name in values else "engine-default", "DataType": kind, "AllowedValues": allowed,
            "ApplyType": apply, "IsModifiable": True}
