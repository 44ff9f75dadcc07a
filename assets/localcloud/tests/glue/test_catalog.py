"""The catalogue: databases, tables, versions, partitions."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.conftest import Cloud, error_code, unique

COLUMNS = [{"Name": "id", "Type": "bigint"}, {"Name": "name", "Type": "string"}]


@pytest.fixture
def database(cloud: Cloud) -> str:
    name = unique("db")
    cloud.client("glue").create_database(DatabaseInput={"Name": name})
    return name


def table(name: str, keys: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    return {
        "Name": name,
        "StorageDescriptor": {"Columns": COLUMNS, "Location": "s3://b/p/"},
        "PartitionKeys": [{"Name": key, "Type": kind} for key, _, kind in (one.partition(":") for one in keys)],
        "Parameters": {"classification": "csv"},
        **more,
    }


def test_a_database_keeps_what_was_declared_and_an_update_replaces_it(cloud: Cloud) -> None:
    glue, name = cloud.client("glue"), unique("DB")
    glue.create_database(
        DatabaseInput={"Name": name, "Description": "d", "LocationUri": "s3://x/", "Parameters": {"a": "b"}},
        Tags={"team": "data"},
    )
    found = glue.get_database(Name=name)["Database"]
    assert (found["Name"], found["Description"], found["Parameters"]) == (name.lower(), "d", {"a": "b"})
    assert found["CreateTableDefaultPermissions"][0]["Permissions"] == ["ALL"]
    assert found["CatalogId"] == cloud.account
    arn = f"arn:aws:glue:us-east-1:{cloud.account}:database/{name.lower()}"
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"team": "data"}
    glue.update_database(Name=name, DatabaseInput={"Name": name, "Description": "e"})
    found = glue.get_database(Name=name)["Database"]
    assert (found["Description"], "Parameters" in found) == ("e", False)
    with pytest.raises(ClientError) as raised:
        glue.create_database(DatabaseInput={"Name": name.lower()})
    assert error_code(raised) == "AlreadyExistsException"
    glue.delete_database(Name=name)
    with pytest.raises(ClientError) as raised:
        glue.get_database(Name=name)
    assert error_code(raised) == "EntityNotFoundException"


def test_an_update_of_a_table_replaces_and_archives_it(cloud: Cloud, database: str) -> None:
    glue = cloud.client("glue")
    glue.create_table(DatabaseName=database, TableInput=table("T", Description="one"))
    glue.update_table(DatabaseName=database, TableInput=table("t", Parameters={"new": "1"}))
    found = glue.get_table(DatabaseName=database, Name="t")["Table"]
    assert (found["VersionId"], found["Parameters"], "Description" in found) == ("1", {"new": "1"}, False)
    versions = glue.get_table_versions(DatabaseName=database, TableName="t")["TableVersions"]
    assert [one["VersionId"] for one in versions] == ["1", "0"]
    assert versions[1]["Table"]["Description"] == "one"
    with pytest.raises(ClientError) as raised:
        glue.update_table(DatabaseName=database, TableInput=table("t"), VersionId="0")
    assert error_code(raised) == "ConcurrentModificationException"


def test_lists_come_in_pages(cloud: Cloud, database: str) -> None:
    glue = cloud.client("glue")
    names = [f"t{number:02}" for number in range(7)]
    for name in names:
        glue.create_table(DatabaseName=database, TableInput=table(name))
    pages = list(glue.get_paginator("get_tables").paginate(DatabaseName=database, PaginationConfig={"PageSize": 3}))
    assert [len(page["TableList"]) for page in pages] == [3, 3, 1]
    assert [one["Name"] for page in pages for one in page["TableList"]] == names
    assert len(glue.get_tables(DatabaseName=database, Expression="t0[1-3]")["TableList"]) == 3
    assert len(glue.get_tables(DatabaseName=database, Expression="t*")["TableList"]) == 7
    found = glue.search_tables(SearchText="t03", Filters=[{"Key": "DatabaseName", "Value": database}])["TableList"]
    assert [one["Name"] for one in found] == ["t03"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("year = 2021", ["2021/01", "2021/02"]),
        ("year > 2020 and month = '02'", ["2021/02", "2022/02"]),
        ("year between 2020 and 2021", ["2020/12", "2021/01", "2021/02"]),
        ("month in ('01', '12')", ["2020/12", "2021/01"]),
        ("not (year = 2021) or month like '0%'", ["2020/12", "2021/01", "2021/02", "2022/02"]),
        ("year <> 2021", ["2020/12", "2022/02"]),
    ],
)
def test_partitions_are_filtered_by_expressions(
    cloud: Cloud, database: str, expression: str, expected: list[str]
) -> None:
    glue = cloud.client("glue")
    glue.create_table(DatabaseName=database, TableInput=table("p", ("year:int", "month:string")))
    values = [["2020", "12"], ["2021", "01"], ["2021", "02"], ["2022", "02"]]
    answer = glue.batch_create_partition(
        DatabaseName=database, TableName="p", PartitionInputList=[{"Values": one} for one in [*values, values[0]]]
    )
    assert [one["ErrorDetail"]["ErrorCode"] for one in answer["Errors"]] == ["AlreadyExistsException"]
    found = glue.get_partitions(DatabaseName=database, TableName="p", Expression=expression)["Partitions"]
    assert ["/".join(one["Values"]) for one in found] == expected


def test_a_wrong_expression_is_told(cloud: Cloud, database: str) -> None:
    glue = cloud.client("glue")
    glue.create_table(DatabaseName=database, TableInput=table("p", ("year:int",)))
    for expression in ("nope = 1", "year =", "year + 1 = 2"):
        with pytest.raises(ClientError) as raised:
            glue.get_partitions(DatabaseName=database, TableName="p", Expression=expression)
        assert error_code(raised) == "InvalidInputException"


def test_partitions_are_updated_deleted_and_paged(cloud: Cloud, database: str) -> None:
    glue = cloud.client("glue")
    glue.create_table(DatabaseName=database, TableInput=table("p", ("day:string",)))
    for day in range(5):
        glue.create_partition(DatabaseName=database, TableName="p", PartitionInput={"Values": [str(day)]})
    pages = glue.get_paginator("get_partitions").paginate(
        DatabaseName=database, TableName="p", PaginationConfig={"PageSize": 2}
    )
    assert [len(page["Partitions"]) for page in pages] == [2, 2, 1]
    glue.update_partition(
        DatabaseName=database,
        TableName="p",
        PartitionValueList=["0"],
        PartitionInput={"Values": ["0"], "Parameters": {"a": "b"}},
    )
    found = glue.get_partition(DatabaseName=database, TableName="p", PartitionValues=["0"])["Partition"]
    assert found["Parameters"] == {"a": "b"}
    glue.batch_delete_partition(
        DatabaseName=database, TableName="p", PartitionsToDelete=[{"Values": ["0"]}, {"Values": ["1"]}]
    )
    assert len(glue.get_partitions(DatabaseName=database, TableName="p")["Partitions"]) == 3
    with pytest.raises(ClientError) as raised:
        glue.create_partition(DatabaseName=database, TableName="p", PartitionInput={"Values": ["1", "2"]})
    assert error_code(raised) == "InvalidInputException"


def test_input_that_does_not_fit_the_model_is_refused(cloud: Cloud) -> None:
    raw = boto3.client(
        "glue",
        endpoint_url=cloud.endpoint,
        region_name="us-east-1",
        aws_access_key_id=cloud.record["access_key_id"],
        aws_secret_access_key=cloud.record["secret_access_key"],
        config=Config(parameter_validation=False),
    )
    with pytest.raises(ClientError) as raised:
        raw.get_table(DatabaseName="x")
    assert error_code(raised) == "ValidationException"
    assert "Value null at 'name'" in str(raised.value)


def test_an_operation_that_is_missing_is_unknown(cloud: Cloud) -> None:
    with pytest.raises(ClientError) as raised:
        cloud.client("glue").list_ml_transforms()
    assert error_code(raised) == "UnknownOperationException"


def test_connections_hide_their_password_and_are_replaced_whole(cloud: Cloud) -> None:
    glue, name = cloud.client("glue"), unique("connection")
    properties = {"JDBC_CONNECTION_URL": "jdbc:postgresql://h:1/d", "USERNAME": "u", "PASSWORD": "p"}
    glue.create_connection(
        ConnectionInput={
            "Name": name,
            "ConnectionType": "JDBC",
            "ConnectionProperties": properties,
            "Description": "d",
        }
    )
    assert glue.get_connection(Name=name)["Connection"]["ConnectionProperties"] == properties
    hidden = glue.get_connection(Name=name, HidePassword=True)["Connection"]["ConnectionProperties"]
    assert "PASSWORD" not in hidden
    glue.update_connection(
        Name=name, ConnectionInput={"Name": name, "ConnectionType": "JDBC", "ConnectionProperties": hidden}
    )
    found = glue.get_connection(Name=name)["Connection"]
    assert ("PASSWORD" in found["ConnectionProperties"], "Description" in found) == (False, False)
    with pytest.raises(ClientError) as raised:
        glue.test_connection(ConnectionName=name)
    assert error_code(raised) == "InvalidInputException"
    glue.delete_connection(ConnectionName=name)


def test_classifiers_are_merged(cloud: Cloud) -> None:
    glue, name = cloud.client("glue"), unique("classifier")
    glue.create_classifier(CsvClassifier={"Name": name, "Delimiter": "|", "ContainsHeader": "PRESENT"})
    glue.update_classifier(CsvClassifier={"Name": name, "Delimiter": ";"})
    found = glue.get_classifier(Name=name)["Classifier"]["CsvClassifier"]
    assert (found["Delimiter"], found["ContainsHeader"], found["Version"]) == (";", "PRESENT", 2)
    glue.delete_classifier(Name=name)
