"""Found tables written into the catalogue, as the crawler's policy on changes says, through Glue under its role."""

from __future__ import annotations

import contextlib
import json
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from localaws.glue import hive
from localaws.glue.formats import Schema
from localaws.glue.lake import Table
from localaws.glue.store import Record

_FORMATS = {
    "parquet": (
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    ),
    "orc": (
        "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
        "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
        "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
    ),
    "avro": (
        "org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat",
        "org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat",
        "org.apache.hadoop.hive.serde2.avro.AvroSerDe",
    ),
}
_TEXT = ("org.apache.hadoop.mapred.TextInputFormat", "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat", "")


@dataclass
class Changes:
    """What a crawl changed: names by kind and act."""

    names: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, kind: str, act: str, name: str) -> None:
        """Note one change, such as `TABLE`, `ADD`, `sales`."""
        self.names[kind, act].append(name)

    def count(self, kind: str, act: str) -> int:
        """How many."""
        return len(self.names.get((kind, act), []))

    def summary(self) -> str:
        """The `Summary` of ListCrawls, which is JSON."""
        told: dict[str, dict[str, Any]] = defaultdict(dict)
        for (kind, act), names in self.names.items():
            told[kind][act] = {"Details": {"names": names[:100]}, "Count": len(names)}
        return json.dumps(told)


@dataclass
class Writer:
    """Writes what one crawl found."""

    glue: Any
    crawler: Record
    changes: Changes

    @property
    def database(self) -> str:
        """Where tables go."""
        return str(self.crawler["DatabaseName"])

    @property
    def output(self) -> Record:
        """`CrawlerOutput` of the crawler's configuration."""
        configuration = json.loads(self.crawler.get("Configuration") or "{}")
        output: Record = configuration.get("CrawlerOutput", {})
        return output

    def ensure_database(self) -> None:
        """Make the database if it is not there, as crawlers do."""
        try:
            self.glue.get_database(Name=self.database)
        except self.glue.exceptions.EntityNotFoundException:
            with contextlib.suppress(self.glue.exceptions.AlreadyExistsException):  # another crawl was quicker
                self.glue.create_database(DatabaseInput={"Name": self.database})

    def write(self, table: Table) -> None:
        """Add or update a table and its partitions."""
        name = self._free_name(table)
        given = self.input(table, name)
        old = self._existing(name)
        new_only = self.crawler["RecrawlPolicy"].get("RecrawlBehavior") == "CRAWL_NEW_FOLDERS_ONLY"
        if old is None:
            self.glue.create_table(DatabaseName=self.database, TableInput=given)
            self.changes.note("TABLE", "ADD", name)
        elif not new_only and self._differs(old, given):
            if self.crawler["SchemaChangePolicy"]["UpdateBehavior"] == "UPDATE_IN_DATABASE":
                if self.output.get("Tables", {}).get("AddOrUpdateBehavior") == "MergeNewColumns":
                    given["StorageDescriptor"]["Columns"] = _added(old, given)
                self.glue.update_table(DatabaseName=self.database, TableInput=given)
                self.changes.note("TABLE", "UPDATE", name)
            elif old.get("PartitionKeys") != given.get("PartitionKeys"):
                return
        if table.partition_keys:
            self._write_partitions(table, name, given)

    def write_plain(self, given: Record) -> None:
        """Add or update a table that is not in S3."""
        old = self._existing(given["Name"])
        if old is None:
            self.glue.create_table(DatabaseName=self.database, TableInput=given)
            self.changes.note("TABLE", "ADD", given["Name"])
        elif (
            self._differs(old, given) and self.crawler["SchemaChangePolicy"]["UpdateBehavior"] == "UPDATE_IN_DATABASE"
        ):
            self.glue.update_table(DatabaseName=self.database, TableInput=given)
            self.changes.note("TABLE", "UPDATE", given["Name"])

    def drop_missing(self, seen: set[str], below: list[str]) -> None:
        """What this crawler made and found no more, below the paths it crawled, is dropped, marked, or only told."""
        behaviour = self.crawler["SchemaChangePolicy"]["DeleteBehavior"]
        for page in self.glue.get_paginator("get_tables").paginate(DatabaseName=self.database):
            for old in page["TableList"]:
                parameters = old.get("Parameters", {})
                location = old.get("StorageDescriptor", {}).get("Location", "")
                ours = parameters.get("UPDATED_BY_CRAWLER") == self.crawler["Name"]
                if not ours or location in seen or not location.startswith(tuple(below)):
                    continue
                if behaviour == "DELETE_FROM_DATABASE":
                    self.glue.delete_table(DatabaseName=self.database, Name=old["Name"])
                    self.changes.note("TABLE", "DELETE", old["Name"])
                elif behaviour == "DEPRECATE_IN_DATABASE" and "DEPRECATED_BY_CRAWLER" not in parameters:
                    given = {name: value for name, value in old.items() if name in _INPUT}
                    given["Parameters"] = {**parameters, "DEPRECATED_BY_CRAWLER": str(int(time.time() * 1000))}
                    self.glue.update_table(DatabaseName=self.database, TableInput=given)
                    self.changes.note("TABLE", "DEPRECATE", old["Name"])

    def input(self, table: Table, name: str) -> Record:
        """The TableInput of a found table."""
        schema = table.schema
        size = sum(one["Size"] for one in table.files)
        parameters = {
            "CrawlerSchemaDeserializerVersion": "1.0",
            "CrawlerSchemaSerializerVersion": "1.0",
            "UPDATED_BY_CRAWLER": self.crawler["Name"],
            "classification": schema.classification,
            **schema.parameters,
            "objectCount": str(len(table.files)),
            "sizeKey": str(size),
            "averageRecordSize": str(max(1, size // max(1, int(schema.parameters.get("recordCount", "1"))))),
            "typeOfData": "file",
            **({"partition_filtering.enabled": "true"} if table.partition_keys else {}),
        }
        return {
            "Name": name,
            "Owner": "owner",
            "Retention": 0,
            "TableType": "EXTERNAL_TABLE",
            "Parameters": parameters,
            "PartitionKeys": [{"Name": key, "Type": "string"} for key in table.partition_keys],
            "StorageDescriptor": descriptor(schema, table.location, parameters),
        }

    def _free_name(self, table: Table) -> str:
        """The table's name; one that is taken by a table elsewhere gets a part of its location's hash."""
        import hashlib

        name = f"{self.crawler.get('TablePrefix') or ''}{table.name}".lower()
        old = self._existing(name)
        if old is None or old.get("StorageDescriptor", {}).get("Location", "") == table.location:
            return name
        return f"{name}_{hashlib.sha256(table.location.encode()).hexdigest()[:32]}"

    def _existing(self, name: str) -> Record | None:
        try:
            found: Record = self.glue.get_table(DatabaseName=self.database, Name=name)["Table"]
            return found
        except self.glue.exceptions.EntityNotFoundException:
            return None

    def _differs(self, old: Record, given: Record) -> bool:
        counts = ("objectCount", "sizeKey", "recordCount", "averageRecordSize")
        kept = {name: value for name, value in old.get("Parameters", {}).items() if name not in counts}
        wanted = {name: value for name, value in given["Parameters"].items() if name not in counts}
        return (
            old.get("StorageDescriptor", {}).get("Columns") != given["StorageDescriptor"]["Columns"]
            or old.get("PartitionKeys", []) != given["PartitionKeys"]
            or kept != wanted
        )

    def _write_partitions(self, table: Table, name: str, given: Record) -> None:
        inherit = self.output.get("Partitions", {}).get("AddOrUpdateBehavior") == "InheritFromTable"
        pages = self.glue.get_paginator("get_partitions").paginate(DatabaseName=self.database, TableName=name)
        old = {tuple(one["Values"]): one for page in pages for one in page["Partitions"]}
        added: list[Record] = []
        for values, folder in table.partitions.items():
            schema = table.schema if inherit or folder.schema is None else folder.schema
            location = f"s3://{table.bucket}/{folder.path}"
            parameters = {
                "classification": schema.classification,
                "objectCount": str(len(folder.files)),
                "sizeKey": str(sum(one["Size"] for one in folder.files)),
                "compressionType": schema.compression,
                "typeOfData": "file",
            }
            one: Record = {
                "Values": list(values),
                "StorageDescriptor": descriptor(schema, location, given["Parameters"]),
                "Parameters": parameters,
            }
            if values not in old:
                added.append(one)
            elif old[values]["StorageDescriptor"]["Columns"] != one["StorageDescriptor"]["Columns"]:
                self.glue.update_partition(
                    DatabaseName=self.database, TableName=name, PartitionValueList=list(values), PartitionInput=one
                )
                self.changes.note("PARTITION", "UPDATE", "/".join(values))
        for begin in range(0, len(added), 100):
            self.glue.batch_create_partition(
                DatabaseName=self.database, TableName=name, PartitionInputList=added[begin : begin + 100]
            )
        for one in added:
            self.changes.note("PARTITION", "ADD", "/".join(one["Values"]))
        if self.crawler["SchemaChangePolicy"]["DeleteBehavior"] != "LOG":
            for values in set(old) - set(table.partitions):
                self.glue.delete_partition(DatabaseName=self.database, TableName=name, PartitionValues=list(values))
                self.changes.note("PARTITION", "DELETE", "/".join(values))


def descriptor(schema: Schema, location: str, parameters: dict[str, str]) -> Record:
    """The StorageDescriptor of a table or partition."""
    input_format, output_format, library = _FORMATS.get(schema.classification, _TEXT)
    serde = dict(schema.serde)
    library = serde.pop("library", library)
    return {
        "Columns": [{"Name": name, "Type": hive.text(kind)} for name, kind in schema.columns.items()],
        "Location": location,
        "InputFormat": input_format,
        "OutputFormat": output_format,
        "Compressed": schema.compression != "none",
        "NumberOfBuckets": -1,
        "SerdeInfo": {
            **({"SerializationLibrary": library} if library else {}),
            "Parameters": serde or {"serialization.format": "1"},
        },
        "BucketColumns": [],
        "SortColumns": [],
        "Parameters": parameters,
        "StoredAsSubDirectories": False,
    }


def _added(old: Record, given: Record) -> list[Record]:
    """The old columns and those that are new."""
    kept: list[Record] = old["StorageDescriptor"]["Columns"]
    names = {one["Name"] for one in kept}
    return kept + [one for one in given["StorageDescriptor"]["Columns"] if one["Name"] not in names]


_INPUT = ("Name", "Description", "Owner", "Retention", "StorageDescriptor", "PartitionKeys", "TableType", "Parameters",
          "ViewOriginalText", "ViewExpandedText")  # fmt: skip
"""What of a Table may be in a TableInput."""
