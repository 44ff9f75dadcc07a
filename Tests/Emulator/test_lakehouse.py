"""The example stack, whole, against an emulator that checks signatures, and what boto3 does behind its back."""

import json
import re

STACK = "lakehouse"


# What the pinned emulator takes and does not keep; AWS does. An apply says so of each, and a plan wants it again.
FORGOTTEN = {"ExecutionProperty", "MaxCapacity", "Tags"}


def changes(slipway):
    """What a plan would do, as {address: (action, changed properties)}, without what the emulator forgets of jobs."""
    found = {}
    for line in slipway.run("plan", STACK, "--json").stdout.splitlines():
        event = json.loads(line)
        if event["type"] != "operation":
            continue
        paths = {change["path"] for change in event.get("changes", [])}
        if event["kind"] == "AWS::Glue::Job" and event["action"] == "update":
            paths = {path for path in paths if path.split(".")[0] not in FORGOTTEN}
            if not paths:
                continue
        found[event["address"]] = (event["action"], paths)
    return found


def test_the_whole_life_of_a_stack(slipway, emulator):
    slipway.run("plan", STACK, "--detailed-exitcode", expect=2)
    slipway.run("apply", STACK, "--yes")
    assert changes(slipway) == {}

    state = json.loads(slipway.run("state", "pull", STACK).stdout)
    rows = {row["address"]: row["identity"] for row in state["resources"]}
    iam, glue, s3 = emulator.client("iam"), emulator.client("glue"), emulator.client("s3")

    # One attribute, changed behind its back: that attribute and nothing else.
    iam.update_role(RoleName=rows["etl"], Description="somebody else's words")
    assert changes(slipway) == {"etl": ("update", {"Description"})}
    assert "etl" in slipway.run("drift", STACK, expect=2).stdout
    slipway.run("apply", STACK, "--yes")
    assert changes(slipway) == {}

    # A resource, deleted behind its back: created again, and nothing else.
    glue.delete_job(JobName=rows["convert"])
    assert {address: action for address, (action, _) in changes(slipway).items()} == {"convert": "create"}
    slipway.run("apply", STACK, "--yes")
    assert changes(slipway) == {}

    s3.put_object(Bucket=rows["lake"], Key="raw/late.csv", Body=b"a,b")
    slipway.run("destroy", STACK, "--yes")
    assert rows["lake"] not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    assert not set(rows.values()) & {job["Name"] for job in glue.get_jobs()["Jobs"]}
    assert not set(rows.values()) & {role["RoleName"] for role in iam.list_roles()["Roles"]}


def test_a_foreign_bucket_is_left_untouched(slipway, emulator):
    plan = slipway.run("plan", STACK, "--json", "--env", "taken")
    name = re.search(r'"identity": ?"(lakehouse-taken-lake[^"/]*)"', plan.stdout).group(1)
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket=name, Key="theirs.txt", Body=b"theirs")
    result = slipway.run("apply", STACK, "--env", "taken", "--yes", expect=5)
    assert name in result.stderr
    assert s3.get_object(Bucket=name, Key="theirs.txt")["Body"].read() == b"theirs"
    assert not [r for r in emulator.client("iam").list_roles()["Roles"] if "-taken-" in r["RoleName"]]


def test_a_wrong_secret_key_is_refused(slipway):
    result = slipway.run("plan", STACK, expect=4, AWS_SECRET_ACCESS_KEY="wrong")
    assert "hint:" in result.stderr


def test_a_server_that_is_not_there_is_named(slipway):
    result = slipway.run("plan", STACK, expect=1, AWS_ENDPOINT_URL="http://127.0.0.1:9")
    assert "http://127.0.0.1:9" in result.stderr
