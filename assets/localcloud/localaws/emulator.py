"""The pinned emulator in this process: its settings, its import, and calls into it from inside."""

from __future__ import annotations

import json
import os
import secrets
from typing import Any

from localaws.contract import AwsError, Response
from localaws.settings import Settings

EMULATED = frozenset({"s3", "sts", "iam", "logs", "secretsmanager", "ec2", "kms", "ssm", "tagging"})
"""Services whose handlers are the emulator's; the rest are of this package, or answered as unknown."""

TARGETS = {
    "glue": "AWSGlue",
    "logs": "Logs_20140328",
    "secretsmanager": "secretsmanager",
    "kms": "TrentService",
    "athena": "AmazonAthena",
    "redshift-data": "RedshiftData",
    "ssm": "AmazonSSM",
}
"""What stands before the dot in `X-Amz-Target`, for the JSON services called from inside."""


def configure(settings: Settings) -> None:
    """Set the environment the emulator reads when it is imported. Must precede its import.

    The root user's key is random, is told to nobody, and `patches` refuses it besides: nobody is root here.
    """
    for name in ("AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_PROFILE", "SERVICES", "LOCALSTACK_PERSISTENCE"):
        os.environ.pop(name, None)
    os.environ.update(
        AUTH="true",
        MINISTACK_ACCOUNT_ID=settings.account,
        MINISTACK_REGION=settings.region,
        GATEWAY_PORT=str(settings.port),
        MINISTACK_HOST="localhost",
        BIND_HOST="127.0.0.1",
        IOT_MTLS_ENABLED="0",
        SFTP_ENABLED="0",
        DOCKER_HOST="unix:///nonexistent",
        PERSIST_STATE="1",
        S3_PERSIST="1",
        STATE_DIR=str(settings.emulator_state),
        S3_DATA_DIR=str(settings.objects),
        LOG_LEVEL="WARNING",
        AWS_ACCESS_KEY_ID="ASIA" + secrets.token_hex(8).upper(),
        AWS_SECRET_ACCESS_KEY=secrets.token_hex(20),
        AWS_DEFAULT_REGION=settings.region,
        AWS_EC2_METADATA_DISABLED="true",
    )


def module(name: str) -> Any:
    """One of the emulator's service modules, such as `s3` or `cloudwatch_logs`."""
    import ministack.app as emulator

    return emulator._get_module(name)


async def call_json(service: str, operation: str, payload: dict[str, Any]) -> dict[str, Any]:
    """Call a JSON service's handler from inside, past authentication."""
    import ministack.app as emulator

    headers = {
        "x-amz-target": f"{TARGETS[service]}.{operation}",
        "content-type": "application/x-amz-json-1.1",
        "host": "127.0.0.1",
    }
    handler = emulator.SERVICE_HANDLERS[service]
    try:
        response: Response = await handler("POST", "/", headers, json.dumps(payload).encode(), {})
    except AwsError:
        raise
    status, answer_headers, body = response
    answer: dict[str, Any] = json.loads(body or b"{}")
    if status >= 300:
        raise error_of(status, answer_headers, answer)
    from localaws import app

    app.current().journal.changed(service)
    return answer


async def call_query(service: str, action: str, parameters: dict[str, str]) -> bytes:
    """Call a query-protocol handler from inside, past authentication; answers the XML."""
    from urllib.parse import urlencode

    import ministack.app as emulator

    headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8", "host": "127.0.0.1"}
    body = urlencode({"Action": action, **parameters}).encode()
    status, _, answer = await emulator.SERVICE_HANDLERS[service]("POST", "/", headers, body, {})
    text: bytes = answer
    if status >= 300:
        import re

        code = re.search(rb"<Code>(.*?)</Code>", text)
        message = re.search(rb"<Message>(.*?)</Message>", text)
        raise AwsError(code[1].decode() if code else "InternalFailure", message[1].decode() if message else "", status)
    from localaws import app

    app.current().journal.changed(service)
    return text


def error_of(status: int, headers: dict[str, str], answer: dict[str, Any]) -> AwsError:
    """The error in a JSON answer."""
    code = str(answer.get("__type") or headers.get("x-amzn-errortype") or "InternalFailure")
    return AwsError(code.rsplit("#", 1)[-1], str(answer.get("message") or answer.get("Message") or ""), status)
