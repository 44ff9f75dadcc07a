"""The ASGI front: what comes in from the loopback, before the emulator's dispatcher sees it.

The emulator's own front has doors without a lock (`/_ministack/reset`, message dumps, CORS `*`), so it is not used:
requests go from here straight to its dispatcher, which verifies the signature and asks IAM.
"""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote

from localaws import corrections, faults
from localaws import scope as offers
from localaws.contract import AwsError, Response, json_error, query_error
from localaws.emulator import EMULATED
from localaws.persistence import Journal, NotSaved
from localaws.s3 import bodies, operations

log = logging.getLogger("localaws.front")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_HOSTS = ("127.0.0.1", "localhost")
_SUFFIXES = (".localhost", ".127.0.0.1")
_READS = ("get", "list", "describe", "head", "search", "filter", "batchget", "test", "estimate", "simulate", "lookup")


class Front:
    """The ASGI application."""

    def __init__(self, account: str, journal: Journal, work: Path, *, fault_endpoint: bool = False) -> None:
        self.account = account
        self.journal = journal
        self.work = work
        self.fault_endpoint = fault_endpoint
        self.ready = False
        self.on_start: Callable[[], Awaitable[None]] | None = None
        self.on_stop: Callable[[], Awaitable[None]] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection of the server: its life, or a request."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    if self.on_start:
                        await self.on_start()
                except Exception as error:
                    log.exception("start failed")
                    await send({"type": "lifespan.startup.failed", "message": str(error)})
                    return
                self.ready = True
                await send({"type": "lifespan.startup.complete"})
            else:
                self.ready = False
                if self.on_stop:
                    await self.on_stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = joined(scope["headers"])
        if refused := refusal(headers, scope["path"]):
            await reply(send, (403, {"Content-Type": "application/json"}, json.dumps({"message": refused}).encode()))
            return
        if scope["path"] == "/_localaws/health":
            body = json.dumps({"status": "ready" if self.ready else "starting"}).encode()
            await reply(send, (200, {"Content-Type": "application/json"}, body))
            return
        to_disk = "/s3/aws4_request" in headers.get("authorization", "") or b"X-Amz-" in scope["query_string"]
        received = await bodies.receive_body(receive, self.work, to_disk=to_disk)
        if received is None:
            return
        if scope["path"] == "/_localaws/faults":
            await reply(send, self.faults(scope["method"], received))
            return
        try:
            response = await self.respond(scope, headers, received)
        except faults.Reset:
            cut(send)
            return
        except NotSaved as error:
            response = json_error(AwsError("InternalFailure", str(error), 500))
        await reply(send, response, head=scope["method"] == "HEAD")

    def faults(self, method: str, body: bytes) -> Response:
        """Answer and replace the fault rules, where the server was started for it."""
        headers = {"Content-Type": "application/json"}
        if not self.fault_endpoint:
            return 403, headers, b'{"message": "closed; start with --fault-endpoint"}'
        try:
            if method in ("PUT", "POST"):
                faults.use(faults.read(body.decode()))
            elif method == "DELETE":
                faults.use([])
        except (ValueError, TypeError) as error:
            return 400, headers, json.dumps({"message": str(error)}).encode()
        return 200, headers, json.dumps({"rules": faults.listed()}).encode()

    async def respond(self, scope: Scope, headers: dict[str, str], body: bytes) -> Response:
        """Dispatch one request, with the faults that strike it, and save what it changed."""
        import ministack.app as emulator

        method, path = scope["method"], scope["path"]
        query = parse_qs(scope.get("query_string", b"").decode(), keep_blank_values=True)
        request_id = str(uuid.uuid4())
        self._pin(scope, headers, query, body)
        host = emulator._extract_s3_vhost_bucket(headers.get("host", ""))
        service = "s3" if host else service_of(method, path, headers, body, query)
        if service not in emulator.SERVICE_HANDLERS:
            return no_such_service(service, headers)
        if service != "s3" and not offers.offered(service, named := operation_of(headers, body, query)):
            unknown = AwsError("InvalidAction", f"The action {named} is not valid for this web service.")
            return told_unknown(error_writer(service, headers, request_id)(unknown))
        if not signed(headers, query):
            return unsigned(headers, service, request_id)
        if bodies.hash_differs(headers, body):
            message = "The provided 'x-amz-content-sha256' header does not match what was computed."
            return s3_error("XAmzContentSHA256Mismatch", message, 400, request_id)
        try:
            body = bodies.decoded(body, headers, self.work)
        except emulator._IncompleteRequestBody as error:
            return s3_error("IncompleteBody", str(error), 400, request_id)
        full_path = f"/{host}{path}" if host else path
        if service == "s3":
            operation = operations.operation(method, full_path, headers, query)
            if operation is None:
                text = "A header you provided implies functionality that is not implemented"
                return s3_error("NotImplemented", text, 501, request_id)
        else:
            operation = operation_of(headers, body, query)
        rules = faults.struck(service, operation, body)
        question = f"{service} {method} {full_path} {operation} {query}" + ("" if service == "s3" else str(body))
        if rules and (struck := await faults.before(rules, question, error_writer(service, headers, request_id))):
            return struck
        response = await dispatch(method, path, headers, body, query, request_id, host)
        if service == "s3" and method == "HEAD":
            response = emulator._get_module("s3").format_head_response(full_path, headers, response)
        for name in [name for name in response[1] if name.lower().startswith("access-control-")]:
            del response[1][name]
        if response[0] < 500 and changes(service, method, operation):
            for changed in EMULATED if service == "tagging" else (service,):
                await self.journal.commit(changed)
        return faults.after(rules, question, response)

    def _pin(self, scope: Scope, headers: dict[str, str], query: dict[str, list[str]], body: bytes) -> None:
        """Give the emulator what it verifies the signature against, and whose request it is."""
        from ministack.core import iam_evaluator, responses, router

        client = (scope.get("client") or ("127.0.0.1",))[0]
        responses.set_request_client_ip(client)
        iam_evaluator.pin_request_origin(client, False)
        responses.set_request_account_id(self.account)
        responses.set_request_region(router.extract_region(headers, query))
        raw_path = (scope.get("raw_path") or quote(scope["path"]).encode()).decode("latin-1")
        iam_evaluator.pin_signed_request(scope["method"], raw_path, query, scope["headers"])
        iam_evaluator.pin_signed_body(body)


async def dispatch(
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes,
    query: dict[str, list[str]],
    request_id: str,
    host: str,
) -> Response:
    """The emulator's answer, authenticated and authorised by it; `host` is the bucket named by the host, if any."""
    import ministack.app as emulator

    response: Response | None = None
    if host:
        response = await emulator._handle_s3_vhost_request(headers["host"], path, method, headers, body, query)
    if response is None:
        response = await emulator._dispatch_service_request(method, path, headers, body, query, request_id)
    return told_unknown(response)


def joined(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by lower-case name; one sent on several lines has its values joined by commas."""
    from ministack.core.sigv4 import decode_header_value

    headers: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), decode_header_value(value)
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


def refusal(headers: dict[str, str], path: str) -> str | None:
    """Why a request is not for us: a browser's page, another name for this address, or the emulator's own doors."""
    host = headers.get("host", "").rsplit(":", 1)[0].lower()
    if host not in _HOSTS and not host.endswith(_SUFFIXES):
        return "this local AWS answers for 127.0.0.1 and localhost only"
    if "origin" in headers or headers.get("sec-fetch-site", "none") != "none":
        return "requests of web pages are refused"
    if path.startswith(("/_ministack", "/_localstack", "/_aws")):
        return "closed"
    return None


def signed(headers: dict[str, str], query: dict[str, list[str]]) -> bool:
    """Whether the request carries any signature at all (whether it is right is decided later)."""
    return "authorization" in headers or "X-Amz-Signature" in query or "Signature" in query


def unsigned(headers: dict[str, str], service: str, request_id: str) -> Response:
    """AWS's answer to a request without a signature. Nothing here is public."""
    if service == "s3":
        return s3_error("AccessDenied", "Access Denied", 403, request_id)
    text = "Request is missing Authentication Token"
    if "x-www-form-urlencoded" in headers.get("content-type", ""):
        return query_error(AwsError("MissingAuthenticationToken", text, 403), "")
    return json_error(AwsError("MissingAuthenticationTokenException", text, 403))


def no_such_service(service: str, headers: dict[str, str]) -> Response:
    """What a service that is not here answers: that it has no such operation."""
    if "x-www-form-urlencoded" in headers.get("content-type", ""):
        return query_error(AwsError("InvalidAction", f"{service} is not part of this local AWS."), "")
    return json_error(AwsError("UnknownOperationException", f"{service} is not part of this local AWS.", 404))


def s3_error(code: str, message: str, status: int, request_id: str) -> Response:
    """An error as S3 writes it."""
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{code}</Code><Message>{message}</Message><RequestId>{request_id}</RequestId></Error>"
    )
    return status, {"Content-Type": "application/xml", "x-amz-request-id": request_id}, text.encode()


def service_of(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]) -> str:
    """The service a request is for, as the dispatcher decides it."""
    import ministack.app as emulator
    from ministack.core import router

    parameters = emulator._routing_params(method, path, headers, body, query)
    return str(router.detect_service(method, path, headers, parameters))


def operation_of(headers: dict[str, str], body: bytes, query: dict[str, list[str]]) -> str:
    """The operation of a request in the JSON or query protocols, or ""."""
    if target := headers.get("x-amz-target", ""):
        return target.rsplit(".", 1)[-1]
    if action := query.get("Action"):
        return action[0]
    if body and "x-www-form-urlencoded" in headers.get("content-type", ""):
        return parse_qs(body[:65536].decode("utf-8", "replace")).get("Action", [""])[0]
    return ""


def error_writer(service: str, headers: dict[str, str], request_id: str) -> Callable[[AwsError], Response]:
    """What writes an error in the protocol of a request."""
    if service == "s3":
        return lambda error: s3_error(error.code, error.message, error.status, request_id)
    if service == "ec2":
        return corrections.ec2_error
    if "x-www-form-urlencoded" in headers.get("content-type", ""):
        return lambda error: query_error(error, "")
    return json_error


def told_unknown(response: Response) -> Response:
    """An answer of the emulator to an operation it does not know, as AWS gives it in the JSON protocols."""
    status, _, body = response
    if status != 400 or body[:1] != b"{":
        return response
    error = json.loads(body)
    code, text = str(error.get("__type", "")), str(error.get("message", error.get("Message", "")))
    if code == "InvalidAction" or (code == "InvalidOperationException" and text.startswith("Unknown action")):
        return json_error(AwsError("UnknownOperationException", text))
    return response


def cut(send: Send) -> None:
    """Cut the connection without an answer: through hypercorn's objects (pinned) to the socket's transport."""
    owner: Any = send
    for _ in range(3):
        owner = getattr(owner, "__self__", None) or getattr(getattr(owner, "func", None), "__self__", None)
        owner = getattr(owner, "send", owner)
    writer = getattr(getattr(owner, "__self__", owner), "writer", None)
    if writer is None:
        raise RuntimeError("no transport to cut")
    writer.transport.abort()


def changes(service: str, method: str, operation: str) -> bool:
    """Whether a request may have changed state that must be saved before it is answered."""
    if service == "s3":
        return method not in ("GET", "HEAD")
    if service == "sts":
        return operation.startswith("AssumeRole") or operation in ("GetSessionToken", "GetFederationToken")
    # What PutLogEvents puts is saved by itself.
    return operation != "PutLogEvents" and not operation.lower().startswith(_READS)


async def reply(send: Send, response: Response, *, head: bool = False) -> None:
    """Send an answer."""
    import ministack.app as emulator

    status, headers, body = response
    if isinstance(body, str):
        body = body.encode()
    if not any(name.lower() == "date" for name in headers):
        headers["Date"] = formatdate(usegmt=True)
    if not head and not any(name.lower() == "content-length" for name in headers):
        headers["Content-Length"] = str(len(body))
    raw = emulator._asgi_header_list(headers)
    await send({"type": "http.response.start", "status": status, "headers": raw})
    if not head and len(body) > bodies.LARGE:
        for piece in bodies.pieces(body):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        body = b""
    await send({"type": "http.response.body", "body": b"" if head else body, "more_body": False})


async def protocol_errors(answer: Awaitable[Response], on_error: Callable[[AwsError], Response]) -> Response:
    """Run a handler and answer the AwsError it raises in its protocol."""
    try:
        return await answer
    except AwsError as error:
        return on_error(error)
    except asyncio.CancelledError:
        raise
    except Exception:
        log.exception("a handler failed")
        return on_error(AwsError("InternalFailure", "An internal error occurred; the server's log has it.", 500))
