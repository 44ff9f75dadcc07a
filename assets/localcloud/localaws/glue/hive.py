"""Types of columns as Hive writes them, inferred from values and merged over files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Type = "str | Array | Struct"


@dataclass(frozen=True)
class Array:
    """array<element>"""

    element: Any


@dataclass(frozen=True)
class Struct:
    """struct<name:type,...>"""

    fields: tuple[tuple[str, Any], ...]


Columns = dict[str, Any]
"""Types by column name, in the file's order; names in lower case."""

_WIDTH = ["tinyint", "smallint", "int", "bigint", "float", "double"]
UNKNOWN = ""
"""The type of a null."""


def text(kind: Any) -> str:
    """A type as Hive writes it; what was only ever null is a string."""
    if isinstance(kind, Array):
        return f"array<{text(kind.element)}>"
    if isinstance(kind, Struct):
        return "struct<" + ",".join(f"{name}:{text(one)}" for name, one in kind.fields) + ">"
    return kind or "string"


def merged(one: Any, other: Any) -> Any:
    """The narrowest type that holds both; string when nothing else does."""
    if one == other or other == UNKNOWN:
        return one
    if one == UNKNOWN:
        return other
    if isinstance(one, Struct) and isinstance(other, Struct):
        return Struct(tuple(merged_columns(dict(one.fields), dict(other.fields)).items()))
    if isinstance(one, Array) and isinstance(other, Array):
        return Array(merged(one.element, other.element))
    if one in _WIDTH and other in _WIDTH:
        wider = _WIDTH[max(_WIDTH.index(one), _WIDTH.index(other))]
        return "double" if wider == "float" and "bigint" in (one, other) else wider
    return "string"


def merged_columns(one: Columns, other: Columns) -> Columns:
    """Columns of both, in the first's order and then the other's."""
    both = dict(one)
    for name, kind in other.items():
        both[name] = merged(both[name], kind) if name in both else kind
    return both


def compatible(one: Columns, other: Columns) -> bool:
    """Whether two schemas may be of one table: most columns are in both, with types that agree.

    Source: https://docs.aws.amazon.com/glue/latest/dg/crawler-prevent-partitions.html (similarity from 70 %).
    """
    if not one or not other:
        return not one and not other
    shared = [
        name
        for name in one
        if name in other and text(merged(one[name], other[name])) != _clash(one[name], other[name])
    ]
    return len(shared) / max(len(one), len(other)) >= 0.7


def of_value(value: Any) -> Any:
    """The type of a JSON value."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "int" if -(2**31) <= value < 2**31 else "bigint"
    if isinstance(value, float):
        return "double"
    if isinstance(value, Mapping):
        return Struct(tuple((name.lower(), of_value(one)) for name, one in value.items()))
    if isinstance(value, list):
        element: Any = UNKNOWN
        for one in value:
            element = merged(element, of_value(one))
        return Array(element)
    return "string"


def of_text(value: str) -> Any:
    """The type of a field of a text file: bigint, double, boolean or string (dates stay strings)."""
    value = value.strip()
    if not value:
        return UNKNOWN
    if re.fullmatch(r"[+-]?\d{1,18}", value):
        return "bigint"
    if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", value):
        return "double"
    return "boolean" if value.lower() in ("true", "false") else "string"


def of_arrow(kind: Any) -> Any:
    """The type of a column of a Parquet, ORC or Avro file."""
    import pyarrow.types as arrow

    if arrow.is_struct(kind):
        fields = [kind.field(position) for position in range(kind.num_fields)]
        return Struct(tuple((field.name.lower(), of_arrow(field.type)) for field in fields))
    if arrow.is_map(kind):
        return f"map<{text(of_arrow(kind.key_type))},{text(of_arrow(kind.item_type))}>"
    if arrow.is_list(kind) or arrow.is_large_list(kind):
        return Array(of_arrow(kind.value_type))
    if arrow.is_decimal(kind):
        return f"decimal({kind.precision},{kind.scale})"
    for test, name in (
        (arrow.is_boolean, "boolean"),
        (arrow.is_int8, "tinyint"),
        (arrow.is_int16, "smallint"),
        (arrow.is_int32, "int"),
        (arrow.is_integer, "bigint"),
        (arrow.is_float64, "double"),
        (arrow.is_floating, "float"),
        (arrow.is_timestamp, "timestamp"),
        (arrow.is_date, "date"),
        (arrow.is_binary, "binary"),
        (arrow.is_fixed_size_binary, "binary"),
    ):
        if test(kind):
            return name
    return "string"


def _clash(one: Any, other: Any) -> str:
    """`string` where two types that are not both strings had to become one."""
    return "string" if text(one) != text(other) else ""
