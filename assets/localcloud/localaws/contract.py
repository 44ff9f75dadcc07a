"""What a service module of this package offers, and what it may use.

A service is a module (or an object) with

- `async def handle_request(method, path, headers, body, query_params) -> Response`, as the emulator's own
  handlers have it: header names are in lower case, `query_params` maps a name to a list of values. It is called
  after the signature was verified and IAM allowed the call; it may raise `AwsError`.
- `HANDLED`: the operations it answers, by name; the README's table and its test read it.
- `get_state() -> object` and `restore_state(state)`: JSON-able state (or its JSON text, where threads change it).
  After every call that is not a read the state is saved before the answer is sent; what changes at another time is
  announced with `changed("service")`.
- `async def start(settings)` and `async def stop()`: optional; engines are started and stopped here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable
from xml.sax.saxutils import escape

from localaws.settings import Settings

__all__ = [
    "AwsError",
    "Caller",
    "Credentials",
    "Response",
    "Service",
    "Settings",
    "call",
    "caller",
    "caller_client",
    "changed",
    "check_access",
    "check_caller",
    "json_error",
    "json_response",
    "query_error",
    "query_response",
    "role_client",
    "role_session",
    "settings",
]

Headers = dict[str, str]
Response = tuple[int, Headers, bytes]
"""Status, headers, body."""


@dataclass
class AwsError(Exception):
    """An error that AWS documents, raised by a handler and answered in its protocol."""

    code: str
    message: str
    status: int = 400

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


@runtime_checkable
class Service(Protocol):
    """The part every service module has."""

    async def handle_request(
        self, method: str, path: str, headers: Headers, body: bytes, query_params: dict[str, list[str]]
    ) -> Response:
        """Answer one request whose caller is authenticated and authorised."""


@dataclass(frozen=True)
class Caller:
    """Who signed the request that is being answered."""

    account: str
    region: str
    """The region the request was signed for."""
    arn: str
    """ARN of the user, or of the assumed role's session."""
    access_key_id: str


@dataclass(frozen=True)
class Credentials:
    """Temporary credentials of a session."""

    access_key_id: str
    secret_access_key: str
    session_token: str

    def environment(self) -> dict[str, str]:
        """The variables that every AWS SDK reads."""
        return {
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
            "AWS_SESSION_TOKEN": self.session_token,
        }


def json_response(value: Any, status: int = 200) -> Response:
    """An answer of the JSON protocols."""
    return status, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(value, default=_json_value).encode()


def json_error(error: AwsError) -> Response:
    """An error of the JSON protocols. Clients read the code from `__type` or from the header."""
    body = {"__type": error.code, "message": error.message, "Message": error.message}
    status, headers, data = json_response(body, error.status)
    return status, {**headers, "x-amzn-errortype": error.code}, data


def query_response(action: str, result_xml: str, namespace: str, *, wrap: bool = True) -> Response:
    """An answer of the query protocol; `result_xml` is the inside of `<ActionResult>`."""
    result = f"<{action}Result>{result_xml}</{action}Result>" if wrap else ""
    metadata = f"<ResponseMetadata><RequestId>{new_request_id()}</RequestId></ResponseMetadata>"
    text = f'<{action}Response xmlns="{namespace}">{result}{metadata}</{action}Response>'
    return 200, {"Content-Type": "text/xml"}, text.encode()


def query_error(error: AwsError, namespace: str) -> Response:
    """An error of the query protocol."""
    kind = "Sender" if error.status < 500 else "Receiver"
    text = (
        f'<ErrorResponse xmlns="{namespace}"><Error><Type>{kind}</Type><Code>{escape(error.code)}</Code>'
        f"<Message>{escape(error.message)}</Message></Error><RequestId>{new_request_id()}</RequestId></ErrorResponse>"
    )
    return error.status, {"Content-Type": "text/xml"}, text.encode()


def new_request_id() -> str:
    """An id as AWS writes into its answers."""
    import uuid

    return str(uuid.uuid4())


def settings() -> Settings:
    """The settings of the running server."""
    from localaws import app

    return app.current().settings


def caller() -> Caller:
    """Who signed the request being answered. Threads started from a handler copy its context to keep it."""
    from localaws.iam import sessions

    return sessions.current_caller()


def changed(service: str) -> None:
    """Say that the state of `service` changed outside a request, so that it is saved soon. From any thread."""
    from localaws import app

    app.current().journal.changed(service)


def check_access(principal_arn: str, action: str, resource: str, *, context: Mapping[str, Any] | None = None) -> None:
    """Raise AWS's AccessDenied unless the role (or user, or role session) may do `action` on `resource`.

    For what a service itself does in somebody's name, without a request: `action` is IAM's, such as `s3:GetObject`.
    """
    from localaws.iam import access

    access.check(principal_arn, action, resource, context or {})


def check_caller(action: str, resource: str, *, context: Mapping[str, Any] | None = None) -> None:
    """Raise AWS's AccessDenied unless whoever signed the present request may do `action` on `resource`."""
    from localaws.iam import access

    access.check_caller(action, resource, context or {})


def role_session(role_arn: str, service_principal: str, session_name: str, *, seconds: int = 43200) -> Credentials:
    """What a service does with a role it was given: assume it, as `service_principal` (`glue.amazonaws.com`).

    Raises AwsError AccessDenied when there is no such role or its trust policy does not name the service.
    """
    from localaws.iam import sessions

    return sessions.assume(role_arn, service_principal, session_name, seconds)


def role_client(service: str, role_arn: str, service_principal: str, session_name: str, *, region: str = "") -> Any:
    """A boto3 client of our own port that acts as the role. Blocking: use it in a thread, never on the event loop."""
    from localaws.iam import sessions

    return sessions.client(service, role_session(role_arn, service_principal, session_name), region)


def caller_client(service: str, *, region: str = "") -> Any:
    """A boto3 client of our own port that acts as the present caller (Athena reads S3 so). Blocking, as above."""
    from localaws.iam import sessions

    return sessions.client(service, sessions.for_caller(), region)


async def call(service: str, operation: str, payload: dict[str, Any]) -> dict[str, Any]:
    """Call a JSON-protocol service of this server from inside, as the service itself: no IAM check is made.

    For what AWS's services do among themselves, such as RDS writing a master secret. Raises AwsError.
    """
    from localaws import emulator

    return await emulator.call_json(service, operation, payload)


def _json_value(value: object) -> object:
    import datetime
    import decimal

    if isinstance(value, datetime.datetime):
        return value.timestamp()
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} is not JSON")
