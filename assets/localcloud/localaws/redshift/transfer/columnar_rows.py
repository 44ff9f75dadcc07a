"""Rows of Parquet and ORC: columns are taken by position.

Source: https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator
from typing import IO, Any

from localaws.redshift.failures import LoadFailed
from localaws.redshift.transfer.copy_command import CopyCommand
from localaws.redshift.transfer.target import Column

_FAMILIES = {
    "smallint": "whole", "integer": "whole", "bigint": "whole", "numeric": "number", "real": "number",
    "double precision": "number", "boolean": "boolean", "date": "date", "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamp", "bytea": "binary", "jsonb": "any",
}

_BITS = {"smallint": 16, "integer": 32, "bigint": 64}


def batches(stream: IO[bytes], url: str, command: CopyCommand, columns: tuple[Column, ...]) -> Iterator[Any]:
    """The record batches of one file, whose columns are right for the table's. Raises LoadFailed."""
    import io

    import pyarrow

    content = io.BytesIO(stream.read())
    try:
        found, schema = _parquet(content) if command.file_format == "parquet" else _orc(content)
    except (pyarrow.ArrowInvalid, OSError) as error:
        problem = f"File '{url}' is not a valid {command.file_format} file: {error}"
        raise LoadFailed(f"Spectrum Scan Error. {problem}") from None
    if len(schema) != len(columns):
        raise LoadFailed(
            f"File '{url}' has {len(schema)} columns, but the table or the column list has {len(columns)}. "
            "Number of columns must match"
        )
    nested = "SERIALIZETOJSON" in command.options.flags
    for field, column in zip(schema, columns, strict=True):
        if not _compatible(field.type, column, nested):
            raise LoadFailed(
                f"Spectrum Scan Error. File '{url}' has an incompatible {command.file_format.capitalize()} schema for "
                f"column '{field.name}'. Column type: {column.type_label.upper()}, file type: {field.type}"
            )
    yield from found


def rows(batch: Any) -> Iterator[list[str | None]]:
    """The rows of a batch."""
    for row in zip(*(one.to_pylist() for one in batch.columns), strict=True):
        yield [written(value) for value in row]


def texts(column: Any, target: Column, to_text: Callable[[str], str], null: str) -> list[str]:
    """What `to_text` makes of each value of a batch's column. It is asked once for a value that occurs often, and not
    at all where any value of the file's type is right as it is."""
    import pyarrow
    from pyarrow import types

    if types.is_signed_integer(column.type) and column.type.bit_width <= _BITS.get(target.type, 0):
        return column.cast("string").fill_null(null).to_pylist()  # type: ignore[no-any-return]
    if types.is_timestamp(column.type) and column.type.tz is None and target.type == "timestamp without time zone":
        moments = column.cast(pyarrow.timestamp("us"), safe=False)
        return moments.cast("string").fill_null(null).to_pylist()  # type: ignore[no-any-return]
    if types.is_nested(column.type) or types.is_dictionary(column.type):
        return [null if value is None else to_text(value) for value in map(written, column.to_pylist())]
    encoded = column.dictionary_encode()
    known = [null if value is None else to_text(value) for value in map(written, encoded.dictionary.to_pylist())]
    return [null if at is None else known[at] for at in encoded.indices.to_pylist()]


def _parquet(content: Any) -> tuple[Iterator[Any], Any]:
    from pyarrow import parquet

    file = parquet.ParquetFile(content)
    return file.iter_batches(), file.schema_arrow


def _orc(content: Any) -> tuple[Iterator[Any], Any]:
    from pyarrow import orc

    file = orc.ORCFile(content)
    return iter(file.read().to_batches()), file.schema


def _compatible(kind: Any, column: Column, nested: bool) -> bool:
    from pyarrow import types

    family = _FAMILIES.get(column.type, "text")
    if types.is_nested(kind):
        return family == "any" and nested
    if types.is_dictionary(kind):
        kind = kind.value_type
    answers: dict[str, bool] = {
        "whole": types.is_integer(kind),
        "number": types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind),
        "boolean": types.is_boolean(kind),
        "date": types.is_date(kind),
        "timestamp": types.is_timestamp(kind) or types.is_date(kind),
        "binary": types.is_binary(kind) or types.is_large_binary(kind),
        "any": True,
        "text": types.is_string(kind) or types.is_large_string(kind) or types.is_binary(kind),
    }
    return answers[family]


def written(value: Any) -> str | None:
    """A value as the field of a text file would have it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    if isinstance(value, (bytes, bytearray)):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value.hex()
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(value, default=str, ensure_ascii=False, separators=(",", ":"))
    return str(value)
