"""What a file is and which columns it has: CSV, JSON, Parquet, ORC, Avro, XML; custom classifiers come first.

Source: https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html
"""

from __future__ import annotations

import bz2
import contextlib
import csv
import io
import json
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from localaws.glue import hive
from localaws.glue.hive import Columns
from localaws.glue.store import Record

SAMPLE = 1 << 20
"""Bytes of a text file that are looked at."""
_ROWS = 1000
_DELIMITERS = ",|\t;\x01"


@dataclass
class Schema:
    """What was learnt from a file."""

    classification: str
    columns: Columns
    parameters: dict[str, str] = field(default_factory=dict)
    """For the table, such as `delimiter` and `skip.header.line.count`."""
    serde: dict[str, str] = field(default_factory=dict)
    """`library` and the parameters of the SerDe."""
    compression: str = "none"


def examined(name: str, head: bytes, whole: bytes | None, classifiers: Sequence[Record]) -> Schema | None:
    """The schema of a file from its first bytes (and all of them, where a format needs its end); None when unknown."""
    if head[:4] == b"PAR1":
        return _parquet(whole or head)
    if head[:3] == b"ORC":
        return _orc(whole or head)
    if head[:4] == b"Obj\x01":
        return _avro(head)
    data, compression = decompressed(name, head)
    if b"\x00" in data[:4096]:
        return None
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    found = None
    for classifier in classifiers:
        found = found or _custom(classifier, text, len(data) >= SAMPLE)
    found = found or _json(text, "$[*]") or _xml(text, None) or _csv(text, {}, complete=len(head) < SAMPLE)
    if found:
        found.compression = compression
        found.parameters["compressionType"] = compression
    return found


def needs_all(head: bytes) -> bool:
    """Whether the file tells its schema at its end."""
    return head[:4] == b"PAR1" or head[:3] == b"ORC"


def decompressed(name: str, head: bytes) -> tuple[bytes, str]:
    """The plain text a compressed file begins with, and the name of the compression."""
    with contextlib.suppress(zlib.error, OSError, EOFError):
        if head[:2] == b"\x1f\x8b":
            return zlib.decompressobj(wbits=31).decompress(head, SAMPLE), "gzip"
        if head[:3] == b"BZh":
            return bz2.BZ2Decompressor().decompress(head, SAMPLE), "bzip2"
        if head[:4] == b"\x28\xb5\x2f\xfd":
            import pyarrow

            return pyarrow.CompressedInputStream(io.BytesIO(head), "zstd").read(SAMPLE), "zstd"
    return head, "none"


def _parquet(data: bytes) -> Schema:
    import pyarrow.parquet

    schema = pyarrow.parquet.read_schema(io.BytesIO(data))
    columns = {one.name.lower(): hive.of_arrow(one.type) for one in schema}
    return Schema("parquet", columns, {"compressionType": "none"})


def _orc(data: bytes) -> Schema:
    import pyarrow.orc

    schema = pyarrow.orc.ORCFile(io.BytesIO(data)).schema
    return Schema("orc", {one.name.lower(): hive.of_arrow(one.type) for one in schema}, {"compressionType": "none"})


_AVRO = {"int": "int", "long": "bigint", "float": "float", "double": "double", "boolean": "boolean", "bytes": "binary"}


def _avro(head: bytes) -> Schema | None:
    """The schema in the header of an Avro file: after the magic, a map of names to bytes.

    Source: https://avro.apache.org/docs/1.11.1/specification/#object-container-files
    """
    stream = io.BytesIO(head[4:])

    def number() -> int:
        value = shift = 0
        while True:
            (byte,) = stream.read(1)
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return (value >> 1) ^ -(value & 1)

    metadata: dict[str, bytes] = {}
    try:
        while count := number():
            if count < 0:
                number()  # the block's size
            for _ in range(abs(count)):
                name = stream.read(number()).decode()
                metadata[name] = stream.read(number())
        declared = json.loads(metadata["avro.schema"])
    except (ValueError, KeyError):
        return None
    columns: Columns = {}
    for one in declared["fields"]:
        kinds = one["type"] if isinstance(one["type"], list) else [one["type"]]
        kind = next((kind for kind in kinds if kind != "null"), "string")
        columns[one["name"].lower()] = _AVRO.get(kind, "string") if isinstance(kind, str) else "string"
    return Schema("avro", columns, {"avro.schema.literal": json.dumps(declared)})


def _custom(classifier: Record, text: str, cut: bool) -> Schema | None:
    if given := classifier.get("CsvClassifier"):
        return _csv(text, given, complete=not cut)
    if given := classifier.get("JsonClassifier"):
        return _json(text, given["JsonPath"])
    if given := classifier.get("XMLClassifier"):
        return _xml(text, given.get("RowTag") or "")
    if given := classifier.get("GrokClassifier"):
        return _grok(text, given)
    return None


def _json(text: str, path: str) -> Schema | None:
    stripped = text.lstrip()
    if stripped[:1] not in ("{", "["):
        return None
    columns: Columns = {}
    rows = 0
    for value in _json_values(stripped):
        for row in _at(value, path):
            if isinstance(row, dict):
                kind = hive.of_value(row)
                columns = hive.merged_columns(columns, dict(kind.fields))
                rows += 1
    if not rows:
        return None
    library = {"library": "org.openx.data.jsonserde.JsonSerDe", "paths": ",".join(columns)}
    return Schema(
        "json", columns, {"recordCount": str(rows)} | ({"jsonPath": path} if path != "$[*]" else {}), library
    )


def _json_values(text: str) -> list[Any]:
    """The values of a text of JSON lines, of one value after another, or of a value that the sample cuts off."""
    decoder = json.JSONDecoder()
    if text.startswith("["):
        try:
            return [decoder.raw_decode(text)[0]]
        except ValueError:
            text = text[1:]
    values: list[Any] = []
    position = 0
    while len(values) < _ROWS:
        while position < len(text) and text[position] in " \t\r\n,]":
            position += 1
        try:
            value, position = decoder.raw_decode(text, position)
        except ValueError:
            return values
        values.append(value)
    return values


def _at(value: Any, path: str) -> list[Any]:
    """The rows at a JSON path such as `$.records[*]`; without one, a list's members or the value itself."""
    found = [value]
    for name, index in re.findall(r"\.([\w-]+)|\[(\*|\d+)\]", path if path != "$[*]" else ""):
        deeper: list[Any] = []
        for one in found:
            if name and isinstance(one, dict) and name in one:
                deeper.append(one[name])
            elif index and isinstance(one, list):
                deeper.extend(one if index == "*" else one[int(index) : int(index) + 1])
        found = deeper
    return [row for one in found for row in (one if isinstance(one, list) else [one])]


def _xml(text: str, row_tag: str | None) -> Schema | None:
    if not text.lstrip().startswith("<"):
        return None
    root = None
    depth = 0
    rows: list[ElementTree.Element] = []
    children: Counter[str] = Counter()
    parser: Any = ElementTree.XMLPullParser(["start", "end"])
    with contextlib.suppress(ElementTree.ParseError):
        parser.feed(text)
        for event, element in parser.read_events():
            depth += 1 if event == "start" else -1
            if event == "start":
                root = element if root is None else root
                continue
            if depth == 1:
                children[element.tag] += 1
            if (row_tag and element.tag == row_tag) or (row_tag is None and depth == 1):
                rows.append(element)
    if row_tag is None:
        row_tag = children.most_common(1)[0][0] if children else None
        rows = [row for row in rows if row.tag == row_tag]
    columns: Columns = {}
    for row in rows[:_ROWS]:
        kind = _element(row)
        if isinstance(kind, hive.Struct):
            columns = hive.merged_columns(columns, dict(kind.fields))
    if not columns:
        return None
    library = {"library": "", "rowTag": str(row_tag)}
    return Schema("xml", columns, {"rowTag": str(row_tag), "recordCount": str(len(rows))}, library)


def _element(element: ElementTree.Element) -> Any:
    fields: Columns = {f"_{name.lower()}": hive.of_text(value) for name, value in element.attrib.items()}
    counts = Counter(child.tag for child in element)
    for child in element:
        name, kind = child.tag.lower(), _element(child)
        kind = hive.Array(kind) if counts[child.tag] > 1 else kind
        fields[name] = hive.merged(fields[name], kind) if name in fields else kind
    if not fields:
        return hive.of_text(element.text or "")
    if (element.text or "").strip():
        fields["_value"] = hive.of_text(element.text or "")
    return hive.Struct(tuple(fields.items()))


def _grok(text: str, given: Record) -> Schema | None:
    """A grok pattern's fields, with the patterns that people use most."""
    known = {
        "WORD": r"\b\w+\b", "NUMBER": r"[+-]?\d+(?:\.\d+)?", "INT": r"[+-]?\d+", "DATA": r".*?", "GREEDYDATA": r".*",
        "NOTSPACE": r"\S+", "IP": r"\d{1,3}(?:\.\d{1,3}){3}", "IPORHOST": r"[\w.:-]+", "USER": r"[\w.-]+",
        "QS": r'"[^"]*"', "TIMESTAMP_ISO8601": r"\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?",
        "LOGLEVEL": r"[A-Za-z]+", "HTTPDATE": r"[^\]]+", "URIPATHPARAM": r"\S+",
    }  # fmt: skip
    for line in (given.get("CustomPatterns") or "").splitlines():
        name, _, pattern = line.partition(" ")
        known[name] = pattern
    columns: Columns = {}

    def group(found: re.Match[str]) -> str:
        name, _, rest = found[1].partition(":")
        field, _, kind = rest.partition(":")
        pattern = re.sub(r"%\{([^}]+)\}", group, known.get(name, r"\S+"))
        if not field:
            return f"(?:{pattern})"
        columns[field.lower()] = {"int": "int", "long": "bigint", "float": "float"}.get(kind, kind or "string")
        return f"(?P<{re.sub(r'[^0-9A-Za-z_]', '_', field)}>{pattern})"

    pattern = re.compile(re.sub(r"%\{([^}]+)\}", group, given["GrokPattern"]))
    lines = text.splitlines()[:100]
    if not lines or sum(pattern.match(line) is not None for line in lines) * 2 < len(lines):
        return None
    library = {"library": "com.amazonaws.glue.serde.GrokSerDe", "input.format": given["GrokPattern"]}
    return Schema(given["Classification"], columns, {"grokPattern": given["GrokPattern"]}, library)


def _csv(text: str, given: Record, *, complete: bool) -> Schema | None:
    lines = text.splitlines()
    if not complete and len(lines) > 1:
        lines.pop()  # the sample ends within it
    sample = "\n".join(lines[:_ROWS])
    quote = given.get("QuoteSymbol") or '"'
    delimiter = given.get("Delimiter") or _delimiter(sample, quote)
    if not lines or (delimiter is None and not given.get("AllowSingleColumn")):
        return None
    rows = [row for row in csv.reader(io.StringIO(sample), delimiter=delimiter or ",", quotechar=quote) if row]
    if not rows:
        return None
    header = _has_header(rows, given.get("ContainsHeader", "UNKNOWN"))
    names = given.get("Header") or (rows[0] if header else [])
    width = max(len(row) for row in rows)
    body = rows[1:] if header else rows
    columns: Columns = {}
    for position in range(max(width, len(names))):
        kind: Any = hive.UNKNOWN
        for row in body:
            kind = hive.merged(kind, hive.of_text(row[position]) if position < len(row) else hive.UNKNOWN)
        name = (
            names[position].strip().lower() if position < len(names) and names[position].strip() else f"col{position}"
        )
        columns[name] = kind
    if declared := given.get("CustomDatatypes") if given.get("CustomDatatypeConfigured") else None:
        columns = dict(zip(columns, [kind.lower().replace("long", "bigint") for kind in declared], strict=False))
    parameters = {"delimiter": delimiter or ",", "columnsOrdered": "true", "areColumnsQuoted": "false"}
    parameters["recordCount"] = str(len(body))
    if header:
        parameters["skip.header.line.count"] = "1"
    serde = {"library": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", "field.delim": delimiter or ","}
    if given.get("QuoteSymbol") or given.get("Serde") == "OpenCSVSerDe":
        parameters["areColumnsQuoted"] = "true"
        serde = {
            "library": "org.apache.hadoop.hive.serde2.OpenCSVSerde",
            "separatorChar": delimiter or ",",
            "quoteChar": quote,
        }
    return Schema("csv", columns, parameters, serde)


def _delimiter(sample: str, quote: str) -> str | None:
    """The delimiter that cuts every row into the same number of fields, more than one."""
    best: tuple[int, str | None] = (1, None)
    for delimiter in _DELIMITERS:
        widths = Counter(
            len(row) for row in csv.reader(io.StringIO(sample), delimiter=delimiter, quotechar=quote) if row
        )
        if not widths:
            continue
        width, rows = widths.most_common(1)[0]
        if rows >= sum(widths.values()) * 0.9 and width > best[0]:
            best = (width, delimiter)
    return best[1]


def _has_header(rows: list[list[str]], told: str) -> bool:
    """Whether the first row names the columns: all text, short, different, and some row below is not all text."""
    if told != "UNKNOWN":
        return told == "PRESENT"
    first = rows[0]
    named = all(hive.of_text(one) == "string" and len(one) <= 150 for one in first) and len(set(first)) == len(first)
    return named and any(hive.of_text(one) not in ("string", hive.UNKNOWN) for row in rows[1:] for one in row)
