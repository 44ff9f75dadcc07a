"""CREATE TABLE AS, INSERT and UNLOAD: rows written to S3 as the caller.

Source: https://docs.aws.amazon.com/athena/latest/ug/create-table-as.html
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localaws.athena.run import paths
from localaws.athena.run.catalog import Catalog, Table
from localaws.athena.run.session import Session
from localaws.athena.sql.hive_types import to_duckdb, to_hive
from localaws.athena.sql.problems import QueryFailed, unsupported

_SERDE = {
    "parquet": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    "orc": "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
    "json": "org.openx.data.jsonserde.JsonSerDe",
    "textfile": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
}


@dataclass
class Output:
    """Where and how rows are written."""

    location: str
    format: str
    partitions: list[str]
    compression: str = ""
    delimiter: str = "\x01"


@dataclass
class Written:
    """What was written."""

    rows: int
    urls: list[str]
    partitions: list[tuple[tuple[str, ...], str]]
    """Values and location of each partition."""


def run_query(session: Session, text: str) -> list[tuple[str, str]]:
    """Put the result of a query into the table `written_`; answers names and DuckDB types of its columns."""
    session.connection.execute(f"create table main.written_ as {text}")
    described = session.connection.execute("describe main.written_").fetchall()
    return [(row[0], row[1]) for row in described]


def write(session: Session, s3: Any, directory: Path, output: Output, columns: list[tuple[str, str]]) -> Written:
    """Write the table `written_` to S3, one file for each partition."""
    connection = session.connection
    plain = [name for name, _ in columns if name not in output.partitions]
    chosen = ", ".join(f'"{name}"' for name in plain)
    keys = ", ".join(f'"{name}"' for name in output.partitions)
    parts: list[tuple[Any, ...]] = [()]
    if output.partitions:
        parts = connection.execute(f"select distinct {keys} from main.written_ order by all").fetchall()
        if len(parts) > 100:
            raise QueryFailed("HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of 100 open writers for partitions")
    bucket, prefix = paths.bucket_and_key(output.location.rstrip("/") + "/")
    done = Written(0, [], [])
    for number, values in enumerate(parts):
        where, given = "true", []
        folder = ""
        for name, value in zip(output.partitions, values, strict=True):
            where += f' and "{name}" is not distinct from ?'
            given.append(value)
            folder += f"{name}={'__HIVE_DEFAULT_PARTITION__' if value is None else _value(value)}/"
        target = directory / f"out{number}"
        query = connection.execute(f"select {chosen} from main.written_ where {where}", given)
        count = _file(query.to_arrow_table(), target, output)
        suffix = {"textfile": ".gz", "json": ".gz"}.get(output.format, "") if output.compression != "none" else ""
        key = f"{prefix}{folder}{uuid.uuid4()}{suffix}"
        with paths.denied(f"s3://{bucket}/{key}"):
            s3.put_object(Bucket=bucket, Key=key, Body=target.read_bytes())
        target.unlink()
        done.rows += count
        done.urls.append(f"s3://{bucket}/{key}")
        if output.partitions:
            shown = tuple("__HIVE_DEFAULT_PARTITION__" if value is None else _value(value) for value in values)
            done.partitions.append((shown, f"s3://{bucket}/{prefix}{folder}"))
    return done


def _value(value: Any) -> str:
    from localaws.athena.run.results import shown

    text = str(shown(value))
    return re.sub(r"\.000$", "", text) if hasattr(value, "hour") else text


def _file(table: Any, target: Path, output: Output) -> int:
    """Write an Arrow table in the format asked for."""
    import gzip
    import json

    from pyarrow import orc, parquet

    from localaws.athena.run.results import shown

    if output.format == "parquet":
        parquet.write_table(table, target, compression=output.compression or "gzip")
    elif output.format == "orc":
        orc.write_table(table, str(target))
    else:
        rows = table.to_pylist()
        if output.format == "json":
            text = "".join(json.dumps(row, default=shown, separators=(",", ":")) + "\n" for row in rows)
        else:
            text = "".join(
                output.delimiter.join("\\N" if value is None else str(shown(value)) for value in row.values()) + "\n"
                for row in rows
            )
        target.write_bytes(text.encode() if output.compression == "none" else gzip.compress(text.encode()))
    return int(table.num_rows)


def output_of(properties: dict[str, Any], location: str) -> Output:
    """What the WITH of a CTAS or an UNLOAD says."""
    kind = str(properties.get("format", "parquet")).lower()
    if kind not in _SERDE:
        raise unsupported(f"format {kind.upper()}")
    if "bucketed_by" in properties or str(properties.get("table_type", "hive")).lower() == "iceberg":
        raise unsupported("bucketing and Iceberg")
    compression = str(
        properties.get("write_compression") or properties.get(f"{kind}_compression")
        or properties.get("compression", "")
    ).lower()
    delimiter = str(properties.get("field_delimiter", "," if location == "unload" else "\x01"))
    return Output(str(properties.get("external_location") or location), kind,
                  [str(one).lower() for one in properties.get("partitioned_by", [])], compression, delimiter)


def table_input(name: str, output: Output, columns: list[tuple[str, str]]) -> Table:
    """The catalogue's entry for what was written."""
    serde = {"serialization.format": "1"}
    if output.format == "textfile":
        serde = {"field.delim": output.delimiter, "serialization.format": output.delimiter}
    described = {key: {"Name": key, "Type": to_hive(kind)} for key, kind in columns}
    return {
        "Name": name, "TableType": "EXTERNAL_TABLE", "Parameters": {"EXTERNAL": "TRUE", "has_encrypted_data": "false"},
        "PartitionKeys": [described[key] for key in output.partitions], "Retention": 0,
        "StorageDescriptor": {
            "Columns": [one for key, one in described.items() if key not in output.partitions],
            "Location": output.location, "InputFormat": "", "OutputFormat": "", "Compressed": False,
            "NumberOfBuckets": -1, "StoredAsSubDirectories": False,
            "SerdeInfo": {"SerializationLibrary": _SERDE[output.format], "Parameters": serde},
        },
    }


def output_of_table(table: Table) -> Output:
    """How INSERT writes to a table that exists."""
    descriptor = table["StorageDescriptor"]
    library = descriptor["SerdeInfo"]["SerializationLibrary"]
    kind = next((name for name, serde in _SERDE.items() if serde == library), "")
    if not kind and "json" in library.lower():
        kind = "json"
    if not kind:
        raise unsupported(f"INSERT into a table with the SerDe {library}")
    parameters = descriptor["SerdeInfo"].get("Parameters", {})
    return Output(descriptor["Location"], kind, [one["Name"] for one in table.get("PartitionKeys", [])],
                  "snappy" if kind == "parquet" else "", parameters.get("field.delim", "\x01"))


def add_partitions(catalog: Catalog, database: str, table: Table, written: Written) -> None:
    """Tell the catalogue of the partitions that were written."""
    known = {tuple(one["Values"]) for one in catalog.partitions(database, table["Name"])}
    for values, location in written.partitions:
        if values not in known:
            catalog.change("create_partition", DatabaseName=database, TableName=table["Name"], PartitionInput={
                "Values": list(values), "StorageDescriptor": {**table["StorageDescriptor"], "Location": location}})


def insert_columns(table: Table, named: list[str]) -> list[tuple[str, str]]:
    """Names and types of the columns an INSERT fills, in its order."""
    described = {
        one["Name"]: to_duckdb(one["Type"])
        for one in [*table["StorageDescriptor"]["Columns"], *table.get("PartitionKeys", [])]
    }
    for name in named:
        if name not in described:
            raise QueryFailed(f"COLUMN_NOT_FOUND: Insert column name does not exist in target table: {name}")
    return [(name, described[name]) for name in named or described]
