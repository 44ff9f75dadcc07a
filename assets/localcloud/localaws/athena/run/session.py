"""One query's DuckDB: the tables it names, and then no reach beyond them."""

from __future__ import annotations

import shutil
import threading
from importlib import resources
from pathlib import Path
from typing import Any

from localaws.athena.run.catalog import Catalog, is_view, view_query
from localaws.athena.run.tables import Reader
from localaws.athena.sql import trino
from localaws.athena.sql.problems import QueryFailed, unsupported

_CONFIG = {
    "threads": "2", "memory_limit": "1GB", "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


class Session:
    """A database in memory for one query. Close it."""

    def __init__(self, catalog: Catalog, s3: Any, directory: Path) -> None:
        import duckdb

        directory.mkdir(parents=True, mode=0o700)
        self._directory = directory
        self._catalog = catalog
        self.connection = duckdb.connect(":memory:", config={**_CONFIG, "temp_directory": str(directory / "spill")})
        self.connection.execute("set TimeZone = 'UTC'")
        self.connection.execute(_macros())
        self._reader = Reader(self.connection, s3, catalog, directory)
        self._made: set[tuple[str, str]] = set()
        self._stopped = threading.Event()

    @property
    def scanned(self) -> int:
        """Bytes read from S3."""
        return self._reader.scanned

    def interrupt(self) -> None:
        """Stop what runs, from another thread."""
        self._stopped.set()
        self.connection.interrupt()

    def close(self) -> None:
        """Drop everything."""
        self.connection.close()
        shutil.rmtree(self._directory, ignore_errors=True)

    def prepare(self, tree: Any) -> str:
        """Make the tables of a query, close the database to everything else, and answer the query in its words."""
        text = self._bound(tree, self._catalog.database)
        here = str(self._directory).replace("'", "''")
        for statement in (
            f"set allowed_directories = ['{here}/']",
            "set enable_external_access = false",
            "set lock_configuration = true",
        ):
            self.connection.execute(statement)
        if self._stopped.is_set():
            raise QueryFailed("Query cancelled by user")
        return text

    def _bound(self, tree: Any, database: str) -> str:
        """Make every table that a query names; the query with their full names."""
        from sqlglot import exp

        tree = tree.copy()
        for function in tree.find_all(exp.Table):
            if not isinstance(function.this, exp.Identifier):
                raise unsupported("a table function")
        for table in list(tree.find_all(exp.Table)):
            if not table.db and _is_named_in_query(table):
                continue
            name = table.name.lower()
            place = table.db.lower() or database
            table.set("catalog", None)
            if place == "information_schema":
                self._information_schema()
                table.set("db", exp.to_identifier("glue_information"))
                continue
            if not place:
                raise QueryFailed("MISSING_SCHEMA_NAME: Schema is not set and no database was given")
            if name.endswith("$partitions"):
                self._partitions(place, name.removesuffix("$partitions"))
            else:
                self._make(place, name)
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(name, quoted=True)))
            table.set("db", exp.to_identifier(place, quoted=True))
            table.set("this", exp.to_identifier(name, quoted=True))
        text = trino.to_duckdb(tree)
        if tree.find(exp.Unnest) is not None:
            import duckdb

            try:
                self.connection.execute(f"describe {text}")
            except duckdb.BinderException:
                return trino.to_duckdb(tree, rows=True)
        return text

    def _make(self, database: str, name: str) -> None:
        if (database, name) in self._made:
            return
        self._made.add((database, name))
        table = self._catalog.table(database, name)
        if not is_view(table):
            self._reader.make(database, table)
            return
        text = self._bound(trino.parse(view_query(table)), database)
        self.connection.execute(f'create schema if not exists "{database}"')
        self.connection.execute(f'create view "{database}"."{name}" as {text}')

    def _partitions(self, database: str, name: str) -> None:
        shown = f"{name}$partitions"
        if (database, shown) in self._made:
            return
        self._made.add((database, shown))
        table = self._catalog.table(database, name)
        keys = [one["Name"] for one in table.get("PartitionKeys", [])]
        self.connection.execute(f'create schema if not exists "{database}"')
        columns = ", ".join(f'"{one}" varchar' for one in keys)
        self.connection.execute(f'create table "{database}"."{shown}" ({columns})')
        for one in self._catalog.partitions(database, name):
            marks = ", ".join("?" * len(keys))
            self.connection.execute(f'insert into "{database}"."{shown}" values ({marks})', one["Values"])

    def _information_schema(self) -> None:
        if ("", "information_schema") in self._made:
            return
        self._made.add(("", "information_schema"))
        run = self.connection.execute
        run("create schema glue_information")
        run("create table glue_information.schemata (catalog_name varchar, schema_name varchar)")
        run("create table glue_information.tables (table_catalog varchar, table_schema varchar, table_name varchar, "
            "table_type varchar)")
        run("create table glue_information.columns (table_catalog varchar, table_schema varchar, table_name varchar, "
            "column_name varchar, ordinal_position bigint, column_default varchar, is_nullable varchar, "
            "data_type varchar)")
        for database in self._catalog.databases():
            name = database["Name"]
            run("insert into glue_information.schemata values ('awsdatacatalog', ?)", [name])
            for table in self._catalog.tables(name):
                kind = "VIEW" if is_view(table) else "BASE TABLE"
                run("insert into glue_information.tables values ('awsdatacatalog', ?, ?, ?)",
                    [name, table["Name"], kind])
                columns = [*table.get("StorageDescriptor", {}).get("Columns", []), *table.get("PartitionKeys", [])]
                for number, column in enumerate(columns, 1):
                    shown = {"string": "varchar", "int": "integer"}.get(column["Type"], column["Type"])
                    run("insert into glue_information.columns values ('awsdatacatalog', ?, ?, ?, ?, null, 'YES', ?)",
                        [name, table["Name"], column["Name"], number, shown])


def _is_named_in_query(table: Any) -> bool:
    """Whether the name is one that a WITH around the table gives."""
    from sqlglot import exp

    scope = table.parent
    while scope is not None:
        clause = scope.args.get("with_") or scope.args.get("with") if isinstance(scope, exp.Expression) else None
        if clause is not None and any(one.alias.lower() == table.name.lower() for one in clause.expressions):
            return True
        scope = scope.parent
    return False


def _macros() -> str:
    text = resources.files("localaws.athena.sql").joinpath("macros.sql").read_text()
    return text + (
        "create macro json_value_text(j) as case json_type(j) when 'OBJECT' then j::varchar "
        "when 'ARRAY' then j::varchar when 'NULL' then null else j ->> '$' end;"
    )
