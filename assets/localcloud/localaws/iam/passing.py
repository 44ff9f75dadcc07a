"""iam:PassRole: whoever gives a role to a service must be allowed to.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

from localaws.contract import AwsError, check_caller
from localaws.iam import sessions

_JSON_FIELDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("glue", "CreateJob"): ("Role",),
    ("glue", "UpdateJob"): ("JobUpdate.Role",),
    ("glue", "CreateCrawler"): ("Role",),
    ("glue", "UpdateCrawler"): ("Role",),
    ("athena", "CreateWorkGroup"): ("Configuration.ExecutionRole",),
    ("athena", "UpdateWorkGroup"): ("ConfigurationUpdates.ExecutionRole",),
}
"""Where each operation carries a role."""

_QUERY_FIELDS: dict[str, re.Pattern[str]] = {
    "redshift": re.compile(r"(Add)?IamRoles\.(IamRoleArn|member)\.\d+|DefaultIamRoleArn"),
    "rds": re.compile(r"MonitoringRoleArn|RoleArn|DomainIAMRoleName"),
}
_QUERY_ACTIONS = re.compile(r"(Create|Modify|RestoreFrom|AddRole).*")
_PRINCIPALS = {
    "glue": "glue.amazonaws.com",
    "athena": "athena.amazonaws.com",
    "redshift": "redshift.amazonaws.com",
    "rds": "rds.amazonaws.com",
}


def check(service: str, headers: dict[str, str], body: bytes, operation: str) -> None:
    """Raise AccessDenied when the request passes a role its caller may not pass to the service."""
    for role in _roles(service, headers, body, operation):
        record = sessions.role_named(role)
        arn = record["Arn"] if record else role
        if not arn.startswith("arn:"):
            continue  # no such role: the service itself says so
        try:
            check_caller("iam:PassRole", arn, context={"iam:PassedToService": _PRINCIPALS[service]})
        except AwsError as error:
            code = "AccessDenied" if service in _QUERY_FIELDS else "AccessDeniedException"
            raise AwsError(code, error.message, 403 if service in _QUERY_FIELDS else 400) from None


def _roles(service: str, headers: dict[str, str], body: bytes, operation: str) -> Iterator[str]:
    if service in _QUERY_FIELDS:
        if _QUERY_ACTIONS.fullmatch(operation):
            for name, values in parse_qs(body.decode("utf-8", "replace")).items():
                if _QUERY_FIELDS[service].fullmatch(name):
                    yield values[0]
        return
    for field in _JSON_FIELDS.get((service, operation), ()):
        value: Any = json.loads(body or b"{}")
        for part in field.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if isinstance(value, str) and value:
            yield value
