"""The Glue catalogue for Spark SQL, to read: tables that a statement names are made known to Spark first.

On AWS the catalogue stands in for Hive's metastore. Here statements that would change it are refused, since they would
change Spark's memory alone.
"""

import re

import boto3

_known = set()
_CHANGES = re.compile(
    r"^\s*(create\s+(or\s+replace\s+)?(external\s+)?table|alter\s+table|drop\s+table|msck|insert)\b", re.I
)


def install():
    """Put ourselves before `spark.sql` and `spark.table`."""
    from pyspark.sql import DataFrameReader, SparkSession

    sql, table, read_table = SparkSession.sql, SparkSession.table, DataFrameReader.table

    def catalogued_sql(self, sqlQuery, *arguments, **options):
        if _CHANGES.match(sqlQuery):
            raise NotImplementedError("the local Glue gives Spark SQL the catalogue to read; write with DataFrames")
        if used := re.match(r"\s*use\s+(?:database\s+)?`?(\w+)`?\s*;?\s*$", sqlQuery, re.I):
            _database(self, sql, used[1])
        for database, name in _named(sqlQuery, self.catalog.currentDatabase()):
            _make_known(self, sql, database, name)
        return sql(self, sqlQuery, *arguments, **options)

    def catalogued_table(self, tableName):
        _of_name(self, sql, tableName)
        return table(self, tableName)

    def catalogued_read(self, tableName):
        _of_name(self._spark, sql, tableName)
        return read_table(self, tableName)

    SparkSession.sql, SparkSession.table, DataFrameReader.table = catalogued_sql, catalogued_table, catalogued_read


def _named(query, current):
    """Pairs of database and table that a statement may name."""
    names = re.findall(r"\b(?:from|join|describe|table)\s+`?(\w+)`?(?:\.`?(\w+)`?)?", query, re.I)
    return {(one, two) if two else (current, one) for one, two in names}


def _of_name(session, sql, name):
    database, _, table = name.replace("`", "").rpartition(".")
    _make_known(session, sql, database or session.catalog.currentDatabase(), table)


def _database(session, sql, name):
    sql(session, f"create database if not exists `{name}`")


def _make_known(session, sql, database, name):
    if (database, name) in _known:
        return
    glue = boto3.client("glue")
    try:
        table = glue.get_table(DatabaseName=database, Name=name)["Table"]
    except glue.exceptions.EntityNotFoundException:
        return
    _known.add((database, name))
    from awsglue.context import _format

    form, options = _format(table)
    location = table["StorageDescriptor"]["Location"]
    keys = table.get("PartitionKeys") or []
    columns = ", ".join(f"`{one['Name']}` {one['Type']}" for one in table["StorageDescriptor"]["Columns"] + keys)
    settings = {"path": location}
    if form == "csv":
        settings |= {"header": str(options["withHeader"]).lower(), "sep": options["separator"]}
    told = ", ".join(f"{key} '{_escaped(value)}'" for key, value in settings.items())
    names = ", ".join("`" + one["Name"] + "`" for one in keys)
    parts = f" partitioned by ({names})"
    _database(session, sql, database)
    sql(
        session, f"create table `{database}`.`{name}` ({columns}) using {form} options ({told}){parts if keys else ''}"
    )
    if keys:
        sql(session, f"msck repair table `{database}`.`{name}`")


def _escaped(text):
    return text.replace("\\", "\\\\").replace("'", "\\'")
