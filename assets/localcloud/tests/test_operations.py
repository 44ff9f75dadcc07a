"""The README's table of operations is true: what it lists is handled, and what it does not is unknown."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from localaws.app import SERVICES
from tests import operations
from tests.conftest import ROOT, Cloud, free_port, run, start

BEGIN, END = "<!-- operations -->\n", "<!-- /operations -->\n"


@pytest.fixture(scope="module")
def probed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A local AWS of its own, since asking makes things."""
    state = tmp_path_factory.mktemp("probed") / "state"
    yield start(state, "--port", str(free_port()))
    run("down", "--state", str(state), check=False)


def test_the_table_of_the_readme_is_what_is_handled(probed: Cloud) -> None:
    readme = ROOT / "README.md"
    before, _, rest = readme.read_text().partition(BEGIN)
    listed, _, after = rest.partition(END)
    wanted = operations.table(operations.handled(probed))
    if os.environ.get("UPDATE_README") == "1":
        readme.write_text(before + BEGIN + wanted + END + after)
    else:
        assert listed == wanted, "run the tests once with UPDATE_README=1"


@pytest.mark.parametrize("service", [one.service for one in SERVICES])
def test_what_is_listed_is_an_operation_of_aws(service: str) -> None:
    listed = operations.own(service)
    if listed is None:
        pytest.skip("not there")
    assert listed <= set(operations.model(service).operation_names)


@pytest.mark.parametrize("service", [one.service for one in SERVICES])
def test_what_is_not_listed_is_unknown(probed: Cloud, service: str) -> None:
    listed = operations.own(service)
    if listed is None:
        pytest.skip("not there")
    others = sorted(set(operations.model(service).operation_names) - listed)
    answers = {name: operations.answer(probed, service, name) for name in others}
    assert {name: code for name, code in answers.items() if code not in operations.UNKNOWN} == {}


def test_the_operations_of_s3_are_those_of_aws() -> None:
    assert operations.s3.handled() <= set(operations.model("s3").operation_names)
