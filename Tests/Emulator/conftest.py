"""An emulator of AWS that checks signatures, and the tool under test."""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import boto3
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
REGION = "eu-west-1"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Emulator:
    """A running emulator and the keys of an administrator in it."""

    def __init__(self, folder):
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        # The emulator takes the keys that it is started with for the account's root.
        self.root = {"AWS_ACCESS_KEY_ID": "AKIA" + secrets.token_hex(8).upper(),
                     "AWS_SECRET_ACCESS_KEY": secrets.token_urlsafe(30)}
        environment = os.environ | self.root | {
            "AUTH": "true", "GATEWAY_PORT": str(self.port), "BIND_HOST": "127.0.0.1", "MINISTACK_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
        }
        self.log = open(folder / "emulator.log", "w")
        self.process = subprocess.Popen(
            [Path(sys.executable).parent / "ministack"], env=environment, stdout=self.log, stderr=self.log,
            cwd=folder)
        self._wait()
        self.keys = self._administrator()

    def _wait(self):
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{self.endpoint}/_ministack/health", timeout=1)
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        raise RuntimeError(f"the emulator did not start; see {self.log.name}")

    def _administrator(self):
        """A user whose signatures are checked: those of the account's root are not."""
        iam = boto3.client("iam", endpoint_url=self.endpoint, region_name=REGION,
                           aws_access_key_id=self.root["AWS_ACCESS_KEY_ID"],
                           aws_secret_access_key=self.root["AWS_SECRET_ACCESS_KEY"])
        iam.create_user(UserName="admin")
        iam.put_user_policy(
            UserName="admin", PolicyName="all",
            PolicyDocument='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}')
        key = iam.create_access_key(UserName="admin")["AccessKey"]
        return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}

    def client(self, service):
        return boto3.client(service, endpoint_url=self.endpoint, region_name=REGION,
                            aws_access_key_id=self.keys["AWS_ACCESS_KEY_ID"],
                            aws_secret_access_key=self.keys["AWS_SECRET_ACCESS_KEY"])

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.log.close()


@pytest.fixture(scope="session")
def emulator(tmp_path_factory):
    running = Emulator(tmp_path_factory.mktemp("emulator"))
    yield running
    running.stop()


class Tool:
    """The tool's binary, run in a folder of its own against the emulator."""

    def __init__(self, emulator, folder, binary):
        self.emulator, self.folder, self.binary = emulator, folder, binary
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "AWS_ENDPOINT_URL": emulator.endpoint,
            "AWS_REGION": REGION, **emulator.keys,
        }

    def run(self, *arguments, expect=0, **environment):
        result = subprocess.run([self.binary, *arguments], cwd=self.folder, text=True, capture_output=True,
                                env=self.environment | environment, timeout=300, stdin=subprocess.DEVNULL)
        assert result.returncode == expect, f"exit {result.returncode}\n{result.stdout}\n{result.stderr}"
        return result


@pytest.fixture
def slipway(emulator, tmp_path):
    return Tool(emulator, tmp_path, os.environ["SLIPWAY_BINARY"])
