"""Crawlers really crawl."""

from __future__ import annotations

import gzip
import io
import json
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from botocore.exceptions import ClientError

from tests.conftest import Cloud, allow, error_code, unique, wait_for

GLUE = "arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole"


class Lake:
    """A bucket, a role and crawlers of it."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.glue = cloud.client("glue")
        self.bucket = cloud.bucket()
        self.database = unique("db")
        on = [f"arn:aws:s3:::{self.bucket}", f"arn:aws:s3:::{self.bucket}/*"]
        self.role = cloud.role("glue.amazonaws.com", allow("s3:*", on=on), managed=(GLUE,))

    def put(self, key: str, body: str | bytes) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.cloud.client("s3").put_object(Bucket=self.bucket, Key=key, Body=data)

    def crawler(self, *paths: str, **more: Any) -> str:
        name = unique("crawler")
        targets = {"S3Targets": [{"Path": f"s3://{self.bucket}/{path}"} for path in paths]}
        given = {"Name": name, "Role": self.role, "DatabaseName": self.database, "Targets": targets, **more}
        self.glue.create_crawler(**given)
        return name

    def crawl(self, name: str) -> dict[str, Any]:
        self.glue.start_crawler(Name=name)
        wait_for(lambda: self.glue.get_crawler(Name=name)["Crawler"]["State"] == "READY")
        last: dict[str, Any] = self.glue.get_crawler(Name=name)["Crawler"]["LastCrawl"]
        return last

    def columns(self, table: str) -> dict[str, str]:
        found = self.table(table)["StorageDescriptor"]["Columns"]
        return {one["Name"]: one["Type"] for one in found}

    def table(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.glue.get_table(DatabaseName=self.database, Name=name)["Table"]
        return found

    def names(self) -> list[str]:
        return [one["Name"] for one in self.glue.get_tables(DatabaseName=self.database)["TableList"]]


@pytest.fixture
def lake(cloud: Cloud) -> Lake:
    return Lake(cloud)


def parquet(**columns: Any) -> bytes:
    output = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), output)
    return output.getvalue()


def test_each_folder_of_another_kind_is_a_table(lake: Lake) -> None:
    lake.put("raw/users/u.csv", "ID,Name,Score,Active\n1,a,1.5,true\n2,b,2,false\n")
    lake.put("raw/venue/v.txt", "1|Hall|Boston\n2|Dome|Paris\n")
    lake.put("raw/sales/s.parquet", parquet(a=[1], d=pyarrow.array([None], pyarrow.decimal128(8, 2))))
    lake.put("raw/books/b.xml", '<l><b id="1"><t>T</t><p>1.5</p></b><b id="2"><t>U</t><p>2</p></b></l>')
    lake.put("raw/log/e.json.gz", gzip.compress(b'{"id":5000000000,"who":{"n":"x"},"tags":[1]}\n{"id":1}\n'))
    lake.put("raw/_temporary/x", "hidden")
    assert lake.crawl(lake.crawler("raw/"))["Status"] == "SUCCEEDED"
    assert lake.names() == ["books", "log", "sales", "users", "venue"]
    assert lake.columns("users") == {"id": "bigint", "name": "string", "score": "double", "active": "boolean"}
    assert lake.columns("venue") == {"col0": "bigint", "col1": "string", "col2": "string"}
    assert lake.columns("sales") == {"a": "bigint", "d": "decimal(8,2)"}
    assert lake.columns("books") == {"_id": "bigint", "t": "string", "p": "double"}
    assert lake.columns("log") == {"id": "bigint", "who": "struct<n:string>", "tags": "array<int>"}
    users = lake.table("users")
    assert users["Parameters"]["skip.header.line.count"] == "1"
    assert users["StorageDescriptor"]["Location"] == f"s3://{lake.bucket}/raw/users/"
    assert users["StorageDescriptor"]["SerdeInfo"]["Parameters"] == {"field.delim": ","}
    assert lake.table("venue")["Parameters"]["delimiter"] == "|"
    assert lake.table("log")["Parameters"]["compressionType"] == "gzip"


def test_hive_partitions_are_found_added_and_removed(lake: Lake) -> None:
    for month in ("01", "02"):
        lake.put(f"sales/year=2024/month={month}/s.csv", f"id,amount\n{month},1.5\n")
    name = lake.crawler("sales/", SchemaChangePolicy={"DeleteBehavior": "DELETE_FROM_DATABASE"})
    lake.crawl(name)
    assert [(one["Name"], one["Type"]) for one in lake.table("sales")["PartitionKeys"]] == [
        ("year", "string"),
        ("month", "string"),
    ]
    lake.put("sales/year=2025/month=01/s.csv", "id,amount\n3,1.5\n")
    lake.cloud.client("s3").delete_object(Bucket=lake.bucket, Key="sales/year=2024/month=01/s.csv")
    lake.crawl(name)
    found = lake.glue.get_partitions(DatabaseName=lake.database, TableName="sales")["Partitions"]
    assert sorted("/".join(one["Values"]) for one in found) == ["2024/02", "2025/01"]
    assert found[0]["StorageDescriptor"]["Location"].startswith(f"s3://{lake.bucket}/sales/year=")
    crawls = lake.glue.list_crawls(CrawlerName=name)["Crawls"]
    assert [one["State"] for one in crawls] == ["COMPLETED", "COMPLETED"]
    assert json.loads(crawls[0]["Summary"])["PARTITION"]["ADD"]["Count"] == 1


def test_folders_that_are_alike_are_partitions_of_one_table(lake: Lake) -> None:
    lake.put("clicks/a/1.csv", "id,n\n1,2\n")
    lake.put("clicks/b/2.csv", "id,n\n3,4\n")
    lake.crawl(lake.crawler("clicks/"))
    assert lake.names() == ["clicks"]
    assert lake.table("clicks")["PartitionKeys"][0]["Name"] == "partition_0"


@pytest.mark.parametrize(
    ("behavior", "expected"),
    [("UPDATE_IN_DATABASE", {"id": "bigint", "more": "string"}), ("LOG", {"id": "bigint", "n": "bigint"})],
)
def test_a_changed_schema_is_updated_or_only_told(lake: Lake, behavior: str, expected: dict[str, str]) -> None:
    lake.put("t/1.csv", "id,n\n1,2\n")
    policy = {"UpdateBehavior": behavior, "DeleteBehavior": "LOG"}
    name = lake.crawler("t/", SchemaChangePolicy=policy)
    lake.crawl(name)
    lake.put("t/1.csv", "id,more\n1,x\n")
    lake.crawl(name)
    assert lake.columns("t") == expected


def test_a_table_whose_data_is_gone_is_deprecated_by_default(lake: Lake) -> None:
    lake.put("x/a/1.csv", "id,n\n1,2\n")
    lake.put("x/b/1.json", '{"k": 1}')
    name = lake.crawler("x/")
    lake.crawl(name)
    lake.cloud.client("s3").delete_object(Bucket=lake.bucket, Key="x/a/1.csv")
    lake.crawl(name)
    assert "DEPRECATED_BY_CRAWLER" in lake.table("a")["Parameters"]


def test_classifiers_exclusions_and_prefixes_are_heard(lake: Lake) -> None:
    classifier = unique("classifier")
    lake.glue.create_classifier(
        CsvClassifier={"Name": classifier, "Delimiter": "#", "ContainsHeader": "ABSENT", "Header": ["x", "y"]}
    )
    lake.put("c/data.txt", "a#1\nb#2\n")
    lake.put("c/skip/me.bak", "?")
    targets = {"S3Targets": [{"Path": f"s3://{lake.bucket}/c/", "Exclusions": ["**.bak"]}]}
    lake.crawl(lake.crawler(Targets=targets, Classifiers=[classifier], TablePrefix="My_"))
    assert lake.columns("my_c") == {"x": "string", "y": "bigint"}


def test_a_role_without_permission_fails_the_crawl(lake: Lake) -> None:
    lake.put("t/1.csv", "id,n\n1,2\n")
    role = lake.cloud.role("glue.amazonaws.com", managed=(GLUE,))
    last = lake.crawl(lake.crawler("t/", Role=role))
    assert last["Status"] == "FAILED"
    assert "AccessDenied" in last["ErrorMessage"]


def test_an_update_merges_and_a_role_is_answered_by_name(lake: Lake) -> None:
    name = lake.crawler("t/", Description="d", Schedule="cron(0 12 * * ? *)", Tags={"a": "b"})
    found = lake.glue.get_crawler(Name=name)["Crawler"]
    assert found["Role"] == lake.role.rsplit("/", 1)[1]
    assert found["Targets"]["JdbcTargets"] == []
    assert found["Schedule"] == {"ScheduleExpression": "cron(0 12 * * ? *)", "State": "SCHEDULED"}
    lake.glue.update_crawler(Name=name, TablePrefix="p_", Schedule="")
    found = lake.glue.get_crawler(Name=name)["Crawler"]
    assert (found["Description"], found["TablePrefix"], "Schedule" in found) == ("d", "p_", False)
    assert found["Version"] == 2
    assert name in lake.glue.list_crawlers(Tags={"a": "b"})["CrawlerNames"]
    lake.glue.delete_crawler(Name=name)


def test_a_role_that_does_not_trust_glue_is_refused_in_the_words_of_aws(lake: Lake) -> None:
    role = lake.cloud.role("redshift.amazonaws.com")
    with pytest.raises(ClientError) as raised:
        lake.crawler("t/", Role=role)
    assert error_code(raised) == "InvalidInputException"
    assert "Service is unable to assume provided role. Please verify role's TrustPolicy" in str(raised.value)


def test_a_crawler_at_work_is_not_started_changed_or_deleted(lake: Lake) -> None:
    for number in range(40):
        lake.put(f"many/t{number}/x.csv", f"id{number},b{number}\n1,2\n")
    name = lake.crawler("many/")
    lake.glue.start_crawler(Name=name)
    for call in (lake.glue.start_crawler, lake.glue.delete_crawler, lake.glue.update_crawler):
        with pytest.raises(ClientError) as raised:
            call(Name=name)
        assert error_code(raised) == "CrawlerRunningException"
    lake.glue.stop_crawler(Name=name)
    wait_for(lambda: lake.glue.get_crawler(Name=name)["Crawler"]["State"] == "READY")
    assert lake.glue.list_crawls(CrawlerName=name)["Crawls"][0]["State"] in ("STOPPED", "COMPLETED")
