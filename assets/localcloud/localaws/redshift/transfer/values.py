"""Fields as text made values of their columns, or rejected for the reason Redshift gives.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_Load_Error_Reference.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation

from localaws.redshift.transfer import moments
from localaws.redshift.transfer.copy_command import CopyCommand
from localaws.redshift.transfer.target import Column

Convert = Callable[[str], str | None]


class Rejected(Exception):
    """A field or a line that cannot be loaded."""

    def __init__(self, code: int, reason: str, column: Column | None = None, field: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.column = column
        self.field = field


_WHOLE = {"smallint": 1 << 15, "integer": 1 << 31, "bigint": 1 << 63}
_WHOLE_NAMES = {"smallint": "Short", "integer": "Integer", "bigint": "Long"}
_TRUE = {"true", "t", "1", "yes", "y"}
_FALSE = {"false", "f", "0", "no", "n"}
_INVALID = re.compile("[\udc80-\udcff]+")


def converter(column: Column, command: CopyCommand) -> Convert:
    """What makes a field of `column` the text PostgreSQL loads, None for NULL; raises Rejected."""
    flags = command.options.flags
    null = command.options.values.get("NULL", "\\N").replace("\\\\", "\\")
    if null == "\\0":
        null = "\0"
    text_like = column.type.startswith("character") or column.type == "text"
    inner = _inner(column, command)
    blanks = "BLANKSASNULL" in flags and text_like
    empties = "EMPTYASNULL" in flags or not text_like

    def convert(field: str) -> str | None:
        if field == null:
            value = None
        elif not field:
            value = None if empties else inner(field)
        elif blanks and not field.strip():
            value = None
        else:
            value = inner(field)
        if value is None and column.not_null:
            raise Rejected(1213, "Missing data for not-null field", column, field)
        return value

    return convert


def _inner(column: Column, command: CopyCommand) -> Convert:
    flags, values = command.options.flags, command.options.values
    if column.type.startswith("character") or column.type == "text":
        return _text(column, command)
    if column.type in _WHOLE:
        return _whole(column)
    if column.type == "numeric":
        return _decimal(column, "ROUNDEC" in flags)
    if column.type in ("real", "double precision"):
        return _float(column)
    if column.type == "boolean":
        return _boolean(column)
    lenient = "ACCEPTANYDATE" in flags
    if column.type == "date":
        return _moment(column, moments.date_parser(values.get("DATEFORMAT")), 1205,
                       "Invalid date format - length must be 10 or more", lenient)
    if column.type.startswith("timestamp"):
        zone = column.type == "timestamp with time zone"
        return _moment(column, moments.timestamp_parser(values.get("TIMEFORMAT"), zone), 1206,
                       "Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]", lenient)
    if column.type == "jsonb":
        return _json(column)
    if column.type == "bytea":
        return lambda field: "\\x" + field if re.fullmatch(r"([0-9a-fA-F]{2})*", field) else field
    return lambda field: field


def _text(column: Column, command: CopyCommand) -> Convert:
    flags = command.options.flags
    limit = column.length
    truncate, trim = "TRUNCATECOLUMNS" in flags, "TRIMBLANKS" in flags and column.type == "character varying"
    replacement = command.options.values.get("ACCEPTINVCHARS", "?") if "ACCEPTINVCHARS" in flags else None
    single_byte = column.type == "character"

    def convert(field: str) -> str:
        if trim:
            field = field.rstrip(" ")
        if field.isascii():
            size = len(field)
        else:
            if _INVALID.search(field):
                if replacement is None:
                    bad = " ".join(f"{ord(one) - 0xDC00:x}" for one in _INVALID.search(field)[0])  # type: ignore[index]
                    reason = f"String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence: {bad}"
                    raise Rejected(1220, f"{reason} (error 3)", column, field)
                field = _INVALID.sub(lambda found: str(replacement) * len(found[0]), field)
            if single_byte and not field.isascii():
                reason = "Multibyte character not supported for CHAR (Hint: try using VARCHAR)"
                raise Rejected(1215, reason, column, field)
            size = len(field.encode())
        if limit is not None and size > limit:
            if not truncate and not (single_byte and not field[limit:].strip(" ")):
                raise Rejected(1204, "String length exceeds DDL length", column, field)
            field = field.encode()[:limit].decode("utf-8", "ignore")
        return field

    return convert


def _whole(column: Column) -> Convert:
    limit, name = _WHOLE[column.type], _WHOLE_NAMES[column.type]

    def convert(field: str) -> str:
        try:
            number = int(field)
        except ValueError:
            text = field.strip()
            at = next((i for i, one in enumerate(text) if not (one.isdigit() or (i == 0 and one in "+-"))), 0)
            reason = f"Invalid digit, Value '{text[at : at + 1]}', Pos {at}, Type: {name}"
            raise Rejected(1207, reason, column, field) from None
        if "_" in field or not -limit <= number < limit:
            raise Rejected(1204, f"Overflow, Column type: {name}", column, field)
        return str(number)

    return convert


def _decimal(column: Column, round_up: bool) -> Convert:
    shape = column.scale
    step = Decimal(1).scaleb(-shape[1]) if shape else None
    rounding = ROUND_HALF_UP if round_up else ROUND_DOWN

    def convert(field: str) -> str:
        try:
            number = Decimal(field.strip())
            if step is not None:
                number = number.quantize(step, rounding=rounding)
        except InvalidOperation:
            raise Rejected(1209, "Invalid digit, Value in numeric field", column, field) from None
        if not number.is_finite() or "_" in field:
            raise Rejected(1209, "Invalid digit, Value in numeric field", column, field)
        if shape and number.adjusted() >= shape[0] - shape[1] and number:
            raise Rejected(1209, f"Numeric data overflow (result precision), Type: Decimal({shape[0]},{shape[1]})",
                           column, field)
        return str(number)

    return convert


def _float(column: Column) -> Convert:
    def convert(field: str) -> str:
        try:
            return repr(float(field))
        except ValueError:
            raise Rejected(1208, "Invalid float format", column, field) from None

    return convert


def _boolean(column: Column) -> Convert:
    def convert(field: str) -> str:
        word = field.strip().lower()
        if word in _TRUE:
            return "t"
        if word in _FALSE:
            return "f"
        raise Rejected(1210, "Unknown boolean format", column, field)

    return convert


def _moment(column: Column, parse: moments.Parse, code: int, reason: str, lenient: bool) -> Convert:
    def convert(field: str) -> str | None:
        try:
            return parse(field.strip())
        except (ValueError, OverflowError):
            if lenient:
                return None
            if column.type == "date" and len(field.strip()) >= 10:
                raise Rejected(code, "Invalid value for a date", column, field) from None
            raise Rejected(code, reason, column, field) from None

    return convert


def _json(column: Column) -> Convert:
    import json

    def convert(field: str) -> str:
        try:
            json.loads(field)
        except ValueError:
            return json.dumps(field)
        return field

    return convert


