"""Parts TICKIT's raw rows into those that are right, typed, and those that are not, with the reasons.

Reads   s3://<lake>/raw/<table>/<table>.csv
Writes  s3://<lake>/validated/<table>/<table>.parquet, s3://<lake>/rejected/<table>/<table>.jsonl,
        s3://<lake>/summary/validate.json

A row that refers to a rejected row is rejected too. Nothing is written when more rows than allowed are rejected.
"""

import argparse
import collections
import csv
import io
import json
import sys

import pyarrow
from pyarrow import parquet
from pydantic import ValidationError

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

from tickit_lake import Denied, Lake, MissingObject
from tickit_models import MODELS, reasons
from tickit_tables import COLUMNS, REFERENCES, TABLES

SMALL, WHOLE, AMOUNT = pyarrow.int16(), pyarrow.int32(), pyarrow.decimal128(8, 2)
TYPES = {
    **dict.fromkeys(["catid", "dateid", "venueid", "week", "qtr", "year", "numtickets", "qtysold"], SMALL),
    **dict.fromkeys(["eventid", "userid", "listid", "sellerid", "buyerid", "salesid", "venueseats"], WHOLE),
    **dict.fromkeys(["priceperticket", "totalprice", "pricepaid", "commission"], AMOUNT),
    **dict.fromkeys(["starttime", "listtime", "saletime"], pyarrow.timestamp("us")),
    **dict.fromkeys([name for name in COLUMNS["users"] if name.startswith("like")], pyarrow.bool_()),
    "caldate": pyarrow.date32(),
    "holiday": pyarrow.bool_(),
}
"""Types of the columns that are no texts."""


class TooManyRejects(Exception):
    """More rows of a table are wrong than may be."""


class NotExtracted(Exception):
    """There is no raw table that could be validated."""


def options():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--lake", required=True)
    parser.add_argument("--max-rejects", default="10%")
    parser.add_argument("--slipway-run-token", default="")
    # Glue adds arguments of its own.
    return parser.parse_known_args()[0]


def main():
    given = options()
    limits = Limits(given.max_rejects or "10%")
    lake = Lake(given.lake)
    keys, done = {}, {}
    for table in TABLES:
        done[table] = Validation(table, raw_rows(lake, table), keys)
        keys[table] = done[table].keys
        print(f"{table}: {done[table].count} rows, {len(done[table].keys)} valid, {len(done[table].rejected)} rejected")
    if problems := [text for one in done.values() if (text := limits.exceeded(one))]:
        raise TooManyRejects("; ".join(problems))
    for table, one in done.items():
        lake.write(lake.validated(table), one.parquet())
        lake.write(lake.rejected(table), one.rejected_lines(), "application/x-ndjson")
    lake.write_summary("validate", given.slipway_run_token, {
        "tables": {
            table: {
                "rows": one.count, "valid": len(one.keys), "rejected": len(one.rejected),
                "reasons": dict(one.commonest()),
            }
            for table, one in done.items()
        }
    })


def raw_rows(lake, table):
    """Rows of a raw table, without its header. Raises NotExtracted."""
    csv.field_size_limit(sys.maxsize)
    try:
        data = lake.read(lake.raw(table))
    except MissingObject as error:
        raise NotExtracted(f"{table}: {error}; the job that extracts has not run") from error
    except Denied as error:
        raise NotExtracted(f"{table}: {error}; the job that extracts has not run, or this one's role may not read what "
                           "it wrote") from error
    rows = csv.reader(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline=""))
    wanted = ["line", *COLUMNS[table], "problem", "whole"]
    header = next(rows, None)
    if header != wanted:
        raise NotExtracted(f"s3://{lake.bucket}/{lake.raw(table)}: expected the columns {', '.join(wanted)}; "
                           f"found {', '.join(header or ['nothing'])}")
    return rows


class Validation:
    """The rows of a table, parted; `keys` are those of the valid rows."""

    def __init__(self, table, rows, parents):
        self.table = table
        self.names = COLUMNS[table]
        self.references = [(column, parent, parents[parent]) for column, parent in REFERENCES.get(table, {}).items()]
        self.columns = {name: [] for name in self.names}
        self.keys = set()
        self.rejected = []
        self.count = 0
        validate = MODELS[table].model_validate
        appends = [self.columns[name].append for name in self.names]
        for row in rows:
            self.count += 1
            fields, problem = row[1:-2], row[-2]
            if problem:
                self.reject(row, [problem])
                continue
            try:
                found = vars(validate({name: field for name, field in zip(self.names, fields) if field}))
            except ValidationError as error:
                self.reject(row, reasons(error))
                continue
            if wrong := self.unrelated(found):
                self.reject(row, wrong)
                continue
            self.keys.add(found[self.names[0]])
            for append, name in zip(appends, self.names):
                append(found[name])

    def unrelated(self, found):
        """What is wrong with a row among others: it refers to nothing, or its key is taken by a valid row before it."""
        wrong = [
            f"{column}: no valid row of {parent} has it"
            for column, parent, keys in self.references
            if found[column] not in keys
        ]
        if found[self.names[0]] in self.keys:
            wrong.append(f"{self.names[0]}: a row before has it")
        return wrong

    def reject(self, row, why):
        line, *fields, problem, whole = row
        kept = {"whole": whole} if problem else {
            name: field or None for name, field in zip(self.names, fields)
        }
        self.rejected.append({"line": int(line), "reasons": why, "row": kept})

    def commonest(self):
        """Reasons and how often each occurs, the commonest first."""
        return collections.Counter(reason for one in self.rejected for reason in one["reasons"]).most_common()

    def parquet(self):
        """The valid rows as a Parquet file."""
        schema = pyarrow.schema([(name, TYPES.get(name, pyarrow.string())) for name in self.names])
        buffer = pyarrow.BufferOutputStream()
        parquet.write_table(pyarrow.table(self.columns, schema=schema), buffer, compression="snappy")
        return buffer.getvalue().to_pybytes()

    def rejected_lines(self):
        return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in self.rejected).encode()


class Limits:
    """How many rows of each table may be rejected: `10%`, or `10%,sales=5%,users=100`."""

    def __init__(self, text):
        self.every = "10%"
        self.of = {}
        for part in filter(None, (part.strip() for part in text.split(","))):
            table, named, limit = part.rpartition("=")
            if (named and table not in TABLES) or not self._is_limit(limit):
                raise ValueError(f"--max-rejects is like 10% or 10%,sales=5%,users=100, not {text!r}")
            if named:
                self.of[table] = limit
            else:
                self.every = limit

    @staticmethod
    def _is_limit(text):
        try:
            return 0 <= float(text[:-1]) <= 100 if text.endswith("%") else int(text) >= 0
        except ValueError:
            return False

    def exceeded(self, one):
        """What is to be said of a table with more rejects than allowed; nothing otherwise."""
        limit, rejected = self.of.get(one.table, self.every), len(one.rejected)
        allowed = float(limit[:-1]) / 100 * one.count if limit.endswith("%") else int(limit)
        if rejected <= allowed:
            return ""
        common = ", ".join(f"{reason} ({many})" for reason, many in one.commonest()[:3])
        first = json.dumps(one.rejected[0]["row"], ensure_ascii=False)
        return (f"{one.table}: {rejected} of {one.count} rows are rejected, more than {limit}: {common}; "
                f"the first is line {one.rejected[0]['line']}: {first[:200]}")


if __name__ == "__main__":
    main()
