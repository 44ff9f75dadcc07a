"""One query, from its text to the objects of its result."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from localaws.athena.run import ddl, paths, results, write
from localaws.athena.run.catalog import Catalog, view_text
from localaws.athena.run.results import Column
from localaws.athena.run.session import Session
from localaws.athena.sql import trino
from localaws.athena.sql.hive_ddl import NAME, names
from localaws.athena.sql.hive_types import to_athena, to_hive
from localaws.athena.sql.problems import Mismatched, QueryFailed, unsupported
from localaws.athena.sql.statements import bare, kind


@dataclass
class Answer:
    """What a query gave."""

    columns: list[Column] = field(default_factory=list)
    rows: list[list[str | None]] = field(default_factory=list)
    text: str | None = None
    """The result file; None where there is none."""
    suffix: str = ".csv"
    manifest: list[str] | None = None
    update_count: int | None = None
    scanned: int = 0


class Query:
    """A query that runs in a thread of its own; `stop` ends it from another."""

    def __init__(self, text: str, catalog: Catalog, s3: Any, directory: Path, output: str) -> None:
        self.text = bare(text)
        self._catalog = catalog
        self._s3 = s3
        self._directory = directory
        self._output = output
        self._session: Session | None = None
        self.stopped = False

    def stop(self) -> None:
        """End the query."""
        self.stopped = True
        if self._session is not None:
            self._session.interrupt()

    def run(self) -> Answer:
        """Carry it out. Raises QueryFailed."""
        found = kind(self.text)
        if found is None:
            raise QueryFailed("NOT_SUPPORTED: Queries of this type are not supported")
        if ddl.handles(found.substatement):
            lines = ddl.run(ddl.Ddl(self._catalog, self._s3), self.text, found.substatement)
            shown = found.statement_type == "UTILITY" or found.substatement == "MSCK_REPAIR_TABLE"
            return Answer([Column("result", "string")] if shown else [], [[one] for one in lines],
                          "".join(one + "\n" for one in lines), ".txt")
        rule = {
            "SELECT": self._select, "CREATE_TABLE_AS_SELECT": self._create_as, "INSERT": self._insert,
            "UNLOAD": self._unload, "CREATE_VIEW": self._create_view, "EXPLAIN": self._explain,
        }.get(found.substatement)
        if rule is None:
            raise unsupported(found.substatement.replace("_", " ") + " (which needs Iceberg)")
        import duckdb

        self._session = Session(self._catalog, self._s3, self._directory)
        try:
            answer = rule()
            answer.scanned = self._session.scanned
            return answer
        except Mismatched as error:
            raise QueryFailed(str(error)) from None
        except duckdb.Error as error:
            if self.stopped:
                raise QueryFailed("Query cancelled by user") from None
            raise QueryFailed(_reason(error)) from None
        finally:
            self._session.close()

    @property
    def _open(self) -> Session:
        assert self._session is not None
        return self._session

    def _select(self) -> Answer:
        text = self._open.prepare(trino.parse(self.text))
        done = self._open.connection.execute(text)
        columns = results.columns_of(done.description)
        rows = done.fetchall()
        shown = [
            [results.shown(value, column.type) for value, column in zip(row, columns, strict=True)] for row in rows
        ]
        return Answer(columns, shown, results.csv_text(columns, rows))

    def _explain(self) -> Answer:
        match = re.match(r"explain\s+(analyze\s+)?(?:\([^)]*\)\s*)?", self.text, re.I)
        assert match
        text = self._open.prepare(trino.parse(self.text[match.end() :]))
        rows = self._open.connection.execute(f"explain {'analyze ' if match[1] else ''}{text}").fetchall()
        lines = [line for row in rows for line in str(row[1]).splitlines()]
        return Answer([Column("Query Plan", "varchar")], [[one] for one in lines], "\n".join(lines) + "\n", ".txt")

    def _create_view(self) -> Answer:
        match = re.match(rf"create\s+(or\s+replace\s+)?view\s+({NAME})\s+as\s+(.*)", self.text, re.I | re.S)
        if match is None:
            raise unsupported("this form of CREATE VIEW")
        database, name = names(match[2])
        database = database or self._catalog.database
        text = self._open.prepare(trino.parse(match[3]))
        described = self._open.connection.execute(f"describe {text}").fetchall()
        columns = [(row[0], row[1]) for row in described]
        given = {
            "Name": name, "TableType": "VIRTUAL_VIEW", "Parameters": {"presto_view": "true", "comment": "Presto View"},
            "PartitionKeys": [], "ViewExpandedText": "/* Presto View */",
            "ViewOriginalText": view_text(match[3], database, [(one, to_athena(kind)) for one, kind in columns]),
            "StorageDescriptor": {
                "Columns": [{"Name": one, "Type": to_hive(kind)} for one, kind in columns], "Location": "",
                "Compressed": False, "NumberOfBuckets": 0, "StoredAsSubDirectories": False, "SerdeInfo": {},
            },
        }
        if self._catalog.has_table(database, name):
            if not match[1]:
                raise QueryFailed(f"View already exists: 'awsdatacatalog.{database}.{name}'")
            self._catalog.change("update_table", DatabaseName=database, TableInput=given)
        else:
            self._catalog.change("create_table", DatabaseName=database, TableInput=given)
        return Answer(text="", suffix=".txt")

    def _create_as(self) -> Answer:
        match = re.match(
            rf"create\s+table\s+(if\s+not\s+exists\s+)?({NAME})\s*(?:with\s*(\(.*?\))\s*)?as\s+(.*)",
            self.text, re.I | re.S,
        )
        if match is None:
            raise QueryFailed("SYNTAX_ERROR: CREATE TABLE AS cannot be understood")
        database, name = names(match[2])
        database = database or self._catalog.database
        if self._catalog.has_table(database, name):
            if match[1]:
                return Answer(text="", suffix="", manifest=[])
            raise QueryFailed("TABLE_ALREADY_EXISTS: line 1:1: Destination table "
                              f"'awsdatacatalog.{database}.{name}' already exists")
        query, with_data = _without_data(match[4])
        default = f"{self._output.rstrip('/')}/tables/{self._directory.name}/"
        output = write.output_of(_properties(match[3]), default)
        if paths.listed(self._s3, output.location):
            raise QueryFailed(f"HIVE_PATH_ALREADY_EXISTS: Target directory for table '{database}.{name}' already "
                              f"exists: {output.location}. You may need to manually clean the data")
        columns = self._evaluate(query, with_data)
        written = write.write(self._open, self._s3, self._directory, output, columns)
        table = write.table_input(name, output, columns)
        self._catalog.change("create_table", DatabaseName=database, TableInput=table)
        if output.partitions:
            write.add_partitions(self._catalog, database, table, written)
        return Answer(text="", suffix="", manifest=written.urls, update_count=written.rows)

    def _evaluate(self, query: str, with_data: bool = True) -> list[tuple[str, str]]:
        text = self._open.prepare(trino.parse(query))
        columns = write.run_query(self._open, text if with_data else f"select * from ({text}) where false")
        unnamed = [one for one, _ in columns if re.fullmatch(r"_col\d+", one)]
        if unnamed:
            at = [one for one, _ in columns].index(unnamed[0]) + 1
            raise QueryFailed(f"MISSING_COLUMN_NAME: line 1:1: Column name not specified at position {at}")
        return columns

    def _insert(self) -> Answer:
        match = re.match(
            rf"insert\s+into\s+({NAME})\s*(?:\(((?:\s*[\w`\"]+\s*,?)+)\)\s*(?=select|with|values|\())?(.*)",
            self.text, re.I | re.S,
        )
        assert match
        database, name = names(match[1])
        database = database or self._catalog.database
        table = self._catalog.table(database, name)
        output = write.output_of_table(table)
        named = [one.strip().strip('`"').lower() for one in match[2].split(",")] if match[2] else []
        into = write.insert_columns(table, named)
        text = self._open.prepare(trino.parse(match[3]))
        given = self._open.connection.execute(f"describe {text}").fetchall()
        if len(given) != len(into):
            raise QueryFailed("TYPE_MISMATCH: Insert query has mismatched column types: Table: "
                              f"{[one for _, one in into]}, Query: {[row[1] for row in given]}")
        casts = ", ".join(f'cast(x{n} as {one}) as "{column}"' for n, (column, one) in enumerate(into))
        aliases = ", ".join(f"x{n}" for n in range(len(into)))
        everything = write.insert_columns(table, [])
        absent = "".join(f', cast(null as {one}) as "{column}"' for column, one in everything
                         if column not in dict(into))
        order = ", ".join(f'"{column}"' for column, _ in everything)
        columns = write.run_query(
            self._open, f"select {order} from (select {casts}{absent} from ({text}) as given_({aliases}))"
        )
        written = write.write(self._open, self._s3, self._directory, output, columns)
        if output.partitions:
            write.add_partitions(self._catalog, database, table, written)
        return Answer(text="", suffix="", manifest=written.urls, update_count=written.rows)

    def _unload(self) -> Answer:
        match = re.match(r"unload\s*\((.*)\)\s*to\s+'([^']+)'\s*with\s*(\(.*\))\s*\Z", self.text, re.I | re.S)
        if match is None:
            raise QueryFailed("SYNTAX_ERROR: UNLOAD needs a query, TO and WITH (format = ...)")
        said = _properties(match[3])
        output = write.output_of(said, "unload")
        output.location = match[2]
        if paths.listed(self._s3, output.location):
            raise QueryFailed("HIVE_PATH_ALREADY_EXISTS: Target directory for UNLOAD is not empty: " + output.location)
        columns = self._evaluate(match[1])
        written = write.write(self._open, self._s3, self._directory, output, columns)
        return Answer(text="", suffix="", manifest=written.urls, update_count=written.rows)


def _without_data(query: str) -> tuple[str, bool]:
    match = re.search(r"\s+with\s+(no\s+)?data\s*\Z", query, re.I)
    return (query[: match.start()], not match[1]) if match else (query, True)


def _properties(text: str | None) -> dict[str, Any]:
    """`(format = 'PARQUET', partitioned_by = ARRAY['a'])` as a dictionary."""
    found: dict[str, Any] = {}
    for name, string, array, word in re.findall(
        r"(\w+)\s*=\s*(?:'((?:[^']|'')*)'|array\s*\[([^\]]*)\]|(\w+))", text or "", re.I
    ):
        if array:
            found[name.lower()] = re.findall(r"'([^']*)'", array)
        else:
            found[name.lower()] = string.replace("''", "'") if string or not word else word
    return found


_REASONS = (
    (r'Referenced column "([^"]+)" (?:was )?not found', "COLUMN_NOT_FOUND: line 1:8: Column '{0}' cannot be resolved"),
    (r"(?:Scalar|Aggregate|Table) Function with name (?:trino_)?(\w+) does not exist",
     "FUNCTION_NOT_FOUND: line 1:8: Function '{0}' not registered"),
    (r"Division by zero", "DIVISION_BY_ZERO: Division by zero"),
    (r"Could not convert string '([^']*)' to (\w+)", "INVALID_CAST_ARGUMENT: Cannot cast '{0}' to {1}"),
)


def _reason(error: Exception) -> str:
    """DuckDB's complaint in Athena's words where they are known."""
    text = str(error)
    for pattern, reason in _REASONS:
        if match := re.search(pattern, text):
            return reason.format(*match.groups())
    first = text.strip().splitlines()[0]
    names_of = {
        "Parser Error": "SYNTAX_ERROR", "Binder Error": "SYNTAX_ERROR", "Conversion Error": "INVALID_CAST_ARGUMENT",
        "Invalid Input Error": "INVALID_FUNCTION_ARGUMENT", "Out of Memory Error": "EXCEEDED_LOCAL_MEMORY_LIMIT",
    }
    head, _, rest = first.partition(": ")
    return f"{names_of.get(head, 'GENERIC_INTERNAL_ERROR')}: {rest or first}"


def manifest_text(urls: list[str]) -> str:
    """The manifest of files that a query wrote."""
    return "".join(url + "\n" for url in urls)


def runtime(answer: Answer) -> str:
    """Rows of a result as JSON, one to a line: how results are kept for GetQueryResults."""
    return json.dumps({"columns": [one.info() for one in answer.columns], "rows": answer.rows})
