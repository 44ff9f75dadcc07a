"""Calls that services of this package make to the emulator's, from their own threads."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import string
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from localaws import emulator
from localaws.contract import AwsError, call

T = TypeVar("T")
_loop: asyncio.AbstractEventLoop | None = None


def bind() -> None:
    """Remember the running event loop: the calls below are made on it. From `start` of a service."""
    global _loop
    _loop = asyncio.get_running_loop()


def wait(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on the server's loop, from another thread, and wait for its answer."""
    assert _loop is not None, "the server has not started"
    return asyncio.run_coroutine_threadsafe(coroutine, _loop).result(60)


@dataclass(frozen=True)
class Subnet:
    """A subnet of EC2's."""

    identifier: str
    zone: str
    vpc: str


def subnets(identifiers: Sequence[str], error_code: str) -> list[Subnet]:
    """Look subnets up. Raises AwsError `error_code` where one does not exist."""
    parameters = {f"SubnetId.{n}": one for n, one in enumerate(identifiers, 1)}
    try:
        text = wait(emulator.call_query("ec2", "DescribeSubnets", parameters)).decode()
    except AwsError as error:
        raise AwsError(error_code, error.message, 400) from None
    known = {one["subnetId"]: one for one in _children(text) if "subnetId" in one and "vpcId" in one}
    for one in identifiers:
        if one not in known:
            raise AwsError(error_code, f"Some input subnets in :[{one}] are invalid.", 400)
    return [Subnet(one, known[one].get("availabilityZone", ""), known[one]["vpcId"]) for one in identifiers]


def default_vpc() -> str:
    """The id of the region's default VPC, or "" where it was deleted."""
    parameters = {"Filter.1.Name": "is-default", "Filter.1.Value.1": "true"}
    text = wait(emulator.call_query("ec2", "DescribeVpcs", parameters)).decode()
    found = re.search("<vpcId>(.*?)</vpcId>", text)
    return found[1] if found else ""


def _children(text: str) -> list[dict[str, str]]:
    """The texts in each element, by name."""
    import xml.etree.ElementTree as ElementTree

    return [
        {child.tag.rsplit("}", 1)[-1]: child.text or "" for child in element}
        for element in ElementTree.fromstring(text).iter()
    ]


def make_password() -> str:
    """A password that every rule of AWS's services accepts."""
    letters = string.ascii_letters + string.digits
    return "Aa1" + "".join(secrets.choice(letters) for _ in range(29))


def keep_password(name: str, values: dict[str, Any], kms_key_id: str | None, description: str, owner: str) -> str:
    """Keep a master user's name and password in a secret that a service owns; answers its ARN."""
    request = {"Name": name, "SecretString": json.dumps(values), "Description": description,
               "Tags": [{"Key": f"aws:{owner}:managed", "Value": "true"}]}
    if kms_key_id:
        request["KmsKeyId"] = kms_key_id
    return str(wait(call("secretsmanager", "CreateSecret", request))["ARN"])


def change_password(arn: str, values: dict[str, Any]) -> None:
    """Put a new value into a managed secret."""
    wait(call("secretsmanager", "PutSecretValue", {"SecretId": arn, "SecretString": json.dumps(values)}))


def drop_password(arn: str) -> None:
    """Delete a managed secret at once; one that is gone is no error."""
    try:
        wait(call("secretsmanager", "DeleteSecret", {"SecretId": arn, "ForceDeleteWithoutRecovery": True}))
    except AwsError as error:
        if error.code != "ResourceNotFoundException":
            raise
