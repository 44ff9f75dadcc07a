from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import localaws.redshift
from localaws.engines import Postgres
from localaws.redshift.execution import Outcome, run
from localaws.redshift.failures import StatementFailed
from localaws.redshift.sql.tokens import split
from tests.redshift.dialect_cases import CASES, SETUP
from tests.redshift.guide_statements import NOT_RUN, RUN


def no_s3(_: object) -> object:
    raise AssertionError("this statement needs no S3")


def execute(connection: Any, text: str) -> Outcome:
    outcome = Outcome()
    for statement in split(text):
        outcome = run(connection, statement, no_s3)
    return outcome


@pytest.fixture(scope="module")
def session(engine: Postgres) -> Any:
    with engine.connect("dev", "awsuser", "secret") as connection:
        execute(connection, SETUP)
        connection.commit()
        yield connection


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[f"{n}-{case[0][:50]}" for n, case in enumerate(CASES)])
def test_a_statement_of_redshifts_runs(session: Any, text: str, expected: list[tuple[Any, ...]] | None) -> None:
    try:
        if expected in ([("unsupported",)], [("error",)], [("transaction",)]):
            with pytest.raises(StatementFailed):
                execute(session, text)
            return
        outcome = execute(session, text)
        if expected is not None:
            assert [tuple(row) for row in outcome.rows] == expected
    finally:
        session.rollback()


def test_the_list_says_how_many_statements_there_are() -> None:
    listed = (Path(localaws.redshift.__file__).parent / "DIALECT.md").read_text()
    assert f"`tests/redshift/dialect_cases.py` ({len(CASES)} statements)" in listed
    assert f"`tests/redshift/guide_statements.py` ({len(RUN)} that run, {len(NOT_RUN)} that do not)" in listed
    assert len(RUN) >= 200


@pytest.mark.parametrize("text", RUN)
def test_a_statement_of_aws_guide_runs(connection: Any, text: str) -> None:
    execute(connection, text)


@pytest.mark.parametrize(("text", "reason"), NOT_RUN)
def test_a_statement_of_aws_guide_that_is_not_supported_fails(connection: Any, text: str, reason: str) -> None:
    with pytest.raises(StatementFailed):
        execute(connection, text)
    assert reason in (Path(localaws.redshift.__file__).parent / "DIALECT.md").read_text()
