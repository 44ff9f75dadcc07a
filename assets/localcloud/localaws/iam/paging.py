"""What the emulator's IAM lacks: pages of its lists, and SetDefaultPolicyVersion."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs
from xml.etree import ElementTree

from localaws.contract import AwsError, Response, query_error, query_response

NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/"
Handler = Callable[..., Awaitable[Response]]


def extended(original: Handler) -> Handler:
    """The emulator's IAM handler with what it lacks."""

    async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Response:
        fields = {name: values[0] for name, values in {**query, **parse_qs(body.decode("utf-8", "replace"))}.items()}
        try:
            if fields.get("Action") == "SetDefaultPolicyVersion":
                return set_default_policy_version(fields)
            response = await original(method, path, headers, body, query)
            if fields.get("Action", "").startswith("List") and response[0] == 200:
                return page(response, int(fields.get("MaxItems", 100)), fields.get("Marker", ""))
        except AwsError as error:
            return query_error(error, NAMESPACE)
        return response

    return handle


def page(response: Response, size: int, marker: str) -> Response:
    """Cut a list to one page, as IAM does: `IsTruncated` and `Marker`."""
    status, headers, body = response
    ElementTree.register_namespace("", NAMESPACE)
    root = ElementTree.fromstring(body)
    result = next((child for child in root if child.tag.endswith("Result")), None)
    if result is None:
        return response
    items = next((child for child in result if child.find(f"{{{NAMESPACE}}}member") is not None), None)
    begin = int(base64.b64decode(marker)) if marker else 0
    if items is None or (len(items) <= size and not begin):
        return response
    members = list(items)
    for member in members[:begin] + members[begin + size :]:
        items.remove(member)
    more = len(members) > begin + size
    truncated = result.find(f"{{{NAMESPACE}}}IsTruncated")
    if truncated is None:
        truncated = ElementTree.SubElement(result, f"{{{NAMESPACE}}}IsTruncated")
    truncated.text = "true" if more else "false"
    if more:
        after = ElementTree.SubElement(result, f"{{{NAMESPACE}}}Marker")
        after.text = base64.b64encode(str(begin + size).encode()).decode()
    return status, headers, ElementTree.tostring(root)


def set_default_policy_version(fields: dict[str, str]) -> Response:
    """Make another version of a managed policy the one that counts."""
    from ministack.services import iam

    policy = iam._policies.get(fields.get("PolicyArn", ""))
    if policy is None:
        raise AwsError("NoSuchEntity", f"Policy {fields.get('PolicyArn')} does not exist.", 404)
    version = fields.get("VersionId", "")
    if version not in policy["Versions"]:
        raise AwsError("NoSuchEntity", f"Policy {fields['PolicyArn']} version {version} does not exist.", 404)
    for one in policy["Versions"].values():
        one["IsDefaultVersion"] = one["VersionId"] == version
    policy["DefaultVersionId"] = version
    return query_response("SetDefaultPolicyVersion", "", NAMESPACE, wrap=False)
