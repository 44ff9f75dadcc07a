"""Where the emulator differs from AWS in what our use meets, as far as it is answered right here."""

from __future__ import annotations

import base64
import heapq
import json
import re
import zlib
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, unquote
from xml.sax.saxutils import escape

from localaws import log_events
from localaws.contract import AwsError, Response, caller, check_caller, json_error, json_response, new_request_id
from localaws.iam import documents

Handler = Callable[..., Awaitable[Response]]


def logs(original: Handler) -> Handler:
    """FilterLogEvents of the emulator knows no next page and groups no other key; PutLogEvents is saved right here."""

    async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Response:
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        if operation in ("AssociateKmsKey", "DisassociateKmsKey"):
            try:
                set_key(json.loads(body or b"{}"))
                return json_response({})
            except AwsError as error:
                return json_error(error)
        if headers.get("x-amz-target", "").endswith(".FilterLogEvents"):
            try:
                return json_response(filter_log_events(json.loads(body or b"{}")))
            except AwsError as error:
                return json_error(error)
        if not headers.get("x-amz-target", "").endswith(".PutLogEvents"):
            return await original(method, path, headers, body, query)
        log_events.begin()
        response = await original(method, path, headers, body, query)
        if response[0] == 200:
            who = caller()
            log_events.keep(who.account, who.region, json.loads(body))
        return response

    return handle


def set_key(given: dict[str, Any]) -> None:
    """AssociateKmsKey, and DisassociateKmsKey, which names no key."""
    from ministack.services import cloudwatch_logs

    name = given.get("logGroupName") or str(given.get("resourceIdentifier", "")).rsplit(":log-group:", 1)[-1]
    group = cloudwatch_logs._log_groups.get(name)
    if group is None:
        raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
    group.pop("kmsKeyId", None)
    if given.get("kmsKeyId"):
        group["kmsKeyId"] = given["kmsKeyId"]


def filter_log_events(given: dict[str, Any]) -> dict[str, Any]:
    """FilterLogEvents: events of several streams in the order of time, paged."""
    from ministack.services import cloudwatch_logs

    name = given.get("logGroupName") or str(given.get("logGroupIdentifier", "")).rsplit(":log-group:", 1)[-1]
    group = cloudwatch_logs._log_groups.get(name)
    if group is None:
        raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
    accepts = cloudwatch_logs._compile_filter_pattern(given.get("filterPattern", ""))
    begin, end = given.get("startTime", 0), given.get("endTime", float("inf"))
    prefix, names = given.get("logStreamNamePrefix"), given.get("logStreamNames")
    wanted = [
        (stream, kept["events"])
        for stream, kept in group["streams"].items()
        if (names is None or stream in names) and (prefix is None or stream.startswith(prefix))
    ]
    size = min(int(given.get("limit") or 10_000), 10_000)
    first = int(base64.b64decode(given["nextToken"])) if given.get("nextToken") else 0
    found: list[dict[str, Any]] = []
    place = 0
    ordered = heapq.merge(
        *(
            [(event["timestamp"], stream, number, event) for number, event in enumerate(events)]
            for stream, events in wanted
        )
    )
    for when, stream, number, event in ordered:
        if not begin <= when <= end or not accepts(event.get("message", "")):
            continue
        place += 1
        if place <= first:
            continue
        if len(found) == size:
            token = base64.b64encode(str(first + size).encode()).decode()
            return {"events": found, "searchedLogStreams": [], "nextToken": token}
        found.append(
            {
                "logStreamName": stream,
                "timestamp": when,
                "message": event["message"],
                "ingestionTime": event.get("ingestionTime", when),
                "eventId": f"{when:020d}{zlib.crc32(stream.encode()):010d}{number:010d}",
            }
        )
    return {"events": found, "searchedLogStreams": []}


def s3(original: Handler) -> Handler:
    """A bucket policy that names nobody is refused, HEAD counts tags, and a copy has only what it is told.

    That a key is missing is told only to who may list the bucket.
    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Permissions)
    """

    async def handle(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any], **more: Any
    ) -> Response:
        if method == "PUT" and "policy" in query and "/" not in path.strip("/"):
            try:
                documents.check(bytes(body).decode("utf-8", "replace"), "MalformedPolicy")
            except AwsError as error:
                return _s3_error(error)
        if "x-amz-copy-source" in headers and "uploadId" not in query:
            told = {"x-amz-storage-class": "STANDARD"}
            if headers.get("x-amz-metadata-directive", "").upper() == "REPLACE":
                told["content-encoding"] = ""
            headers = told | headers
        response: Response = await original(method, path, headers, body, query, **more)
        bucket, _, key = unquote(path).removeprefix("/").partition("/")
        if method == "HEAD" and key and response[0] == 200:
            response[1].update(_tag_count(bucket, key, response[1].get("x-amz-version-id")))
        if method in ("GET", "HEAD") and key and _key_missing(bucket, query, response):
            try:
                check_caller("s3:ListBucket", f"arn:aws:s3:::{bucket}")
            except AwsError as error:
                status, kind, body = _s3_error(error)
                return status, kind, b"" if method == "HEAD" else body
        return response

    return handle


def _s3_error(error: AwsError) -> Response:
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{error.code}</Code><Message>{escape(error.message)}</Message></Error>"
    )
    return error.status, {"Content-Type": "application/xml"}, text.encode()


def _key_missing(bucket: str, query: dict[str, Any], response: Response) -> bool:
    """Whether an answer says that there is no such key: in its body, or by its status where it has none."""
    from ministack.services import s3 as emulated

    status, _, body = response
    if status != 404 or "versionId" in query or emulated._ensure_bucket(bucket) is None:
        return False
    return not body or b"<Code>NoSuchKey</Code>" in body


def _tag_count(bucket: str, key: str, version: str | None) -> dict[str, str]:
    from ministack.services import s3 as emulated

    return dict(emulated._object_tagging_count_header(bucket, key, version))


def iam(original: Handler) -> Handler:
    """UpdateRole takes a description away when it is given an empty one, which the emulator does not see."""

    async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Response:
        response = await original(method, path, headers, body, query)
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        if fields.get("Action") == ["UpdateRole"] and fields.get("Description") == [""] and response[0] == 200:
            from ministack.services import iam as emulated

            emulated._roles[fields["RoleName"][0]]["Description"] = ""
        return response

    return handle


def secretsmanager(original: Handler) -> Handler:
    """A secret that waits to be deleted keeps its name, with another error than one that is there.

    A policy on a secret names those that exist.

    Source: hashicorp/terraform-provider-aws#4467.
    """

    async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Response:
        if headers.get("x-amz-target", "").endswith((".PutResourcePolicy", ".ValidateResourcePolicy")):
            try:
                documents.check(str(json.loads(body).get("ResourcePolicy", "")), "MalformedPolicyDocumentException")
            except AwsError as error:
                known = "invalid Json" in error.message
                text = error.message if known else "This resource policy contains an unsupported principal."
                return json_error(AwsError(error.code, text))
        response = await original(method, path, headers, body, query)
        creating = headers.get("x-amz-target", "").endswith(".CreateSecret")
        if creating and response[0] == 400 and b"ResourceExistsException" in response[2]:
            inquiry = {**headers, "x-amz-target": "secretsmanager.DescribeSecret"}
            asked = json.dumps({"SecretId": json.loads(body)["Name"]}).encode()
            found = await original(method, path, inquiry, asked, query)
            if found[0] == 200 and json.loads(found[2]).get("DeletedDate"):
                text = (
                    "You can't create this secret because a secret with this name is already scheduled for deletion."
                )
                return json_error(AwsError("InvalidRequestException", text))
        return response

    return handle


def ec2(original: Handler) -> Handler:
    """Security groups: a rule that is there already is an error, ids are filtered by, descriptions can be changed."""

    async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Response:
        fields = {**parse_qs(body.decode("utf-8", "replace")), **query}
        action = fields.get("Action", [""])[0]
        kinds = {
            "AuthorizeSecurityGroupIngress": "IpPermissions",
            "AuthorizeSecurityGroupEgress": "IpPermissionsEgress",
        }
        if action in kinds and (problem := _duplicate(fields, kinds[action])):
            return ec2_error(AwsError("InvalidPermission.Duplicate", problem))
        try:
            if action.startswith("UpdateSecurityGroupRuleDescriptions"):
                kind = "IpPermissionsEgress" if action.endswith("Egress") else "IpPermissions"
                describe_rules(fields, kind)
                return ec2_answer(action, "<return>true</return>")
        except AwsError as error:
            return ec2_error(error)
        if action == "DescribeSecurityGroups" and (ids := _filtered_ids(fields)) is not None:
            if not ids:
                return ec2_answer(action, "<securityGroupInfo/>")
            body += "".join(f"&GroupId.{number}={one}" for number, one in enumerate(ids, 1)).encode()
        return await original(method, path, headers, body, query)

    return handle


def with_prefix_lists(original: Callable[..., list[dict[str, Any]]]) -> Callable[..., list[dict[str, Any]]]:
    """The rules of a request, prefix lists included: the emulator keeps and shows them, but does not read them."""

    def parse(params: dict[str, list[str]], prefix: str) -> list[dict[str, Any]]:
        rules = original(params, prefix)
        for place, rule in enumerate(rules, 1):
            number = 1
            while given := params.get(f"{prefix}.{place}.PrefixListIds.{number}.PrefixListId"):
                peer = {"PrefixListId": given[0]}
                if text := params.get(f"{prefix}.{place}.PrefixListIds.{number}.Description"):
                    peer["Description"] = text[0]
                rule["PrefixListIds"].append(peer)
                number += 1
        return rules

    return parse


def ec2_answer(action: str, inner: str) -> Response:
    """A success as EC2 writes it."""
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">'
        f"<requestId>{new_request_id()}</requestId>{inner}</{action}Response>"
    )
    return 200, {"Content-Type": "text/xml;charset=UTF-8"}, text.encode()


def _filtered_ids(fields: dict[str, list[str]]) -> list[str] | None:
    """The groups that the filter group-id leaves, which the emulator does not look at; None without one."""
    from ministack.services import ec2

    for name, values in fields.items():
        if re.fullmatch(r"Filter\.\d+\.Name", name) and values[0] == "group-id":
            start = name.removesuffix("Name") + "Value."
            wanted = [value[0] for key, value in fields.items() if key.startswith(start)]
            return [one for one in wanted if one in ec2._security_groups]
    return None


def describe_rules(fields: dict[str, list[str]], kind: str) -> None:
    """UpdateSecurityGroupRuleDescriptions...: every rule must be there; one without a text loses its own."""
    from ministack.services import ec2

    given = fields.get("GroupId", [""])[0]
    group = ec2._security_groups.get(given)
    if not group:
        raise AwsError("InvalidGroup.NotFound", f"The security group '{given}' does not exist")
    found: list[tuple[dict[str, Any], str | None]] = []
    for rule in ec2._parse_ip_permissions(fields, "IpPermissions"):
        for peers, key in PEERS.items():
            for peer in rule.get(peers, []):
                same = [
                    there
                    for old in group[kind]
                    if all(old.get(name) == rule.get(name) for name in ("IpProtocol", "FromPort", "ToPort"))
                    for there in old.get(peers, [])
                    if there.get(key) == peer.get(key)
                ]
                if not same:
                    problem = "The specified rule does not exist in this security group."
                    raise AwsError("InvalidPermission.NotFound", problem)
                found += [(there, peer.get("Description")) for there in same]
    for there, text in found:
        there.pop("Description", None)
        if text:
            there["Description"] = text


PEERS = {
    "IpRanges": "CidrIp",
    "Ipv6Ranges": "CidrIpv6",
    "PrefixListIds": "PrefixListId",
    "UserIdGroupPairs": "GroupId",
}
"""The lists of a permission, and what names a peer in each."""


def ec2_error(error: AwsError) -> Response:
    """An error as EC2 alone writes it."""
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Response><Errors><Error><Code>{error.code}</Code><Message>{escape(error.message)}</Message></Error></Errors>"
        f"<RequestID>{new_request_id()}</RequestID></Response>"
    )
    return error.status, {"Content-Type": "text/xml;charset=UTF-8"}, text.encode()


def _duplicate(fields: dict[str, list[str]], kind: str) -> str:
    from ministack.services import ec2

    group = ec2._security_groups.get(fields.get("GroupId", [""])[0])
    if not group:
        return ""
    for rule in ec2._parse_ip_permissions(fields, "IpPermissions"):
        if any(ec2._rules_match(rule, old) for old in group[kind]):
            peers = [one.get("CidrIp", "") for one in rule.get("IpRanges", [])]
            ports = f"from port: {rule.get('FromPort')}, to port: {rule.get('ToPort')}"
            told = f"peer: {', '.join(peers)}, {str(rule.get('IpProtocol')).upper()}, {ports}, ALLOW"
            return f'the specified rule "{told}" already exists'
    return ""
