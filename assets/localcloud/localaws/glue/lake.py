"""Files in S3 as a crawler sees them: listed, examined, and grouped into tables and partitions.

Source: https://docs.aws.amazon.com/glue/latest/dg/crawler-s3-folder-table-partition.html
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from localaws.glue import formats, hive
from localaws.glue.formats import Schema
from localaws.glue.store import Record

_FILES_PER_FOLDER = 5
"""Files of one folder that are examined, unless the target says otherwise."""


@dataclass
class Folder:
    """A folder, its files and the folders below it."""

    path: str
    """The key prefix, ending in a slash (or empty)."""
    files: list[Record] = field(default_factory=list)
    folders: dict[str, Folder] = field(default_factory=dict)
    schema: Schema | None = None

    def walk(self) -> Iterator[Folder]:
        """This folder and all below that have files."""
        if self.files:
            yield self
        for one in self.folders.values():
            yield from one.walk()

    def depth(self) -> int:
        """How many levels lie below."""
        return 1 + max(one.depth() for one in self.folders.values()) if self.folders else 0


@dataclass
class Table:
    """A table found: where, what, and its partitions."""

    name: str
    location: str
    schema: Schema
    files: list[Record]
    partition_keys: list[str] = field(default_factory=list)
    partitions: dict[tuple[str, ...], Folder] = field(default_factory=dict)
    bucket: str = ""


class Stopped(Exception):
    """The crawl was asked to stop."""


@dataclass
class Search:
    """A search of one include path."""

    s3: Any
    bucket: str
    prefix: str
    exclusions: Sequence[str]
    classifiers: Sequence[Record]
    stopping: Callable[[], bool]
    sample: int = _FILES_PER_FOLDER
    level: int = 0
    """TableLevelConfiguration: the depth, counted from the bucket, at which each folder is a table; 0: not told."""
    combine: bool = False
    """Whether compatible schemas are put into one table, whatever their folders are called."""

    def tables(self) -> list[Table]:
        """The tables found."""
        root = self._listed()
        for folder in root.walk():
            if self.stopping():
                raise Stopped
            folder.schema = self._schema(folder)
        if self.level:
            levels = max(0, self.level - 1 - len([part for part in self.prefix.split("/") if part]))
            return [self._table(folder) for folder in _at_level(root, levels) if self._schemas(folder)]
        return list(self._split(root))

    def _listed(self) -> Folder:
        base = self.prefix if self.prefix.endswith("/") or not self.prefix else self.prefix + "/"
        root = Folder(base)
        excluded = [re.compile(_regex(pattern)) for pattern in self.exclusions]
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix):
            for one in page.get("Contents", []):
                key = one["Key"]
                if key == self.prefix:
                    root.path = key  # the include path is one file
                    relative = key.rsplit("/", 1)[-1]
                elif key.startswith(base):
                    relative = key[len(base) :]
                else:
                    continue
                parts = relative.split("/")
                hidden = any(part.startswith(("_", ".")) for part in parts) or key.endswith("/") or not one["Size"]
                if hidden or any(pattern.fullmatch(relative) for pattern in excluded):
                    continue
                folder = root
                for part in parts[:-1]:
                    folder = folder.folders.setdefault(part, Folder(f"{folder.path}{part}/"))
                folder.files.append(one)
        return root

    def _schema(self, folder: Folder) -> Schema | None:
        """The schema of a folder's files, from some of them."""
        found: Schema | None = None
        for one in folder.files[: self.sample]:
            head = self._read(one, formats.SAMPLE)
            whole = self._read(one, None) if formats.needs_all(head) and one["Size"] > len(head) else head
            schema = formats.examined(one["Key"], head, whole, self.classifiers)
            if schema is None or not schema.columns:
                continue
            if found is None:
                found = schema
            elif schema.classification == found.classification:
                found.columns = hive.merged_columns(found.columns, schema.columns)
        return found

    def _read(self, one: Record, most: int | None) -> bytes:
        span = {"Range": f"bytes=0-{most - 1}"} if most else {}
        data: bytes = self.s3.get_object(Bucket=self.bucket, Key=one["Key"], **span)["Body"].read()
        return data

    def _split(self, folder: Folder) -> Iterator[Table]:
        """One table of a folder when all below is alike, else the tables of the folders below it."""
        schemas = self._schemas(folder)
        if not schemas:
            return
        named = all("=" in name for name in folder.folders)
        alike = all(_alike(schemas[0], other) for other in schemas[1:])
        if folder.files or alike or (named and folder.folders) or self.combine:
            yield self._table(folder)
            return
        for one in folder.folders.values():
            yield from self._split(one)

    def _schemas(self, folder: Folder) -> list[Schema]:
        return [one.schema for one in folder.walk() if one.schema]

    def _table(self, folder: Folder) -> Table:
        while not folder.files and len(folder.folders) == 1 and "=" not in next(iter(folder.folders)):
            folder = next(iter(folder.folders.values()))  # the table is where it branches out, or has files
        schemas = self._schemas(folder)
        first = schemas[0]
        columns = first.columns
        for other in schemas[1:]:
            if other.classification == first.classification:
                columns = hive.merged_columns(columns, other.columns)
        table = Table(
            name=_name(folder.path or self.bucket),
            location=f"s3://{self.bucket}/{folder.path}",
            schema=Schema(first.classification, columns, first.parameters, first.serde, first.compression),
            files=[one for below in folder.walk() for one in below.files],
            bucket=self.bucket,
        )
        if folder.folders and not folder.files:
            self._partition(table, folder)
        return table

    def _partition(self, table: Table, folder: Folder) -> None:
        keys: dict[int, str] = {}
        for leaf in folder.walk():
            parts = leaf.path[len(folder.path) :].rstrip("/").split("/")
            values = []
            for level, part in enumerate(parts):
                name, separator, value = part.partition("=")
                keys.setdefault(level, name.lower() if separator else f"partition_{level}")
                values.append(value if separator else part)
            table.partitions[tuple(values)] = leaf
        table.partition_keys = [keys[level] for level in sorted(keys)]
        depth = len(table.partition_keys)
        table.partitions = {values: leaf for values, leaf in table.partitions.items() if len(values) == depth}
        for name in table.partition_keys:
            table.schema.columns.pop(name, None)


def _alike(one: Schema, other: Schema) -> bool:
    return one.classification == other.classification and hive.compatible(one.columns, other.columns)


def _at_level(folder: Folder, levels: int) -> list[Folder]:
    if levels == 0:
        return [folder]
    return [below for one in folder.folders.values() for below in _at_level(one, levels - 1)]


def _name(path: str) -> str:
    """A table's name from the folder (or file) it lies in."""
    last = path.rstrip("/").rsplit("/", 1)[-1].partition("=")[0]
    return re.sub(r"[^0-9A-Za-z_]", "_", last).lower()


def _regex(pattern: str) -> str:
    """An exclude pattern as a regular expression: `*` within a folder, `**` over folders, `?`, `[...]`, `{a,b}`.

    Source: https://docs.aws.amazon.com/glue/latest/dg/define-crawler-choose-data-sources.html#crawler-data-stores-exclude
    """
    text = ""
    tokens: defaultdict[str, str] = defaultdict(str, {"**": ".*", "*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")"})
    braces = 0
    for token in re.findall(r"\*\*|\[[^\]]*\]|\\.|.", pattern):
        if token.startswith("["):
            text += token.replace("[!", "[^")
        elif token == "," and braces:
            text += "|"
        else:
            braces += {"{": 1, "}": -1}.get(token, 0)
            text += tokens[token] or re.escape(token.removeprefix("\\"))
    return text
