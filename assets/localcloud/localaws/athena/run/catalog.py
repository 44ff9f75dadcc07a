"""The Glue catalogue, asked as the caller."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from botocore.exceptions import ClientError

from localaws.athena.sql.problems import QueryFailed

Table = dict[str, Any]


class Catalog:
    """Databases and tables that the caller may see."""

    def __init__(self, glue: Any, database: str) -> None:
        self.glue = glue
        self.database = database

    def table(self, database: str, name: str) -> Table:
        """A table. Raises QueryFailed where there is none."""
        try:
            found: Table = self.glue.get_table(DatabaseName=database, Name=name)["Table"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "EntityNotFoundException":
                raise refused(error) from None
            if not self.has_database(database):
                raise QueryFailed(
                    f"SCHEMA_NOT_FOUND: line 1:15: Schema '{database}' does not exist", 1006
                ) from None
            raise QueryFailed(
                f"TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.{database}.{name}' does not exist", 1006
            ) from None
        return found

    def has_database(self, name: str) -> bool:
        """Whether there is a database of that name."""
        try:
            self.glue.get_database(Name=name)
        except ClientError as error:
            if error.response["Error"]["Code"] == "EntityNotFoundException":
                return False
            raise refused(error) from None
        return True

    def has_table(self, database: str, name: str) -> bool:
        """Whether there is a table or a view of that name."""
        try:
            self.glue.get_table(DatabaseName=database, Name=name)
        except ClientError as error:
            if error.response["Error"]["Code"] == "EntityNotFoundException":
                return False
            raise refused(error) from None
        return True

    def partitions(self, database: str, name: str) -> list[dict[str, Any]]:
        """All partitions of a table."""
        return self._all("get_partitions", "Partitions", DatabaseName=database, TableName=name)

    def tables(self, database: str) -> list[Table]:
        """All tables of a database."""
        return self._all("get_tables", "TableList", DatabaseName=database)

    def databases(self) -> list[dict[str, Any]]:
        """All databases."""
        return self._all("get_databases", "DatabaseList")

    def change(self, operation: str, **given: Any) -> dict[str, Any]:
        """Call an operation of Glue's that changes something."""
        try:
            answer: dict[str, Any] = getattr(self.glue, operation)(**given)
        except ClientError as error:
            raise refused(error) from None
        return answer

    def _all(self, operation: str, name: str, **given: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        try:
            for page in self.glue.get_paginator(operation).paginate(**given):
                found += page[name]
        except ClientError as error:
            raise refused(error) from None
        return found


def refused(error: ClientError) -> QueryFailed:
    """Glue's error as the reason of a failed query."""
    said = error.response["Error"]
    if said["Code"] in ("AccessDeniedException", "AccessDenied"):
        return QueryFailed(f"Insufficient permissions to execute the query. {said['Message']}", 1104)
    if said["Code"] == "AlreadyExistsException":
        return QueryFailed(f"FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. "
                           f"AlreadyExistsException(message:{said['Message']})", 1301)
    return QueryFailed(f"FAILED: SemanticException {said['Message']}", 1301)


def is_view(table: Table) -> bool:
    """Whether the entry is a view."""
    return table.get("TableType") == "VIRTUAL_VIEW"


def view_query(table: Table) -> str:
    """The query of a view that Athena wrote."""
    match = re.match(r"/\*\s*Presto View:\s*(\S+)\s*\*/", table.get("ViewOriginalText", ""))
    if match is None:
        raise QueryFailed(f"INVALID_VIEW: View '{table['DatabaseName']}.{table['Name']}' is not a view of Athena's")
    return str(json.loads(base64.b64decode(match[1]))["originalSql"])


def view_text(query: str, database: str, columns: list[tuple[str, str]]) -> str:
    """What Athena writes for a view."""
    value = {
        "originalSql": query, "catalog": "awsdatacatalog", "schema": database,
        "columns": [{"name": name, "type": kind} for name, kind in columns],
    }
    return f"/* Presto View: {base64.b64encode(json.dumps(value).encode()).decode()} */"
