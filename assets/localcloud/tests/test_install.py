"""What is installed is not installed again."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def installer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("installer", ROOT / "install.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_installation_for_tests_will_do_for_everybody(installer: ModuleType) -> None:
    wanted, more = installer.requirements()
    plain, full = installer.stamped(wanted, []), installer.stamped(wanted, more)
    assert installer.satisfied(plain, wanted, [])
    assert installer.satisfied(full, wanted, [])
    assert installer.satisfied(full, wanted, more)
    assert not installer.satisfied(plain, wanted, more)


def test_other_pins_are_another_installation(installer: ModuleType) -> None:
    wanted, more = installer.requirements()
    full = installer.stamped(wanted, more)
    assert not installer.satisfied(full, [*wanted[:-1], "pyspark==0"], [])
    assert not installer.satisfied(full, wanted, [*more, "another"])
    assert not installer.satisfied({}, wanted, [])
