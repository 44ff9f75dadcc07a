"""S3 as the caller: objects listed, fetched and written."""

from __future__ import annotations

import bz2
import gzip
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from localaws.athena.sql.problems import QueryFailed


def bucket_and_key(url: str) -> tuple[str, str]:
    """Bucket and key of `s3://bucket/key`."""
    scheme, _, rest = url.partition("://")
    if scheme not in ("s3", "s3a", "s3n"):
        raise QueryFailed(f"HIVE_METASTORE_ERROR: not an S3 location: {url}")
    bucket, _, key = rest.partition("/")
    return bucket, key


def listed(s3: Any, url: str) -> list[tuple[str, str, int]]:
    """Bucket, key and size of each object of data below a location; hidden ones are left out."""
    bucket, prefix = bucket_and_key(url)
    prefix = prefix if not prefix or prefix.endswith("/") else prefix + "/"
    found = []
    with denied(url):
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for one in page.get("Contents", []):
                parts = one["Key"][len(prefix) :].split("/")
                if one["Size"] and not any(part.startswith(("_", ".")) for part in parts) and parts[-1]:
                    found.append((bucket, one["Key"], int(one["Size"])))
    return found


def fetched(s3: Any, bucket: str, key: str, target: Path) -> Path:
    """Fetch an object, decompressed where its name says that it is compressed."""
    with denied(f"s3://{bucket}/{key}"):
        body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    for suffix, unpack in ((".gz", gzip.decompress), (".bz2", bz2.decompress), (".zst", _zstd)):
        if key.endswith(suffix):
            body = unpack(body)
    target.write_bytes(body)
    return target


def _zstd(body: bytes) -> bytes:
    import pyarrow

    packed: bytes = pyarrow.CompressedInputStream(pyarrow.BufferReader(body), "zstd").read()
    return packed


class denied:
    """S3's refusals in Athena's words."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if not isinstance(error, ClientError):
            return
        said = error.response["Error"]
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if status == 403:
            reason = f"Permission denied on S3 path: {self._url}. {said.get('Message', '')}"
            raise QueryFailed(reason.strip(), 1104) from None
        raise QueryFailed(
            f"HIVE_CANNOT_OPEN_SPLIT: {said.get('Message', said['Code'])} (Service: Amazon S3; Status Code: {status}; "
            f"Error Code: {said['Code']}) {self._url}", 1100,
        ) from None
