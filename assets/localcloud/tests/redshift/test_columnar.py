"""Parquet at the ends of its types, what does not fit, and what is done for many rows."""

from __future__ import annotations

import datetime
import io
import math
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from localaws.redshift.failures import StatementFailed
from localaws.redshift.transfer import columnar_rows
from tests.redshift.test_copy import ROLE, Warehouse

COLUMNS = """s smallint, i int, b bigint, n decimal(8, 2), w decimal(6, 0), r real, f float8, t boolean, d date,
  m timestamp, v varchar(20), c char(4)"""
ROWS = {
    "s": pa.array([1, -32768, None], pa.int16()),
    "i": pa.array([2147483647, 0, None], pa.int32()),
    "b": pa.array([-(2**63), 2**63 - 1, None], pa.int64()),
    "n": pa.array([Decimal("1.50"), Decimal("-999999.99"), None], pa.decimal128(8, 2)),
    "w": pa.array([999999, -1, None], pa.int64()),
    "r": pa.array([0.1, -1e30, None], pa.float32()),
    "f": pa.array([0.1, math.inf, None], pa.float64()),
    "t": pa.array([True, False, None]),
    "d": pa.array([datetime.date(1, 1, 1), datetime.date(9999, 12, 31), None]),
    "m": pa.array([datetime.datetime(2008, 1, 1, 14, 30, 0, 123456), datetime.datetime(1970, 1, 1), None]),
    "v": pa.array(["tab\there \\N \\", 'quote" é,\r\nx', ""]),
    "c": pa.array(["ab", "abcd", None]),
}


def file(columns: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    parquet.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


@pytest.fixture
def warehouse(connection: Any) -> Warehouse:
    made = Warehouse(connection)
    made.run(f"create table t ({COLUMNS})")
    return made


def test_values_at_the_ends_of_their_types(warehouse: Warehouse) -> None:
    first, second, nulls = warehouse.load(file(ROWS), "format as parquet")
    assert first == (
        1, 2147483647, -(2**63), "1.50", "999999", 0.1, 0.1, True, "0001-01-01", "2008-01-01 14:30:00.123456",
        "tab\there \\N \\", "ab  ",
    )  # fmt: skip
    assert second == (
        -32768, 0, 2**63 - 1, "-999999.99", "-1", -1e30, math.inf, False, "9999-12-31", "1970-01-01 00:00:00",
        'quote" é,\r\nx', "abcd",
    )  # fmt: skip
    assert nulls == (*[None] * 10, "", None)


@pytest.mark.parametrize(
    ("column", "values", "reason"),
    [
        ("s", pa.array([1, 40000], pa.int32()), "Overflow, Column type: Short"),
        ("n", pa.array([Decimal("12345678.9")], pa.decimal128(12, 1)), "Numeric data overflow"),
        ("v", pa.array(["x" * 21]), "String length exceeds DDL length"),
        ("c", pa.array(["é"]), "Multibyte character not supported for CHAR"),
    ],
)
def test_what_does_not_fit_is_rejected_by_its_value(
    warehouse: Warehouse, column: str, values: Any, reason: str
) -> None:
    warehouse.s3.objects["in/x"] = file({column: values})
    with pytest.raises(StatementFailed) as failed:
        warehouse.run(f"copy t ({column}) from 's3://bucket/in/' {ROLE} format as parquet")
    assert reason in failed.value.__cause__.load.errors[0].reason  # type: ignore[union-attr]
    assert warehouse.rows("select count(*) from t") == [(0,)]


def test_more_digits_than_the_column_has_are_cut_off(warehouse: Warehouse) -> None:
    values = pa.array([Decimal("1.239"), None], pa.decimal128(9, 3))
    assert [row[3] for row in warehouse.load(file({"n": values}), "format as parquet", "(n)")] == ["1.23", None]


def test_a_value_that_occurs_often_is_written_once(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    count = 200_000
    columns = {
        "i": pa.array(range(count), pa.int32()),
        "n": pa.array([Decimal("1.50")] * count, pa.decimal128(8, 2)),
        "m": pa.array([datetime.datetime(2008, 1, 1)] * count),
        "v": pa.array(["some text"] * count),
    }
    warehouse.s3.objects["in/x"] = file(columns)
    written, done = columnar_rows.written, []

    def noted(value: Any) -> str | None:
        done.append(value)
        return written(value)

    monkeypatch.setattr(columnar_rows, "written", noted)
    warehouse.run(f"copy t (i, n, m, v) from 's3://bucket/in/' {ROLE} format as parquet")
    assert 2 <= len(done) < 100  # two values, once in each batch
    assert warehouse.rows("select count(*), max(i), min(v) from t") == [(count, count - 1, "some text")]
