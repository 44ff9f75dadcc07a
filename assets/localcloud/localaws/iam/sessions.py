"""Sessions: who signed the present request, and the credentials services open for roles and callers."""

from __future__ import annotations

import json
import secrets
import threading
import time
from typing import Any

from localaws.contract import AwsError, Caller, Credentials, settings

_making = threading.Lock()
"""boto3 shares one session among clients, and making a client is not safe among threads."""


def current_caller() -> Caller:
    """Who signed the request being answered."""
    from ministack.core import iam_evaluator, responses

    return Caller(
        account=responses.get_account_id(),
        region=responses.get_region(),
        arn=iam_evaluator.caller_arn(),
        access_key_id=iam_evaluator._verified_key.get(),
    )


def role_named(role: str) -> dict[str, Any] | None:
    """The IAM role record for an ARN, or for a bare name as Glue accepts it; None where there is none."""
    from ministack.services import iam

    record: dict[str, Any] | None = iam._roles.get_scoped(settings().account, None, role.rsplit("/", 1)[-1])
    if record is None or (role.startswith("arn:") and record.get("Arn") != role):
        return None
    return record


def trusts(role: dict[str, Any], service_principal: str) -> bool:
    """Whether the role's trust policy lets an AWS service assume it.

    The emulator lets root through a statement that names any service; here the service itself must be named.
    """
    document = role.get("AssumeRolePolicyDocument") or {}
    if isinstance(document, str):
        document = json.loads(document)
    statements = document.get("Statement", [])
    allowed = False
    for statement in [statements] if isinstance(statements, dict) else statements:
        principal = statement.get("Principal", {})
        services = principal.get("Service", []) if isinstance(principal, dict) else [principal]
        services = [services] if isinstance(services, str) else services
        actions = statement.get("Action", [])
        actions = [actions] if isinstance(actions, str) else actions
        if not any(action.lower() in ("sts:assumerole", "sts:*", "*") for action in actions):
            continue
        if service_principal not in services and "*" not in services:
            continue
        if statement.get("Effect") == "Deny":
            return False
        allowed = allowed or statement.get("Effect") == "Allow"
    return allowed


def assume(role_arn: str, service_principal: str, session_name: str, seconds: int) -> Credentials:
    """Open a session of the role for a service."""
    role = role_named(role_arn)
    if role is None or not trusts(role, service_principal):
        raise AwsError(
            "AccessDenied",
            f"User: {service_principal} is not authorized to perform: sts:AssumeRole on resource: {role_arn}",
            403,
        )
    account = settings().account
    return _open(
        {
            "Arn": f"arn:aws:sts::{account}:assumed-role/{role['RoleName']}/{session_name}",
            "UserId": f"{role['RoleId']}:{session_name}",
            "AccountId": account,
            "PrincipalType": "AssumedRole",
        },
        seconds,
    )


def for_caller(seconds: int = 3600) -> Credentials:
    """Open a session with exactly the present caller's permissions."""
    from ministack.core import iam_evaluator
    from ministack.services import sts

    who = current_caller()
    credential = iam_evaluator.resolve_credential(who.access_key_id, who.account)
    if isinstance(credential, iam_evaluator.CredentialResolutionError):
        raise AwsError(credential.code, credential.message, 403)
    original = sts._sessions.get(who.access_key_id) or {}
    return _open(
        {
            "Arn": credential.principal_arn,
            "UserId": credential.principal_id,
            "AccountId": credential.account_id,
            "PrincipalType": credential.principal_type,
            "PrincipalName": credential.principal_name,
            "SessionTags": original.get("SessionTags"),
            "SessionPolicies": original.get("SessionPolicies"),
        },
        seconds,
    )


def client(service: str, credentials: Credentials, region: str = "") -> Any:
    """A boto3 client of our own port with the given credentials."""
    import boto3
    from botocore.config import Config

    here = settings()
    with _making:
        return boto3.client(
            service,
            endpoint_url=here.endpoint,
            region_name=region or here.region,
            aws_access_key_id=credentials.access_key_id,
            aws_secret_access_key=credentials.secret_access_key,
            aws_session_token=credentials.session_token,
            config=Config(retries={"total_max_attempts": 3, "mode": "standard"}, s3={"addressing_style": "path"}),
        )


def _open(record: dict[str, Any], seconds: int) -> Credentials:
    from ministack.services import sts

    opened = Credentials(
        "ASIA" + secrets.token_hex(8).upper(), secrets.token_urlsafe(30), "FwoG" + secrets.token_urlsafe(90)
    )
    sts.register_session(
        opened.access_key_id,
        {
            **record,
            "SecretAccessKey": opened.secret_access_key,
            "SessionToken": opened.session_token,
            "Expiration": time.time() + seconds,
        },
    )
    return opened
