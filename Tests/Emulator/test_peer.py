"""A team's own package, outside this repository: a stack and a kind of its own, depending on Slipway by path."""

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from conftest import ROOT, Tool

TEMPLATE = ROOT / "Tests" / "Peer" / "template"
# Outside the repository, and the same each time, so that only changes are built again.
PACKAGE = Path(tempfile.gettempdir()) / f"slipway-peer-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]}"
BUILD = ROOT / ".cache" / "peer"


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The package, built: the path of its binary."""
    shutil.rmtree(PACKAGE, ignore_errors=True)
    shutil.copytree(TEMPLATE, PACKAGE)
    manifest = PACKAGE / "Package.swift"
    manifest.write_text(manifest.read_text().replace("SLIPWAY_PATH", str(ROOT)))
    result = build()
    assert result.returncode == 0, result.stdout + result.stderr
    yield BUILD / "debug" / "acme"
    shutil.rmtree(PACKAGE)


def build():
    command = ["swift", "build", "--package-path", str(PACKAGE), "--scratch-path", str(BUILD)]
    return subprocess.run(command, text=True, capture_output=True, timeout=1500)


def test_a_team_plans_and_applies_its_own_stack_and_kind(package, emulator, tmp_path):
    acme = Tool(emulator, tmp_path, package)
    assert "settings" in acme.run("stacks").stdout
    plan = acme.run("plan", "settings")
    assert "AWS::SSM::Parameter" in plan.stdout
    acme.run("apply", "settings", "--yes")
    value = emulator.client("ssm").get_parameter(Name="/acme/dev/lake")["Parameter"]["Value"]
    assert value.startswith("settings-dev-lake")
    acme.run("plan", "settings", "--detailed-exitcode", expect=0)
    acme.run("destroy", "settings", "--yes")


def test_an_attribute_that_does_not_exist_does_not_compile(package):
    refused("lake.name)", "lake.nam)", "has no dynamic member 'nam'")


def test_a_value_that_is_not_known_yet_does_not_become_a_string(package):
    refused("value: lake.name", 'value: Text(verbatim: "x\\(lake.name)")', "may not be known yet")


def refused(old, new, words):
    source = PACKAGE / "Sources" / "acme" / "Settings.swift"
    good = source.read_text()
    assert old in good
    source.write_text(good.replace(old, new))
    try:
        result = build()
        assert result.returncode != 0
        assert words in result.stdout + result.stderr
    finally:
        source.write_text(good)
