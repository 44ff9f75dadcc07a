"""Multipart uploads under way, on disk: the emulator holds them, and the bodies of their parts, in memory alone.

Each upload is a directory: `upload.json` says what it is, `<n>.json` is a part and names the file of its body, from
which the body is mapped from then on.
"""

from __future__ import annotations

import json
import re
import shutil
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from localaws.contract import Response
from localaws.s3 import bodies
from localaws.settings import write_private

Handler = Callable[..., Awaitable[Response]]


def kept(original: Handler, directory: Path) -> Handler:
    """S3's handler, keeping uploads below `directory`."""

    async def handle(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any], **more: Any
    ) -> Response:
        response: Response = await original(method, path, headers, body, query, **more)
        if response[0] >= 300 or method not in ("PUT", "POST", "DELETE"):
            return response
        upload = (query.get("uploadId") or [""])[0]
        if upload and not re.fullmatch("[0-9a-f-]{36}", upload):
            return response  # no upload's: this was another operation
        if method == "POST" and "uploads" in query:
            keep_upload(directory, response[2].split(b"<UploadId>")[1].split(b"</UploadId>")[0].decode())
        elif method == "PUT" and upload and "partNumber" in query:
            keep_part(directory, upload, int(query["partNumber"][0]))
        elif upload and method in ("POST", "DELETE"):
            shutil.rmtree(directory / upload, ignore_errors=True)
        return response

    return handle


def keep_upload(directory: Path, upload: str) -> None:
    """Write down an upload that has just begun."""
    from ministack.core import responses
    from ministack.services import s3

    record = {name: value for name, value in s3._multipart_uploads[upload].items() if name != "parts"}
    text = json.dumps({"account": responses.get_account_id(), "upload": record})
    write_private(directory / upload / "upload.json", text)


def keep_part(directory: Path, upload: str, number: int) -> None:
    """Write down a part; the one it takes the place of is replaced."""
    from ministack.services import s3

    part = s3._multipart_uploads[upload]["parts"][number]
    told = directory / upload / f"{number}.json"
    before = _told(told).get("file")
    file = told.with_name(f"{number}-{uuid.uuid4().hex}")
    file.write_bytes(part["body"])
    write_private(told, json.dumps({**{name: part[name] for name in part if name != "body"}, "file": file.name}))
    part["body"] = _body(file)
    if before:
        told.with_name(before).unlink()


def restore(directory: Path) -> None:
    """Take up the uploads that were under way when the last server ended."""
    from ministack.services import s3

    for place in directory.iterdir() if directory.is_dir() else ():
        described = place / "upload.json"
        if not described.exists():
            shutil.rmtree(place)
            continue
        told = json.loads(described.read_text())
        parts = {}
        for one in place.glob("*.json"):
            if one.stem.isdigit():
                part = _told(one)
                part["body"] = _body(place / part.pop("file"))
                parts[int(one.stem)] = part
        s3._multipart_uploads._data[told["account"], place.name] = {**told["upload"], "parts": parts}


def _told(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return told


def _body(path: Path) -> bytes:
    if path.stat().st_size <= bodies.LARGE:
        return path.read_bytes()
    with open(path, "rb") as file:
        return bodies.mapped(file)
