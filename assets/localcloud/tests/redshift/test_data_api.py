# ruff: noqa: E501 - statements and rows are easier to read in one line
from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.conftest import Cloud, allow, error_code, unique, wait_for
from tests.redshift.test_clusters import available, make


@dataclass
class Warehouse:
    cloud: Cloud
    cluster: str
    bucket: str
    role: str

    @property
    def data(self) -> Any:
        return self.cloud.client("redshift-data")

    @property
    def place(self) -> dict[str, str]:
        return {"ClusterIdentifier": self.cluster, "Database": "dev", "DbUser": "admin"}

    def ended(self, identifier: str) -> dict[str, Any]:
        found: dict[str, Any] = wait_for(
            lambda: (one := self.data.describe_statement(Id=identifier))["Status"] in ("FINISHED", "FAILED", "ABORTED") and one
        )
        return found

    def run(self, sql: str, **more: Any) -> dict[str, Any]:
        return self.ended(self.data.execute_statement(Sql=sql, **{**self.place, **more})["Id"])

    def rows(self, sql: str, **more: Any) -> list[list[Any]]:
        done = self.run(sql, **more)
        assert done["Status"] == "FINISHED", done.get("Error")
        result = self.data.get_statement_result(Id=done["Id"])
        return [[None if "isNull" in field else next(iter(field.values())) for field in row] for row in result["Records"]]

    def error(self, sql: str, **more: Any) -> str:
        done = self.run(sql, **more)
        assert done["Status"] == "FAILED"
        return str(done["Error"])


@pytest.fixture(scope="module")
def warehouse(cloud: Cloud) -> Iterator[Warehouse]:
    name, bucket = unique("dw"), cloud.bucket()
    role = cloud.role("redshift.amazonaws.com", allow("s3:ListBucket", "s3:GetObject", "s3:PutObject", on=[
        f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/open/*"]))
    make(cloud, name, IamRoles=[role], DefaultIamRoleArn=role)
    available(cloud, name)
    yield Warehouse(cloud, name, bucket, role)
    cloud.client("redshift").delete_cluster(ClusterIdentifier=name, SkipFinalClusterSnapshot=True)


def test_results_are_typed(warehouse: Warehouse) -> None:
    warehouse.run("create table typed (a int not null, b varchar(12), c decimal(8, 2), d timestamp, e boolean, f float8, g super)")
    warehouse.run("insert into typed values (1, 'x', 1.5, '2022-01-02 03:04:05', true, 2.5, json_parse('{\"k\":[1]}'))")
    done = warehouse.run("select *, null as n from typed")
    assert (done["HasResultSet"], done["ResultRows"]) == (True, 1)
    assert done["RedshiftPid"] > 0 and done["Duration"] > 0 and done["QueryString"].startswith("select *")
    result = warehouse.data.get_statement_result(Id=done["Id"])
    assert result["TotalNumRows"] == 1
    assert result["Records"][0] == [
        {"longValue": 1}, {"stringValue": "x"}, {"stringValue": "1.50"}, {"stringValue": "2022-01-02 03:04:05"},
        {"booleanValue": True}, {"doubleValue": 2.5}, {"stringValue": '{"k":[1]}'}, {"isNull": True},
    ]
    types = [(one["typeName"], one["precision"], one["scale"], one["nullable"]) for one in result["ColumnMetadata"]]
    assert types[:4] == [("int4", 10, 0, 0), ("varchar", 12, 0, 1), ("numeric", 8, 2, 1), ("timestamp", 29, 6, 1)]
    assert result["ColumnMetadata"][0]["tableName"] == "typed"


def test_pages_hold_a_thousand_rows(warehouse: Warehouse) -> None:
    done = warehouse.run("select generate_series(1, 2500) as n")
    first = warehouse.data.get_statement_result(Id=done["Id"])
    assert (len(first["Records"]), first["TotalNumRows"]) == (1000, 2500)
    pages = warehouse.data.get_paginator("get_statement_result").paginate(Id=done["Id"])
    assert sum(len(page["Records"]) for page in pages) == 2500


def test_csv_results_come_from_version_two(warehouse: Warehouse) -> None:
    done = warehouse.run("select 1 as a, 'x,y' as b", ResultFormat="CSV")
    result = warehouse.data.get_statement_result_v2(Id=done["Id"])
    assert result["Records"] == [{"CSVRecords": 'a,b\r\n1,"x,y"\r\n'}]


def test_parameters_are_values_and_never_sql(warehouse: Warehouse) -> None:
    parameters = [{"name": "n", "value": "2"}, {"name": "t", "value": "it's; drop table x --"}]
    rows = warehouse.rows("select :n::int + 1, :t, 3::int where 5 > :n", Parameters=parameters)
    assert rows == [[3, "it's; drop table x --", 3]]
    for sql, message in (("select 1", "unused parameters"), ("select :n, :t, :z", "Cannot find parameter: z")):
        with pytest.raises(ClientError, match=message):
            warehouse.run(sql, Parameters=parameters)


def test_a_batch_is_one_transaction(warehouse: Warehouse) -> None:
    sqls = ["create table batched (a int)", "insert into batched values (1)", "select a from batched"]
    done = warehouse.ended(warehouse.data.batch_execute_statement(Sqls=sqls, **warehouse.place)["Id"])
    assert done["Status"] == "FINISHED" and done["HasResultSet"]
    assert [one["Status"] for one in done["SubStatements"]] == ["FINISHED"] * 3
    assert warehouse.data.get_statement_result(Id=done["SubStatements"][2]["Id"])["Records"] == [[{"longValue": 1}]]
    bad = ["insert into batched values (2)", "select * from absent", "select 1"]
    done = warehouse.ended(warehouse.data.batch_execute_statement(Sqls=bad, **warehouse.place)["Id"])
    assert [one["Status"] for one in done["SubStatements"]] == ["FINISHED", "FAILED", "ABORTED"]
    assert 'relation "absent" does not exist' in done["Error"]
    assert warehouse.rows("select count(*) from batched") == [[1]]


def test_a_client_token_makes_one_statement(warehouse: Warehouse) -> None:
    warehouse.run("create table once (a int)")
    given = {"Sql": "insert into once values (1)", "ClientToken": unique("t"), **warehouse.place}
    assert warehouse.data.execute_statement(**given)["Id"] == warehouse.data.execute_statement(**given)["Id"]
    with pytest.raises(ClientError, match="other parameters"):
        warehouse.data.execute_statement(**{**given, "Sql": "select 1"})
    wait_for(lambda: warehouse.rows("select count(*) from once") == [[1]])


def test_a_statement_is_cancelled(warehouse: Warehouse) -> None:
    identifier = warehouse.data.execute_statement(Sql="select pg_sleep(60)", **warehouse.place)["Id"]
    wait_for(lambda: warehouse.data.describe_statement(Id=identifier)["Status"] == "STARTED")
    assert warehouse.data.cancel_statement(Id=identifier)["Status"] is True
    assert warehouse.ended(identifier)["Status"] == "ABORTED"
    with pytest.raises(ClientError, match="Could not cancel a query that is already in ABORTED state"):
        warehouse.data.cancel_statement(Id=identifier)
    wait_for(lambda: warehouse.rows("select count(*) from pg_stat_activity where query like '%pg_sleep(60)%' "
                                    "and state = 'active' and pid <> pg_backend_pid()") == [[0]])


def test_a_session_keeps_temporary_tables(warehouse: Warehouse) -> None:
    first = warehouse.data.execute_statement(Sql="create temp table t (a int)", SessionKeepAliveSeconds=60, **warehouse.place)
    warehouse.ended(first["Id"])
    session = first["SessionId"]
    again = wait_for(lambda: warehouse.data.list_sessions(SessionId=session)["Sessions"][0]["Status"] == "AVAILABLE")
    assert again
    done = warehouse.ended(warehouse.data.execute_statement(Sql="select * from t", SessionId=session)["Id"])
    assert done["Status"] == "FINISHED"


def test_what_there_is_is_listed(warehouse: Warehouse) -> None:
    warehouse.run("create table listed (a int default 3, b varchar(5))")
    data, place = warehouse.data, warehouse.place
    assert data.list_databases(**place)["Databases"] == ["dev"]
    assert "public" in data.list_schemas(**place)["Schemas"]
    assert data.list_tables(TablePattern="lis%", **place)["Tables"] == [{"schema": "public", "name": "listed", "type": "TABLE"}]
    columns = data.describe_table(Table="listed", Schema="public", **place)["ColumnList"]
    assert [(one["name"], one["typeName"], one["columnDefault"]) for one in columns] == [("a", "int4", "3"), ("b", "varchar", "")]
    named = warehouse.run("select 1", StatementName="report")
    found = data.list_statements(StatementName="rep", Status="FINISHED")["Statements"]
    assert [one["Id"] for one in found] == [named["Id"]]


@pytest.mark.parametrize(("sql", "error"), [
    ("select * from absent", 'ERROR: relation "absent" does not exist'),
    ("selec 1", "ERROR: syntax error"),
    ("select 1; select 2", "ERROR: cannot insert multiple commands into a prepared statement"),
    ("create external schema s from data catalog database 'd' iam_role 'x'", "not supported by the local Redshift"),
])
def test_an_error_is_the_statements(warehouse: Warehouse, sql: str, error: str) -> None:
    assert error in warehouse.error(sql)


def test_requests_that_cannot_be_right_are_refused(warehouse: Warehouse) -> None:
    with pytest.raises(ClientError, match="Redshift endpoint doesn't exist in this region"):
        warehouse.run("select 1", ClusterIdentifier="absent")
    with pytest.raises(ClientError) as refused:
        warehouse.data.describe_statement(Id="00000000-0000-0000-0000-000000000000")
    assert error_code(refused) == "ResourceNotFoundException"
    assert "absent" in warehouse.error("select 1", DbUser="absent")
    assert "does not exist" in warehouse.error("select 1", Database="absent")


def test_users_are_told_apart(warehouse: Warehouse) -> None:
    warehouse.run("create user reader password 'Reader123'")
    warehouse.run("create table private (a int)")
    assert "permission denied" in warehouse.error("select * from private", DbUser="reader")
    warehouse.run("grant select on private to reader")
    assert warehouse.rows("select current_user, count(*) from private", DbUser="reader") == [["reader", 0]]
    secret = warehouse.cloud.client("secretsmanager").create_secret(
        Name=unique("s"), SecretString=json.dumps({"username": "reader", "password": "Reader123"}))["ARN"]
    place = {"ClusterIdentifier": warehouse.cluster, "Database": "dev", "SecretArn": secret}
    done = warehouse.ended(warehouse.data.execute_statement(Sql="select current_user", **place)["Id"])
    assert warehouse.data.get_statement_result(Id=done["Id"])["Records"] == [[{"stringValue": "reader"}]]
    mine = warehouse.data.execute_statement(Sql="select current_user", ClusterIdentifier=warehouse.cluster, Database="dev")["Id"]
    warehouse.ended(mine)
    assert warehouse.data.get_statement_result(Id=mine)["Records"] == [[{"stringValue": "IAM:admin"}]]
    for change in ("set role admin", "set role rdsdb", "set session authorization admin"):
        assert "permission denied" in warehouse.error(change, DbUser="reader")
    warehouse.run("drop table private")
    warehouse.run("drop user reader")
    assert 'user "reader"' in warehouse.error("select 1", DbUser="reader")
    assert "superuser" in warehouse.error("set session authorization rdsdb") or "permission" in warehouse.error("set role rdsdb")


def test_copy_and_unload_go_through_the_role(warehouse: Warehouse) -> None:
    s3 = warehouse.cloud.client("s3")
    s3.put_object(Bucket=warehouse.bucket, Key="open/in.csv", Body=b"1,a\n2,b\n")
    s3.put_object(Bucket=warehouse.bucket, Key="closed/in.csv", Body=b"3,c\n")
    warehouse.run("create table loaded (a int, b varchar(5))")
    url = f"s3://{warehouse.bucket}"
    assert warehouse.run(f"copy loaded from '{url}/open/' iam_role '{warehouse.role}' csv")["ResultRows"] == 2
    warehouse.run(f"copy loaded from '{url}/open/' iam_role default csv")
    assert warehouse.rows("select count(*) from loaded") == [[4]]
    error = warehouse.error(f"copy loaded from '{url}/closed/in.csv' iam_role '{warehouse.role}' csv")
    assert "S3ServiceException" in error and "Status 403,Error AccessDenied" in error
    other = warehouse.cloud.role("redshift.amazonaws.com", allow("s3:*"))
    assert "is not authorized to assume IAM Role" in warehouse.error(f"copy loaded from '{url}/open/' iam_role '{other}' csv")
    done = warehouse.run(f"unload ('select distinct * from loaded order by 1') to '{url}/open/out/' iam_role default parallel off")
    assert done["Status"] == "FINISHED", done
    assert s3.get_object(Bucket=warehouse.bucket, Key="open/out/000")["Body"].read() == b"1|a\n2|b\n"
    denied = warehouse.error(f"unload ('select 1') to '{url}/closed/out' iam_role default")
    assert "s3:PutObject" in denied or "Access Denied" in denied


def test_rejected_rows_are_explained(warehouse: Warehouse) -> None:
    warehouse.cloud.client("s3").put_object(Bucket=warehouse.bucket, Key="open/bad/x.csv", Body=b"1,a\nzwei,b\n")
    warehouse.run("create table strict (a int, b varchar(5))")
    error = warehouse.error(f"copy strict from 's3://{warehouse.bucket}/open/bad/' iam_role default csv")
    assert error == "ERROR: Load into table 'strict' failed.  Check 'stl_load_errors' system table for details."
    rows = warehouse.rows("select trim(filename), line_number, trim(colname), trim(type), err_code, trim(err_reason) "
                          "from stl_load_errors where raw_line like 'zwei%'")
    assert rows == [[f"s3://{warehouse.bucket}/open/bad/x.csv", 2, "a", "int4", 1207, "Invalid digit, Value 'z', Pos 0, Type: Integer"]]
    warehouse.run(f"copy strict from 's3://{warehouse.bucket}/open/bad/' iam_role default csv maxerror 5")
    assert warehouse.rows("select a from strict") == [[1]]


def test_the_data_api_follows_iam(warehouse: Warehouse) -> None:
    arn = f"arn:aws:redshift:us-east-1:{warehouse.cloud.account}:cluster:other"
    keys = warehouse.cloud.user(allow("redshift-data:ExecuteStatement", on=arn))
    with pytest.raises(ClientError) as refused:
        warehouse.cloud.client("redshift-data", **keys).execute_statement(Sql="select 1", **warehouse.place)
    assert error_code(refused) == "AccessDeniedException"
