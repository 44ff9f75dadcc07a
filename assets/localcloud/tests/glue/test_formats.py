"""Files and what they are, without a server."""

from __future__ import annotations

import bz2
import io
import json

import pyarrow
import pyarrow.orc
import pytest

from localaws.glue import formats, hive
from localaws.glue.lake import _regex


def columns(name: str, data: bytes, *classifiers: dict) -> dict[str, str]:
    found = formats.examined(name, data, data, classifiers)
    assert found is not None
    return {one: hive.text(kind) for one, kind in found.columns.items()}


def test_a_header_is_seen_only_when_it_differs_from_the_data() -> None:
    assert columns("x", b"a,b\nc,d\ne,f\n") == {"col0": "string", "col1": "string"}
    assert columns("x", b"a,b\nc,1\n") == {"a": "string", "b": "bigint"}


@pytest.mark.parametrize("delimiter", [",", "|", "\t", ";", "\x01"])
def test_delimiters(delimiter: str) -> None:
    data = f'k{delimiter}v\n"x{delimiter}y"{delimiter}2\n'.encode()
    assert columns("x", data) == {"k": "string", "v": "bigint"}


def test_types_of_text() -> None:
    data = b"i,d,t,n,mix\n1,1.5,2024-01-01,,1\n-2,1e3,2024-01-02,,x\n"
    assert columns("x", data) == {"i": "bigint", "d": "double", "t": "string", "n": "string", "mix": "string"}


def test_json_in_lines_in_a_list_and_nested() -> None:
    lines = b'{"A": 1, "b": [{"c": 1}, {"d": "x"}]}\n{"A": 1.5, "e": null}\n'
    assert columns("x.json", lines) == {"a": "double", "b": "array<struct<c:int,d:string>>", "e": "string"}
    assert columns("x.json", b'[{"a": true}, {"a": false}]') == {"a": "boolean"}
    nested = json.dumps({"meta": 1, "records": [{"a": 1}, {"b": "x"}]}).encode()
    classifier = {"JsonClassifier": {"Name": "n", "JsonPath": "$.records[*]"}}
    assert columns("x.json", nested, classifier) == {"a": "int", "b": "string"}


def test_xml_with_a_row_tag() -> None:
    data = b'<r><h/><row id="1"><a>1</a><b>x</b><b>y</b></row><row><a>2.5</a></row></r>'
    classifier = {"XMLClassifier": {"Name": "n", "RowTag": "row"}}
    assert columns("x.xml", data, classifier) == {"_id": "bigint", "a": "double", "b": "array<string>"}


def test_grok() -> None:
    classifier = {
        "GrokClassifier": {
            "Name": "n",
            "Classification": "log",
            "GrokPattern": "%{IP:client} %{WORD:verb} %{NUMBER:bytes:int} %{MINE:rest}",
            "CustomPatterns": "MINE .*",
        }
    }
    found = columns("x.log", b"10.0.0.1 GET 12 and more\n10.0.0.2 PUT 3 x\n", classifier)
    assert found == {"client": "string", "verb": "string", "bytes": "int", "rest": "string"}


def test_orc_avro_and_compression() -> None:
    output = io.BytesIO()
    pyarrow.orc.write_table(pyarrow.table({"A": pyarrow.array([1], pyarrow.int32())}), output)
    assert columns("x.orc", output.getvalue()) == {"a": "int"}
    schema = (
        b'{"name":"r","type":"record","fields":[{"name":"A","type":["null","long"]},{"name":"b","type":"string"}]}'
    )
    size = len(schema)
    length = bytes([(size << 1) & 0x7F | 0x80, (size << 1) >> 7])
    avro = b"Obj\x01\x02" + bytes([len("avro.schema") << 1]) + b"avro.schema" + length + schema + b"\x00" + b"s" * 16
    assert columns("x.avro", avro) == {"a": "bigint", "b": "string"}
    assert columns("x.csv.bz2", bz2.compress(b"a,b\nc,1\n")) == {"a": "string", "b": "bigint"}
    packed = pyarrow.compress(b"a,b\nc,1\n", codec="zstd", asbytes=True)
    assert columns("x.csv.zst", packed) == {"a": "string", "b": "bigint"}


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("int", "bigint", "bigint"),
        ("bigint", "double", "double"),
        ("int", "string", "string"),
        ("boolean", "int", "string"),
        (hive.UNKNOWN, "int", "int"),
        (hive.Array("int"), hive.Array("double"), "array<double>"),
    ],
)
def test_types_are_merged(one: object, other: object, both: str) -> None:
    assert hive.text(hive.merged(one, other)) == hive.text(hive.merged(other, one)) == both


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*.csv", "a.csv", True),
        ("*.csv", "x/a.csv", False),
        ("**.csv", "x/a.csv", True),
        ("**/tmp/**", "a/tmp/b/c", True),
        ("{a,b}?.txt", "b1.txt", True),
        ("[!a]*", "abc", False),
        ("a.b", "axb", False),
    ],
)
def test_exclude_patterns(pattern: str, path: str, expected: bool) -> None:
    import re

    assert (re.fullmatch(_regex(pattern), path) is not None) is expected
