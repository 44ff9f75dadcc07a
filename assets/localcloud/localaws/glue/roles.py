"""The roles that Glue works under."""

from __future__ import annotations

from localaws.glue.operation import invalid
from localaws.iam import sessions

PRINCIPAL = "glue.amazonaws.com"


def must_be_assumable(role: str) -> None:
    """Raise InvalidInputException unless the role (an ARN or a name) exists and trusts Glue.

    Source: the sentence is that of CreateCrawler's error (hashicorp/terraform-provider-aws#30371).
    """
    record = sessions.role_named(role)
    if record is None or not sessions.trusts(record, PRINCIPAL):
        raise invalid("Service is unable to assume provided role. Please verify role's TrustPolicy")


def arn(role: str) -> str:
    """The ARN of a role given by ARN or by name."""
    record = sessions.role_named(role)
    return str(record["Arn"]) if record else role
