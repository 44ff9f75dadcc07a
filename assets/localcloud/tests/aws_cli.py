"""AWS's own command line, pointed at a local AWS."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conftest import Cloud, wait_for


class Refused(Exception):
    """What the command line printed when AWS refused."""


class Aws:
    """Calls of `aws`, with the administrator's keys or others."""

    def __init__(self, cloud: Cloud, **keys: str) -> None:
        self.cloud = cloud
        keys = keys or {name: cloud.record[name.removeprefix("aws_")] for name in _KEYS}
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            **{name.upper(): value for name, value in keys.items()},
            "AWS_ENDPOINT_URL": cloud.endpoint,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def __call__(self, line: str, **options: Any) -> Any:
        """Run `aws LINE --option VALUE ...` and answer what it printed; values that are no strings are JSON.

        RDS alone does not heed AWS_ENDPOINT_URL and needs the option.
        """
        command = [str(Path(sys.executable).with_name("aws")), *line.split()]
        if line.startswith("rds "):
            command += ["--endpoint-url", self.cloud.endpoint]
        for name, value in options.items():
            switch = f"--{name.rstrip('_').replace('_', '-')}"
            command += [switch] if value is True else [switch, value if isinstance(value, str) else json.dumps(value)]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Refused(done.stderr)
        return json.loads(done.stdout) if done.stdout.startswith("{") else done.stdout

    def until(self, done: Any, line: str, **options: Any) -> Any:
        """Run a command again and again until `done` says so of its answer."""
        found: list[Any] = []

        def asked() -> bool:
            found[:] = [self(line, **options)]
            return bool(done(found[0]))

        wait_for(asked, every=0.2)
        return found[0]


_KEYS = ("aws_access_key_id", "aws_secret_access_key")
