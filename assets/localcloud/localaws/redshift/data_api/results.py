"""Results in files, a thousand rows to a page."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from localaws.contract import AwsError
from localaws.redshift.column_types import ResultColumn

PAGE = 1000
LIMIT = 500 << 20
"""Bytes a result may have.

Source: https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html#data-api-limits
"""

_directory = Path()


def use(directory: Path) -> None:
    """Keep results below this directory."""
    global _directory
    _directory = directory


def keep(identifier: str, columns: list[ResultColumn], rows: Sequence[tuple[Any, ...]], result_format: str) -> int:
    """Write a result; answers its size in bytes."""
    target = _path(identifier)
    target.mkdir(parents=True, mode=0o700, exist_ok=True)
    size = 0
    for number, start in enumerate(range(0, max(len(rows), 1), PAGE)):
        page = rows[start : start + PAGE]
        if result_format == "CSV":
            text = json.dumps([{"CSVRecords": _csv(columns, page, header=number == 0)}])
        else:
            text = json.dumps([[field(value, column.oid) for value, column in zip(row, columns, strict=True)]
                               for row in page])
        size += sum(len(str(value)) for row in page for value in row if value is not None)
        if size > LIMIT:
            raise AwsError("ValidationException", "Query result size exceeds 500MB", 400)
        (target / f"{number}.json").write_text(text)
    (target / "about.json").write_text(
        json.dumps({"columns": [one.metadata() for one in columns], "rows": len(rows), "format": result_format})
    )
    return size


def page(identifier: str, token: str | None, *, version: int) -> dict[str, Any]:
    """A page of a result, as GetStatementResult (version 1) or GetStatementResultV2 answers it."""
    source = _path(identifier)
    try:
        about = json.loads((source / "about.json").read_text())
        number = int(token or 0)
        records = json.loads((source / f"{number}.json").read_text())
    except ValueError:
        raise AwsError("ValidationException", "The NextToken is not valid.", 400) from None
    except FileNotFoundError:
        raise AwsError(
            "ResourceNotFoundException",
            "Query does not have result. Please check query status with DescribeStatement.", 400,
        ) from None
    if version == 1 and about["format"] != "JSON":
        raise AwsError("ValidationException", "The result is in CSV format; use GetStatementResultV2.", 400)
    answer = {"ColumnMetadata": about["columns"], "Records": records, "TotalNumRows": about["rows"]}
    if version == 2:
        answer["ResultFormat"] = about["format"]
        if about["format"] == "JSON":
            raise AwsError("ValidationException", "The result is in JSON format; use GetStatementResult.", 400)
    if (number + 1) * PAGE < about["rows"]:
        answer["NextToken"] = str(number + 1)
    return answer


def drop(identifier: str) -> None:
    """Remove a result."""
    shutil.rmtree(_path(identifier), ignore_errors=True)


def field(value: Any, oid: int) -> dict[str, Any]:
    """A value as the Data API's Field.

    Source: https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_Field.html
    """
    if value is None:
        return {"isNull": True}
    if isinstance(value, bool):
        return {"booleanValue": value}
    if isinstance(value, int):
        return {"longValue": value}
    if isinstance(value, float):
        return {"doubleValue": value}
    if oid == 17:
        return {"stringValue": str(value).removeprefix("\\x")}
    if oid == 3802:
        return {"stringValue": json.dumps(json.loads(value), separators=(",", ":"), ensure_ascii=False)}
    return {"stringValue": str(value)}


def _csv(columns: list[ResultColumn], rows: Sequence[tuple[Any, ...]], *, header: bool) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    if header:
        writer.writerow([one.name for one in columns])
    for row in rows:
        writer.writerow(["" if value is None else str(value).lower() if isinstance(value, bool) else value
                         for value in row])
    return buffer.getvalue()


def _path(identifier: str) -> Path:
    return _directory / identifier.replace(":", "-")
