"""Whole batches of Parquet and ORC as the lines PostgreSQL loads, where no value of them needs a look by itself.

A value at a time costs seconds for a hundred thousand rows. Most files need none of that: they have the columns'
types, nothing is too long or out of range, no column that must not be null has a null. What is otherwise, or has
options that change values, goes through `columnar_rows` and `values`, which know what to reject and why.
"""

from __future__ import annotations

from typing import Any

from localaws.redshift.transfer.copy_command import CopyCommand
from localaws.redshift.transfer.target import Column

_LIMITS = {"smallint": 1 << 15, "integer": 1 << 31, "bigint": 1 << 63}
_SPECIAL = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))


def lines(batch: Any, columns: tuple[Column, ...], command: CopyCommand) -> str | None:
    """The lines of a batch, or None where its values must be looked at one by one."""
    import pyarrow.compute as pc
    from pyarrow import string

    if not batch.num_rows or changes_values(command):
        return None
    texts = []
    for values, column in zip(batch.columns, columns, strict=True):
        text = _text(values, column)
        if text is None:
            return None
        texts.append(pc.fill_null(text.cast(string()), "\\N"))
    joined = pc.binary_join_element_wise(*texts, "\t") if len(texts) > 1 else texts[0]
    return "\n".join(joined.to_pylist()) + "\n"


def changes_values(command: CopyCommand) -> bool:
    """Whether an option makes other values of those in the file."""
    flags = {"TRUNCATECOLUMNS", "TRIMBLANKS", "BLANKSASNULL", "EMPTYASNULL", "ROUNDEC", "ACCEPTANYDATE",
             "ACCEPTINVCHARS", "SERIALIZETOJSON"}
    return bool(flags & set(command.options.flags)) or bool(
        {"NULL", "DATEFORMAT", "TIMEFORMAT"} & set(command.options.values)
    )


def _text(values: Any, column: Column) -> Any:
    """A column of a batch as strings, or None."""
    from pyarrow import types

    if column.not_null and values.null_count:
        return None
    if types.is_dictionary(values.type):
        values = values.dictionary_decode()
    kind = values.type
    if types.is_null(kind):
        return values
    if column.type.startswith("character") or column.type == "text":
        return _string(values, column) if types.is_string(kind) or types.is_large_string(kind) else None
    if column.type in _LIMITS:
        return values if types.is_integer(kind) and _within(values, _LIMITS[column.type]) else None
    if column.type == "numeric":
        return _numeric(values, column)
    if column.type in ("real", "double precision"):
        return values.cast("float64") if types.is_floating(kind) or types.is_integer(kind) else None
    if column.type == "boolean":
        return values if types.is_boolean(kind) else None
    if column.type == "date":
        return values.cast("date32") if types.is_date(kind) else None
    if column.type == "timestamp without time zone":
        if types.is_timestamp(kind) and kind.tz is None:
            from pyarrow import timestamp

            return values.cast(timestamp("us"), safe=False)
        return values.cast("date32") if types.is_date(kind) else None
    return None


def _string(values: Any, column: Column) -> Any:
    import pyarrow.compute as pc

    if column.length is not None and (pc.max(pc.binary_length(values)).as_py() or 0) > column.length:
        return None
    if column.type == "character" and not pc.all(pc.string_is_ascii(values), min_count=0).as_py():
        return None
    if pc.any(pc.match_substring_regex(values, r"[\\\t\n\r]")).as_py():
        for plain, escaped in _SPECIAL:
            values = pc.replace_substring(values, plain, escaped)
    return values


def _within(values: Any, limit: int) -> bool:
    import pyarrow.compute as pc

    ends = pc.min_max(values).as_py()
    return ends["min"] is None or -limit <= ends["min"] <= ends["max"] < limit


def _numeric(values: Any, column: Column) -> Any:
    """Decimals whose scale the column has, and whole numbers that it has digits for."""
    from pyarrow import types

    shape = column.scale
    if types.is_decimal(values.type):
        if shape is None:
            return values
        whole = values.type.precision - values.type.scale
        return values if values.type.scale <= shape[1] and whole <= shape[0] - shape[1] else None
    if types.is_integer(values.type) and shape is not None:
        return values if _within(values, 10 ** (shape[0] - shape[1])) else None
    return None
