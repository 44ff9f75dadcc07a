"""What DIALECT.md says does not run, does not: each fails with an error, none is taken and ignored."""

from __future__ import annotations

from pathlib import Path

import pytest

import localaws.athena
from localaws.athena.run.catalog import Catalog
from localaws.athena.run.query import Query
from localaws.athena.sql.problems import QueryFailed

MISSING = (
    "create table iceberg (a int) location 's3://b/k/' tblproperties ('table_type'='ICEBERG')",
    "delete from t where a = 1",
    "update t set a = 1",
    "merge into t using s on t.a = s.a when matched then delete",
    "vacuum t",
    "optimize t rewrite data using bin_pack",
    "select checksum(1)",
    "select format_number(123456)",
    "select from_base('ff', 16), to_base(255, 16)",
    "select word_stem('running')",
    "select ngrams(array[1, 2, 3], 2)",
    "select st_point(1, 2)",
    "select multimap_agg(1, 2)",
    "select parse_datetime('2022', 'yyyy')",
    "select human_readable_seconds(1)",
    "select * from (values 1) t (x) match_recognize (order by x pattern (a) define a as true)",
    "select approx_set(1)",
    "create external table t (a int) stored as avro location 's3://b/k/'",
    "using external function f(a int) returns int lambda 'f' select f(1)",
    "alter table t rename to u",
)


@pytest.mark.parametrize("text", MISSING)
def test_a_statement_that_is_not_supported_fails(tmp_path: Path, text: str) -> None:
    class NoGlue:
        def __getattr__(self, name: str) -> object:
            raise QueryFailed(f"glue was asked for {name}")

    with pytest.raises(QueryFailed):
        Query(text, Catalog(NoGlue(), "db"), None, tmp_path / "query", "s3://b/results").run()


def test_the_list_names_them_all() -> None:
    listed = (Path(localaws.athena.__file__).parent / "DIALECT.md").read_text()
    assert [text for text in MISSING if text not in listed] == []
