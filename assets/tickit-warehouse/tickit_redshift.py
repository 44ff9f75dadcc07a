"""Statements in Redshift, through its Data API: no driver, no connection, no password in the job."""

import time

import boto3


class StatementError(Exception):
    """A statement that Redshift refused, with what it said."""


class Warehouse:
    """A database of a cluster, as the user whose secret is given."""

    def __init__(self, cluster, database, secret):
        self.data = boto3.client("redshift-data")
        self.place = {"ClusterIdentifier": cluster, "Database": database, "SecretArn": secret}

    def run(self, what, statements):
        """Run statements in one transaction; answers how many rows each changed. Raises StatementError.

        boto3 gives each call a ClientToken, so that a call which it repeats runs once. The token of the pipeline's run
        would not do: a second attempt of the job has the same, and would get the answer of the first.
        """
        started = self.data.batch_execute_statement(Sqls=statements, **self.place)
        done = self._ended(what, started["Id"])
        return [one.get("ResultRows", 0) for one in done["SubStatements"]]

    def query(self, what, sql, **parameters):
        """The names of a query's columns, and its rows. Raises StatementError."""
        given = {"Parameters": [{"name": name, "value": str(value)} for name, value in parameters.items()]}
        started = self.data.execute_statement(Sql=sql, **self.place, **(given if parameters else {}))
        self._ended(what, started["Id"])
        names, rows = [], []
        for page in self.data.get_paginator("get_statement_result").paginate(Id=started["Id"]):
            names = [column["name"] for column in page["ColumnMetadata"]]
            rows += [tuple(_value(field) for field in record) for record in page["Records"]]
        return names, rows

    def _ended(self, what, identifier):
        pause = 0.1
        while True:
            done = self.data.describe_statement(Id=identifier)
            if done["Status"] == "FINISHED":
                return done
            if done["Status"] in ("FAILED", "ABORTED"):
                raise StatementError(f"{what}: {_complaint(done)}")
            time.sleep(pause)
            pause = min(pause * 1.5, 2)


def _value(field):
    return None if field.get("isNull") else next(iter(field.values()))


def _complaint(done):
    """What Redshift said, in one line, with the statement of a batch that it said it of."""
    failed = [one for one in done.get("SubStatements", []) if one["Status"] == "FAILED"]
    text = " ".join((done.get("Error") or (failed[0].get("Error") if failed else "") or done["Status"]).split())
    if not failed:
        return text
    return f"{text} (in: {' '.join(failed[0].get('QueryString', '').split())[:200]})"
