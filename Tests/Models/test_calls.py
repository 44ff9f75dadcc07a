"""Checks every call that the tests made against the models that AWS publishes with its Python SDK.

`swift test` writes the calls to `$SLIPWAY_RECORDS/*.calls.jsonl`, one JSON object a line: service, operation, method,
path, query, headers, input (the parameters as a tree; empty for REST) and body.
"""

import json
import os
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import botocore.session
import pytest

RECORDS = Path(os.environ["SLIPWAY_RECORDS"])
SESSION = botocore.session.get_session()

# What the protocol and the signature add to every request.
ENVELOPE_HEADERS = {
    "host", "authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token", "content-type",
    "content-length", "content-md5", "user-agent", "accept", "accept-encoding", "connection", "x-amz-target",
    "amz-sdk-invocation-id", "amz-sdk-request",
}
ENVELOPE_PARAMETERS = {"Action", "Version"}
SERVICES = {"tagging": "resourcegroupstaggingapi"}


def models():
    cache = {}

    def model(service):
        if service not in cache:
            cache[service] = SESSION.get_service_model(SERVICES.get(service, service))
        return cache[service]

    return model


MODEL = models()


def calls():
    for path in sorted(RECORDS.glob("*.calls.jsonl")):
        for line in path.read_text().splitlines():
            yield json.loads(line)


def problems_of_tree(shape, value, path):
    """Members that the shape does not have, and values of another type than it wants."""
    if shape.type_name == "structure":
        if getattr(shape, "is_document_type", False):
            return
        if not isinstance(value, dict):
            yield f"{path}: expected an object, found {value!r}"
            return
        for name, inner in value.items():
            if name not in shape.members:
                yield f"{path}.{name}: no such member; there are {', '.join(sorted(shape.members))}"
            else:
                yield from problems_of_tree(shape.members[name], inner, f"{path}.{name}")
        for name in shape.required_members:
            if name not in value:
                yield f"{path}.{name}: required and missing"
    elif shape.type_name == "list":
        if not isinstance(value, list):
            yield f"{path}: expected a list, found {value!r}"
            return
        for index, inner in enumerate(value):
            yield from problems_of_tree(shape.member, inner, f"{path}[{index}]")
    elif shape.type_name == "map":
        if not isinstance(value, dict):
            yield f"{path}: expected a map, found {value!r}"
            return
        for key, inner in value.items():
            yield from problems_of_tree(shape.value, inner, f"{path}.{key}")
    elif shape.type_name in ("integer", "long"):
        try:
            int(value)
        except (TypeError, ValueError):
            yield f"{path}: expected a whole number, found {value!r}"
    elif shape.type_name in ("double", "float"):
        try:
            float(value)
        except (TypeError, ValueError):
            yield f"{path}: expected a number, found {value!r}"
    elif shape.type_name == "boolean":
        if value not in (True, False, "true", "false"):
            yield f"{path}: expected a boolean, found {value!r}"
    elif shape.type_name == "string":
        if not isinstance(value, str):
            yield f"{path}: expected a string, found {value!r}"
        elif getattr(shape, "enum", None) and value not in shape.enum and shape.name not in OPEN_ENUMS:
            yield f"{path}: {value!r} is none of {', '.join(shape.enum)}"


# Enumerations in the model that AWS itself goes beyond.
OPEN_ENUMS = {"WorkerType", "BucketLocationConstraint"}


def problems_of_xml(shape, element, path):
    """Elements that the shape does not have."""
    names = {}
    for name, member in shape.members.items():
        serialization = member.serialization
        if member.type_name == "list" and serialization.get("flattened"):
            name = serialization.get("name") or member.member.serialization.get("name") or name
        else:
            name = serialization.get("name", name)
        names[name] = member
    for child in element:
        tag = child.tag.split("}")[-1]
        if tag not in names:
            yield f"{path}.{tag}: no such element; there are {', '.join(sorted(names))}"
            continue
        member = names[tag]
        if member.type_name == "list":
            if member.serialization.get("flattened"):
                inner = [child]
            else:
                inner = list(child)
            for item in inner:
                if member.member.type_name == "structure":
                    yield from problems_of_xml(member.member, item, f"{path}.{tag}")
        elif member.type_name == "structure":
            yield from problems_of_xml(member, child, f"{path}.{tag}")


def problems_of_rest(model, call):
    operation = model.operation_model(call["operation"])
    method = operation.http["method"]
    if call["method"] != method:
        yield f"the method is {call['method']}, not {method}"
    shape = operation.input_shape
    members = shape.members if shape else {}
    queries, headers, prefixes = set(), set(), set()
    for name, member in members.items():
        location, known = member.serialization.get("location"), member.serialization.get("name", name)
        if location == "querystring":
            queries.add(known)
        elif location == "header":
            headers.add(known.lower())
        elif location == "headers":
            prefixes.add(known.lower())
    if operation.http_checksum.get("requestAlgorithmMember"):
        # The SDK adds the checksum itself, by the operation's trait instead of a member.
        prefixes.add("x-amz-checksum-")
    uri = operation.http["requestUri"]
    fixed = {part.split("=")[0] for part in uri.split("?", 1)[1].split("&")} if "?" in uri else set()
    for name in call["query"]:
        if name not in queries | fixed:
            yield f"?{name}: no such query parameter; there are {', '.join(sorted(queries | fixed))}"
    for name in fixed - set(call["query"]):
        yield f"?{name} is missing"
    for name in call["headers"]:
        known = name in headers | ENVELOPE_HEADERS or any(name.startswith(prefix) for prefix in prefixes)
        if not known:
            yield f"{name}: no such header; there are {', '.join(sorted(headers))}"
    payload = shape.serialization.get("payload") if shape else None
    if payload and members[payload].type_name == "structure" and call["body"]:
        root = ElementTree.fromstring(call["body"])
        expected = members[payload].serialization.get("name", members[payload].name)
        found = root.tag.split("}")[-1]
        if found != expected:
            yield f"the document is called {found}, not {expected}"
        yield from problems_of_xml(members[payload], root, found)
    elif call["body"] and not payload and call["method"] != "POST":
        yield "it has a body, and the model has none"


def from_ec2(shape, value):
    """The tree under the model's names: EC2 is sent names of its own, such as `Filter` for `Filters`.

    Source: https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
    """
    if shape.type_name == "structure" and isinstance(value, dict):
        names = {}
        for name, member in shape.members.items():
            sent = member.serialization.get("queryName") or member.serialization.get("name", name)
            names[sent[0].upper() + sent[1:]] = name
        known = {names.get(sent, sent): inner for sent, inner in value.items()}
        return {
            name: from_ec2(shape.members[name], inner) if name in shape.members else inner for name, inner in known.items()
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [from_ec2(shape.member, inner) for inner in value]
    return value


def problems_of_call(call):
    model = MODEL(call["service"])
    if call["operation"] not in model.operation_names:
        return [f"{call['service']} has no operation {call['operation']}"]
    if model.protocol == "rest-xml":
        return list(problems_of_rest(model, call))
    shape = model.operation_model(call["operation"]).input_shape
    tree = {name: value for name, value in call["input"].items() if name not in ENVELOPE_PARAMETERS}
    if shape is None:
        return [f"{name}: the operation has no parameters" for name in tree]
    if model.protocol == "ec2":
        tree = from_ec2(shape, tree)
    return list(problems_of_tree(shape, tree, call["operation"]))


def test_every_call_is_one_that_aws_knows():
    found, count = set(), 0
    for call in calls():
        count += 1
        for problem in problems_of_call(call):
            found.add(f"{call['service']} {call['operation']}: {problem}")
    assert count > 0, f"no calls were recorded in {RECORDS}"
    assert not found, "\n" + "\n".join(sorted(found))


def test_a_misspelt_member_is_found():
    call = {"service": "glue", "operation": "GetJob", "method": "POST", "query": {}, "headers": {}, "body": "",
            "input": {"JobNme": "x"}}
    assert any("JobNme: no such member" in problem for problem in problems_of_call(call))
    call = {"service": "ec2", "operation": "DescribeVpcs", "input": {"Filter": [{"Nmae": "x"}]}}
    assert any("Nmae: no such member" in problem for problem in problems_of_call(call))
    call["input"] = {"Filter": [{"Name": "x", "Value": ["y"]}]}
    assert problems_of_call(call) == []
    call = {"service": "s3", "operation": "PutBucketVersioning", "method": "PUT", "query": {"versioning": ""},
            "headers": {}, "input": {},
            "body": "<VersioningConfiguration><Stattus>Enabled</Stattus></VersioningConfiguration>"}
    assert any("Stattus: no such element" in problem for problem in problems_of_call(call))


@pytest.mark.parametrize("operation", ["CreateJobb", "Createjob"])
def test_an_operation_that_does_not_exist_is_found(operation):
    call = {"service": "glue", "operation": operation, "input": {}}
    assert problems_of_call(call) == [f"glue has no operation {operation}"]
