"""Policy documents that the emulator takes and AWS does not: broken ones, and ones that name nobody.

Source: terraform-provider-aws internal/service/iam/role.go (retries on `Invalid principal in policy`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

from localaws.contract import AwsError, Response, query_error, settings
from localaws.iam.paging import NAMESPACE

Handler = Callable[..., Awaitable[Response]]


def checking(original: Handler) -> Handler:
    """The IAM handler, once trust policies are looked at and policies with several versions are kept."""

    async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Response:
        fields = {name: values[0] for name, values in {**query, **parse_qs(body.decode("utf-8", "replace"))}.items()}
        try:
            action = fields.get("Action")
            if action in ("CreateRole", "UpdateAssumeRolePolicy"):
                document = fields.get("AssumeRolePolicyDocument") or fields.get("PolicyDocument") or ""
                check(document, "MalformedPolicyDocument")
            elif action == "DeletePolicy":
                check_versions(fields.get("PolicyArn", ""))
        except AwsError as error:
            return query_error(error, NAMESPACE)
        return await original(method, path, headers, body, query)

    return handle


def check(document: str, code: str) -> None:
    """Raise an error with `code` unless the document is JSON and everybody it names exists."""
    try:
        policy = json.loads(document)
        statements = policy.get("Statement", [])
    except (ValueError, AttributeError):
        raise AwsError(code, "This policy contains invalid Json") from None
    for statement in [statements] if isinstance(statements, dict) else statements:
        for kind, name in _principals(statement.get("Principal") or {}):
            if not _exists(kind, name):
                raise AwsError(code, f'Invalid principal in policy: "{kind}":"{name}"')


def check_versions(arn: str) -> None:
    """Raise DeleteConflict while a policy has versions besides its default one."""
    from ministack.services import iam

    policy = iam._policies.get(arn)
    if policy is not None and len(policy["Versions"]) > 1:
        raise AwsError(
            "DeleteConflict",
            "This policy has more than one version. Before you delete a policy, delete its other versions. "
            "The default version is deleted with the policy.",
            409,
        )


def _principals(principal: Any) -> Iterator[tuple[str, str]]:
    if isinstance(principal, str):
        yield "AWS", principal
        return
    for kind, names in principal.items():
        for name in [names] if isinstance(names, str) else names:
            yield kind, name


def _exists(kind: str, name: str) -> bool:
    """Whether a principal exists; those of other accounts cannot be known here and are taken to."""
    from ministack.services import iam

    if kind == "Service":
        return re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?", name) is not None
    if kind != "AWS" or name == "*" or re.fullmatch(r"\d{12}|A[A-Z]{3}[A-Z0-9]+", name):
        return True
    found = re.fullmatch(r"arn:aws[\w-]*:(iam|sts)::(\d{12}):(root|(role|user|assumed-role)/(.+))", name)
    if not found:
        return False
    account, kept, path = found[2], found[4], found[5]
    if account != settings().account or kept in (None, "assumed-role"):
        return True
    store = iam._roles if kept == "role" else iam._users
    record = store.get_scoped(account, None, path.rsplit("/", 1)[-1])
    return record is not None and record.get("Arn") == name
