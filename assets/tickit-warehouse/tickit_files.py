"""Rows of files: delimited text, JSON and XML."""

import csv
import gzip
import io
import json
import shutil
import zlib
from xml.etree import ElementTree

from tickit_sources import SourceError

DELIMITERS = {"csv": ",", "tsv": "\t", "pipe": "|"}
NULL = "\\N"
LONGEST_QUOTE = 200
"""Lines that a quoted field may reach over; a quote that is not closed by then was none."""


class Row:
    """A row of a file: its values in the order of the table's columns, or the whole of it and what is wrong."""

    __slots__ = ("line", "problem", "values", "whole")

    def __init__(self, line, values=None, problem="", whole=""):
        self.line = line
        self.values = values
        self.problem = problem
        self.whole = whole


def rows(file, name, file_format, columns, options):
    """The rows of an open binary file. Raises SourceError when it is not what it is said to be.

    A file most of whose rows are wrong has another delimiter, or is another table's.
    """
    file = _unzipped(file, name)
    if not file.read(1):
        raise SourceError(f"{name}: expected {len(columns)} columns of {columns[0]} and so on; the file is empty")
    file.seek(0)
    reader = {"json": _json, "xml": _xml}.get(file_format, _delimited)
    good = bad = 0
    first = None
    try:
        for row in reader(file, name, file_format, columns, options):
            good, bad = (good + 1, bad) if row.values else (good, bad + 1)
            first = first or (None if row.values else row)
            yield row
    except UnicodeError as error:
        raise SourceError(f"{name}: the text is not {options.get('encoding', 'utf-8')}: {error}") from error
    except LookupError as error:
        raise SourceError(f"{name}: {error}") from error
    if bad > good:
        shown = first.whole if len(first.whole) <= 100 else first.whole[:100] + "..."
        raise SourceError(
            f"{name}: expected rows of {len(columns)} fields in the format {file_format}; {bad} of {good + bad} rows "
            f"are not, the first in line {first.line}: {first.problem}: {shown!r}"
            f"{_likely(first.whole, len(columns), file_format)}")


def _unzipped(file, name):
    if file.read(2) != b"\x1f\x8b":
        file.seek(0)
        return file
    file.seek(0)
    plain = type(file)() if isinstance(file, io.BytesIO) else _temporary()
    try:
        shutil.copyfileobj(gzip.GzipFile(fileobj=file), plain, 1 << 20)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(f"{name}: the gzip data is damaged: {error}") from error
    plain.seek(0)
    return plain


def _temporary():
    import tempfile

    return tempfile.TemporaryFile()


def _likely(line, wanted, file_format):
    """A delimiter that would have given the right number of fields."""
    for other, delimiter in DELIMITERS.items():
        if other != file_format and line.count(delimiter) == wanted - 1:
            return f"; it looks like {other}: say ?format={other}"
    return ""


# Delimited text


def _delimited(file, name, file_format, columns, options):
    delimiter = DELIMITERS[file_format]
    quote = options.get("quote", '"' if file_format == "csv" else "none")
    null = options.get("null", NULL)
    lines = _Lines(file, options.get("encoding", "utf-8"))
    places, width = None, len(columns)
    for number, line in lines:
        fields, problem, whole = _split(lines, number, line, delimiter, quote)
        if number == 1 and not problem and _is_header(fields, columns, options):
            places, width = _places(name, fields, columns, file_format), len(fields)
            continue
        if not whole:
            continue  # a blank line
        if not problem and len(fields) != width:
            problem = f"{len(fields)} fields instead of {width}"
        problem = problem or unreadable(whole)
        if problem:
            whole = whole.replace("\0", "\\0").encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
            yield Row(number, problem=problem, whole=whole)
        else:
            values = [None if field == null or not field else field for field in fields]
            yield Row(number, [values[at] for at in places] if places else values)


class _Lines:
    """Numbered lines of a text, without their ends. Lines end in LF or CRLF, or in CR where there is no LF at all."""

    def __init__(self, file, encoding):
        feeds = any(b"\n" in chunk for chunk in iter(lambda: file.read(1 << 20), b""))
        file.seek(0)
        encoding = "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding
        errors = "surrogateescape" if encoding == "utf-8-sig" else "strict"
        self.end = "\n" if feeds else "\r"
        self.text = io.TextIOWrapper(file, encoding=encoding, errors=errors, newline=self.end)
        self.number = 0
        self.waiting = []

    def __iter__(self):
        return self

    def __next__(self):
        line = self.waiting.pop() if self.waiting else self.read()
        self.number += 1  # what was not there is not counted
        return self.number, line

    def read(self):
        line = next(self.text)
        line = line[:-1] if line.endswith(self.end) else line
        return line[:-1] if line.endswith("\r") else line

    def put_back(self, lines):
        """Read these lines again."""
        self.waiting.extend(reversed(lines))
        self.number -= len(lines)


def _split(lines, number, line, delimiter, quote):
    """Fields of a row, what is wrong with it, and all of its text: a quoted field may hold ends of lines."""
    if quote == "none" or quote not in line:
        return line.split(delimiter), "", line
    more = []
    while True:
        whole = "\n".join([line, *more])
        try:
            return next(csv.reader([whole], delimiter=delimiter, quotechar=quote, strict=True)), "", whole
        except csv.Error as error:
            if "unexpected end" not in str(error):
                lines.put_back(more)
                return [], str(error), line
        following = next(lines, None) if len(more) < LONGEST_QUOTE else None
        if following is None:
            lines.put_back(more)
            return [], "a quote is not closed", line
        more.append(following[1])


def _is_header(fields, columns, options):
    if "header" in options:
        return options["header"] == "yes"
    return columns[0] in [field.strip().lower() for field in fields]


def _places(name, fields, columns, file_format):
    names = [field.strip().lower() for field in fields]
    if lacking := [column for column in columns if column not in names]:
        found = ", ".join(names)
        raise SourceError(f"{name}: the header has no {', '.join(lacking)}; it has {found[:200]} (format {file_format})"
                          f"{_likely(DELIMITERS[file_format].join(fields), len(columns), file_format)}")
    return [names.index(column) for column in columns]


def unreadable(text):
    """Why a text cannot be kept as a row; empty when it can."""
    if "\0" in text:
        return "a NUL character"
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        return "bytes that are not UTF-8"
    return ""


# JSON


def _json(file, name, _, columns, options):
    text = file.read().decode(options.get("encoding", "utf-8-sig"))
    numbers = {"parse_int": str, "parse_float": str, "parse_constant": str}  # as they are written
    try:
        found = json.loads(text, **numbers)
    except ValueError:
        yield from _json_lines(text, columns, options, numbers)
        return
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list)]
        found = lists[0] if len(lists) == 1 and columns[0] not in found else [found]
    if not isinstance(found, list):
        raise SourceError(f"{name}: expected an array of objects or an object a line, found {text[:50]!r}")
    for number, value in enumerate(found, 1):
        yield _row_of(number, value, columns, options, json.dumps)


def _json_lines(text, columns, options, numbers):
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield _row_of(number, json.loads(line, **numbers), columns, options, lambda _, line=line: line)
        except ValueError as error:
            yield Row(number, problem=f"not JSON: {error}", whole=line)


def _row_of(number, value, columns, options, whole):
    """A row of an object whose members are the columns; one that has none of them is not one of this table's."""
    if not isinstance(value, dict):
        return Row(number, problem="not an object", whole=whole(value))
    members = {key.lower(): member for key, member in value.items()}
    if not any(column in members for column in columns):
        return Row(number, problem="none of the table's columns", whole=whole(value))
    values = [_member(members.get(column), options.get("null", NULL)) for column in columns]
    if any(one and unreadable(one) for one in values):
        return Row(number, problem="a NUL character or half a surrogate pair", whole=json.dumps(value))
    return Row(number, values)


def _member(value, null):
    if value is None or value == null or value == "":
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, str) else json.dumps(value)


# XML


def _xml(file, name, _, columns, options):
    wanted = options.get("row")
    number, depth, root = 0, 0, None
    try:
        for event, element in ElementTree.iterparse(file, ("start", "end")):
            if event == "start":
                root = element if root is None else root
                depth += 1
                continue
            depth -= 1
            if (_plain(element.tag) == wanted) if wanted else depth == 1:
                number += 1
                members = {_plain(key): value for key, value in element.attrib.items()}
                members.update((_plain(child.tag), _content(child)) for child in element)
                whole = ElementTree.tostring(element, encoding="unicode").strip()
                yield _row_of(number, members, columns, options, lambda _, whole=whole: whole)
            if depth <= 1:
                root.clear()
    except ElementTree.ParseError as error:
        raise SourceError(f"{name}: expected XML; after {number} rows: {error}") from error
    if not number and wanted:
        raise SourceError(f"{name}: expected elements named {wanted!r}, found none in <{_plain(root.tag)}>")


def _content(element):
    nil = {_plain(key): value for key, value in element.attrib.items()}.get("nil")
    return None if nil in ("true", "1") else "".join(element.itertext())


def _plain(tag):
    """A name without its namespace."""
    return tag.rpartition("}")[2]
