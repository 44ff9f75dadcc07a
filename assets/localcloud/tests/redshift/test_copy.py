# ruff: noqa: E501 - statements and rows are easier to read in one line
from __future__ import annotations

import bz2
import gzip
import io
import json
from typing import Any

import pyarrow
import pytest
from pyarrow import orc, parquet

from localaws.redshift.execution import Outcome, run
from localaws.redshift.failures import StatementFailed
from localaws.redshift.transfer import copy_command
from localaws.redshift.transfer.load import TooManyErrors
from tests.redshift.memory_s3 import MemoryS3

ROLE = "iam_role 'arn:aws:iam::123456789012:role/loader'"
TABLE = "create table t (a int, b varchar(10), c decimal(6, 2), d date, e timestamp, f boolean)"


class Warehouse:
    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.s3 = MemoryS3()

    def run(self, text: str) -> Outcome:
        self.connection.execute("select 1")  # so that the next line makes a savepoint
        with self.connection.transaction():
            return run(self.connection, text, lambda authorization: self.s3)

    def load(self, body: bytes | str, options: str, columns: str = "", key: str = "in/x", url: str = "in/") -> list[tuple[Any, ...]]:
        self.s3.objects[key] = body.encode() if isinstance(body, str) else body
        self.run(f"copy t {columns} from 's3://bucket/{url}' {ROLE} {options}")
        return self.rows("select * from t")

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.run(text).rows]


@pytest.fixture
def warehouse(connection: Any) -> Warehouse:
    made = Warehouse(connection)
    made.run(TABLE)
    return made


FULL = (1, "one", "1.50", "2022-01-02", "2022-01-02 03:04:05", True)


@pytest.mark.parametrize(
    ("body", "options"),
    [
        ("1|one|1.5|2022-01-02|2022-01-02 03:04:05|t\n", ""),
        ("1|one|1.5|2022-01-02|2022-01-02 03:04:05|t|\n", ""),
        ("1,one,1.5,2022-01-02,2022-01-02 03:04:05,true\r\n", "delimiter ','"),
        ("1\tone\t1.5\t2022-01-02\t2022-01-02 03:04:05\t1", r"delimiter '\t'"),
        ("1\x01one\x011.5\x012022-01-02\x012022-01-02 03:04:05\x01y\n", r"delimiter as '\001'"),
        ("1~^~one~^~1.5~^~2022-01-02~^~2022-01-02 03:04:05~^~y\n", "delimiter '~^~'"),
        ('h\n1,"one",1.5,2022-01-02,2022-01-02 03:04:05,t\n', "csv ignoreheader 1"),
        ("1,%one%,1.5,2022-01-02,2022-01-02 03:04:05,t\n", "format as csv quote as '%'"),
        ("'1'|\"one\"|1.5|2022-01-02|2022-01-02 03:04:05|t\n", "removequotes"),
        ("1|o\\ne|1.5|2022-01-02|2022-01-02 03:04:05|t\n", "escape"),
        ("1 one  1.502022-01-022022-01-02 03:04:05t", "fixedwidth 'a:2,b:5,c:4,d:10,e:19,f:1'"),
        ("1|one|1.5|02.01.2022|2.1.2022 03:04:05|t\n", "dateformat 'DD.MM.YYYY' timeformat 'DD.MM.YYYY HH24:MI:SS'"),
        ("1|one|1.5|Jan 2, 2022|1641092645|t\n", "dateformat 'auto' timeformat 'auto'"),
        ("1|one|1.5|2022-01-02|1641092645000|t\n", "timeformat 'epochmillisecs'"),
        ("1|one|1.5|20220102|2022/01/02 03:04:05 AM|t\n", "dateformat 'auto' timeformat 'auto'"),
        ('{"a":1,"b":"one","c":1.5,"d":"2022-01-02","e":"2022-01-02 03:04:05","f":true,"z":0}', "json 'auto'"),
        ('{"A":1,"B":"one",\n"c":1.5,"d":"2022-01-02"\n,"e":"2022-01-02T03:04:05","f":true}', "json 'auto ignorecase'"),
    ],
)
def test_text_is_loaded_in_the_format_it_is_said_to_have(warehouse: Warehouse, body: str, options: str) -> None:
    assert [(*row[:1], row[1].replace("\n", "n"), *row[2:]) for row in warehouse.load(body, options)] == [FULL]


@pytest.mark.parametrize(("option", "pack"), [
    ("gzip", gzip.compress), ("bzip2", bz2.compress), ("zstd", lambda b: pyarrow.compress(b, codec="zstd", asbytes=True)),
])
def test_compressed_files_are_read(warehouse: Warehouse, option: str, pack: Any) -> None:
    assert warehouse.load(pack(b"1,x\n2,y\n"), f"csv {option}", "(a, b)") == [
        (1, "x", None, None, None, None), (2, "y", None, None, None, None)
    ]


def test_jsonpaths_take_fields_by_path(warehouse: Warehouse) -> None:
    warehouse.s3.objects["paths"] = json.dumps({"jsonpaths": ["$.id", "$['name'][1]"]}).encode()
    rows = warehouse.load('{"id":7,"name":["x","y"]}\n{"id":8}', "json 's3://bucket/paths'", "(a, b)")
    assert [row[:2] for row in rows] == [(7, "y"), (8, None)]


def test_json_into_super(warehouse: Warehouse) -> None:
    warehouse.run("drop table t")
    warehouse.run("create table t (a int, s super)")
    assert warehouse.load('{"a":1,"s":{"k":[1,2]}}', "json 'auto'") == [(1, '{"k": [1, 2]}')]
    warehouse.run("create table whole (s super)")
    warehouse.run(f"copy whole from 's3://bucket/in/' {ROLE} json 'noshred'")
    assert warehouse.rows("select w.s.a::int from whole w") == [(1,)]


@pytest.mark.parametrize("kind", ["parquet", "orc"])
def test_columnar_files_are_loaded_by_position(warehouse: Warehouse, kind: str) -> None:
    import datetime
    from decimal import Decimal

    moment = datetime.datetime(2022, 1, 2, 3, 4, 5)
    table = pyarrow.table({
        "q": pyarrow.array([1], pyarrow.int32()), "w": ["one"], "e": pyarrow.array([Decimal("1.50")], pyarrow.decimal128(6, 2)),
        "r": pyarrow.array([moment.date()]), "t": pyarrow.array([moment], pyarrow.timestamp("us")), "y": [True],
    })
    buffer = io.BytesIO()
    (parquet if kind == "parquet" else orc).write_table(table, buffer)
    assert warehouse.load(buffer.getvalue(), f"format as {kind}") == [FULL]
    with pytest.raises(StatementFailed, match="Number of columns must match"):
        warehouse.run(f"copy t (a) from 's3://bucket/in/' {ROLE} {kind}")
    with pytest.raises(StatementFailed, match="incompatible"):
        warehouse.run(f"copy t (b, a, c, d, e, f) from 's3://bucket/in/' {ROLE} {kind}")


@pytest.mark.parametrize(("values", "line", "code"), [
    ({"a": [1, 2, None], "b": ["x", "y", "z"]}, 3, 1213),
    ({"a": [1, 2, 3], "b": ["x", "0123456789a", "z"]}, 2, 1204),
])
def test_the_row_of_a_columnar_file_that_is_wrong_is_named(
    warehouse: Warehouse, values: dict[str, list[Any]], line: int, code: int
) -> None:
    warehouse.run("drop table t")
    warehouse.run("create table t (a int not null, b varchar(10))")
    buffer = io.BytesIO()
    parquet.write_table(pyarrow.table({"a": pyarrow.array(values["a"], pyarrow.int32()), "b": values["b"]}), buffer)
    with pytest.raises(StatementFailed) as failed:
        warehouse.load(buffer.getvalue(), "format as parquet")
    assert isinstance(failed.value.__cause__, TooManyErrors)
    [error] = failed.value.__cause__.load.errors
    assert (error.line, error.code) == (line, code)
    assert warehouse.rows("select * from t") == []


def test_timestamps_of_96_bits_are_loaded(warehouse: Warehouse) -> None:
    import datetime

    moments = [datetime.datetime(2022, 1, 2, 3, 4, 5, 678), None, datetime.datetime(1999, 12, 31)]
    warehouse.run("drop table t")
    warehouse.run("create table t (t timestamp)")
    buffer = io.BytesIO()
    table = pyarrow.table({"t": pyarrow.array(moments, pyarrow.timestamp("ns"))})
    parquet.write_table(table, buffer, use_deprecated_int96_timestamps=True)
    assert warehouse.load(buffer.getvalue(), "format as parquet") == [
        ("2022-01-02 03:04:05.000678",), (None,), ("1999-12-31 00:00:00",),
    ]


def test_a_manifest_names_the_files(warehouse: Warehouse) -> None:
    warehouse.s3.objects |= {"a": b"1|x\n", "b": b"2|y\n", "c": b"3|z\n"}
    entries = [{"url": "s3://bucket/a", "mandatory": True}, {"url": "s3://bucket/c"}, {"url": "s3://bucket/gone"}]
    rows = warehouse.load(json.dumps({"entries": entries}), "manifest", "(a, b)", "list", "list")
    assert [row[0] for row in rows] == [1, 3]
    entries[2]["mandatory"] = True
    with pytest.raises(StatementFailed, match="mandatory"):
        warehouse.load(json.dumps({"entries": entries}), "manifest", "(a, b)", "list", "list")


@pytest.mark.parametrize(
    ("body", "options", "expected"),
    [
        ("|\n", "", [(None, "")]),
        ("|\n", "emptyasnull", [(None, None)]),
        ("1|  \n", "blanksasnull", [(1, None)]),
        ("1|x  \n", "trimblanks", [(1, "x")]),
        ("1|\\N\n", "", [(1, None)]),
        ("1|nil\n", "null as 'nil'", [(1, None)]),
        ("1|0123456789abc\n", "truncatecolumns", [(1, "0123456789")]),
        ("1\n", "fillrecord", [(1, None)]),
        ("1|a\n\n2|b\n", "ignoreblanklines", [(1, "a"), (2, "b")]),
        ('1,"a,""b""\nc"\n', "csv", [(1, 'a,"b"\nc')]),
        (b"1|a\xffb\n", "acceptinvchars as '^'", [(1, "a^b")]),
        (b"1|caf\xe9\n", "encoding iso88591", [(1, "café")]),
        ("1|x\n".encode("utf-16"), "encoding utf16", [(1, "x")]),
        ("\ufeff1|x\n", "", [(1, "x")]),
        ("1|x\nbad|y\n2|z\n", "maxerror 2", [(1, "x"), (2, "z")]),
        ("1|x\n", "noload", []),
        ("h1\nh2\n1|x\n", "ignoreheader as 2 compupdate off statupdate on region 'us-west-2'", [(1, "x")]),
    ],
)
def test_an_option_does_what_it_says(
    warehouse: Warehouse, body: bytes | str, options: str, expected: list[tuple[Any, ...]]
) -> None:
    assert [row[:2] for row in warehouse.load(body, options, "(a, b)")] == expected


def test_numbers_are_cut_or_rounded_and_wrong_dates_may_be_null(warehouse: Warehouse) -> None:
    assert warehouse.load("1|2.999|2022-13-01\n", "acceptanydate", "(a, c, d)")[0][2:4] == ("2.99", None)
    assert warehouse.load("1|2.999|2022-12-01\n", "roundec", "(a, c, d)")[1][2:4] == ("3.00", "2022-12-01")


def test_identities_are_made_unless_they_are_given(warehouse: Warehouse) -> None:
    warehouse.run("drop table t")
    warehouse.run("create table t (i int identity(10, 5), b varchar(5) default 'd')")
    assert warehouse.load("x\ny\n", "") == [(10, "x"), (15, "y")]
    assert warehouse.load("99|z\n", "explicit_ids", "(i, b)")[2] == (99, "z")


@pytest.mark.parametrize(
    ("body", "columns", "code", "column", "reason"),
    [
        ("x1|b\n", "(a, b)", 1207, "a", "Invalid digit, Value 'x', Pos 0, Type: Integer"),
        ("99999999999|b\n", "(a, b)", 1204, "a", "Overflow, Column type: Integer"),
        ("1|01234567890\n", "(a, b)", 1204, "b", "String length exceeds DDL length"),
        ("1\n", "(a, b)", 1214, "", "Delimiter not found"),
        ("1|b|c|d\n", "(a, b)", 1202, "", "Extra column(s) found"),
        ("22-1-1|1\n", "(d, a)", 1205, "d", "Invalid date format - length must be 10 or more"),
        ("noon|1\n", "(e, a)", 1206, "e", "Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]"),
        ("maybe|1\n", "(f, a)", 1210, "f", "Unknown boolean format"),
        ("12345.678|1\n", "(c, a)", 1209, "c", "Numeric data overflow (result precision), Type: Decimal(6,2)"),
    ],
)
def test_a_row_that_cannot_be_loaded_fails_the_copy_and_says_why(
    warehouse: Warehouse, body: str, columns: str, code: int, column: str, reason: str
) -> None:
    with pytest.raises(StatementFailed) as failed:
        warehouse.load("\n" + body, "ignoreheader 1", columns)
    assert str(failed.value) == "ERROR: Load into table 't' failed.  Check 'stl_load_errors' system table for details."
    assert isinstance(failed.value.__cause__, TooManyErrors)
    [error] = failed.value.__cause__.load.errors
    assert (error.code, error.column, error.reason, error.line) == (code, column, reason, 2)
    assert (error.file, error.raw_line) == ("s3://bucket/in/x", body.rstrip("\n"))


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (f"copy absent from 's3://bucket/in/' {ROLE}", "Cannot COPY into nonexistent table absent"),
        (f"copy t from 's3://bucket/none' {ROLE}", "The specified S3 prefix 'none' does not exist"),
        (f"copy t from 's3://bucket/secret' {ROLE}", "S3ServiceException:Access Denied,Status 403,Error AccessDenied"),
        ("copy t from 's3://bucket/in/'", "names no IAM_ROLE"),
        (f"copy t (zz) from 's3://bucket/in/' {ROLE}", 'column "zz" of relation "t" does not exist'),
        (f"copy t from 's3://bucket/in/' {ROLE} nonsense", 'syntax error at or near "nonsense"'),
        (f"copy t from 's3://bucket/in/' {ROLE} lzop", "not supported"),
        ("copy t from stdin", "syntax error|not supported"),
        ("copy t from '/etc/passwd'", "not supported"),
        (f"copy t from 'emr://x/y' {ROLE}", "not supported"),
    ],
)
def test_a_copy_that_cannot_begin_says_why(warehouse: Warehouse, statement: str, message: str) -> None:
    warehouse.s3.objects |= {"in/x": b"", "secret": b""}
    warehouse.s3.denied = {"secret"}
    with pytest.raises(StatementFailed, match=message):
        warehouse.run(statement)


def test_credentials_come_in_several_forms() -> None:
    def authorization(text: str) -> Any:
        return copy_command.parse(f"copy t from 's3://b/k' {text}").authorization

    assert authorization("credentials 'aws_iam_role=arn:x'").role == "arn:x"
    assert authorization("iam_role default").role == "default"
    keys = authorization("with credentials as 'aws_access_key_id=A;aws_secret_access_key=B;token=C'")
    assert (keys.access_key_id, keys.secret_access_key, keys.session_token) == ("A", "B", "C")
    keys = authorization("access_key_id 'A' secret_access_key 'B' session_token 'C'")
    assert (keys.access_key_id, keys.secret_access_key, keys.session_token) == ("A", "B", "C")


def test_three_hundred_thousand_rows_are_loaded_in_seconds(warehouse: Warehouse) -> None:
    import time

    body = "".join(f"{n}|label {n % 100}|{n % 1000}.25|2022-01-02\n" for n in range(300_000))
    warehouse.s3.objects["in/big"] = body.encode()
    begun = time.monotonic()
    outcome = warehouse.run(f"copy t (a, b, c, d) from 's3://bucket/in/' {ROLE}")
    assert outcome.count == 300_000
    assert time.monotonic() - begun < 20
    print(f"{len(body) / 1e6:.1f} MB in {time.monotonic() - begun:.2f} s")
