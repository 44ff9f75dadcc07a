"""S3 as our use needs it."""

from __future__ import annotations

import io
import os
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from boto3.s3.transfer import TransferConfig
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.conftest import Cloud, allow, error_code


def memory(cloud: Cloud) -> int:
    """Bytes of the server that no file stands behind."""
    for line in Path(f"/proc/{cloud.record['pid']}/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) << 10
    raise AssertionError("no RssAnon")


def test_a_large_object_goes_through_disk(cloud: Cloud) -> None:
    s3, bucket = cloud.client("s3"), cloud.bucket()
    body = os.urandom(1 << 20) * 96
    before = memory(cloud)
    s3.put_object(Bucket=bucket, Key="large", Body=body)
    answer = s3.get_object(Bucket=bucket, Key="large")
    assert answer["Body"].read() == body
    part = s3.get_object(Bucket=bucket, Key="large", Range="bytes=50000000-50000009")
    assert part["Body"].read() == body[50000000:50000010]
    assert memory(cloud) - before < 48 << 20


def test_a_large_object_in_parts(cloud: Cloud) -> None:
    s3, bucket = cloud.client("s3"), cloud.bucket()
    body = os.urandom(1 << 20) * 20
    config = TransferConfig(multipart_threshold=6 << 20, multipart_chunksize=6 << 20)
    s3.upload_fileobj(io.BytesIO(body), bucket, "parts", Config=config)
    assert s3.head_object(Bucket=bucket, Key="parts")["ETag"].endswith('-4"')
    assert s3.get_object(Bucket=bucket, Key="parts")["Body"].read() == body
    s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "parts"})
    assert s3.get_object(Bucket=bucket, Key="copy")["Body"].read() == body


def test_writes_can_be_conditional(cloud: Cloud) -> None:
    s3, bucket = cloud.client("s3"), cloud.bucket()
    tag = s3.put_object(Bucket=bucket, Key="lock", Body=b"1", IfNoneMatch="*")["ETag"]
    with pytest.raises(ClientError) as raised:
        s3.put_object(Bucket=bucket, Key="lock", Body=b"2", IfNoneMatch="*")
    assert error_code(raised) == "PreconditionFailed"
    s3.put_object(Bucket=bucket, Key="lock", Body=b"3", IfMatch=tag)
    with pytest.raises(ClientError) as raised:
        s3.put_object(Bucket=bucket, Key="lock", Body=b"4", IfMatch=tag)
    assert error_code(raised) == "PreconditionFailed"


def test_a_presigned_url_works_and_a_changed_one_does_not(cloud: Cloud) -> None:
    s3, bucket = cloud.client("s3"), cloud.bucket()
    s3.put_object(Bucket=bucket, Key="shared", Body=b"hello")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "shared"})
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert answer.read() == b"hello"
    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(url.replace("/shared", "/secret"), timeout=10)
    assert raised.value.code == 403


def test_a_user_reaches_only_what_its_policy_names(cloud: Cloud) -> None:
    bucket = cloud.bucket()
    cloud.client("s3").put_object(Bucket=bucket, Key="open/a", Body=b"a")
    cloud.client("s3").put_object(Bucket=bucket, Key="shut/b", Body=b"b")
    keys = cloud.user({"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/open/*"})
    s3 = cloud.client("s3", **keys)
    assert s3.get_object(Bucket=bucket, Key="open/a")["Body"].read() == b"a"
    with pytest.raises(ClientError) as raised:
        s3.get_object(Bucket=bucket, Key="shut/b")
    assert error_code(raised) == "AccessDenied"


@pytest.mark.parametrize(("listing", "codes"), [(True, ("NoSuchKey", "404")), (False, ("AccessDenied", "403"))])
def test_that_a_key_is_missing_is_told_to_who_may_list_the_bucket(
    cloud: Cloud, listing: bool, codes: tuple[str, str]
) -> None:
    bucket = cloud.bucket()
    rights = [allow("s3:GetObject", on=f"arn:aws:s3:::{bucket}/*")]
    if listing:
        rights.append(allow("s3:ListBucket", on=f"arn:aws:s3:::{bucket}"))
    s3 = cloud.client("s3", **cloud.user(*rights))
    for call, code in zip((s3.get_object, s3.head_object), codes, strict=True):
        with pytest.raises(ClientError) as raised:
            call(Bucket=bucket, Key="missing")
        assert error_code(raised) == code


def test_a_bucket_may_be_named_by_the_host(cloud: Cloud) -> None:
    bucket, port = cloud.bucket(), cloud.endpoint.rsplit(":", 1)[1]
    keys = Credentials(cloud.record["access_key_id"], cloud.record["secret_access_key"])

    def send(method: str, path: str, body: bytes | None = None) -> bytes:
        request = AWSRequest(method, f"http://{bucket}.localhost:{port}{path}", data=body)
        SigV4Auth(keys, "s3", "us-east-1").add_auth(request)
        headers = {**dict(request.headers), "Host": f"{bucket}.localhost:{port}"}
        sent = urllib.request.Request(f"{cloud.endpoint}{path}", data=body, method=method, headers=headers)
        with urllib.request.urlopen(sent, timeout=10) as answer:
            found: bytes = answer.read()
            return found

    send("PUT", "/a/key", b"hello")
    assert send("GET", "/a/key") == b"hello"
    answer = send("POST", "/parts?uploads", b"").decode()
    upload = answer.partition("<UploadId>")[2].partition("</UploadId>")[0]
    assert (cloud.state / "uploads" / upload / "upload.json").exists()
    with pytest.raises(urllib.error.HTTPError) as raised:
        send("PUT", "/?inventory&id=1", b"<x/>")
    assert raised.value.code == 501
