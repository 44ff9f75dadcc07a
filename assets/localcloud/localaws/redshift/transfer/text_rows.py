"""Rows of delimited text, CSV and columns of fixed width.

Source: https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator

from localaws.redshift.sql.statement import SyntaxProblem
from localaws.redshift.transfer import options
from localaws.redshift.transfer.copy_command import CopyCommand
from localaws.redshift.transfer.values import Rejected

Row = tuple[int, str, list[str]]
"""Line number, the line as it is, its fields."""

csv.field_size_limit(16 << 20)


def rows(lines: Iterator[str], command: CopyCommand, width: int) -> Iterator[Row | tuple[int, str, Rejected]]:
    """The rows of one file; a line that cannot be divided comes as its rejection."""
    skipped = command.options.number("IGNOREHEADER", 0)
    numbered = _Numbered(lines)
    for _ in range(skipped):
        if next(numbered, None) is None:
            return
    numbered.kept = []
    blank_lines = "IGNOREBLANKLINES" in command.options.flags
    for number, raw, fields in _divided(numbered, command):
        if blank_lines and not raw.strip():
            continue
        if isinstance(fields, Rejected):
            yield number, raw, fields
            continue
        problem = _fitted(fields, command, width)
        yield (number, raw, problem) if problem else (number, raw, fields)


def _fitted(fields: list[str], command: CopyCommand, width: int) -> Rejected | None:
    """Make the row as wide as the table where Redshift does; else say what is wrong."""
    if len(fields) == width + 1 and not fields[-1] and command.file_format == "text":
        fields.pop()  # a delimiter at the end of the line
    if len(fields) > width:
        return Rejected(1202, "Extra column(s) found")
    if len(fields) < width:
        if "FILLRECORD" not in command.options.flags:
            return Rejected(1214, "Delimiter not found")
        null = command.options.values.get("NULL", "\\N").replace("\\\\", "\\")
        fields.extend([null] * (width - len(fields)))
    return None


class _Numbered:
    """Lines, counted and remembered until they are asked for."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.number = 0
        self.kept: list[str] = []

    def __iter__(self) -> _Numbered:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        self.kept.append(line)
        return line

    def taken(self) -> str:
        """The lines read since the last call, without the last line's end."""
        text, self.kept = "".join(self.kept), []
        return text.rstrip("\r\n")


def _divided(lines: _Numbered, command: CopyCommand) -> Iterator[tuple[int, str, list[str] | Rejected]]:
    if command.file_format == "csv":
        yield from _csv(lines, command)
        return
    divide = _divider(command)
    escape = "ESCAPE" in command.options.flags
    quotes = "REMOVEQUOTES" in command.options.flags
    for line in lines:
        number = lines.number
        while escape and _ends_escaped(line):
            line += next(lines, "")
        while quotes and _quote_open(line, command.delimiter, escape):
            more = next(lines, None)
            if more is None:
                break
            line += more
        yield number, lines.taken(), divide(line.rstrip("\r\n") if line.endswith("\n") else line)


def _csv(lines: _Numbered, command: CopyCommand) -> Iterator[tuple[int, str, list[str] | Rejected]]:
    quote = options.character(command.options.values.get("QUOTE", '"'))
    reader = csv.reader(lines, delimiter=command.delimiter, quotechar=quote, doublequote=True, strict=True)
    lines.kept = []
    while True:
        first = lines.number + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield first, lines.taken(), Rejected(1216, f"Invalid quote formatting for CSV: {error}")
            continue
        yield first, lines.taken(), fields if fields else [""]


def _divider(command: CopyCommand) -> Callable[[str], list[str]]:
    if command.file_format == "fixed":
        return _fixed(command)
    delimiter = command.delimiter
    flags = command.options.flags
    if "ESCAPE" not in flags and "REMOVEQUOTES" not in flags:
        return lambda line: line.split(delimiter)
    escape, quotes = "ESCAPE" in flags, "REMOVEQUOTES" in flags

    def divide(line: str) -> list[str]:
        fields, field, index, quote = [], "", 0, ""
        while index < len(line):
            one = line[index]
            if escape and one == "\\" and index + 1 < len(line):
                following = line[index + 1]
                field += "\\N" if following == "N" and not field else following
                index += 2
                continue
            if quotes and quote and one == quote and (index + 1 == len(line) or line.startswith(delimiter, index + 1)):
                quote = ""
            elif quotes and not quote and not field and one in "\"'":
                quote = one
            elif not quote and line.startswith(delimiter, index):
                fields.append(field)
                field = ""
                index += len(delimiter)
                continue
            else:
                field += one
            index += 1
        fields.append(field)
        return fields

    return divide


def _ends_escaped(line: str) -> bool:
    body = line.rstrip("\r\n")
    return line.endswith("\n") and (len(body) - len(body.rstrip("\\"))) % 2 == 1


def _quote_open(line: str, delimiter: str, escape: bool) -> bool:
    """Whether a quoted field goes on after the end of the line."""
    body = line.rstrip("\r\n")
    start = 0
    while start <= len(body):
        quote = body[start : start + 1]
        if quote and quote in "\"'":
            end = start + 1
            while True:
                end = body.find(quote, end)
                if end < 0:
                    return True
                if end + 1 == len(body) or body.startswith(delimiter, end + 1):
                    break
                end += 1
            start = end + 1 + len(delimiter)
        else:
            end = body.find(delimiter, start)
            if end < 0:
                return False
            start = end + len(delimiter)
    return False


def _fixed(command: CopyCommand) -> Callable[[str], list[str]]:
    """`FIXEDWIDTH 'name:width,...'`; the names are for the reader."""
    widths = []
    for part in command.options.values["FIXEDWIDTH"].split(","):
        _, _, width = part.rpartition(":")
        if not width.strip().isdigit():
            raise SyntaxProblem("FIXEDWIDTH needs label:width for each column")
        widths.append(int(width))

    def divide(line: str) -> list[str]:
        fields, start = [], 0
        for width in widths:
            fields.append(line[start : start + width].strip(" "))
            start += width
        return fields

    return divide
