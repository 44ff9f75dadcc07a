"""What reaches the services, and what does not."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.conftest import Cloud, error_code, unique


def get(url: str, data: bytes | None = None, method: str = "GET", **headers: str) -> tuple[int, bytes]:
    request = urllib.request.Request(
        url, data=data, method=method, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_health_is_told_without_a_signature(cloud: Cloud) -> None:
    assert get(cloud.endpoint + "/_localaws/health") == (200, b'{"status": "ready"}')


@pytest.mark.parametrize("host", ["evil.example", "169.254.169.254", "127.0.0.1.evil.example"])
def test_another_name_for_this_address_is_refused(cloud: Cloud, host: str) -> None:
    assert get(cloud.endpoint + "/_localaws/health", Host=host)[0] == 403


def test_a_web_page_is_refused(cloud: Cloud) -> None:
    assert get(cloud.endpoint + "/", Origin="https://example.com")[0] == 403
    assert get(cloud.endpoint + "/", Sec_Fetch_Site="cross-site")[0] == 403


@pytest.mark.parametrize(
    "path", ["/_ministack/reset", "/_ministack/health", "/_localstack/info", "/_aws/sqs/messages"]
)
def test_the_doors_of_the_emulator_are_closed(cloud: Cloud, path: str) -> None:
    for method in ("GET", "POST"):
        assert get(cloud.endpoint + path, b"", method)[0] == 403


def test_nothing_is_answered_without_a_signature(cloud: Cloud) -> None:
    status, body = get(cloud.endpoint + "/some-bucket/key")
    assert (status, b"AccessDenied" in body) == (403, True)
    status, body = get(
        cloud.endpoint + "/",
        b"{}",
        "POST",
        X_Amz_Target="AWSGlue.GetDatabases",
        Content_Type="application/x-amz-json-1.1",
    )
    assert (status, json.loads(body)["__type"]) == (403, "MissingAuthenticationTokenException")


@pytest.mark.parametrize("key", ["test", "123456789012", "AKIAIOSFODNN7EXAMPLE", "root"])
def test_no_key_is_root(cloud: Cloud, key: str) -> None:
    client = cloud.client("iam", aws_access_key_id=key, aws_secret_access_key="test")
    with pytest.raises(ClientError) as raised:
        client.list_users()
    assert error_code(raised) in ("InvalidClientTokenId", "UnrecognizedClientException")


def test_a_wrong_secret_is_refused(cloud: Cloud) -> None:
    client = cloud.client(
        "iam", aws_access_key_id=cloud.record["access_key_id"], aws_secret_access_key="not-the-right-one"
    )
    with pytest.raises(ClientError) as raised:
        client.list_users()
    assert error_code(raised) == "SignatureDoesNotMatch"


def signed_put(cloud: Cloud, url: str, body: bytes) -> dict[str, Any]:
    request = AWSRequest("PUT", url, data=body)
    request.headers["x-amz-content-sha256"] = __import__("hashlib").sha256(body).hexdigest()
    keys = Credentials(cloud.record["access_key_id"], cloud.record["secret_access_key"])
    SigV4Auth(keys, "s3", cloud.record["region"]).add_auth(request)
    return dict(request.headers)


def test_a_body_that_was_changed_on_the_way_is_refused(cloud: Cloud) -> None:
    url = f"{cloud.endpoint}/{cloud.bucket()}/key"
    headers = signed_put(cloud, url, b"what was signed")
    request = urllib.request.Request(url, data=b"what was sent  ", method="PUT", headers=headers)
    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(request, timeout=10)
    assert b"XAmzContentSHA256Mismatch" in raised.value.read()


def test_a_service_that_is_not_here_has_no_operations(cloud: Cloud) -> None:
    for service, call in (("sqs", "list_queues"), ("sns", "list_topics"), ("dynamodb", "list_tables")):
        with pytest.raises(ClientError) as raised:
            getattr(cloud.client(service), call)()
        assert error_code(raised) in ("InvalidAction", "UnknownOperationException")


def test_answers_carry_no_permission_for_web_pages(cloud: Cloud) -> None:
    answer = cloud.client("s3").create_bucket(Bucket=unique("bucket"))
    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    assert not [name for name in headers if name.startswith("access-control")]
