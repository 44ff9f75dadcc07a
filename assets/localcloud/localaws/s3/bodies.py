"""Bodies of requests and objects: large ones lie in files and are mapped, not read, so that memory stays small."""

from __future__ import annotations

import hashlib
import mmap
import re
import tempfile
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any, cast

LARGE = 4 << 20
"""Bytes from which a body goes to disk."""
_PIECE = 256 << 10

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


async def receive_body(receive: Receive, directory: Path, *, to_disk: bool) -> bytes | None:
    """The body of a request, or None when the client went away; above LARGE, if `to_disk`, it is a mapped file.

    A mapped file behaves as bytes wherever S3's handlers need it: length, slices, hashing and writing.
    """
    chunks: list[bytes] = []
    size = 0
    file: Any = None
    try:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            chunk = message.get("body", b"")
            size += len(chunk)
            if file is not None:
                file.write(chunk)
            else:
                chunks.append(chunk)
                if to_disk and size > LARGE:
                    file = tempfile.TemporaryFile(dir=directory)  # noqa: SIM115 - closed below
                    file.writelines(chunks)
                    chunks = []
            if not message.get("more_body", False):
                return mapped(file) if file is not None else b"".join(chunks)
    finally:
        if file is not None:
            file.close()


def mapped(file: Any) -> bytes:
    """The contents of an open file, mapped. The mapping outlives the file object, and the file's name."""
    file.flush()
    return cast(bytes, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def pieces(body: bytes) -> Iterator[bytes]:
    """A body in pieces small enough to be sent one after another."""
    for begin in range(0, len(body), _PIECE):
        yield body[begin : begin + _PIECE]


def hash_differs(headers: dict[str, str], body: bytes) -> bool:
    """Whether the signed hash of a payload is not that of the body: somebody changed it on the way."""
    declared = headers.get("x-amz-content-sha256", "")
    return re.fullmatch("[0-9a-f]{64}", declared) is not None and hashlib.sha256(body).hexdigest() != declared


def decoded(body: bytes, headers: dict[str, str], directory: Path) -> bytes:
    """A body without the frames of `aws-chunked`, large ones through a file; trailers become headers."""
    import ministack.app as emulator

    framed = headers.get("x-amz-content-sha256", "").startswith("STREAMING-") or "aws-chunked" in headers.get(
        "content-encoding", ""
    )
    if not framed or len(body) <= LARGE:
        return cast(bytes, emulator._decode_aws_chunked_body(body, headers))
    with tempfile.TemporaryFile(dir=directory) as file:
        position = 0
        while True:
            end = body.find(b"\r\n", position)
            head = body[position:end].partition(b";")[0].strip() if end >= 0 else b""
            if not re.fullmatch(rb"[0-9A-Fa-f]+", head):
                raise emulator._IncompleteRequestBody("Invalid aws-chunked frame")
            size = int(head, 16)
            if size == 0:
                break
            begin = end + 2
            if body[begin + size : begin + size + 2] != b"\r\n":
                raise emulator._IncompleteRequestBody("Truncated aws-chunked frame data")
            file.write(body[begin : begin + size])
            position = begin + size + 2
        length = headers.pop("x-amz-decoded-content-length", None)
        emulator._decode_aws_chunked_body(body[position:], headers)  # the trailers
        if length is not None:
            headers["x-amz-decoded-content-length"] = length
            if int(length) != file.tell():
                raise emulator._IncompleteRequestBody("Decoded aws-chunked length mismatch")
        return mapped(file)


def mapping_reader(original: Callable[..., bytes]) -> Callable[..., bytes]:
    """`_read_body` of the emulator: large objects are mapped from their files."""

    def read(bucket: str, key: str, record: dict[str, Any]) -> bytes:
        from ministack.services import s3

        if record.get("body") is None and int(record.get("size") or 0) > LARGE:
            path = s3._object_disk_path(bucket, key)
            if path is not None and Path(path).is_file():
                with open(path, "rb") as file:
                    return mapped(file)
        return original(bucket, key, record)

    return read
