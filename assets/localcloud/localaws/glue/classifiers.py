"""Classifiers, which tell crawlers how to read files, and security configurations."""

from __future__ import annotations

from typing import Any

from localaws.glue.operation import Call, Operation, already_exists, invalid, not_found, now, page
from localaws.glue.store import Record

KINDS = ("GrokClassifier", "XMLClassifier", "JsonClassifier", "CsvClassifier")


def create_classifier(call: Call) -> Record:
    """CreateClassifier; exactly one kind."""
    kind, given = _one(call)
    if given["Name"] in call.store.classifiers:
        raise already_exists(f"Classifier {given['Name']} already exists.")
    when = now()
    call.store.classifiers[given["Name"]] = {
        kind: {**_defaults(kind), **given, "CreationTime": when, "LastUpdated": when, "Version": 1}
    }
    return {}


def get_classifier(call: Call) -> Record:
    """GetClassifier."""
    return {"Classifier": _found(call, call.input["Name"])}


def get_classifiers(call: Call) -> Record:
    """GetClassifiers."""
    found, more = page([call.store.classifiers[name] for name in sorted(call.store.classifiers)], call.input)
    return {"Classifiers": found, **more}


def update_classifier(call: Call) -> Record:
    """UpdateClassifier changes what it names."""
    kind, given = _one(call)
    kept = _found(call, given["Name"])
    if kind not in kept:
        raise invalid(f"Classifier {given['Name']} is of another kind.")
    kept[kind] |= {**given, "LastUpdated": now(), "Version": kept[kind]["Version"] + 1}
    return {}


def delete_classifier(call: Call) -> Record:
    """DeleteClassifier."""
    _found(call, call.input["Name"])
    del call.store.classifiers[call.input["Name"]]
    return {}


def create_security_configuration(call: Call) -> Record:
    """CreateSecurityConfiguration."""
    name = call.input["Name"]
    if name in call.store.security:
        raise already_exists(f"Security configuration {name} already exists.")
    when = now()
    call.store.security[name] = {
        "Name": name,
        "CreatedTimeStamp": when,
        "EncryptionConfiguration": call.input["EncryptionConfiguration"],
    }
    return {"Name": name, "CreatedTimestamp": when}


def get_security_configuration(call: Call) -> Record:
    """GetSecurityConfiguration."""
    return {"SecurityConfiguration": _security(call)}


def get_security_configurations(call: Call) -> Record:
    """GetSecurityConfigurations."""
    found, more = page([call.store.security[name] for name in sorted(call.store.security)], call.input)
    return {"SecurityConfigurations": found, **more}


def delete_security_configuration(call: Call) -> Record:
    """DeleteSecurityConfiguration."""
    _security(call)
    del call.store.security[call.input["Name"]]
    return {}


def _one(call: Call) -> tuple[str, dict[str, Any]]:
    kinds = [kind for kind in KINDS if kind in call.input]
    if len(kinds) != 1:
        raise invalid("Exactly one of the classifier types must be given.")
    return kinds[0], call.input[kinds[0]]


def _defaults(kind: str) -> Record:
    return {"QuoteSymbol": '"', "DisableValueTrimming": False, "AllowSingleColumn": False} if kind == KINDS[3] else {}


def _found(call: Call, name: str) -> Record:
    found = call.store.classifiers.get(name)
    if found is None:
        raise not_found(f"Classifier {name} not found.")
    return found


def _security(call: Call) -> Record:
    found = call.store.security.get(call.input["Name"])
    if found is None:
        raise not_found(f"Security configuration {call.input['Name']} not found.")
    return found


OPERATIONS: dict[str, Operation] = {
    "CreateClassifier": create_classifier,
    "GetClassifier": get_classifier,
    "GetClassifiers": get_classifiers,
    "UpdateClassifier": update_classifier,
    "DeleteClassifier": delete_classifier,
    "CreateSecurityConfiguration": create_security_configuration,
    "GetSecurityConfiguration": get_security_configuration,
    "GetSecurityConfigurations": get_security_configurations,
    "DeleteSecurityConfiguration": delete_security_configuration,
}
