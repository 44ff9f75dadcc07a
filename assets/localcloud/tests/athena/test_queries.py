# ruff: noqa: E501 - a statement and its rows are easier to read in one line
from __future__ import annotations

import gzip
import io
from dataclasses import dataclass
from typing import Any

import pyarrow
import pytest
from botocore.exceptions import ClientError
from pyarrow import orc, parquet

from tests.conftest import Cloud, allow, error_code, unique, wait_for


@dataclass
class Lake:
    cloud: Cloud
    bucket: str
    database: str

    def put(self, key: str, body: str | bytes) -> None:
        self.cloud.client("s3").put_object(Bucket=self.bucket, Key=key, Body=body)

    def start(self, text: str, client: Any = None, **more: Any) -> dict[str, Any]:
        athena = client or self.cloud.client("athena")
        identifier = athena.start_query_execution(
            QueryString=text, QueryExecutionContext={"Database": self.database},
            ResultConfiguration={"OutputLocation": f"s3://{self.bucket}/results/"}, **more)["QueryExecutionId"]
        found: dict[str, Any] = wait_for(lambda: (one := athena.get_query_execution(QueryExecutionId=identifier)["QueryExecution"])
                                         ["Status"]["State"] in ("SUCCEEDED", "FAILED", "CANCELLED") and one)
        return found

    def run(self, text: str, **more: Any) -> dict[str, Any]:
        done = self.start(text, **more)
        assert done["Status"]["State"] == "SUCCEEDED", done["Status"]
        return done

    def rows(self, text: str, **more: Any) -> list[list[str | None]]:
        done = self.run(text, **more)
        found = self.cloud.client("athena").get_query_results(QueryExecutionId=done["QueryExecutionId"])["ResultSet"]["Rows"]
        rows = [[one.get("VarCharValue") for one in row["Data"]] for row in found]
        return rows[1:] if done["SubstatementType"] == "SELECT" else rows

    def reason(self, text: str, **more: Any) -> str:
        done = self.start(text, **more)
        assert done["Status"]["State"] == "FAILED"
        return str(done["Status"]["StateChangeReason"])

    def keys(self, prefix: str) -> list[str]:
        found = self.cloud.client("s3").list_objects_v2(Bucket=self.bucket, Prefix=prefix).get("Contents", [])
        return [one["Key"] for one in found]


@pytest.fixture(scope="module")
def lake(cloud: Cloud) -> Lake:
    made = Lake(cloud, cloud.bucket(), unique("db").replace("-", "_"))
    made.run(f"create database {made.database} comment 'ours'")
    made.put("people/a.csv", "id,name,born\n1,Ada,1815-12-10\n2,Grace,1906-12-09\n")
    made.put("people/b.csv.gz", gzip.compress(b"id,name,born\n3,Linus,bad\n"))
    made.run(f"""create external table people (id int, name string comment 'full', born date)
        row format delimited fields terminated by ',' stored as textfile
        location 's3://{made.bucket}/people/' tblproperties ('skip.header.line.count'='1')""")
    return made


def test_a_result_is_typed_and_written_as_athena_writes_it(lake: Lake) -> None:
    done = lake.run("select id, name, born, null as n from people order by id -- all")
    assert done["StatementType"] == "DML" and done["Statistics"]["DataScannedInBytes"] > 0
    location = done["ResultConfiguration"]["OutputLocation"]
    key = location.removeprefix(f"s3://{lake.bucket}/")
    body = lake.cloud.client("s3").get_object(Bucket=lake.bucket, Key=key)["Body"].read().decode()
    assert body == '"id","name","born","n"\n"1","Ada","1815-12-10",\n"2","Grace","1906-12-09",\n"3","Linus",,\n'
    assert key + ".metadata" in lake.keys("results/")
    results = lake.cloud.client("athena").get_query_results(QueryExecutionId=done["QueryExecutionId"])["ResultSet"]
    assert [one["Type"] for one in results["ResultSetMetadata"]["ColumnInfo"][:3]] == ["integer", "varchar", "date"]
    pages = list(lake.cloud.client("athena").get_paginator("get_query_results").paginate(
        QueryExecutionId=done["QueryExecutionId"], PaginationConfig={"PageSize": 2}))
    assert [len(page["ResultSet"]["Rows"]) for page in pages] == [2, 2]


def test_files_in_other_formats(lake: Lake) -> None:
    lake.put("quoted/x.csv", 'id|text|day|at\n1|"a|b"|3|86400000\n2|""||\n')
    lake.run(f"""create external table quoted (id int, text string, day date, at timestamp) row format serde
        'org.apache.hadoop.hive.serde2.OpenCSVSerde' with serdeproperties ('separatorChar'='|') location 's3://{lake.bucket}/quoted/'
        tblproperties ('skip.header.line.count'='1')""")
    assert lake.rows("select * from quoted order by id") == [["1", "a|b", "1970-01-04", "1970-01-02 00:00:00.000"], ["2", "", None, None]]
    lake.put("docs/x.json", '{"ID": 1, "tags": ["a"], "who": {"name": "x", "n": 2}, "m": {"k": 1}}\n{"id": 2}\n')
    lake.run(f"""create external table docs (id int, tags array<string>, who struct<name:string,n:int>, m map<string,int>) row format serde
        'org.openx.data.jsonserde.JsonSerDe' location 's3://{lake.bucket}/docs/'""")
    assert lake.rows("select id, tags[1], who.n, m['k'] from docs where id = 1") == [["1", "a", "2", "1"]]
    assert lake.rows("select * from docs where id = 2") == [["2", None, None, None]]
    table = pyarrow.table({"a": pyarrow.array([1, 2], pyarrow.int32()), "b": [["x"], []], "extra": [1, 2]})
    for name, module in (("parquet", parquet), ("orc", orc)):
        buffer = io.BytesIO()
        module.write_table(table, buffer)
        lake.put(f"{name}s/x", buffer.getvalue())
        lake.run(f"create external table {name}s (a bigint, b array<string>, missing string) stored as {name} location 's3://{lake.bucket}/{name}s/'")
        assert lake.rows(f"select a, cardinality(b), missing from {name}s order by a") == [["1", "1", None], ["2", "0", None]]
    lake.put("logs/x", "GET /a 200\nnonsense\n")
    lake.run(f"""create external table logs (verb string, path string, status int) row format serde 'org.apache.hadoop.hive.serde2.RegexSerDe'
        with serdeproperties ('input.regex'='(\\\\w+) (\\\\S+) (\\\\d+)') location 's3://{lake.bucket}/logs/'""")
    assert lake.rows("select * from logs where status is not null") == [["GET", "/a", "200"]]


def test_partitions_come_from_the_catalogue(lake: Lake) -> None:
    for day in ("2022-01-01", "2022-01-02"):
        lake.put(f"sales/dt={day}/x.csv", f"{day[-1]},{day[-1]}.5\n")
    lake.run(f"create external table sales (n int, amount decimal(8,2)) partitioned by (dt date) row format delimited fields terminated by ',' location 's3://{lake.bucket}/sales/'")
    assert lake.rows("select count(*) from sales") == [["0"]]
    assert len(lake.rows("msck repair table sales")) == 3
    assert lake.rows("select n, amount, dt from sales where dt > date '2022-01-01'") == [["2", "2.50", "2022-01-02"]]
    assert lake.rows("show partitions sales") == [["dt=2022-01-01"], ["dt=2022-01-02"]]
    lake.put("elsewhere/x.csv", "9,9\n")
    lake.run(f"alter table sales add if not exists partition (dt='2022-02-01') location 's3://{lake.bucket}/elsewhere/' partition (dt='2022-01-01')")
    assert lake.rows("select max(n) from sales") == [["9"]]
    assert "already exists" in lake.reason("alter table sales add partition (dt='2022-02-01')")
    lake.run("alter table sales drop partition (dt='2022-02-01')")
    assert lake.rows('select dt from "sales$partitions" order by 1') == [["2022-01-01"], ["2022-01-02"]]


def test_partitions_may_be_projected(lake: Lake) -> None:
    for day in range(1, 4):
        lake.put(f"proj/2022/01/0{day}/x.csv", f"{day}\n")
    lake.run(f"""create external table proj (n int) partitioned by (day string) row format delimited fields terminated by ','
        location 's3://{lake.bucket}/proj/' tblproperties ('projection.enabled'='true', 'projection.day.type'='date',
        'projection.day.range'='2022/01/01,2022/01/03', 'projection.day.format'='yyyy/MM/dd',
        'storage.location.template'='s3://{lake.bucket}/proj/${{day}}/')""")
    assert lake.rows("select sum(n), max(day) from proj where day >= '2022/01/02'") == [["5", "2022/01/03"]]
    lake.run(f"alter table proj set tblproperties ('storage.location.template'='s3://{lake.bucket}/${{account}}/${{day}}/')")
    assert "INVALID_TABLE_PROPERTY: storage.location.template names account" in lake.reason("select * from proj")


def test_create_table_as_and_insert(lake: Lake) -> None:
    done = lake.run(f"""create table made with (format = 'PARQUET', external_location = 's3://{lake.bucket}/made/', partitioned_by = array['initial'])
        as select id, name, substr(name, 1, 1) as initial from people""")
    assert done["SubstatementType"] == "CREATE_TABLE_AS_SELECT"
    assert sorted({key.split("/")[1] for key in lake.keys("made/")}) == ["initial=A", "initial=G", "initial=L"]
    assert done["Statistics"]["DataManifestLocation"].endswith("-manifest.csv")
    assert lake.rows("select name from made where initial = 'G'") == [["Grace"]]
    lake.run("insert into made values (4, 'Alan', 'A')")
    lake.run("insert into made (name, id, initial) select name, id + 10, 'Z' from people where id = 1")
    assert lake.rows("select id, name from made where initial in ('A', 'Z') order by id") == [["1", "Ada"], ["4", "Alan"], ["11", "Ada"]]
    assert "HIVE_PATH_ALREADY_EXISTS" in lake.reason(f"create table again with (external_location = 's3://{lake.bucket}/made/') as select 1 as a")
    assert "TABLE_ALREADY_EXISTS" in lake.reason("create table made as select 1 as a")
    lake.run("create table texts with (format = 'TEXTFILE', field_delimiter = ',') as select 1 as a, 'x' as b")
    assert lake.rows("select * from texts") == [["1", "x"]]
    assert "MISSING_COLUMN_NAME" in lake.reason("create table unnamed as select 1")
    lake.run(f"unload (select id, name from people) to 's3://{lake.bucket}/unloaded/' with (format = 'JSON')")
    [key] = lake.keys("unloaded/")
    assert b'{"id":1,"name":"Ada"}' in gzip.decompress(lake.cloud.client("s3").get_object(Bucket=lake.bucket, Key=key)["Body"].read())


def test_views_and_what_is_shown(lake: Lake) -> None:
    lake.run("create or replace view early as select name, year(born) as y from people where born < date '1900-01-01'")
    lake.run("create or replace view earlier as select * from early")
    assert lake.rows("select * from earlier") == [["Ada", "1815"]]
    assert "early" in [row[0] for row in lake.rows("show views")]
    assert [row[0] for row in lake.rows("show tables 'peop*'")] == ["people"]
    assert lake.database in [row[0] for row in lake.rows("show databases")]
    assert [str(row[0]).strip() for row in lake.rows("show columns in people")] == ["id", "name", "born"]
    assert lake.rows("describe people")[1][0] == f"{'name':<20}\t{'string':<20}\t{'full':<20}"
    shown = "\n".join(str(row[0]) for row in lake.rows("show create table people"))
    assert "CREATE EXTERNAL TABLE `people`(" in shown and "'skip.header.line.count'='1'" in shown
    assert lake.rows(f"select table_name, table_type from information_schema.tables where table_schema = '{lake.database}' and table_name = 'early'") == [["early", "VIEW"]]
    assert lake.rows("show create view early")[0][0] == f"CREATE VIEW {lake.database}.early AS"
    lake.run("drop view earlier")
    assert "TABLE_NOT_FOUND" in lake.reason("select * from earlier")
    lake.run("drop table if exists absent")
    assert "Table not found" in lake.reason("drop table absent")


def test_tables_and_databases_are_altered(lake: Lake) -> None:
    lake.run(f"create external table altered (a int) location 's3://{lake.bucket}/altered/'")
    lake.run("alter table altered add columns (b string comment 'x', c array<int>)")
    lake.run("alter table altered set tblproperties ('classification'='csv')")
    lake.run(f"alter table altered set location 's3://{lake.bucket}/moved/'")
    table = lake.cloud.client("glue").get_table(DatabaseName=lake.database, Name="altered")["Table"]
    assert [one["Name"] for one in table["StorageDescriptor"]["Columns"]] == ["a", "b", "c"]
    assert table["Parameters"]["classification"] == "csv" and table["StorageDescriptor"]["Location"].endswith("/moved/")
    other = lake.database + "_2"
    lake.run(f"create schema if not exists {other} location 's3://{lake.bucket}/x/' with dbproperties ('a'='b')")
    lake.run(f"create external table {other}.t (a int) location 's3://{lake.bucket}/t/'")
    assert "is not empty" in lake.reason(f"drop database {other}")
    lake.run(f"drop database {other} cascade")


def test_parameters_and_prepared_statements(lake: Lake) -> None:
    assert lake.rows("select name from people where id = ? and name <> '?'", ExecutionParameters=["2"]) == [["Grace"]]
    with pytest.raises(ClientError, match="Incorrect number of parameters"):
        lake.start("select ?")
    lake.run("prepare by_id from select name from people where id = ?")
    assert lake.rows("execute by_id using 1") == [["Ada"]]
    athena = lake.cloud.client("athena")
    assert athena.get_prepared_statement(StatementName="by_id", WorkGroup="primary")["PreparedStatement"]["QueryStatement"].endswith("?")
    lake.run("deallocate prepare by_id")
    with pytest.raises(ClientError) as gone:
        athena.get_prepared_statement(StatementName="by_id", WorkGroup="primary")
    assert error_code(gone) == "ResourceNotFoundException"


@pytest.mark.parametrize(("text", "reason"), [
    ("select * from absent", "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog."),
    ("select * from absent.t", "SCHEMA_NOT_FOUND: line 1:15: Schema 'absent' does not exist"),
    ("select nothing from people", "COLUMN_NOT_FOUND: line 1:8: Column 'nothing' cannot be resolved"),
    ("select unknown_function(id) from people", "FUNCTION_NOT_FOUND"),
    ("select 1 / 0", "DIVISION_BY_ZERO"),
    ("select cast('x' as integer)", "INVALID_CAST_ARGUMENT: Cannot cast 'x'"),
    ("delete from people", "NOT_SUPPORTED"),
    ("select * from read_text('/etc/hostname')", "NOT_SUPPORTED"),
])
def test_a_query_that_fails_says_why(lake: Lake, text: str, reason: str) -> None:
    assert reason in lake.reason(text)


def test_requests_that_cannot_be_right_are_refused(lake: Lake) -> None:
    athena = lake.cloud.client("athena")
    for text, message in (("selec 1", "Queries of this type are not supported"), ("select from where", "mismatched input")):
        with pytest.raises(ClientError, match=message) as refused:
            lake.start(text)
        assert error_code(refused) == "InvalidRequestException"
    with pytest.raises(ClientError, match="No output location provided"):
        athena.start_query_execution(QueryString="select 1")
    with pytest.raises(ClientError) as refused:
        athena.list_capacity_reservations()
    assert error_code(refused) == "UnknownOperationException"


def test_a_query_is_stopped(lake: Lake) -> None:
    athena = lake.cloud.client("athena")
    identifier = athena.start_query_execution(
        QueryString="select count(*) from unnest(sequence(1, 100000)) a (x) cross join unnest(sequence(1, 100000)) b (y) where x * y % 7 = 3",
        ResultConfiguration={"OutputLocation": f"s3://{lake.bucket}/results/"})["QueryExecutionId"]
    wait_for(lambda: athena.get_query_execution(QueryExecutionId=identifier)["QueryExecution"]["Status"]["State"] == "RUNNING")
    athena.stop_query_execution(QueryExecutionId=identifier)
    assert athena.get_query_execution(QueryExecutionId=identifier)["QueryExecution"]["Status"]["State"] == "CANCELLED"


def test_a_client_token_makes_one_query(lake: Lake) -> None:
    token = unique("token") + "x" * 32
    first = lake.run("select 1", ClientRequestToken=token)
    assert lake.run("select 1", ClientRequestToken=token)["QueryExecutionId"] == first["QueryExecutionId"]


def test_workgroups_rule_over_their_queries(lake: Lake) -> None:
    athena, name = lake.cloud.client("athena"), unique("wg")
    athena.create_work_group(Name=name, Configuration={"ResultConfiguration": {"OutputLocation": f"s3://{lake.bucket}/group/"}})
    done = lake.run("select 1", WorkGroup=name)
    assert done["ResultConfiguration"]["OutputLocation"].startswith(f"s3://{lake.bucket}/group/")
    athena.update_work_group(WorkGroup=name, State="DISABLED", ConfigurationUpdates={
        "EnforceWorkGroupConfiguration": False, "ResultConfigurationUpdates": {"RemoveOutputLocation": True}})
    group = athena.get_work_group(WorkGroup=name)["WorkGroup"]
    assert group["State"] == "DISABLED" and group["Configuration"]["ResultConfiguration"] == {}
    assert group["Configuration"]["EngineVersion"]["EffectiveEngineVersion"] == "Athena engine version 3"
    with pytest.raises(ClientError, match="disabled"):
        lake.start("select 1", WorkGroup=name)
    with pytest.raises(ClientError, match="WorkGroup is not empty"):
        athena.delete_work_group(WorkGroup=name)
    athena.delete_work_group(WorkGroup=name, RecursiveDeleteOption=True)
    with pytest.raises(ClientError, match="is not found") as gone:
        athena.get_work_group(WorkGroup=name)
    assert error_code(gone) == "InvalidRequestException"
    with pytest.raises(ClientError):
        athena.delete_work_group(WorkGroup="primary")


def test_named_queries_and_catalogues(lake: Lake) -> None:
    athena = lake.cloud.client("athena")
    identifier = athena.create_named_query(Name="n", Database=lake.database, QueryString="select 1")["NamedQueryId"]
    assert athena.get_named_query(NamedQueryId=identifier)["NamedQuery"]["WorkGroup"] == "primary"
    assert identifier in athena.list_named_queries()["NamedQueryIds"]
    athena.delete_named_query(NamedQueryId=identifier)
    assert athena.get_data_catalog(Name="AwsDataCatalog")["DataCatalog"]["Type"] == "GLUE"
    assert athena.get_database(CatalogName="AwsDataCatalog", DatabaseName=lake.database)["Database"]["Description"] == "ours"
    table = athena.get_table_metadata(CatalogName="AwsDataCatalog", DatabaseName=lake.database, TableName="people")["TableMetadata"]
    assert [one["Name"] for one in table["Columns"]] == ["id", "name", "born"]


def test_a_query_reaches_only_what_its_caller_may(lake: Lake) -> None:
    database = f"arn:aws:glue:us-east-1:{lake.cloud.account}:"
    glue = allow("glue:GetTable", "glue:GetDatabase", "glue:GetPartitions", on=[f"{database}catalog", f"{database}database/*", f"{database}table/*"])
    base = [allow("athena:*"), allow("s3:PutObject", "s3:GetObject", "s3:ListBucket", on=[f"arn:aws:s3:::{lake.bucket}/results/*"])]
    reader = allow("s3:ListBucket", "s3:GetObject", on=[f"arn:aws:s3:::{lake.bucket}", f"arn:aws:s3:::{lake.bucket}/people/*"])

    def ask(*statements: dict[str, Any]) -> dict[str, Any]:
        client = lake.cloud.client("athena", **lake.cloud.user(*statements))
        return lake.start("select count(*) from people", client)["Status"]

    assert ask(*base, glue, reader)["State"] == "SUCCEEDED"
    denied = ask(*base, glue)
    assert denied["State"] == "FAILED" and "Permission denied on S3 path" in denied["StateChangeReason"]
    denied = ask(*base, reader)
    assert denied["State"] == "FAILED" and "glue:GetTable" in denied["StateChangeReason"]
    denied = ask(base[0], glue, reader)
    assert denied["State"] == "FAILED" and "Permission denied on S3 path" in denied["StateChangeReason"]
