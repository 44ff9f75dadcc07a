"""One call of a Glue operation: its checked input and who makes it."""

from __future__ import annotations

import base64
import functools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from localaws.contract import AwsError
from localaws.glue.store import Record, Store

Item = TypeVar("Item")


@dataclass(frozen=True)
class Call:
    """A call whose caller is authorised and whose input fits the model of the operation."""

    operation: str
    input: Record
    store: Store
    account: str
    region: str
    caller: str
    """ARN of who calls."""

    def arn(self, resource: str) -> str:
        """ARN of a Glue resource in the call's account and region."""
        return f"arn:aws:glue:{self.region}:{self.account}:{resource}"


Operation = Callable[[Call], Record]


def now() -> float:
    """Seconds since 1970, to the millisecond, as Glue answers times."""
    return round(time.time(), 3)


def not_found(message: str) -> AwsError:
    """Glue's answer about what is not there."""
    return AwsError("EntityNotFoundException", message)


def invalid(message: str) -> AwsError:
    """Glue's answer to input that is well formed and makes no sense."""
    return AwsError("InvalidInputException", message)


def already_exists(message: str) -> AwsError:
    """Glue's answer to a name that is taken."""
    return AwsError("AlreadyExistsException", message)


def page(items: Sequence[Item], input: Record, *, default: int = 100, most: int = 1000) -> tuple[list[Item], Record]:
    """One page of a list, and the members of the answer that lead to the next."""
    size = min(int(input.get("MaxResults") or default), most)
    token = input.get("NextToken")
    try:
        begin = int(base64.urlsafe_b64decode(token)) if token else 0
    except ValueError:
        raise invalid("Invalid token provided") from None
    found = list(items[begin : begin + size])
    if begin + size < len(items):
        return found, {"NextToken": base64.urlsafe_b64encode(str(begin + size).encode()).decode()}
    return found, {}


@functools.cache
def model() -> Any:
    """botocore's model of Glue."""
    import botocore.session

    return botocore.session.get_session().get_service_model("glue")


def checked(operation: str, input: Record) -> None:
    """Raise ValidationException, in AWS's words, when the input does not fit the model."""
    shape = model().operation_model(operation).input_shape
    if shape is None:
        return
    from botocore.validate import ParamValidator

    problems: list[str] = []
    for kind, name, details in ParamValidator().validate(input, shape)._errors:
        member = ".".join(_lower_first(part) for part in (name.strip(".").split(".") if name else []))
        if kind == "missing required field":
            member = ".".join(filter(None, (member, _lower_first(details["required_name"]))))
            problems.append(f"Value null at '{member}' failed to satisfy constraint: Member must not be null")
        elif kind == "invalid range":
            least = details.get("min_allowed", 0)
            constraint = f"Member must have length (or value) greater than or equal to {least}"
            problems.append(f"Value at '{member}' failed to satisfy constraint: {constraint}")
        elif kind == "invalid length":
            problems.append(f"Value at '{member}' failed to satisfy constraint: Member must have a different length")
        elif kind == "unknown field":
            continue  # newer clients send members this model does not know; AWS ignores what it does not know
        elif kind == "invalid type":
            if details.get("valid_types") and "datetime" in str(details["valid_types"]):
                continue
            problems.append(f"Value at '{member}' failed to satisfy constraint: Member has the wrong type")
    problems += _too_long(shape, input, "")
    if problems:
        plural = "s" if len(problems) > 1 else ""
        text = f"{len(problems)} validation error{plural} detected: {'; '.join(problems)}"
        raise AwsError("ValidationException", text)


def _too_long(shape: Any, value: Any, member: str) -> Iterator[str]:
    """What is longer than its model allows, which botocore leaves to the service."""
    if shape.type_name == "structure" and isinstance(value, dict):
        for name, one in shape.members.items():
            if name in value:
                yield from _too_long(one, value[name], f"{member}.{_lower_first(name)}".strip("."))
    elif shape.type_name == "list" and isinstance(value, list):
        for place, one in enumerate(value, 1):
            yield from _too_long(shape.member, one, f"{member}.{place}.member")
    most = shape.metadata.get("max")
    if most is not None and isinstance(value, (str, list)) and len(value) > most:
        constraint = f"Member must have length less than or equal to {most}"
        yield f"Value at '{member}' failed to satisfy constraint: {constraint}"


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]
