"""What DIALECT.md says does not run, does not: each fails with an error, none is taken and ignored."""

from __future__ import annotations

from pathlib import Path

import pytest

import localaws.athena
from localaws.athena.run.catalog import Catalog
from localaws.athena.run.query import Query
from localaws.athena.sql.problems import QueryFailed
from tests.missing import missing

MISSING = missing(localaws.athena)


@pytest.mark.parametrize("text", [text for text, _ in MISSING])
def test_a_statement_that_is_not_supported_fails(tmp_path: Path, text: str) -> None:
    class NoGlue:
        def __getattr__(self, name: str) -> object:
            raise QueryFailed(f"glue was asked for {name}")

    with pytest.raises(QueryFailed):
        Query(text, Catalog(NoGlue(), "db"), None, tmp_path / "query", "s3://b/results").run()


def test_there_is_a_list_and_each_has_a_reason() -> None:
    assert len(MISSING) >= 20
    assert [text for text, reason in MISSING if not reason.strip()] == []
