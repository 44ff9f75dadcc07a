# ruff: noqa: E501 - statements and rows are easier to read in one line
"""The few calls of S3 that COPY and UNLOAD make, over a dictionary."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError


class MemoryS3:
    """Objects by key, in one bucket; keys in `denied` may not be read."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.denied: set[str] = set()

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:
        self._check(Key, "GetObject")
        return {"Body": io.BytesIO(self.objects[Key])}

    def head_object(self, Bucket: str, Key: str) -> dict[str, Any]:
        self._check(Key, "HeadObject")
        return {"ContentLength": len(self.objects[Key])}

    def put_object(self, Bucket: str, Key: str, Body: bytes) -> None:
        self.objects[Key] = Body

    def delete_object(self, Bucket: str, Key: str) -> None:
        del self.objects[Key]

    def get_paginator(self, name: str) -> MemoryS3:
        assert name == "list_objects_v2"
        return self

    def paginate(self, Bucket: str, Prefix: str) -> Iterator[dict[str, Any]]:
        yield {"Contents": [{"Key": k, "Size": len(v)} for k, v in sorted(self.objects.items()) if k.startswith(Prefix)]}

    def _check(self, key: str, operation: str) -> None:
        if key in self.denied:
            self._fail("AccessDenied", "Access Denied", 403, operation)
        if key not in self.objects:
            self._fail("404" if operation == "HeadObject" else "NoSuchKey", "Not Found", 404, operation)

    def _fail(self, code: str, text: str, status: int, operation: str) -> None:
        error = {"Error": {"Code": code, "Message": text}, "ResponseMetadata": {"HTTPStatusCode": status, "RequestId": "R"}}
        raise ClientError(error, operation)  # type: ignore[arg-type]
