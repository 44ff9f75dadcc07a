"""COPY, carried out."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from psycopg import sql

from localaws.redshift.failures import LoadFailed
from localaws.redshift.sql.statement import UnsupportedStatement
from localaws.redshift.transfer import columnar_rows, json_rows, source, target, text_rows
from localaws.redshift.transfer.copy_command import CopyCommand
from localaws.redshift.transfer.source import File
from localaws.redshift.transfer.values import Rejected, converter

_BATCH = 1 << 18
"""Characters sent to PostgreSQL at once."""
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_ENCODINGS = {
    "UTF8": "utf-8-sig", "UTF16": "utf-16", "UTF16LE": "utf-16-le", "UTF16BE": "utf-16-be", "ISO88591": "iso-8859-1"
}


@dataclass(frozen=True)
class LoadError:
    """A row of stl_load_errors."""

    file: str
    line: int
    column: str
    type: str
    length: str
    raw_line: str
    raw_field: str
    code: int
    reason: str
    table: int
    at: datetime.datetime


@dataclass
class Load:
    """What a COPY did."""

    table: int
    rows: int = 0
    bytes: int = 0
    files: int = 0
    errors: list[LoadError] = field(default_factory=list)


class TooManyErrors(LoadFailed):
    """The load failed for its rows; `load.errors` say why."""

    def __init__(self, table: str, load: Load) -> None:
        super().__init__(f"Load into table '{table}' failed.  Check 'stl_load_errors' system table for details.")
        self.load = load


def copy(connection: Any, s3: Any, command: CopyCommand) -> Load:
    """Load the files into the table, within the connection's transaction. Raises LoadFailed."""
    into = target.find(connection, command)
    done = Load(into.oid)
    convert = [converter(column, command) for column in into.columns]
    plain = [not column.type.startswith("character") and column.type not in ("text", "jsonb", "bytea")
             for column in into.columns]
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in into.columns)
    statement = sql.SQL("copy {} ({}) from stdin").format(into.qualified, names)
    found = source.files(s3, command)
    done.files, done.bytes = len(found), sum(one.size for one in found)
    if "NOLOAD" in command.options.flags:
        for _ in _accepted(s3, command, into, found, convert, plain, done):
            done.rows += 1
        done.rows = 0
        return done
    with connection.cursor() as cursor, cursor.copy(statement) as sink:
        batch: list[str] = []
        size = 0
        for line in _accepted(s3, command, into, found, convert, plain, done):
            batch.append(line)
            done.rows += 1
            size += len(line)
            if size > _BATCH:
                sink.write("".join(batch))
                batch, size = [], 0
        sink.write("".join(batch))
    return done


def _accepted(
    s3: Any, command: CopyCommand, into: target.Target, found: list[File], convert: list[Any], plain: list[bool],
    done: Load,
) -> Iterator[str]:
    """The lines to send; what is rejected goes to `done`, until it is too much."""

    def line(file: File, number: int, raw: str, fields: Any) -> str | None:
        try:
            return _line(fields, into, convert, plain)
        except Rejected as problem:
            done.errors.append(_error(problem, file, number, raw, into))
            if len(done.errors) >= max(command.max_errors, 1):
                raise TooManyErrors(into.name, done) from None
            return None

    for file in found:
        if command.file_format in ("parquet", "orc"):
            for before, batch in _batches(s3, command, into, file):
                try:
                    yield from _lines(batch, into, convert, plain)
                except Rejected:  # which row it was, and whether others are right, is known row by row
                    for number, fields in enumerate(columnar_rows.rows(batch), before + 1):
                        if (made := line(file, number, "", fields)) is not None:
                            yield made
        else:
            for number, raw, fields in _rows(s3, command, into, file):
                if (made := line(file, number, raw, fields)) is not None:
                    yield made


def _line(fields: Any, into: target.Target, convert: list[Any], plain: list[bool]) -> str:
    """A row as PostgreSQL takes it. Raises Rejected."""
    if isinstance(fields, Rejected):
        raise fields
    values = []
    for one, to_value, is_plain in zip(fields, convert, plain, strict=True):
        value = None if one is None else to_value(one)
        if value is None:
            values.append("\\N")
        else:
            values.append(value if is_plain else value.translate(_ESCAPES))
    if None in fields:
        _check_nulls(fields, into)
    return "\t".join(values) + "\n"


def _lines(batch: Any, into: target.Target, convert: list[Any], plain: list[bool]) -> Iterator[str]:
    """All rows of a batch as PostgreSQL takes them, made column by column. Raises Rejected before the first."""
    made = []
    for values, column, to_value, is_plain in zip(batch.columns, into.columns, convert, plain, strict=True):
        if column.not_null and values.null_count:
            raise Rejected(1213, "Missing data for not-null field", column)

        def to_text(field: str, to_value: Any = to_value, is_plain: bool = is_plain) -> str:
            value = to_value(field)
            if value is None:
                return "\\N"
            return str(value if is_plain else value.translate(_ESCAPES))

        made.append(columnar_rows.texts(values, column, to_text, "\\N"))
    return ("\t".join(row) + "\n" for row in zip(*made, strict=True))


def _check_nulls(fields: list[str | None], into: target.Target) -> None:
    for column, value in zip(into.columns, fields, strict=True):
        if value is None and column.not_null:
            raise Rejected(1213, "Missing data for not-null field", column)


def _batches(s3: Any, command: CopyCommand, into: target.Target, file: File) -> Iterator[tuple[int, Any]]:
    """The batches of a columnar file, and how many rows come before each."""
    stream = source.opened(s3, file, command.compression)
    before = 0
    with _readable(command, file):
        for batch in columnar_rows.batches(stream, file.url, command, into.columns):
            yield before, batch
            before += batch.num_rows


def _rows(s3: Any, command: CopyCommand, into: target.Target, file: File) -> Iterator[tuple[int, str, Any]]:
    """Number, text and fields of each row of a file of text."""
    encoding = _encoding(command)
    stream = source.opened(s3, file, command.compression)
    with _readable(command, file):
        if command.file_format == "json":
            pick = json_rows.picker(s3, command, into.columns)
            yield from json_rows.rows(stream.read().decode(encoding, "surrogateescape"), pick)
        else:
            yield from text_rows.rows(source.lines(stream, encoding), command, len(into.columns))


@contextmanager
def _readable(command: CopyCommand, file: File) -> Iterator[None]:
    """Say which file could not be read."""
    try:
        yield
    except (OSError, EOFError) as error:
        kind = command.compression or "plain"
        raise LoadFailed(f"{file.url} could not be read as {kind} data: {error}") from None


def _encoding(command: CopyCommand) -> str:
    given = command.options.values.get("ENCODING", "UTF8").upper().replace("-", "").replace("_", "")
    if given not in _ENCODINGS:
        raise UnsupportedStatement(f"ENCODING {given} is not supported")
    return _ENCODINGS[given]


def _error(problem: Rejected, file: File, line: int, raw: str, into: target.Target) -> LoadError:
    column = problem.column
    return LoadError(
        file=file.url,
        line=line,
        column=column.name if column else "",
        type=_short(column.type) if column else "",
        length=str(column.length or "") if column else "",
        raw_line=_shown(raw, 1024),
        raw_field=_shown(problem.field, 1024),
        code=problem.code,
        reason=problem.reason[:100],
        table=into.oid,
        at=datetime.datetime.now(datetime.UTC).replace(tzinfo=None),
    )


def _shown(text: str, size: int) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "")[:size]


def _short(name: str) -> str:
    return {
        "character varying": "varchar", "character": "char", "integer": "int4", "bigint": "int8", "smallint": "int2",
        "double precision": "float8", "real": "float4", "timestamp without time zone": "timestamp",
        "timestamp with time zone": "timestamptz", "boolean": "bool", "jsonb": "super",
    }.get(name, name)
