"""`slipway local` and `--local`, whole: the local AWS is installed, started, used, stopped and wiped."""

import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from conftest import Tool

STACK = "lakehouse"


@pytest.fixture
def slipway(tmp_path):
    """The tool in a folder of its own, with keys and an endpoint of an AWS that `--local` must not look at."""
    elsewhere = SimpleNamespace(
        endpoint="http://127.0.0.1:9", keys={"AWS_ACCESS_KEY_ID": "AKIAREAL", "AWS_SECRET_ACCESS_KEY": "real"})
    tool = Tool(elsewhere, tmp_path, os.environ["SLIPWAY_BINARY"])
    # A proxy that is not there: the loopback is reached without.
    tool.environment["http_proxy"] = "http://127.0.0.1:9"
    yield tool
    tool.run("local", "reset", "--yes")


def event(result, kind="local"):
    found = [json.loads(line) for line in result.stdout.splitlines()]
    return next(line for line in found if line["type"] == kind)


def processes(folder):
    """The processes that were started for a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in words:
            found.append(words.replace(b"\0", b" ").decode())
    return found


def test_a_stack_lives_on_the_local_aws(slipway, tmp_path):
    assert event(slipway.run("local", "status", "--json", expect=1))["running"] is False
    up = event(slipway.run("local", "up", "--json"))
    assert processes(tmp_path)
    assert event(slipway.run("local", "up", "--json"))["pid"] == up["pid"]
    assert event(slipway.run("local", "status", "--json"))["uuid"] == up["uuid"]

    who = event(slipway.run("whoami", "--local", "--json"), "identity")
    assert (who["endpoint"], who["target"], who["region"]) == (up["endpoint"], "local", up["region"])
    slipway.run("plan", STACK, "--local", "--detailed-exitcode", expect=2)
    slipway.run("apply", STACK, "--local", "--yes")
    assert "No changes" in slipway.run("plan", STACK, "--local", "--detailed-exitcode").stdout
    slipway.run("drift", STACK, "--local")
    slipway.run("run", STACK, "--local")
    slipway.run("outputs", STACK, expect=5)  # nothing was applied to AWS itself
    assert "bucket" in slipway.run("outputs", STACK, "--local").stdout

    # What was applied is there after a restart, which --local brings about by itself.
    slipway.run("local", "down")
    assert not processes(tmp_path)
    assert "No changes" in slipway.run("plan", STACK, "--local", "--detailed-exitcode").stdout
    slipway.run("destroy", STACK, "--local", "--yes")
    slipway.run("local", "down")
    assert not processes(tmp_path)


def test_a_state_of_another_local_aws_is_refused(slipway):
    slipway.run("apply", STACK, "--local", "--yes")
    reset = slipway.run("local", "reset", "--yes")
    assert "dev.sqlite" in reset.stderr
    refused = slipway.run("plan", STACK, "--local", expect=5)
    assert "slipway local reset" in refused.stderr
    # A state that lists nothing goes on with any.
    slipway.run("apply", STACK, "--local", "--yes", "--env", "other")
    slipway.run("destroy", STACK, "--local", "--yes", "--env", "other")
    slipway.run("local", "reset", "--yes")
    slipway.run("apply", STACK, "--local", "--yes", "--env", "other")


def test_the_exports_are_for_other_programs(slipway):
    slipway.run("local", "env", expect=1)
    up = event(slipway.run("local", "up", "--json"))
    lines = slipway.run("local", "env").stdout.splitlines()
    assert f"export AWS_ENDPOINT_URL={up['endpoint']}" in lines
    assert "AWS_SECRET_ACCESS_KEY" in event(slipway.run("local", "env", "--json"), "variables")
    assert "secret" not in json.dumps(up).lower()
