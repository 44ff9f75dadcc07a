"""What DIALECT.md says does not run, does not: each fails with an error, none is taken and ignored."""

from __future__ import annotations

from typing import Any

import pytest

import localaws.redshift
from localaws.redshift.execution import run
from localaws.redshift.failures import StatementFailed
from localaws.redshift.sql.tokens import split
from tests.missing import missing

MISSING = missing(localaws.redshift)


@pytest.mark.parametrize("text", [text for text, _ in MISSING])
def test_a_statement_that_is_not_supported_fails(connection: Any, text: str) -> None:
    with pytest.raises(StatementFailed):
        run(connection, split(text)[0], lambda authorization: None)


def test_there_is_a_list_and_each_has_a_reason() -> None:
    assert len(MISSING) >= 30
    assert [text for text, reason in MISSING if not reason.strip()] == []
