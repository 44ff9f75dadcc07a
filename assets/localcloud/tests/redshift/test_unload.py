# ruff: noqa: E501 - statements and rows are easier to read in one line
from __future__ import annotations

import bz2
import gzip
import io
import json
from typing import Any

import pytest
from pyarrow import parquet

from localaws.redshift.execution import run
from localaws.redshift.failures import StatementFailed
from tests.redshift.memory_s3 import MemoryS3

QUERY = "select a, b, c from t order by a"


class Warehouse:
    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.s3 = MemoryS3()
        self.run("create table t (a int, b varchar(20), c timestamp)")
        self.run("insert into t values (1, 'x,\"y\"', '2022-01-02 03:04:05'), (2, null, null)")

    def run(self, text: str) -> Any:
        self.connection.execute("select 1")  # so that the next line makes a savepoint
        with self.connection.transaction():
            return run(self.connection, text, lambda authorization: self.s3)

    def unload(self, options: str, query: str = QUERY, prefix: str = "out/") -> dict[str, bytes]:
        text = query.replace("'", "''")
        self.run(f"unload ('{text}') to 's3://bucket/{prefix}' iam_role 'arn:aws:iam::1:role/r' {options}")
        return {key: value for key, value in self.s3.objects.items() if key.startswith(prefix)}


@pytest.fixture
def warehouse(connection: Any) -> Warehouse:
    return Warehouse(connection)


@pytest.mark.parametrize(
    ("options", "name", "text"),
    [
        ("", "0000_part_00", '1|x,"y"|2022-01-02 03:04:05\n2||\n'),
        ("parallel off", "000", '1|x,"y"|2022-01-02 03:04:05\n2||\n'),
        ("format as csv header", "0000_part_00", 'a,b,c\n1,"x,""y""",2022-01-02 03:04:05\n2,,\n'),
        ("csv delimiter as '|' extension 'csv'", "0000_part_00.csv", '1|"x,""y"""|2022-01-02 03:04:05\n2||\n'),
        (r"delimiter '\t' null as '\\N'", "0000_part_00", '1\tx,"y"\t2022-01-02 03:04:05\n2\t\\N\t\\N\n'),
        ("addquotes escape", "0000_part_00", '"1"|"x,\\"y\\""|"2022-01-02 03:04:05"\n"2"||\n'),
        ("fixedwidth '0:3,1:6,2:4'", "0000_part_00", '1  x,"y" 2022\n2            \n'),
        ("format json", "0000_part_00.json", '{"a":1,"b":"x,\\"y\\"","c":"2022-01-02 03:04:05"}\n{"a":2,"b":null,"c":null}\n'),
    ],
)
def test_text_is_written_in_the_format_that_is_asked_for(warehouse: Warehouse, options: str, name: str, text: str) -> None:
    assert warehouse.unload(options) == {f"out/{name}": text.encode()}


@pytest.mark.parametrize(("option", "suffix", "unpack"), [("gzip", ".gz", gzip.decompress), ("bzip2", ".bz2", bz2.decompress)])
def test_files_are_compressed(warehouse: Warehouse, option: str, suffix: str, unpack: Any) -> None:
    [(name, body)] = warehouse.unload(option).items()
    assert name.endswith(suffix) and unpack(body).startswith(b"1|x")


def test_zstd_is_read_back_by_copy(warehouse: Warehouse) -> None:
    warehouse.unload("zstd")
    warehouse.run("create table back (like t)")
    warehouse.run("copy back from 's3://bucket/out/' iam_role 'arn:aws:iam::1:role/r' zstd emptyasnull")
    assert warehouse.run("select count(*) from (select * from t intersect select * from back)").rows == [(2,)]


def test_parquet_has_the_types_of_the_query(warehouse: Warehouse) -> None:
    [(name, body)] = warehouse.unload("parquet", "select a, b, c, 1.5::decimal(5,2) d, true e, json_parse('[1]') f from t").items()
    table = parquet.read_table(io.BytesIO(body))
    assert name == "out/0000_part_00.parquet"
    assert [str(one) for one in table.schema.types] == ["int32", "string", "timestamp[us]", "decimal128(5, 2)", "bool", "string"]
    assert table.column("f").to_pylist() == ["[1]", "[1]"]


def test_partitions_are_folders(warehouse: Warehouse) -> None:
    assert warehouse.unload("partition by (a)", "select a, b from t") == {
        "out/a=1/0000_part_00": b'x,"y"\n', "out/a=2/0000_part_00": b"\n"
    }
    assert warehouse.unload("partition by (a) include allowoverwrite", "select a, b from t")["out/a=2/0000_part_00"] == b"2|\n"


def test_a_manifest_lists_the_files(warehouse: Warehouse) -> None:
    written = warehouse.unload("manifest verbose")
    manifest = json.loads(written["out/manifest"])
    assert manifest["entries"][0]["url"] == "s3://bucket/out/0000_part_00"
    assert manifest["meta"]["record_count"] == 2


def test_a_place_that_is_not_empty_is_left_alone_unless_it_is_said_otherwise(warehouse: Warehouse) -> None:
    warehouse.unload("")
    with pytest.raises(StatementFailed, match="destination on S3 is not empty"):
        warehouse.unload("")
    warehouse.unload("allowoverwrite gzip")
    assert len(warehouse.s3.objects) == 2
    warehouse.unload("cleanpath")
    assert list(warehouse.s3.objects) == ["out/0000_part_00"]


def test_large_results_are_divided(warehouse: Warehouse) -> None:
    written = warehouse.unload("maxfilesize 5 mb parallel off", "select repeat('x', 100) from generate_series(1, 120000)")
    assert sorted(written) == ["out/000", "out/001", "out/002"]
    assert sum(body.count(b"\n") for body in written.values()) == 120000


def test_dollar_quotes_and_quotes_in_quotes(warehouse: Warehouse) -> None:
    warehouse.run("unload ($$select 'it''s' from t where a = 1$$) to 's3://bucket/p' iam_role default")
    assert warehouse.s3.objects["p0000_part_00"] == b"it's\n"
