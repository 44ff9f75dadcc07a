# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from localaws.athena.run import results
from localaws.athena.run.catalog import Catalog
from localaws.athena.run.session import Session
from localaws.athena.sql import trino
from localaws.athena.sql.problems import Mismatched, QueryFailed
from tests.athena.dialect_cases import CASES


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = Session(Catalog(None, "db"), None, tmp_path / "query")
    yield opened
    opened.close()


def rows(session: Session, text: str) -> list[list[str | None]]:
    done = session.connection.execute(session.prepare(trino.parse(text)))
    columns = results.columns_of(done.description)
    return [[results.shown(value, column.type) for value, column in zip(row, columns, strict=True)] for row in done.fetchall()]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[f"{n}-{text[-50:]}" for n, (text, _) in enumerate(CASES)])
def test_a_query_of_athenas_runs(session: Session, text: str, expected: list[list[str | None]]) -> None:
    assert rows(session, text) == expected


def test_columns_without_names_get_athenas(session: Session) -> None:
    done = session.connection.execute(session.prepare(trino.parse("select 1, 2 as b, count(*) from (values 1) x")))
    assert [one[0] for one in done.description] == ["_col0", "b", "_col2"]


@pytest.mark.parametrize("text", [
    "select * from read_text('/etc/hostname')", "select * from '/etc/hostname'", "select * from read_csv('/etc/passwd')",
    "select content from glob('/etc/*')", "select getenv('HOME')",
])
def test_nothing_outside_is_read(session: Session, text: str) -> None:
    with pytest.raises((QueryFailed, Mismatched, Exception)) as refused:
        rows(session, text)
    assert "root:" not in str(refused.value)


def test_the_database_is_locked(session: Session) -> None:
    import duckdb

    session.prepare(trino.parse("select 1"))
    for text in ("set enable_external_access = true", "copy (select 1) to '/tmp/athena-escaped'", "install httpfs",
                 "attach '/tmp/athena-escaped.db'"):
        with pytest.raises(duckdb.Error):
            session.connection.execute(text)


def test_what_is_no_sql_is_refused_with_its_place() -> None:
    with pytest.raises(Mismatched, match="line 1:"):
        trino.parse("select from where")
