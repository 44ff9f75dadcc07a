"""The catalogue as a whole: its resource policy and its encryption."""

from __future__ import annotations

import hashlib

from localaws.contract import AwsError
from localaws.glue.operation import Call, Operation, invalid, not_found, now, page
from localaws.glue.store import Record


def put_resource_policy(call: Call) -> Record:
    """PutResourcePolicy."""
    from ministack.core.iam_evaluator import validate_policy_document

    arn = call.input.get("ResourceArn", "")
    old = call.store.policies.get(arn)
    _expect(call.input.get("PolicyHashCondition"), old)
    condition = call.input.get("PolicyExistsCondition", "NONE")
    if condition == "MUST_EXIST" and old is None:
        raise not_found("Policy not found.")
    if condition == "NOT_EXIST" and old is not None:
        raise AwsError("ConditionCheckFailureException", "Policy exists already.")
    text = call.input["PolicyInJson"]
    if not text.lstrip().startswith("{"):
        raise invalid("The policy is not JSON.")
    validate_policy_document(text)
    when = now()
    call.store.policies[arn] = {
        "PolicyInJson": text,
        "PolicyHash": hashlib.sha256(text.encode()).hexdigest(),
        "CreateTime": old["CreateTime"] if old else when,
        "UpdateTime": when,
    }
    return {"PolicyHash": call.store.policies[arn]["PolicyHash"]}


def get_resource_policy(call: Call) -> Record:
    """GetResourcePolicy."""
    found = call.store.policies.get(call.input.get("ResourceArn", ""))
    if found is None:
        raise not_found("Policy not found.")
    return found


def get_resource_policies(call: Call) -> Record:
    """GetResourcePolicies."""
    found, more = page(list(call.store.policies.values()), call.input)
    return {"GetResourcePoliciesResponseList": found, **more}


def delete_resource_policy(call: Call) -> Record:
    """DeleteResourcePolicy."""
    arn = call.input.get("ResourceArn", "")
    old = call.store.policies.get(arn)
    if old is None:
        raise not_found("Policy not found.")
    _expect(call.input.get("PolicyHashCondition"), old)
    del call.store.policies[arn]
    return {}


def get_catalog_import_status(call: Call) -> Record:
    """GetCatalogImportStatus: there was never a catalogue of Athena's own to import."""
    return {"ImportStatus": {"ImportCompleted": True}}


def _expect(wanted: str | None, old: Record | None) -> None:
    if wanted is not None and (old is None or old["PolicyHash"] != wanted):
        raise AwsError("ConditionCheckFailureException", "The hash of the policy differs.")


OPERATIONS: dict[str, Operation] = {
    "PutResourcePolicy": put_resource_policy,
    "GetResourcePolicy": get_resource_policy,
    "GetResourcePolicies": get_resource_policies,
    "DeleteResourcePolicy": delete_resource_policy,
    "GetCatalogImportStatus": get_catalog_import_status,
}
