"""The query protocol by the service's own model: parameters into values, values into XML.

botocore's model of a service says how every operation's input and output are shaped, so a handler works with plain
dictionaries, and an answer has exactly the elements that clients look for.
"""

from __future__ import annotations

import base64
import datetime
import functools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from localaws.contract import AwsError, Response, query_response

Values = dict[str, Any]
Handler = Callable[[Values], Values]


def paged(name: str, items: list[Any], given: Values) -> Values:
    """One page of a list, under its name, by MaxRecords and Marker."""
    size = given.get("MaxRecords", 100)
    if not 20 <= size <= 100:
        text = f"Invalid value {size} for MaxRecords. Must be between 20 and 100"
        raise AwsError("InvalidParameterValue", text, 400)
    try:
        start = int(given.get("Marker") or 0)
    except ValueError:
        raise AwsError("InvalidParameterValue", "Invalid value for Marker", 400) from None
    more = {"Marker": str(start + size)} if start + size < len(items) else {}
    return {name: items[start : start + size], **more}


class QueryProtocol:
    """The operations of one service that speaks the query protocol."""

    def __init__(self, service: str) -> None:
        self._service = service

    @functools.cached_property
    def _model(self) -> Any:
        """Loaded at the first request: it is megabytes of JSON."""
        import botocore.session

        return botocore.session.get_session().get_service_model(self._service)

    def request(self, body: bytes, query: Mapping[str, list[str]]) -> tuple[str, Values]:
        """The action and its parameters. Raises AwsError where they are not the operation's."""
        form = {name: given[-1] for name, given in parse_qs(body.decode(), keep_blank_values=True).items()}
        for name, given in query.items():
            form.setdefault(name, given[-1])
        action = form.get("Action", "")
        if action not in self._model.operation_names:
            raise self.unknown(action, form.get("Version", ""))
        shape = self._model.operation_model(action).input_shape
        values = _structure(shape, form, "") if shape is not None else {}
        for name in shape.required_members if shape is not None else ():
            if name not in values:
                raise AwsError("MissingParameter", f"The request must contain the parameter {name}.", 400)
        return action, values

    def unknown(self, action: str, version: str = "") -> AwsError:
        """AWS's answer to an operation that it does not have, and ours to one that is not built."""
        version = version or self._model.api_version
        return AwsError("InvalidAction", f"Could not find operation {action} for version {version}", 400)

    def response(self, action: str, values: Values) -> Response:
        """The answer of an operation."""
        model = self._model.operation_model(action)
        shape = model.output_shape
        namespace = self._model.metadata["xmlNamespace"]
        if shape is None:
            return query_response(action, "", namespace, wrap=False)
        text = "".join(_members(shape, values))
        return query_response(action, text, namespace)

    def answer(self, handled: Mapping[str, Handler], body: bytes, query: Mapping[str, list[str]]) -> Response:
        """Parse a request, run its handler, write the answer."""
        action, values = self.request(body, query)
        if action not in handled:
            raise self.unknown(action)
        return self.response(action, handled[action](values) or {})


def _structure(shape: Any, form: Mapping[str, str], prefix: str) -> Values:
    found: Values = {}
    for name, member in shape.members.items():
        key = f"{prefix}{member.serialization.get('name', name)}"
        value = _parsed(member, form, key)
        if value is not None:
            found[name] = value
    return found


def _parsed(shape: Any, form: Mapping[str, str], key: str) -> Any:
    if shape.type_name == "structure":
        return _structure(shape, form, key + ".") if any(name.startswith(key + ".") for name in form) else None
    if shape.type_name == "list":
        return _list(shape, form, key)
    if shape.type_name == "map":
        numbers = _numbers(form, f"{key}.entry.")
        return {
            form[f"{key}.entry.{n}.key"]: _parsed(shape.value, form, f"{key}.entry.{n}.value") for n in numbers
        } or None
    if key not in form:
        return None
    return _scalar(shape, form[key], key)


def _list(shape: Any, form: Mapping[str, str], key: str) -> list[Any] | None:
    for element in (shape.member.serialization.get("name", "member"), "member", ""):
        prefix = f"{key}.{element}." if element else f"{key}."
        numbers = _numbers(form, prefix)
        if numbers:
            return [_parsed(shape.member, form, f"{prefix}{n}") for n in numbers]
    return [] if key in form else None


def _numbers(form: Mapping[str, str], prefix: str) -> list[int]:
    pattern = re.compile(re.escape(prefix) + r"(\d+)(?:\.|$)")
    return sorted({int(match[1]) for name in form if (match := pattern.match(name))})


def _scalar(shape: Any, text: str, key: str) -> Any:
    try:
        if shape.type_name in ("integer", "long"):
            return int(text)
        if shape.type_name in ("float", "double"):
            return float(text)
        if shape.type_name == "timestamp":
            return datetime.datetime.fromisoformat(text)
        if shape.type_name == "blob":
            return base64.b64decode(text)
    except ValueError:
        raise AwsError("InvalidParameterValue", f"Invalid value for parameter {key}: {text}", 400) from None
    if shape.type_name == "boolean":
        return text.lower() == "true"
    return text


def _members(shape: Any, values: Mapping[str, Any]) -> Iterator[str]:
    for name, member in shape.members.items():
        value = values.get(name)
        if value is None:
            continue
        tag = member.serialization.get("name", name)
        if member.type_name == "list" and member.serialization.get("flattened"):
            yield from (f"<{tag}>{_inside(member.member, one)}</{tag}>" for one in value)
        else:
            yield f"<{tag}>{_inside(member, value)}</{tag}>"


def _inside(shape: Any, value: Any) -> str:
    if shape.type_name == "structure":
        return "".join(_members(shape, value))
    if shape.type_name == "list":
        tag = shape.member.serialization.get("name", "member")
        return "".join(f"<{tag}>{_inside(shape.member, one)}</{tag}>" for one in value)
    if shape.type_name == "map":
        return "".join(
            f"<entry><key>{escape(str(key))}</key><value>{_inside(shape.value, one)}</value></entry>"
            for key, one in value.items()
        )
    if shape.type_name == "timestamp":
        return _moment(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(str(value))


def _moment(value: Any) -> str:
    if isinstance(value, (int, float)):
        value = datetime.datetime.fromtimestamp(value, datetime.UTC)
    return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z" if value else ""
