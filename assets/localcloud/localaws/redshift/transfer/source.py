"""The objects a COPY reads, and their bytes."""

from __future__ import annotations

import bz2
import gzip
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from botocore.exceptions import ClientError

from localaws.redshift.failures import LoadFailed
from localaws.redshift.transfer.copy_command import CopyCommand
from localaws.redshift.transfer.options import bucket_and_key


@dataclass(frozen=True)
class File:
    """One object."""

    bucket: str
    key: str
    size: int = 0

    @property
    def url(self) -> str:
        """As the error tables show it."""
        return f"s3://{self.bucket}/{self.key}"


def files(s3: Any, command: CopyCommand) -> list[File]:
    """The objects that COPY names: those with the prefix, or those in the manifest.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html
    """
    bucket, prefix = bucket_and_key(command.url)
    with s3_errors():
        if "MANIFEST" in command.options.flags:
            return _listed(s3, bucket, prefix)
        found = []
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for one in page.get("Contents", []):
                if not one["Key"].endswith("/"):
                    found.append(File(bucket, one["Key"], int(one["Size"])))
    if not found:
        raise LoadFailed(f"The specified S3 prefix '{prefix}' does not exist")
    return found


def _listed(s3: Any, bucket: str, key: str) -> list[File]:
    try:
        manifest = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
        entries = [(str(one["url"]), bool(one.get("mandatory", False))) for one in manifest["entries"]]
    except (ValueError, KeyError, TypeError):
        raise LoadFailed(f"The manifest file s3://{bucket}/{key} has an invalid format") from None
    found = []
    for url, mandatory in entries:
        one_bucket, one_key = bucket_and_key(url)
        try:
            head = s3.head_object(Bucket=one_bucket, Key=one_key)
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("404", "NoSuchKey"):
                raise
            if mandatory:
                raise LoadFailed(f"The file {url} that is mandatory in the manifest does not exist") from None
            continue
        found.append(File(one_bucket, one_key, int(head["ContentLength"])))
    return found


def opened(s3: Any, file: File, compression: str) -> IO[bytes]:
    """The object's bytes, decompressed as they are read."""
    with s3_errors():
        body = s3.get_object(Bucket=file.bucket, Key=file.key)["Body"]
    raw = io.BufferedReader(_Body(body), 1 << 20)
    if compression == "gzip":
        return gzip.GzipFile(fileobj=raw)  # type: ignore[return-value]
    if compression == "bz2":
        return bz2.BZ2File(raw)  # type: ignore[return-value]
    if compression == "zstd":
        import pyarrow

        return io.BufferedReader(pyarrow.CompressedInputStream(pyarrow.PythonFile(raw, "r"), "zstd"))
    return raw


class _Body(io.RawIOBase):
    """A response's body as a raw stream."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._body.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class s3_errors:
    """Errors of S3 in Redshift's words."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ClientError):
            said = error.response["Error"]
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            request = error.response["ResponseMetadata"].get("RequestId", "")
            message = said.get("Message") or ("Access Denied" if status == 403 else said["Code"])
            code = {"403": "AccessDenied", "404": "NoSuchKey"}.get(said["Code"], said["Code"])
            raise LoadFailed(
                f"S3ServiceException:{message},Status {status},Error {code},Rid {request},CanRetry 1"
            ) from None


def lines(stream: IO[bytes], encoding: str) -> Iterator[str]:
    """The lines of a file, with their ends; bytes that are not of the encoding are kept as surrogates."""
    yield from io.TextIOWrapper(stream, encoding=encoding, errors="surrogateescape", newline="\n")
