"""UNLOAD, carried out."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from localaws.redshift.column_types import ResultColumn, of_result
from localaws.redshift.failures import LoadFailed
from localaws.redshift.sql.statement import SyntaxProblem
from localaws.redshift.transfer import options
from localaws.redshift.transfer.options import bucket_and_key
from localaws.redshift.transfer.source import s3_errors
from localaws.redshift.transfer.unload_command import UnloadCommand

_SUFFIX = {"gzip": ".gz", "bz2": ".bz2", "zstd": ".zst"}
_HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"


@dataclass
class _Written:
    """The objects written so far."""

    entries: list[tuple[str, int, int]] = field(default_factory=list)
    """URL, bytes and rows of each."""


def unload(connection: Any, s3: Any, command: UnloadCommand, query: str) -> int:
    """Write the result of `query` (PostgreSQL's) to S3; answers the number of rows. Raises LoadFailed."""
    bucket, prefix = bucket_and_key(command.url)
    columns = of_result(connection.execute(f"select * from ({query}) unloaded limit 0"))
    for name in command.partition_columns:
        if name not in [column.name for column in columns]:
            raise SyntaxProblem(f'column "{name}" in PARTITION BY is not in the query')
    with s3_errors():
        _prepare(s3, command, bucket, prefix)
        written = _Written()
        total = 0
        for path, kept, rows in _partitions(connection, query, command, columns):
            counted = _write_files(s3, command, bucket, prefix + path, kept, rows, written)
            total += counted
        if "MANIFEST" in command.options.flags:
            _write_manifest(s3, command, bucket, prefix, columns, written)
    return total


def _prepare(s3: Any, command: UnloadCommand, bucket: str, prefix: str) -> None:
    """The place must be empty, unless it may be overwritten or is to be cleaned."""
    flags = command.options.flags
    if "ALLOWOVERWRITE" in flags:
        return
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    found = [one["Key"] for page in pages for one in page.get("Contents", [])]
    if found and "CLEANPATH" in flags:
        for key in found:
            s3.delete_object(Bucket=bucket, Key=key)
    elif found:
        raise LoadFailed(
            "Specified unload destination on S3 is not empty. Consider using a different bucket / prefix, manually "
            "removing the target files in S3, or using the ALLOWOVERWRITE option."
        )


def _partitions(
    connection: Any, query: str, command: UnloadCommand, columns: list[ResultColumn]
) -> Iterator[tuple[str, list[ResultColumn], Iterator[tuple[Any, ...]]]]:
    """Where each part goes, its columns and its rows. Without PARTITION BY there is one part, streamed."""
    typed = command.file_format in ("parquet", "json")
    rows = _typed_rows(connection, query) if typed else _text_rows(connection, query)
    if not command.partition_columns:
        yield "", columns, rows
        return
    names = [column.name for column in columns]
    at = [names.index(name) for name in command.partition_columns]
    kept = [i for i in range(len(columns)) if command.include_partitions or i not in at]
    parts: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for row in rows:
        parts.setdefault(tuple(row[i] for i in at), []).append(tuple(row[i] for i in kept))
    for values, part in parts.items():
        pairs = zip(command.partition_columns, values, strict=True)
        path = "".join(f"{name}={_HIVE_NULL if value is None else value}/" for name, value in pairs)
        yield path, [columns[i] for i in kept], iter(part)


def _text_rows(connection: Any, query: str) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor, cursor.copy(f"copy ({query}) to stdout") as rows:
        yield from rows.rows()


def _typed_rows(connection: Any, query: str) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(5000):
            yield from rows


def _write_files(
    s3: Any, command: UnloadCommand, bucket: str, prefix: str, columns: list[ResultColumn],
    rows: Iterator[tuple[Any, ...]], written: _Written,
) -> int:
    total = 0
    for number, (body, count) in enumerate(_bodies(command, columns, rows)):
        suffix = {"parquet": ".parquet", "json": ".json"}.get(command.file_format, "")
        if "EXTENSION" in command.options.values:
            suffix = "." + command.options.values["EXTENSION"].lstrip(".")
        else:
            suffix += _SUFFIX.get(command.compression, "")
        name = f"0000_part_{number:02d}" if command.parallel else f"{number:03d}"
        key = f"{prefix}{name}{suffix}"
        s3.put_object(Bucket=bucket, Key=key, Body=body)
        written.entries.append((f"s3://{bucket}/{key}", len(body), count))
        total += count
    return total


def _bodies(
    command: UnloadCommand, columns: list[ResultColumn], rows: Iterator[tuple[Any, ...]]
) -> Iterator[tuple[bytes, int]]:
    """The files' bytes and rows, none much larger than MAXFILESIZE; one without rows where there are none."""
    if command.file_format == "parquet":
        yield from _parquet(command, columns, rows)
        return
    line = _line_writer(command, columns)
    header = _header(command, columns)
    buffer, count, first = io.BytesIO(header), 0, True
    buffer.seek(0, io.SEEK_END)
    for row in rows:
        if count and buffer.tell() >= command.max_bytes:
            yield _compressed(buffer.getvalue(), command.compression), count
            buffer, count, first = io.BytesIO(header), 0, False
            buffer.seek(0, io.SEEK_END)
        buffer.write(line(row).encode())
        count += 1
    if count or first:
        yield _compressed(buffer.getvalue(), command.compression), count


def _header(command: UnloadCommand, columns: list[ResultColumn]) -> bytes:
    if "HEADER" not in command.options.flags:
        return b""
    line: str = _line_writer(command, columns)(tuple(column.name for column in columns))
    return line.encode()


def _line_writer(command: UnloadCommand, columns: list[ResultColumn]) -> Any:
    null = command.options.values.get("NULL", "").replace("\\\\", "\\")
    if command.file_format == "json":
        names = [column.name for column in columns]
        return lambda row: json.dumps(dict(zip(names, row, strict=True)), default=_json, ensure_ascii=False,
                                      separators=(",", ":")) + "\n"
    if command.file_format == "fixed":
        widths = [int(part.rpartition(":")[2]) for part in command.options.values["FIXEDWIDTH"].split(",")]
        return lambda row: "".join(
            ("" if value is None else value)[:width].ljust(width) for value, width in zip(row, widths, strict=True)
        ) + "\n"
    given = command.options.values.get("DELIMITER")
    delimiter = options.character(given) if given is not None else "," if command.file_format == "csv" else "|"
    if command.file_format == "csv":
        return lambda row: _csv_line([null if value is None else value for value in row], delimiter)
    quoted, escaped = "ADDQUOTES" in command.options.flags, "ESCAPE" in command.options.flags

    def text(value: str | None) -> str:
        if value is None:
            return null
        if escaped:
            for one in ("\\", delimiter, "\n", "\r", *('"' if quoted else "")):
                value = value.replace(one, "\\" + one)
        return f'"{value}"' if quoted else value

    return lambda row: delimiter.join(text(value) for value in row) + "\n"


def _csv_line(row: list[str], delimiter: str) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator="\n").writerow(row)
    return buffer.getvalue()


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value) if value % 1 else int(value)
    return value.isoformat(" ") if hasattr(value, "hour") and hasattr(value, "year") else str(value)


def _compressed(body: bytes, compression: str) -> bytes:
    if compression == "gzip":
        return gzip.compress(body)
    if compression == "bz2":
        return bz2.compress(body)
    if compression == "zstd":
        import pyarrow

        packed: bytes = pyarrow.compress(body, codec="zstd", asbytes=True)
        return packed
    return body


def _parquet(
    command: UnloadCommand, columns: list[ResultColumn], rows: Iterator[tuple[Any, ...]]
) -> Iterator[tuple[bytes, int]]:
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema([(column.name, _arrow_type(column)) for column in columns])
    found = list(rows)
    limit = 2_000_000
    for start in range(0, max(len(found), 1), limit):
        part = found[start : start + limit]
        arrays = [
            pyarrow.array([_arrow_value(row[i]) for row in part], type=one.type) for i, one in enumerate(schema)
        ]
        buffer = io.BytesIO()
        parquet.write_table(pyarrow.table(arrays, schema=schema), buffer)
        yield buffer.getvalue(), len(part)


def _arrow_type(column: ResultColumn) -> Any:
    import pyarrow

    if column.oid == 1700:
        packed = column.modifier - 4
        shape = (packed >> 16 & 0xFFFF, packed & 0xFFFF) if packed >= 0 else (38, 10)
        return pyarrow.decimal128(*shape)
    return {
        16: pyarrow.bool_(), 20: pyarrow.int64(), 21: pyarrow.int16(), 23: pyarrow.int32(), 700: pyarrow.float32(),
        701: pyarrow.float64(), 1082: pyarrow.date32(), 1114: pyarrow.timestamp("us"),
        1184: pyarrow.timestamp("us", tz="UTC"), 17: pyarrow.binary(),
    }.get(column.oid, pyarrow.string())


def _arrow_value(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        return json.dumps(value, separators=(",", ":"))
    return value


def _write_manifest(
    s3: Any, command: UnloadCommand, bucket: str, prefix: str, columns: list[ResultColumn], written: _Written
) -> None:
    verbose = "VERBOSE" in command.options.flags
    entries: list[dict[str, Any]] = []
    for url, size, count in written.entries:
        entry: dict[str, Any] = {"url": url}
        if verbose or command.file_format == "parquet":
            entry["meta"] = {"content_length": size, **({"record_count": count} if verbose else {})}
        entries.append(entry)
    manifest: dict[str, Any] = {"entries": entries}
    if verbose:
        manifest["schema"] = {"elements": [{"name": one.name, "type": {"base": one.type}} for one in columns]}
        manifest["meta"] = {
            "content_length": sum(size for _, size, _ in written.entries),
            "record_count": sum(count for _, _, count in written.entries),
        }
        manifest["author"] = {"name": "Amazon Redshift", "version": "1.0.0"}
    s3.put_object(Bucket=bucket, Key=prefix + "manifest", Body=json.dumps(manifest, indent=2).encode())
