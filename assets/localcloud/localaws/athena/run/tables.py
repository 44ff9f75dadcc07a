"""Tables of the catalogue as views of DuckDB over files fetched from S3."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from localaws.athena.run import paths, projection
from localaws.athena.run.catalog import Catalog, Table
from localaws.athena.sql.hive_types import to_duckdb
from localaws.athena.sql.problems import QueryFailed, unsupported

_ORC_ROWS = "orc_rows_"


class Reader:
    """Fetches tables into a directory and makes views over them."""

    def __init__(self, connection: Any, s3: Any, catalog: Catalog, directory: Path) -> None:
        self._connection = connection
        self._s3 = s3
        self._catalog = catalog
        self._directory = directory
        self._count = 0
        self.scanned = 0
        """Bytes fetched."""

    def make(self, database: str, table: Table) -> None:
        """Make a view over a table's files, its partitions as columns."""
        keys = [(one["Name"], one["Type"]) for one in table.get("PartitionKeys", [])]
        files: list[tuple[str, tuple[str, ...]]] = []
        for location, values in self._locations(database, table, keys):
            for bucket, key, size in paths.listed(self._s3, location):
                self._count += 1
                suffix = Path(key).suffix if Path(key).suffix not in (".gz", ".bz2", ".zst") else ""
                target = self._directory / f"{self._count}{suffix}"
                paths.fetched(self._s3, bucket, key, target)
                self.scanned += size
                files.append((str(target), values))
        descriptor = table["StorageDescriptor"]
        rows = self._rows(descriptor, table, [path for path, _ in files]) if files else _no_rows(descriptor)
        name = f'"{database}"."{table["Name"]}"'
        self._connection.execute(f'create schema if not exists "{database}"')
        if not keys:
            names = ", ".join(f'"{one["Name"]}"' for one in descriptor["Columns"])
            self._connection.execute(f"create view {name} as select {names} from ({rows})")
            return
        self._count += 1
        mapping = f"main.partitions_{self._count}"
        self._connection.execute(
            f"create table {mapping} (file_ varchar, " + ", ".join(f'"{one}" varchar' for one, _ in keys) + ")"
        )
        marks = ", ".join("?" * (len(keys) + 1))
        for path, values in files:
            self._connection.execute(f"insert into {mapping} values ({marks})", [path, *values])
        own = ", ".join(f'r."{one["Name"]}"' for one in descriptor["Columns"])
        extra = ", ".join(f'cast(p."{one}" as {to_duckdb(kind)}) as "{one}"' for one, kind in keys)
        self._connection.execute(
            f"create view {name} as select {own}, {extra} from ({rows}) r join {mapping} p on r.file_ = p.file_"
        )

    def _locations(
        self, database: str, table: Table, keys: list[tuple[str, str]]
    ) -> list[tuple[str, tuple[str, ...]]]:
        """Where the data lies, with the partition's values."""
        location = table["StorageDescriptor"].get("Location", "")
        if not keys:
            return [(location, ())]
        if table.get("Parameters", {}).get("projection.enabled", "").lower() == "true":
            return projection.locations(table, keys)
        return [
            (one["StorageDescriptor"].get("Location") or location, tuple(one["Values"]))
            for one in self._catalog.partitions(database, table["Name"])
        ]

    def _rows(self, descriptor: dict[str, Any], table: Table, files: list[str]) -> str:
        """A query over files, with `file_` and the declared columns in their types."""
        serde = descriptor.get("SerdeInfo", {}).get("SerializationLibrary", "")
        options = {**table.get("Parameters", {}), **descriptor.get("Parameters", {}),
                   **descriptor.get("SerdeInfo", {}).get("Parameters", {})}
        columns = [(one["Name"].lower(), to_duckdb(one["Type"])) for one in descriptor["Columns"]]
        if "parquet" in serde.lower():
            return self._columnar(f"read_parquet({_list(files)}, union_by_name=true, filename=true)", columns)
        if "orc" in serde.lower():
            return self._orc(files, columns)
        if "json" in serde.lower():
            return _json(files, columns, options)
        if "opencsv" in serde.lower():
            return self._csv(files, columns, options)
        if "regexserde" in serde.lower():
            return _regex(files, columns, options)
        if "lazysimple" in serde.lower() or not serde:
            return _delimited(files, columns, options)
        raise unsupported(f"the SerDe {serde}")

    def _columnar(self, source: str, columns: list[tuple[str, str]]) -> str:
        """Columns by name; one that no file has is null."""
        described = self._connection.execute(f"describe select * from {source}").fetchall()
        found = {row[0].lower(): row[0] for row in described}
        chosen = [
            f'cast("{found[name]}" as {kind}) as "{name}"' if name in found else f'cast(null as {kind}) as "{name}"'
            for name, kind in columns
        ]
        return f"select filename as file_, {', '.join(chosen)} from {source}"

    def _orc(self, files: list[str], columns: list[tuple[str, str]]) -> str:
        import pyarrow
        from pyarrow import orc

        parts = []
        for path in files:
            part = orc.read_table(path)
            parts.append(part.append_column("filename", pyarrow.array([path] * part.num_rows, pyarrow.string())))
        self._count += 1
        name = f"main.{_ORC_ROWS}{self._count}"
        rows = pyarrow.concat_tables(parts, promote_options="default")
        self._connection.register("arrow_rows", rows)
        self._connection.execute(f"create table {name} as select * from arrow_rows")
        self._connection.unregister("arrow_rows")
        return self._columnar(name, columns)

    def _csv(self, files: list[str], columns: list[tuple[str, str]], options: dict[str, str]) -> str:
        """OpenCSVSerde: quotes are understood; dates are days and timestamps milliseconds since 1970.

        Source: https://docs.aws.amazon.com/athena/latest/ug/csv-serde.html
        """
        import csv

        skip = int(options.get("skip.header.line.count", "0"))
        escape = options.get("escapeChar", "\\")
        quote = options.get("quoteChar", '"')
        self._count += 1
        table = f"main.csv_{self._count}"
        names = ", ".join(f"c{n} varchar" for n in range(len(columns)))
        self._connection.execute(f"create table {table} (file_ varchar, {names})")
        for path in files:
            with open(path, newline="", errors="replace") as file:
                reader = csv.reader(file, delimiter=options.get("separatorChar", ","), quotechar=quote,
                                    escapechar=None if escape in (quote, "") else escape, doublequote=True)
                rows = [(path, *(row + [None] * len(columns))[: len(columns)]) for n, row in enumerate(reader)
                        if n >= skip and row]
            if rows:
                self._connection.executemany(
                    f"insert into {table} values ({', '.join('?' * (len(columns) + 1))})", rows
                )
        chosen = [f'{_from_open_csv(f"c{n}", kind)} as "{name}"' for n, (name, kind) in enumerate(columns)]
        return f"select file_, {', '.join(chosen)} from {table}"


def _from_open_csv(column: str, kind: str) -> str:
    text = f"nullif({column}, '')"
    if kind == "VARCHAR":
        return column
    if kind == "DATE":
        return f"date '1970-01-01' + cast({text} as integer)"
    if kind == "TIMESTAMP":
        return f"make_timestamp(cast({text} as bigint) * 1000)"
    return f"cast({text} as {kind})"


def _no_rows(descriptor: dict[str, Any]) -> str:
    columns = [f'cast(null as {to_duckdb(one["Type"])}) as "{one["Name"]}"' for one in descriptor["Columns"]]
    return f"select cast(null as varchar) as file_, {', '.join(columns)} where false"


def _lines(files: list[str], options: dict[str, str]) -> str:
    """A query of `file_` and `line`."""
    skip = int(options.get("skip.header.line.count", "0"))
    return (
        "select filename as file_, unnest(string_split(replace(rtrim(content, chr(10)), chr(13) || chr(10), "
        f"chr(10)), chr(10))[{skip + 1}:]) as line from read_text({_list(files)})"
    )


def _delimited(files: list[str], columns: list[tuple[str, str]], options: dict[str, str]) -> str:
    """LazySimpleSerDe: no quotes; what cannot be read as its type is null.

    Source: https://docs.aws.amazon.com/athena/latest/ug/lazy-simple-serde.html
    """
    delimiter = _delimiter(options.get("field.delim") or options.get("separatorChar") or "\x01")
    null = options.get("serialization.null.format", "\\N")
    items = _delimiter(options.get("collection.delim", "\x02"))
    keys = _delimiter(options.get("mapkey.delim", "\x03"))
    chosen = []
    for n, (name, kind) in enumerate(columns, 1):
        text = f"nullif(f[{n}], {_text(null)})"
        if kind.endswith("[]"):
            value = f"try_cast(string_split({text}, {_text(items)}) as {kind})"
        elif kind.startswith("MAP"):
            pairs = f"list_transform(string_split({text}, {_text(items)}), lambda x: string_split(x, {_text(keys)}))"
            value = f"try_cast(map_from_entries(list_transform({pairs}, lambda x: row(x[1], x[2]))) as {kind})"
        elif kind == "VARCHAR":
            value = text
        else:
            value = f"try_cast(trim({text}) as {kind})"
        chosen.append(f'{value} as "{name}"')
    return (f"select file_, {', '.join(chosen)} from (select file_, string_split(line, {_text(delimiter)}) as f from "
            f"({_lines(files, options)}))")


def _regex(files: list[str], columns: list[tuple[str, str]], options: dict[str, str]) -> str:
    """RegexSerDe: a line that does not match is a row of nulls."""
    pattern = options.get("input.regex")
    if not pattern:
        raise QueryFailed("HIVE_SERDE_NOT_FOUND: the table has no input.regex")
    chosen = [
        f'try_cast(case when ok then regexp_extract(line, {_text(pattern)}, {n}) end as {kind}) as "{name}"'
        for n, (name, kind) in enumerate(columns, 1)
    ]
    return (f"select file_, {', '.join(chosen)} from (select *, regexp_full_match(line, {_text(pattern)}) as ok from "
            f"({_lines(files, options)}))")


def _json(files: list[str], columns: list[tuple[str, str]], options: dict[str, str]) -> str:
    """A JSON object on each line; names are matched without regard to case."""
    lenient = options.get("ignore.malformed.json", "false").lower() == "true"
    mapped = {name: options.get(f"mapping.{name}", name) for name, _ in columns}
    chosen = []
    for name, kind in columns:
        key = mapped[name].replace("'", "''")
        other = f"list_filter(json_keys(j), lambda k: lower(k) = '{key.lower()}')[1]"
        value = f"coalesce(j -> '$.\"{key}\"', j -> ('$.\"' || {other} || '\"'))"
        if kind == "VARCHAR":
            chosen.append(f'json_value_text({value}) as "{name}"')
        else:
            chosen.append(f'{"try_cast" if lenient else "cast"}({value} as {kind}) as "{name}"')
    parsed = "try_cast(line as json)" if lenient else "cast(line as json)"
    return (f"select file_, {', '.join(chosen)} from (select file_, {parsed} as j from ({_lines(files, options)}) "
            "where trim(line) <> '')")


def _list(files: list[str]) -> str:
    return "[" + ", ".join(_text(path) for path in files) + "]"


def _text(value: str) -> str:
    parts = re.split(r"([\x00-\x1f])", value)
    shown = [f"chr({ord(part)})" if len(part) == 1 and ord(part) < 32 else "'" + part.replace("'", "''") + "'"
             for part in parts if part]
    return "(" + " || ".join(shown) + ")" if shown else "''"


def _delimiter(text: str) -> str:
    from localaws.athena.sql.hive_ddl import unquote

    return chr(int(text)) if re.fullmatch(r"\d{1,2}", text) else unquote(text)
