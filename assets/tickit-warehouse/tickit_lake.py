"""The lake: where things are in its bucket, and how they are read and replaced."""

import datetime
import json
import shutil

import boto3
from botocore.exceptions import ClientError


class MissingObject(Exception):
    """An object that should be there is not."""


class Refused(Exception):
    """S3 refused what was asked of it: what that was, and what S3 said."""


class Denied(Refused):
    """Reading was not allowed, or there is nothing to read: S3 does not tell which to who may not list the bucket."""


class Lake:
    """A bucket with `raw/`, `validated/`, `rejected/`, `curated/`, `summary/` and `reports/`."""

    def __init__(self, bucket):
        self.bucket = bucket
        self.s3 = boto3.client("s3")

    @staticmethod
    def raw(table):
        return f"raw/{table}/{table}.csv"

    @staticmethod
    def validated(table):
        return f"validated/{table}/{table}.parquet"

    @staticmethod
    def rejected(table):
        return f"rejected/{table}/{table}.jsonl"

    def read(self, key):
        """An object's bytes. Raises MissingObject."""
        return read(self.s3, self.bucket, key)

    def read_summary(self, name):
        """What a job said of its last run; None, with the reason in the log, when it never ran or may not be read."""
        try:
            return json.loads(self.read(f"summary/{name}.json"))
        except (MissingObject, Denied) as error:
            print(f"going on without the summary of {name}: {error}")
            return None

    def write(self, key, data, content_type="application/octet-stream"):
        """Replace an object whole: who reads it meanwhile gets the old one. `data` is bytes or an open file."""
        try:
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=data, ContentType=content_type)
        except ClientError as error:
            raise Refused(f"writing s3://{self.bucket}/{key}: {error}") from error

    def write_summary(self, name, run, summary):
        """Keep what a job has to say of its run."""
        said = {"when": now(), "run": run or "", **summary}
        self.write(f"summary/{name}.json", json.dumps(said, indent=2).encode(), "application/json")


def now():
    """The time, in UTC, to the second."""
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")


def place(uri):
    """Bucket and key of `s3://bucket/key`; the key may be empty."""
    if not uri.startswith("s3://") or not uri[len("s3://"):].partition("/")[0]:
        raise ValueError(f"{uri!r} is not an address in S3: s3://bucket/key")
    bucket, _, key = uri[len("s3://"):].partition("/")
    return bucket, key


def read_text(uri):
    """The text of `s3://bucket/key`. Raises MissingObject."""
    return read(boto3.client("s3"), *place(uri)).decode()


def read(s3, bucket, key):
    """An object's bytes. Raises MissingObject."""
    return opened(s3, bucket, key).read()


def download(s3, bucket, key, file):
    """Copy an object into an open file. Raises MissingObject."""
    shutil.copyfileobj(opened(s3, bucket, key), file, 1 << 20)


def opened(s3, bucket, key):
    """A stream of an object's bytes. Raises MissingObject, Denied and Refused."""
    try:
        return s3.get_object(Bucket=bucket, Key=key)["Body"]
    except ClientError as error:
        if error.response["Error"]["Code"] in ("NoSuchKey", "NoSuchBucket"):
            raise MissingObject(f"s3://{bucket}/{key} does not exist") from error
        if error.response["Error"]["Code"] == "AccessDenied":
            hint = "it may also be missing: without s3:ListBucket that looks the same"
            raise Denied(f"reading s3://{bucket}/{key}: {error}; {hint}") from error
        raise Refused(f"reading s3://{bucket}/{key}: {error}") from error
