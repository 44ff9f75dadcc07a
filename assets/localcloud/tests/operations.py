"""Which operations of which services are handled: told by our lists, and asked of the emulator's services."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

import botocore.session
from botocore.exceptions import ClientError, ParamValidationError
from botocore.model import ServiceModel

from localaws.app import SERVICES
from localaws.s3 import operations as s3
from localaws.scope import offered
from tests.conftest import Cloud

UNKNOWN = ("InvalidAction", "UnknownOperationException", "UnknownOperation", "NotImplemented")
"""Codes of AWS's answers to an operation it does not know."""

TITLES = {
    "s3": "S3", "sts": "STS", "iam": "IAM", "logs": "CloudWatch Logs", "secretsmanager": "Secrets Manager",
    "ec2": "EC2", "kms": "KMS", "ssm": "Systems Manager (parameters)", "resourcegroupstaggingapi": "Tagging",
    "glue": "Glue", "athena": "Athena", "redshift": "Redshift", "redshift-data": "Redshift Data API", "rds": "RDS",
}  # fmt: skip
EMULATED = ("sts", "iam", "logs", "secretsmanager", "ec2", "kms", "ssm", "resourcegroupstaggingapi")


def model(service: str) -> ServiceModel:
    """botocore's model of a service."""
    return botocore.session.get_session().get_service_model(service)


def own(service: str) -> set[str] | None:
    """The operations that a service of this package lists, or None where it is not there."""
    module = next(one.module for one in SERVICES if one.service == service)
    if importlib.util.find_spec(module.rsplit(".", 1)[0]) is None or importlib.util.find_spec(module) is None:
        return None
    found = importlib.import_module(module)
    listed = getattr(found, "HANDLED", None)
    return set(listed) if listed is not None else None


def handled(cloud: Cloud) -> dict[str, set[str]]:
    """Operations handled, by service."""
    found = {"s3": s3.handled()}
    for service in EMULATED:
        found[service] = {
            name for name in model(service).operation_names if answer(cloud, service, name) not in UNKNOWN
        }
    for one in SERVICES:
        if (listed := own(one.service)) is not None:
            found[one.service] = listed
    return found


def answer(cloud: Cloud, service: str, operation: str) -> str:
    """The code that an operation answers without any parameters; "" is success."""
    from botocore.config import Config

    key = f"{service}?"
    if key not in cloud.clients:
        import boto3

        cloud.clients[key] = boto3.client(
            service,
            endpoint_url=cloud.endpoint,
            region_name="us-east-1",
            aws_access_key_id=cloud.record["access_key_id"],
            aws_secret_access_key=cloud.record["secret_access_key"],
            config=Config(parameter_validation=False, retries={"total_max_attempts": 1}, inject_host_prefix=False),
        )
    client: Any = cloud.clients[key]
    try:
        client._make_api_call(operation, {})
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    except (ParamValidationError, TypeError, AttributeError, KeyError):
        return "Validation" if offered(service, operation) else "InvalidAction"  # botocore could not even ask
    return ""


def table(found: dict[str, set[str]]) -> str:
    """The table of the README."""
    lines = ["| Service | Handled | Operations |", "|---|---|---|"]
    for service in TITLES:
        if service in found:
            names = ", ".join(sorted(found[service]))
            count = f"{len(found[service])} of {len(model(service).operation_names)}"
            lines.append(f"| {TITLES[service]} | {count} | {names} |")
    return "\n".join(lines) + "\n"
