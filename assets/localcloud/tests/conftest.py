"""One local AWS for the whole session, in a directory of its own, and what the tests need to talk to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

ROOT = Path(__file__).parent.parent

SERVICE_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "SERVICE"}, "Action": "sts:AssumeRole"}],
}


def run(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return subprocess.run(
        [sys.executable, "-m", "localaws", *arguments],
        cwd=ROOT,
        env=environment,
        check=check,
        capture_output=True,
        text=True,
        timeout=120,
    )


@dataclass
class Cloud:
    """A running local AWS."""

    state: Path
    record: dict[str, Any]
    clients: dict[str, Any] = field(default_factory=dict)

    @property
    def account(self) -> str:
        return str(self.record["account"])

    @property
    def endpoint(self) -> str:
        return str(self.record["endpoint"])

    def client(self, service: str, **keys: str) -> Any:
        """A client of the administrator, or of the given keys."""
        if not keys and service in self.clients:
            return self.clients[service]
        client = boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=self.record["region"],
            config=Config(retries={"total_max_attempts": 1}, read_timeout=120),
            **(
                keys
                or {
                    "aws_access_key_id": self.record["access_key_id"],
                    "aws_secret_access_key": self.record["secret_access_key"],
                }
            ),
        )
        if not keys:
            self.clients[service] = client
        return client

    def bucket(self) -> str:
        """A new bucket."""
        name = unique("bucket")
        self.client("s3").create_bucket(Bucket=name)
        return name

    def role(self, service: str, *statements: dict[str, Any], managed: tuple[str, ...] = ()) -> str:
        """A new role that `service` may assume; answers its ARN."""
        name = unique("role")
        iam = self.client("iam")
        trust = json.dumps(SERVICE_TRUST).replace("SERVICE", service)
        arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=policy(*statements))
        for policy_arn in managed:
            iam.attach_role_policy(RoleName=name, PolicyArn=policy_arn)
        return arn

    def user(self, *statements: dict[str, Any]) -> dict[str, str]:
        """Keys of a new user with the given permissions."""
        name = unique("user")
        iam = self.client("iam")
        iam.create_user(UserName=name)
        if statements:
            iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=policy(*statements))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}


def policy(*statements: dict[str, Any]) -> str:
    """A policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions: str, on: str | list[str] = "*") -> dict[str, Any]:
    """A statement that allows."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": on}


def unique(prefix: str) -> str:
    """A name nobody else has."""
    return f"{prefix}-{uuid.uuid4().hex[:10]}"


def wait_for(what: Callable[[], Any], *, seconds: float = 60, every: float = 0.05) -> Any:
    """Wait until `what` answers something true, and answer it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := what():
            return answer
        time.sleep(every)
    raise AssertionError(f"not within {seconds} s")


def error_code(raised: Any) -> str:
    """The code of a ClientError caught by pytest.raises."""
    return str(raised.value.response["Error"]["Code"])


def start(state: Path, *arguments: str) -> Cloud:
    """Start a local AWS, or find the one that runs."""
    return Cloud(state, json.loads(run("up", "--state", str(state), "--detach", *arguments).stdout))


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """The local AWS that most tests share."""
    state = tmp_path_factory.mktemp("cloud") / "state"
    cloud = start(state, "--port", str(free_port()))
    yield cloud
    run("down", "--state", str(state), check=False)


def free_port() -> int:
    """A port nobody listens on."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
