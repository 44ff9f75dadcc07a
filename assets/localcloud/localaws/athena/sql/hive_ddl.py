"""CREATE TABLE and ALTER TABLE as Athena takes them from Hive, parsed into the catalogue's own structures.

Source: https://docs.aws.amazon.com/athena/latest/ug/create-table.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from localaws.athena.sql.hive_types import split
from localaws.athena.sql.problems import QueryFailed, unsupported

_NAME = r"(?:`[^`]+`|\"[^\"]+\"|\w+)"
NAME = rf"(?:{_NAME}\.)?{_NAME}"
_STRING = r"'((?:[^'\\]|\\.|'')*)'"

_FORMATS = {
    "TEXTFILE": ("org.apache.hadoop.mapred.TextInputFormat",
                 "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
                 "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"),
    "PARQUET": ("org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
                "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
                "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"),
    "ORC": ("org.apache.hadoop.hive.ql.io.orc.OrcInputFormat", "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
            "org.apache.hadoop.hive.ql.io.orc.OrcSerde"),
    "JSON": ("org.apache.hadoop.mapred.TextInputFormat",
             "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat", "org.openx.data.jsonserde.JsonSerDe"),
}


@dataclass
class Created:
    """A CREATE TABLE."""

    database: str
    name: str
    if_not_exists: bool
    table: dict[str, Any] = field(default_factory=dict)
    """Glue's TableInput."""


def names(text: str) -> tuple[str, str]:
    """Database ("" where none is named) and table of a name."""
    parts = [part.strip('`"').lower() for part in re.findall(_NAME, text)]
    return (parts[-2] if len(parts) > 1 else "", parts[-1])


def create_table(text: str) -> Created:
    """Parse CREATE EXTERNAL TABLE. Raises QueryFailed."""
    head = re.match(rf"create\s+(external\s+)?table\s+(if\s+not\s+exists\s+)?({NAME})\s*", text, re.I)
    if head is None:
        raise QueryFailed("FAILED: ParseException line 1:0 cannot recognize input near 'CREATE'")
    database, name = names(head[3])
    rest = text[head.end() :]
    if not head[1]:
        raise unsupported("CREATE TABLE without EXTERNAL (Iceberg)")
    body, rest = _group(rest)
    columns = _columns(body)
    partitions: list[dict[str, str]] = []
    if match := re.search(r"partitioned\s+by\s*(?=\()", rest, re.I):
        inner, after = _group(rest[match.end() :])
        partitions = _columns(inner)
        rest = rest[: match.start()] + after
    descriptor = _storage(rest, columns)
    parameters = {"EXTERNAL": "TRUE", **_properties(rest, r"tblproperties")}
    comment = re.match(rf"\s*comment\s+{_STRING}", rest, re.I)
    table: dict[str, Any] = {
        "Name": name, "TableType": "EXTERNAL_TABLE", "Parameters": parameters, "PartitionKeys": partitions,
        "StorageDescriptor": descriptor, "Retention": 0,
    }
    if comment:
        table["Description"] = unquote(comment[1])
        parameters["comment"] = unquote(comment[1])
    return Created(database, name, bool(head[2]), table)


def _storage(rest: str, columns: list[dict[str, str]]) -> dict[str, Any]:
    location = re.search(rf"\blocation\s+{_STRING}", rest, re.I)
    if location is None:
        raise QueryFailed("FAILED: SemanticException table location is required: No location was specified for table. "
                          "An S3 location must be specified")
    stored = re.search(r"stored\s+as\s+(\w+)", rest, re.I)
    kind = (stored[1] if stored else "TEXTFILE").upper()
    if kind not in _FORMATS and kind != "INPUTFORMAT":
        raise unsupported(f"STORED AS {kind}")
    input_format, output_format, serde = _FORMATS.get(kind, _FORMATS["TEXTFILE"])
    if explicit := re.search(rf"inputformat\s+{_STRING}\s+outputformat\s+{_STRING}", rest, re.I):
        input_format, output_format = explicit[1], explicit[2]
    parameters = {"serialization.format": "1"}
    if named := re.search(rf"row\s+format\s+serde\s+{_STRING}", rest, re.I):
        serde = named[1]
        parameters |= _properties(rest, r"serdeproperties")
    elif re.search(r"row\s+format\s+delimited", rest, re.I):
        parameters |= _delimiters(rest)
    return {
        "Columns": columns, "Location": location[1], "InputFormat": input_format, "OutputFormat": output_format,
        "Compressed": False, "NumberOfBuckets": -1, "StoredAsSubDirectories": False,
        "SerdeInfo": {"SerializationLibrary": serde, "Parameters": parameters},
    }


def _delimiters(rest: str) -> dict[str, str]:
    found = {}
    for words, key in (
        (r"fields\s+terminated\s+by", "field.delim"), (r"escaped\s+by", "escape.delim"),
        (r"lines\s+terminated\s+by", "line.delim"), (r"collection\s+items\s+terminated\s+by", "collection.delim"),
        (r"map\s+keys\s+terminated\s+by", "mapkey.delim"), (r"null\s+defined\s+as", "serialization.null.format"),
    ):
        if match := re.search(rf"{words}\s+{_STRING}", rest, re.I):
            found[key] = unquote(match[1])
    if "field.delim" in found:
        found["serialization.format"] = found["field.delim"]
    return found


def properties(text: str) -> dict[str, str]:
    """`'a'='b', "c"="d"` as a dictionary."""
    pairs = re.findall(rf"(?:{_STRING}|\"([^\"]*)\")\s*=\s*(?:{_STRING}|\"([^\"]*)\")", text)
    return {unquote(a or b): unquote(c or d) for a, b, c, d in pairs}


def _properties(rest: str, word: str) -> dict[str, str]:
    match = re.search(rf"\b(?<!\.){word}\s*(?=\()", rest, re.I)
    return properties(_group(rest[match.end() :])[0]) if match else {}


def _columns(body: str) -> list[dict[str, str]]:
    """`a int comment 'x', b array<string>`."""
    found = []
    for part in split(body):
        match = re.match(rf"\s*({_NAME})\s+(.+?)(?:\s+comment\s+{_STRING})?\s*$", part, re.I | re.S)
        if match is None:
            raise QueryFailed(f"FAILED: ParseException line 1:0 cannot recognize input near '{part.strip()[:40]}'")
        column = {"Name": match[1].strip('`"').lower(), "Type": re.sub(r"\s+", "", match[2]).lower()}
        column["Type"] = {"integer": "int"}.get(column["Type"], column["Type"])
        if match[3] is not None:
            column["Comment"] = unquote(match[3])
        found.append(column)
    return found


def columns(body: str) -> list[dict[str, str]]:
    """The columns of ADD COLUMNS and REPLACE COLUMNS."""
    return _columns(body)


def _group(text: str) -> tuple[str, str]:
    """What is in the parentheses that the text begins with, and what follows."""
    text = text.lstrip()
    if not text.startswith("("):
        raise QueryFailed("FAILED: ParseException line 1:0 missing ( at the columns")
    depth, quote, index = 0, "", 0
    while index < len(text):
        one = text[index]
        if quote:
            if one == "\\":
                index += 1
            elif one == quote:
                quote = ""
        elif one in "'\"`":
            quote = one
        else:
            depth += (one == "(") - (one == ")")
            if depth == 0:
                return text[1:index], text[index + 1 :]
        index += 1
    raise QueryFailed("FAILED: ParseException line 1:0 mismatched input '<EOF>' expecting )")


def partition_values(text: str) -> dict[str, str]:
    """`dt='2020-01-01', n=1` as a dictionary."""
    found = {}
    for part in split(text):
        name, _, value = part.partition("=")
        found[name.strip().strip('`"').lower()] = unquote(value.strip().strip("'\""))
    return found


def unquote(text: str) -> str:
    """A string literal's inside, unescaped as Hive does."""
    text = text.replace("''", "'")
    known = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\", "'": "'", '"': '"', "0": "\0"}

    def escaped(match: re.Match[str]) -> str:
        if match[1].isdigit() and len(match[1]) == 3:
            return chr(int(match[1], 8))
        if match[1].startswith("u"):
            return chr(int(match[1][1:], 16))
        return known.get(match[1], "\\" + match[1])

    return re.sub(r"\\(u[0-9a-fA-F]{4}|[0-3][0-7]{2}|.)", escaped, text)
