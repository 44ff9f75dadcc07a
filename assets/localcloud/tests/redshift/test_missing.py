"""What DIALECT.md says does not run, does not: each fails with an error, none is taken and ignored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import localaws.redshift
from localaws.redshift.execution import run
from localaws.redshift.failures import StatementFailed
from localaws.redshift.sql.tokens import split

MISSING = (
    "select 5 # 3",
    "select median(x) over (partition by y) from (select 1 x, 2 y) t",
    "select percentile_cont(0.5) within group (order by x) over () from (select 1 x) t",
    "select lag(x) ignore nulls over (order by x) from (select 1 x) t",
    "select 'a' = 1::int from (select 1::int x) t where x = 'a'::varchar",
    "select crc32('a'), checksum('a')",
    "select h3_fromlonglat(1, 2)",
    "select st_point(1, 2)",
    "create table t (g geometry)",
    "create table t (h hllsketch)",
    "select hll(1)",
    "create external schema s from data catalog database 'd' iam_role 'arn:aws:iam::123456789012:role/r'",
    "create external table s.t (a int) stored as parquet location 's3://b/k'",
    "create datashare d",
    "create model m from t target x function f iam_role default",
    "create function f (a int) returns int stable as $$ return a $$ language plpythonu",
    "create external function f (varchar) returns varchar stable lambda 'f' iam_role default",
    "create library l language plpythonu from 's3://b/l.zip' iam_role default",
    "create rls policy p with (a int) using (a = 1)",
    "create masking policy p with (a int) using (0)",
    "analyze compression t",
    "show tables from schema dev.public",
    "show table public.t",
    "select * from t pivot (sum(a) for b in ('x'))",
    "select connect_by_root a from t connect by prior a = b",
    "select * from stl_query",
    "copy t from 'emr://c/k' iam_role default",
    "copy t from 's3://b/k' iam_role default format avro 'auto'",
    "copy t from 's3://b/k' iam_role default lzop",
    "copy t from 's3://b/k' iam_role default shapefile",
)


@pytest.mark.parametrize("text", MISSING)
def test_a_statement_that_is_not_supported_fails(connection: Any, text: str) -> None:
    with pytest.raises(StatementFailed):
        run(connection, split(text)[0], lambda authorization: None)


def test_the_list_names_them_all() -> None:
    listed = (Path(localaws.redshift.__file__).parent / "DIALECT.md").read_text()
    assert [text for text in MISSING if text not in listed] == []
