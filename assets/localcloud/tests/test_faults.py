"""Faults on purpose."""

from __future__ import annotations

import json
import random
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, HTTPClientError

from localaws import faults
from tests.conftest import Cloud, error_code, free_port, run, start, unique


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    state = tmp_path_factory.mktemp("faulty") / "state"
    first = tmp_path_factory.mktemp("rules") / "rules.json"
    error = {"code": "ThrottlingException", "message": "Rate exceeded"}
    first.write_text(json.dumps([{"service": "glue", "operation": "GetDatabases", "times": 1, "error": error}]))
    yield start(state, "--port", str(free_port()), "--fault-endpoint", "--faults", str(first))
    run("down", "--state", str(state), check=False)


def use(cloud: Cloud, *rules: dict[str, Any]) -> None:
    request = urllib.request.Request(
        cloud.endpoint + "/_localaws/faults", data=json.dumps(list(rules)).encode(), method="PUT"
    )
    urllib.request.urlopen(request, timeout=10).close()


def test_rules_given_at_start_strike_as_often_as_they_say(faulty: Cloud) -> None:
    with pytest.raises(ClientError) as raised:
        faulty.client("glue").get_databases()
    assert error_code(raised) == "ThrottlingException"
    faulty.client("glue").get_databases()
    with urllib.request.urlopen(faulty.endpoint + "/_localaws/faults", timeout=5) as answer:
        assert json.loads(answer.read())["rules"][0]["fired"] == 1


def test_a_delay(faulty: Cloud) -> None:
    use(faulty, {"service": "s3", "operation": "ListBuckets", "delay": 0.4})
    begun = time.monotonic()
    faulty.client("s3").list_buckets()
    assert time.monotonic() - begun >= 0.4


def test_an_error_in_the_protocol_of_the_service(faulty: Cloud) -> None:
    use(faulty, {"service": "iam", "operation": "GetRole", "error": {"code": "ServiceFailure", "status": 500}})
    with pytest.raises(ClientError) as raised:
        faulty.client("iam").get_role(RoleName="x")
    assert (error_code(raised), raised.value.response["ResponseMetadata"]["HTTPStatusCode"]) == ("ServiceFailure", 500)
    use(faulty, {"service": "s3", "operation": "PutObject", "error": {"code": "SlowDown", "status": 503}})
    with pytest.raises(ClientError) as raised:
        faulty.client("s3").put_object(Bucket=faulty.bucket(), Key="k", Body=b"x")
    assert error_code(raised) == "SlowDown"


@pytest.mark.parametrize(("when", "made"), [("before", False), ("after", True)])
def test_a_connection_is_cut_before_or_after_the_effect(faulty: Cloud, when: str, made: bool) -> None:
    name = unique("db")
    use(faulty, {"service": "glue", "operation": "CreateDatabase", "reset": when, "times": 1})
    with pytest.raises((ConnectionClosedError, HTTPClientError)):
        faulty.client("glue").create_database(DatabaseInput={"Name": name})
    names = [one["Name"] for one in faulty.client("glue").get_databases()["DatabaseList"]]
    assert (name in names) is made


def test_a_stale_read_answers_what_was_before(faulty: Cloud) -> None:
    name = unique("db")
    missing = {"code": "EntityNotFoundException", "message": "not yet"}
    use(
        faulty, {"service": "glue", "operation": "GetDatabase", "skip": 1, "times": 1, "stale": True, "error": missing}
    )
    glue = faulty.client("glue")
    glue.create_database(DatabaseInput={"Name": name, "Description": "old"})
    assert glue.get_database(Name=name)["Database"]["Description"] == "old"
    glue.update_database(Name=name, DatabaseInput={"Name": name, "Description": "new"})
    assert glue.get_database(Name=name)["Database"]["Description"] == "old"
    assert glue.get_database(Name=name)["Database"]["Description"] == "new"


def test_lists_are_shuffled(faulty: Cloud) -> None:
    use(faulty)
    glue, iam = faulty.client("glue"), faulty.client("iam")
    for _ in range(8):
        glue.create_database(DatabaseInput={"Name": unique("db")})
        iam.create_role(RoleName=unique("role"), AssumeRolePolicyDocument='{"Statement": []}')
    plain = [one["Name"] for one in glue.get_databases()["DatabaseList"]]
    roles = [one["RoleName"] for one in iam.list_roles()["Roles"]]
    use(faulty, {"shuffle": True})
    assert sorted(plain) == sorted(one["Name"] for one in glue.get_databases()["DatabaseList"])
    assert any([one["Name"] for one in glue.get_databases()["DatabaseList"]] != plain for _ in range(5))
    assert any([one["RoleName"] for one in iam.list_roles()["Roles"]] != roles for _ in range(5))


def test_a_wrong_rule_is_told(faulty: Cloud) -> None:
    with pytest.raises(urllib.error.HTTPError) as raised:
        use(faulty, {"serivce": "s3"})
    assert b"a fault rule has no serivce" in raised.value.read()


def test_chance_is_seeded() -> None:
    rule = faults.Rule(probability=0.5)
    struck = [rule.strikes("s3", "GetObject", "", dice) for dice in [random.Random(7)] for _ in range(20)]
    rule = faults.Rule(probability=0.5)
    assert struck == [rule.strikes("s3", "GetObject", "", dice) for dice in [random.Random(7)] for _ in range(20)]
    assert 0 < sum(struck) < 20


def test_faults_of_a_file_that_is_wrong_stop_the_start(tmp_path: Path) -> None:
    (tmp_path / "rules.json").write_text('[{"nonsense": 1}]')
    begun = run(
        "up", "--state", str(tmp_path / "s"), "--detach", "--faults", str(tmp_path / "rules.json"), check=False
    )
    assert begun.returncode == 1
    assert "nonsense" in begun.stderr
