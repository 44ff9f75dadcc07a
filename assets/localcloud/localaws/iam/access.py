"""IAM's decision for a call that no request carries: what a service does under a role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localaws.contract import AwsError, settings


def check(principal_arn: str, action: str, resource: str, context: Mapping[str, Any]) -> None:
    """Raise AccessDenied, in AWS's words, unless the principal's policies allow the action."""
    from ministack.core import iam_actions, iam_evaluator

    account = settings().account
    arn, kind, name = _principal(principal_arn, account)
    if kind == "User":
        policies = iam_evaluator._gather_user_policies(name, account)
        limits = iam_evaluator._permissions_boundary(_iam()._users, name, account)
    else:
        policies = iam_evaluator._gather_role_policies(name, account)
        limits = iam_evaluator._permissions_boundary(_iam()._roles, name, account)
    question = iam_evaluator.EvalContext(
        principal_arn=arn,
        principal_type=kind,
        principal_account=account,
        action=action,
        resource_arn=resource,
        region=settings().region,
        service_context={key.lower(): value for key, value in context.items()},
    )
    result = iam_evaluator.evaluate(question, policies, *limits)
    service = action.split(":", 1)[0]
    own_policy = iam_evaluator._resource_policy(service, resource)
    if own_policy is not None:
        result = iam_evaluator.combine_resource_policy(result, question, *own_policy, limits=limits)
    if result.decision != "Allow":
        denied = result.decision == "Deny"
        raise AwsError("AccessDenied", iam_actions.identity_denial_message(action, arn, resource, denied), 403)


def check_caller(action: str, resource: str, context: Mapping[str, Any]) -> None:
    """The same for whoever signed the request that is being answered, session policies included."""
    from ministack.core import iam_actions, iam_evaluator

    from localaws.iam import sessions

    who = sessions.current_caller()
    service = action.split(":", 1)[0]
    denied = iam_evaluator.enforce(who.access_key_id, action, service, who.region, resource, dict(context))
    if isinstance(denied, iam_evaluator.AuthError):
        raise AwsError(denied.code, denied.message, 403)
    if denied is not None:
        explicit = denied.decision == "Deny"
        raise AwsError("AccessDenied", iam_actions.identity_denial_message(action, who.arn, resource, explicit), 403)


def _principal(arn: str, account: str) -> tuple[str, str, str]:
    """The ARN of the session, the kind of principal and its name."""
    resource = arn.split(":", 5)[-1]
    if resource.startswith("user/"):
        return arn, "User", resource.rsplit("/", 1)[-1]
    if resource.startswith("assumed-role/"):
        return arn, "AssumedRole", resource.split("/")[1]
    name = resource.rsplit("/", 1)[-1]
    return f"arn:aws:sts::{account}:assumed-role/{name}/service", "AssumedRole", name


def _iam() -> Any:
    from ministack.services import iam

    return iam
