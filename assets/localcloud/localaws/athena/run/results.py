"""Results as Athena writes them to S3, and as GetQueryResults answers them.

Source: https://docs.aws.amazon.com/athena/latest/ug/querying-finding-output-files.html
"""

from __future__ import annotations

import datetime
import math
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from localaws.athena.sql.hive_types import to_athena


@dataclass(frozen=True)
class Column:
    """A column of a result."""

    name: str
    type: str
    """Athena's name of the type."""
    precision: int = 0
    scale: int = 0

    def info(self) -> dict[str, Any]:
        """As ResultSetMetadata has it."""
        return {
            "CatalogName": "hive", "SchemaName": "", "TableName": "", "Name": self.name, "Label": self.name,
            "Type": self.type, "Precision": self.precision, "Scale": self.scale, "Nullable": "UNKNOWN",
            "CaseSensitive": self.type in ("varchar", "char"),
        }


_PRECISION = {
    "varchar": 2147483647, "integer": 10, "bigint": 19, "smallint": 5, "tinyint": 3, "double": 17, "float": 17,
    "timestamp": 3, "timestamp with time zone": 3, "varbinary": 1073741824,
}


def columns_of(description: Any) -> list[Column]:
    """The columns of a DuckDB result."""
    found = []
    for one in description or []:
        kind = to_athena(str(one[1]))
        precision, scale = _PRECISION.get(kind, 0), 0
        if kind == "decimal":
            inside = str(one[1])[8:-1].split(",")
            precision, scale = int(inside[0]), int(inside[1])
        found.append(Column(one[0], kind, precision, scale))
    return found


def shown(value: Any, kind: str = "") -> str | None:
    """A value as text, in the way of Trino's."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value, kind)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime.datetime):
        text = value.strftime("%Y-%m-%d %H:%M:%S.") + f"{value.microsecond // 1000:03d}"
        return text + " UTC" if value.tzinfo else text
    if isinstance(value, (bytes, bytearray)):
        return " ".join(f"{one:02x}" for one in value)
    if isinstance(value, dict):
        pairs = (f"{key}={'null' if one is None else shown(one)}" for key, one in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join("null" if one is None else str(shown(one)) for one in value) + "]"
    if isinstance(value, datetime.timedelta):
        days, rest = divmod(value.total_seconds(), 86400)
        return f"{int(days)} {int(rest // 3600):02d}:{int(rest % 3600 // 60):02d}:{rest % 60:06.3f}"
    return str(value)


def _float(value: float, kind: str) -> str:
    """A number as Java writes it."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if kind == "float":
        value = float(f"{struct.unpack('f', struct.pack('f', value))[0]:.7g}")
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        text = repr(value)
        return text if "." in text or "e" in text else text + ".0"
    digits, _, exponent = f"{Decimal(repr(value)).normalize():E}".partition("E")
    return f"{digits if '.' in digits else digits + '.0'}E{int(exponent)}"


def csv_text(columns: list[Column], rows: Iterable[tuple[Any, ...]]) -> str:
    """The CSV of a SELECT: everything in quotes but null."""
    lines = [",".join(_quoted(one.name) for one in columns)]
    for row in rows:
        texts = (shown(value, column.type) for value, column in zip(row, columns, strict=True))
        lines.append(",".join("" if text is None else _quoted(text) for text in texts))
    return "\n".join(lines) + "\n"


def metadata(columns: list[Column]) -> bytes:
    """The file beside the result that describes its columns.

    AWS does not document its format, which is Protocol Buffers; here are the fields that readers of it use.
    """
    body = b""
    for one in columns:
        fields = _field(1, "hive") + _field(4, one.name) + _field(5, one.name) + _field(6, one.type)
        fields += _number(7, one.precision) + _number(8, one.scale) + _number(9, 3)
        body += b"\x22" + _varint(len(fields)) + fields
    return body


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _varint(number: int) -> bytes:
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def _field(number: int, text: str) -> bytes:
    data = text.encode()
    return bytes([number << 3 | 2]) + _varint(len(data)) + data


def _number(number: int, value: int) -> bytes:
    return bytes([number << 3]) + _varint(value)
