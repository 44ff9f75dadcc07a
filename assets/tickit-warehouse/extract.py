"""Brings TICKIT's raw tables from their sources into the lake, in one form.

Reads   each table's source: a file of the origin, objects of another bucket, or a table of a database
Writes  s3://<lake>/raw/<table>/<table>.csv, s3://<lake>/summary/extract.json

All sources are read before anything is written: when one of them is not right, the lake stays as it was.
"""

import argparse
import csv
import io
import json
import tempfile

import boto3
from botocore.exceptions import ClientError

try:
    import tickit_tables  # noqa: F401
except ImportError:  # Python shell is documented to take .egg and .whl files alone: bring the plain ones ourselves
    import sys
    import tempfile

    import boto3

    if "--extra-py-files" not in sys.argv:
        raise
    modules = tempfile.mkdtemp()
    for uri in sys.argv[sys.argv.index("--extra-py-files") + 1].split(","):
        bucket, _, key = uri.strip()[len("s3://"):].partition("/")
        boto3.client("s3").download_file(bucket, key, f"{modules}/{key.rpartition('/')[2]}")
    sys.path.insert(0, modules)

import tickit_databases
import tickit_files
from tickit_lake import Lake, MissingObject, Refused, download
from tickit_sources import DatabaseSource, SourceError, source
from tickit_tables import COLUMNS, TABLES


def options():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--lake", required=True)
    parser.add_argument("--origin", default="")
    for table in TABLES:
        parser.add_argument(f"--source-{table}", default="")
    parser.add_argument("--slipway-run-token", default="")
    # Glue adds arguments of its own.
    return parser.parse_known_args()[0]


def main():
    given = options()
    lake = Lake(given.lake)
    found, problems = {}, {}
    for table in TABLES:
        try:
            found[table] = Extract(table, source(table, getattr(given, f"source_{table}"), given.origin))
        except (SourceError, MissingObject, Refused) as error:
            problems[table] = str(error).removeprefix(f"{table}: ")
    if problems:
        raise SourceError("; ".join(f"{table}: {text}" for table, text in problems.items()))
    for table, extract in found.items():
        lake.write(lake.raw(table), extract.file, "text/csv")
        print(f"{table}: {extract.count} rows, {extract.malformed} of them malformed, from {extract.source}")
    lake.write_summary("extract", given.slipway_run_token, {
        "tables": {
            table: {
                "source": str(extract.source), "rows": extract.count, "malformed": extract.malformed,
                "objects": extract.objects,
            }
            for table, extract in found.items()
        }
    })


class Extract:
    """A table's rows in a temporary file, as they will be in the lake."""

    def __init__(self, table, where):
        self.table = table
        self.columns = COLUMNS[table]
        self.source = where
        self.count = self.malformed = 0
        self.objects = []
        """Where the lines of each object of a prefix begin: line 1 of the second follows the last of the first."""
        self.file = tempfile.TemporaryFile()
        text = io.TextIOWrapper(self.file, encoding="utf-8", newline="", write_through=False)
        self.writer = csv.writer(text, lineterminator="\n")
        # The writer leaves a bare CR unquoted, which no reader would take.
        self.quoting_writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
        self.writer.writerow(["line", *self.columns, "problem", "whole"])
        if isinstance(where, DatabaseSource):
            for number, values in tickit_databases.rows(where, self.columns):
                self.keep_values(number, values)
        else:
            self.read_objects()
        text.flush()
        text.detach()
        self.file.seek(0)

    def keep(self, line, values=None, problem="", whole=""):
        self.count += 1
        self.malformed += bool(problem)
        row = [line, *(values or [None] * len(self.columns)), problem, whole]
        writer = self.quoting_writer if "\r" in "".join(filter(None, row[1:])) else self.writer
        writer.writerow(row)

    def keep_values(self, number, values):
        """Keep a row of a database. It may have what no text file of the lake can."""
        problem = next(filter(None, map(tickit_files.unreadable, filter(None, values))), "")
        if problem:
            self.keep(number, problem=problem, whole=json.dumps(dict(zip(self.columns, values))))
        else:
            self.keep(number, values)

    def read_objects(self):
        s3 = boto3.client("s3")
        before = 0
        for key in self.keys(s3):
            self.objects.append({"key": key, "lines_before": before})
            with tempfile.TemporaryFile() as file:
                try:
                    download(s3, self.source.bucket, key, file)
                except MissingObject as error:
                    raise MissingObject(f"{error}{_beside(s3, self.source)}") from error
                file.seek(0)
                name = f"s3://{self.source.bucket}/{key}"
                last = 0
                for row in tickit_files.rows(
                    file, name, self.source.format(key), self.columns, self.source.options
                ):
                    last = row.line
                    self.keep(before + row.line, row.values, row.problem, row.whole)
                before += last

    def keys(self, s3):
        """The objects to read, in the order of their names. Raises MissingObject."""
        where = self.source
        if not where.is_prefix:
            return [where.key]
        found = _listed(s3, where.bucket, where.key)
        if not found:
            raise MissingObject(f"there is no object below {where}")
        return found


def _listed(s3, bucket, prefix):
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    try:
        keys = [one["Key"] for page in pages for one in page.get("Contents", [])]
    except ClientError as error:
        raise Refused(f"listing s3://{bucket}/{prefix}: {error}") from error
    return [key for key in keys if not key.endswith("/") and not key.rpartition("/")[2].startswith(("_", "."))]


def _beside(s3, where):
    """What is where a missing object should be; nothing when that may not be known."""
    folder = where.key.rpartition("/")[0]
    try:
        found = _listed(s3, where.bucket, f"{folder}/" if folder else "")
    except Refused:
        return ""
    shown = ", ".join(found[:8]) + (f" and {len(found) - 8} more" if len(found) > 8 else "")
    return f"; there {'is' if len(found) == 1 else 'are'} {shown}" if found else "; there is nothing beside it"


if __name__ == "__main__":
    main()
