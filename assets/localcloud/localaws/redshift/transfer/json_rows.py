"""Rows of JSON: by name, by JSONPaths, or whole.

Source: https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-json.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from localaws.redshift.failures import LoadFailed
from localaws.redshift.transfer.copy_command import CopyCommand
from localaws.redshift.transfer.options import bucket_and_key
from localaws.redshift.transfer.source import s3_errors
from localaws.redshift.transfer.target import Column
from localaws.redshift.transfer.values import Rejected

Pick = Callable[[Any], list[str | None]]


def picker(s3: Any, command: CopyCommand, columns: tuple[Column, ...]) -> Pick:
    """What takes the fields of the columns out of a value."""
    how = command.options.values.get("JSON", "auto")
    lowered = how.lower()
    if lowered == "noshred":
        if len(columns) != 1 or columns[0].type != "jsonb":
            raise LoadFailed("JSON 'noshred' needs exactly one column of type SUPER")
        return lambda value: [json.dumps(value, ensure_ascii=False)]
    if lowered in ("auto", "auto ignorecase"):
        return _by_name([column.name for column in columns], ignore_case=lowered != "auto")
    paths = _paths(s3, how)
    if len(paths) != len(columns):
        raise LoadFailed(
            f"Number of jsonpaths and the number of columns should match. JSONPath size: {len(paths)}, "
            f"Number of columns in table or column list: {len(columns)}"
        )
    steps = [_steps(path) for path in paths]
    return lambda value: [written(_reached(value, one)) for one in steps]


def rows(text: str, pick: Pick) -> Iterator[tuple[int, str, list[str | None] | Rejected]]:
    """The values of a file, one after another; nothing need stand between them."""
    decoder = json.JSONDecoder()
    index, line = 0, 1
    blank = re.compile(r"[\s,]*")
    while True:
        begun = index
        index = blank.match(text, index).end()  # type: ignore[union-attr]
        line += text.count("\n", begun, index)
        if index >= len(text):
            return
        try:
            value, end = decoder.raw_decode(text, index)
        except ValueError as error:
            end = text.find("\n", index)
            end = len(text) if end < 0 else end
            yield line, text[index:end], Rejected(1224, f"Invalid JSON object: {error}")
        else:
            values = value if isinstance(value, list) and value and isinstance(value[0], dict) else [value]
            for one in values:
                if isinstance(one, (dict, list)):
                    yield line, text[index:end], pick(one)
                else:
                    yield line, text[index:end], Rejected(1224, "Invalid JSON object: neither an object nor an array")
        line += text.count("\n", index, end)
        index = end


def written(value: Any) -> str | None:
    """A JSON value as a field; objects and arrays as JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return repr(value)


def _by_name(names: list[str], ignore_case: bool) -> Pick:
    def pick(value: Any) -> list[str | None]:
        if not isinstance(value, dict):
            return [None] * len(names)
        if ignore_case:
            value = {key.lower(): one for key, one in value.items()}
        return [written(value.get(name)) for name in names]

    return pick


def _paths(s3: Any, url: str) -> list[str]:
    bucket, key = bucket_and_key(url)
    with s3_errors():
        body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    try:
        paths = json.loads(body)["jsonpaths"]
    except (ValueError, KeyError, TypeError):
        raise LoadFailed(f"Invalid JSONPaths file {url}: it must hold an object with the list jsonpaths") from None
    return [str(path) for path in paths]


def _steps(path: str) -> list[str | int]:
    """`$.a['b'][0]` as `["a", "b", 0]`."""
    found: list[str | int] = []
    rest = path.strip()
    if not rest.startswith("$"):
        raise LoadFailed(f"Invalid JSONPath format: {path}: it must begin with $")
    rest = rest[1:]
    while rest:
        match = re.match(r"\.([^.\[]+)|\['((?:[^'\\]|\\.)*)'\]|\[\"((?:[^\"\\]|\\.)*)\"\]|\[(\d+)\]", rest)
        if match is None:
            raise LoadFailed(f"Invalid JSONPath format: {path}")
        name, single, double, index = match.groups()
        found.append(int(index) if index is not None else name or single or double or "")
        rest = rest[match.end() :]
    return found


def _reached(value: Any, steps: list[str | int]) -> Any:
    for step in steps:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value
